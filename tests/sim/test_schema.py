"""The schema of observations: its columns lie where the numbers are, and all who explain them agree with it."""

import numpy as np
import pytest

import sim.env
from sim.rules import ACTION_SIZES, RULES
from sim.scenario import presets
from sim.schema import (
    ENTITY_MASKS,
    GLOBAL_STATE,
    OBSERVATION,
    OWN_TABLES,
    global_state_tables,
    observation_tables,
    shared_columns,
    split,
)
from tests.games import started
from tests.sim.heights import start_anywhere


def column(schema, name, rows, wanted):
    """One column of a table's rows [..., column]."""
    return rows[..., [column.name for column in schema[name].columns].index(wanted)]


def played(text, worlds, ticks):
    game, random = started(text, worlds), np.random.default_rng(0)
    for _ in range(ticks):
        game.tick(random.integers(0, ACTION_SIZES, game.actions.shape))
    return game


def test_every_mirror_is_a_column_of_its_table_and_its_own_inverse():
    for schema in (OBSERVATION, GLOBAL_STATE):
        for table in schema.values():
            mirrors = {column.name: column.mirror for column in table.columns}
            for name, mirror in mirrors.items():
                if mirror:
                    other = mirrors[mirror.removeprefix("-")]
                    assert other.removeprefix("-") == name and other.startswith("-") == mirror.startswith("-")


def test_tables_that_kernels_fill_alike_have_the_same_columns():
    def names(schema, table):
        return [column.name for column in schema[table].columns]

    assert names(OBSERVATION, "boxes") == names(OBSERVATION, "ramps")
    assert names(OBSERVATION, "doors") == names(OBSERVATION, "sites")
    assert names(GLOBAL_STATE, "boxes") == names(GLOBAL_STATE, "ramps")
    assert names(GLOBAL_STATE, "doors") == names(GLOBAL_STATE, "sites")[:5]
    assert names(OBSERVATION, "food")[3:] == names(OBSERVATION, "pillars")[3:]
    bearings = [names(OBSERVATION, table)[-2:] for table in ENTITY_MASKS]
    assert bearings == [["bearing_cos", "bearing_sin"]] * len(bearings)


def test_tables_that_kernels_fill_alike_are_refused_if_a_column_moves():
    food = OBSERVATION["food"]
    moved = food._replace(columns=food.columns[::-1])
    assert shared_columns(food, OBSERVATION["pillars"])._fields == ("x", "y", "bearing_cos", "bearing_sin")
    with pytest.raises(ValueError, match="the column x does not lie"):
        shared_columns(food, moved)


def test_columns_hold_what_their_names_say():
    game = played("quadrant-ramp", 64, 40)
    start_anywhere(game, np.random.default_rng(0))
    state, layout, half = game.state, game.layout, 0.5 * game.scenario.floor_m
    parts = split(game.observation, game.slots)
    own = parts["self"]
    assert np.allclose(column(OBSERVATION, "self", own, "x"), state.agents[..., 0] / half - 1, atol=1e-6)
    assert np.allclose(column(OBSERVATION, "self", own, "sin"), np.sin(state.agents[..., 2]), atol=1e-6)
    spin = state.agents[..., 5] / RULES.free_spin_radps
    assert np.allclose(column(OBSERVATION, "self", own, "spin"), spin, atol=1e-6)
    assert np.array_equal(column(OBSERVATION, "self", own, "level"), state.level)
    assert np.array_equal(column(OBSERVATION, "self", own, "holds"), state.held >= 0)
    assert column(OBSERVATION, "self", own, "is_seeker")[0].tolist() == [0, 0, 1, 1]
    assert column(OBSERVATION, "self", own, "preparation_left").max() == 0
    assert np.allclose(column(OBSERVATION, "self", own, "time_left"), 0.5)
    boxes, seen = parts["boxes"], parts["boxes_seen"] > 0
    assert seen.any() and state.level.any() and (state.held >= 0).any()
    held = column(OBSERVATION, "boxes", boxes, "in_my_hands")[..., 0][seen[..., 0]]
    assert np.array_equal(held, (state.held == 0)[seen[..., 0]])
    size = column(OBSERVATION, "boxes", boxes, "half_width")[..., 0][seen[..., 0]]
    assert np.allclose(size, layout.thing_half[0, 0, 1])
    tables = global_state_tables(game.slots)
    agents = game.global_state[:, tables["agents"].start : tables["agents"].stop].reshape(64, 4, -1)
    assert np.array_equal(column(GLOBAL_STATE, "agents", agents, "holds"), state.held >= 0)
    assert column(GLOBAL_STATE, "agents", agents, "exists").all()
    things = len(GLOBAL_STATE["agents"].columns)
    assert np.array_equal(agents[..., things : things + 2] > 0, state.held[..., None] == [0, 1])
    assert np.array_equal(agents[..., things + 2 :] > 0, game.seen.agents)


@pytest.mark.parametrize("name", presets())
def test_tables_cover_the_rows_and_masks_have_one_number_a_row(name):
    slots = presets()[name].slots
    tables = observation_tables(slots)
    assert [table.start for table in tables.values()][1:] == [table.stop for table in tables.values()][:-1]
    for kind, schema in OBSERVATION.items():
        assert tables[kind].width == len(schema.columns)
        assert all(tables[mask].rows == tables[kind].rows and tables[mask].width == 1 for mask in schema.masks)
    assert set(OWN_TABLES) | set(ENTITY_MASKS) == set(OBSERVATION)


def test_the_documentation_names_every_column():
    words = {}
    for line in str(sim.env.__doc__).split("in `sim.schema`:\n\n")[1].split("\n\n")[0].splitlines():
        table, columns = line[4:13].strip(), line[13:].rstrip(",").split(", ")
        words.setdefault(table or list(words)[-1], []).extend(columns)
    assert words == {name: [column.name for column in table.columns] for name, table in OBSERVATION.items()}
