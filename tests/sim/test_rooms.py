"""Rooms and the open field: who takes part, that one can walk everywhere, and what it costs to leave."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replays.strategies.evidence.free_space import BLOCKED, CELL_M, MARGIN_M, OPEN, block, flood
from sim.layout import Layout, empty_layout
from sim.rng import episode_seeds
from sim.scenarios.open_field import OpenField
from sim.scenarios.populated import ELONGATED_M, RAMP_M
from sim.scenarios.rooms import Rooms, most_doors
from sim.state import State, X, Y, empty_state
from tests.games import started


def placed(scenario: Rooms | OpenField, worlds: int, seed: int = 0) -> tuple[Layout, State]:
    """Starts, without a game."""
    layout, state = empty_layout(worlds, scenario.slots), empty_state(worlds, scenario.slots)
    scenario.place(episode_seeds(seed, 0, worlds), np.arange(worlds), layout, state)
    return layout, state


def regions(layout: Layout, w: int) -> int:
    """In how many pieces the inner walls of a world cut what an agent's disc can walk."""
    floor = float(layout.floor[w])
    side = int(np.ceil(floor / CELL_M))
    middles = (np.arange(side) + 0.5) * CELL_M
    clear = (middles >= MARGIN_M) & (middles <= floor - MARGIN_M)
    cells = np.where(np.outer(clear, clear).ravel(), OPEN, BLOCKED).astype(np.int8)
    for x0, y0, x1, y1 in layout.walls[w][layout.wall_exists[w]]:
        block(cells, side, (0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.0), 0.5 * (x1 - x0), 0.5 * (y1 - y0))
    count, stack = 0, np.zeros(side * side, np.int32)
    while (cells == OPEN).any():
        flood(side, int(np.flatnonzero(cells == OPEN)[0]), cells, stack)
        count += 1
    return count


@pytest.mark.parametrize("scenario", [Rooms(), OpenField()], ids=["rooms", "open field"])
def test_counts_take_every_value_they_may(scenario: Rooms | OpenField):
    layout, state = placed(scenario, 1500)
    boxes, ramps = layout.thing_exists[:, :9], layout.thing_exists[:, 9:]
    hiders, seekers = layout.agent_exists[:, :3], layout.agent_exists[:, 3:]
    elongated = (layout.thing_half[:, :9] == np.array(ELONGATED_M) / 2).all(-1)
    for exist, counts in ((hiders, range(1, 4)), (seekers, range(1, 4)), (boxes, range(3, 10)), (ramps, (2,))):
        found, often = np.unique(exist.sum(1), return_counts=True)
        assert found.tolist() == list(counts) and often.min() > 0.8 * 1500 / len(counts)
        assert (np.diff(exist.astype(int), axis=1) <= 0).all(), "what exists fills the first slots"
    assert set(np.unique(elongated.sum(1))) == set(range(3, 10)) and not (elongated & ~boxes).any()
    assert (np.diff(elongated.astype(int), axis=1) <= 0).all(), "elongated ones come first"
    assert (layout.thing_half[:, 9:][ramps] == np.array(RAMP_M) / 2).all()
    assert (layout.thing_lockable == layout.thing_exists).all()
    assert not state.agents[~layout.agent_exists].any() and not state.things[~layout.thing_exists].any()
    assert not layout.thing_half[~layout.thing_exists].any()


def test_starts_fill_the_square_evenly():
    layout, state = placed(Rooms(), 2000)
    for poses, exist in ((state.agents, layout.agent_exists), (state.things, layout.thing_exists)):
        assert poses[exist][:, :2].mean(0) == pytest.approx([3.0, 3.0], abs=0.08)


def test_one_to_four_rooms_each_with_its_doors():
    layout, _ = placed(Rooms(), 1000)
    doors, pieces = layout.door_exists.sum(1), layout.wall_exists.sum(1)
    assert set(np.unique(doors)) == {0, 1, 2, 3, 4, 5}
    assert ((doors == 0) == (pieces == 0)).all()
    assert (doors == 0).mean() == pytest.approx(0.25, abs=0.05)
    extents = np.sort((layout.doors[..., 2:] - layout.doors[..., :2])[layout.door_exists])
    assert extents == pytest.approx(np.broadcast_to([0.1, 0.4], extents.shape))
    assert not layout.doors[~layout.door_exists].any() and not layout.walls[~layout.wall_exists].any()


def test_nothing_lies_in_front_of_a_door():
    layout, state = placed(Rooms(), 300)
    for w in range(300):
        for x0, y0, x1, y1 in layout.doors[w][layout.door_exists[w]]:
            away = state.things[w, layout.thing_exists[w], :2] - (0.5 * (x0 + x1), 0.5 * (y0 + y1))
            assert (np.hypot(*away.T) > 0.4).all()


@pytest.mark.parametrize("outer", [True, False])
def test_every_layout_is_connected(outer: bool):
    layout, _ = placed(Rooms(outer_walls=outer), 200)
    assert {regions(layout, w) for w in range(200)} == {1}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    rooms=st.integers(1, 6),
    least=st.floats(0.7, 2.5),
    door=st.floats(0.35, 0.9),
    square=st.floats(4.0, 9.0),
    outer=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_any_sensible_options_give_connected_rooms(rooms, least, door, square, outer, seed):
    door, fewest = min(door, least - 0.2), rooms
    scenario = Rooms(
        rooms=rooms, fewest_rooms=fewest, least_room_m=least, door_m=max(door, 0.35), square_m=square,
        outer_walls=outer, boxes=0, ramps=0,
    )  # fmt: skip
    layout, _ = placed(scenario, 20, seed)
    assert layout.door_exists.sum(1).max() <= most_doors(rooms)
    assert {regions(layout, w) for w in range(20)} == {1}


def test_a_start_depends_on_its_seed_alone():
    scenario = Rooms()
    layout, state = placed(scenario, 40)
    order = np.random.default_rng(0).permutation(40)
    placed_again = empty_layout(40, scenario.slots), empty_state(40, scenario.slots)
    scenario.place(episode_seeds(9, 0, 40), np.arange(40), *placed_again)  # what was there before must not matter
    scenario.place(episode_seeds(0, 0, 40)[order], np.arange(40), *placed_again)
    for one, other in zip((*layout, *state), (*placed_again[0], *placed_again[1]), strict=True):
        assert np.array_equal(one[order], other)


def test_fewer_than_the_fewest_only_where_there_may_be_no_more():
    layout, _ = placed(OpenField(boxes=2, hiders=1, seekers=2, fewest_seekers=2, ramps=0), 50)
    assert (layout.thing_exists.sum(1) == 2).all() and (layout.agent_exists.sum(1) == 3).all()


def test_elongated_boxes_are_as_many_and_as_long_as_asked():
    layout, _ = placed(OpenField(boxes=6, fewest_boxes=6, fewest_elongated=2, elongated=4, elongated_m=0.9), 300)
    long = layout.thing_half[:, :6, 0] != layout.thing_half[:, :6, 1]
    assert set(long.sum(1)) == {2, 3, 4}
    assert (layout.thing_half[:, :6][long] == np.array((0.9, ELONGATED_M[1])) / 2).all()
    square, _ = placed(OpenField(elongated=0), 50)  # though three are the fewest by default
    assert (square.thing_half[:, :9, 0] == square.thing_half[:, :9, 1]).all()


def test_whoever_leaves_the_allowed_square_is_fined():
    game = started("rooms:outer_walls=false,margin_m=2.0,fewest_hiders=3,fewest_seekers=3", 4)
    assert game.layout.floor.tolist() == [12.0] * 4 and game.layout.out_of_bounds_margin_m.tolist() == [1.0] * 4
    still = np.zeros((4, 6, 3), np.int8)
    layout, state = game.snapshot()
    assert (state.agents[..., :2] > 3.0).all() and (state.agents[..., :2] < 9.0).all()
    state.agents[1, 0, :2] = (0.9, 6.0)
    state.agents[2, 4, :2] = (6.0, 11.2)
    state.agents[3, 0, :2] = (1.0, 11.0)  # on the edge
    state.tick[:] = 40
    game.restore(layout, state)
    game.tick(still)
    assert not game.reward.any(), "in preparation nobody is paid"
    state.tick[:] = 100
    game.restore(layout, state)
    game.tick(still)
    fined = game.reward == -10.0
    assert np.argwhere(fined).tolist() == [[1, 0], [2, 4]]
    assert (np.abs(game.reward[~fined]) == 1.0).all()


def test_within_outer_walls_nobody_is_out_of_bounds():
    game = started("open_field:ticks=40,preparation_ticks=1", 20)
    actions = np.random.default_rng(0).integers(0, [9, 3, 4], (20, 6, 3))
    for _ in range(40):
        game.tick(actions)  # everybody runs into the walls
        assert (np.abs(game.reward) <= 1.0).all()
    assert (game.state.agents[..., [X, Y]] <= 6.0).all()
