"""Scenarios: what their names mean, and that every start is fit to play."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UserError
from sim.scenario import (
    TRAPS,
    Scenario,
    brief,
    full_text,
    options_of,
    presets,
    scenario_from_text,
    scenario_names,
    scenario_text,
    text_without_file,
)
from sim.scenarios.placement import try_until_placed
from sim.scenarios.quadrant import Quadrant
from sim.state import ANGLE, X, Y
from tests.games import started
from tests.sim.drawing import NAMES
from tests.sim.overlaps import check_nothing_overlaps


def quadrant(text):
    scenario = scenario_from_text(text)
    assert isinstance(scenario, Quadrant)
    return scenario


def test_every_module_of_the_folder_is_found():
    assert {"quadrant", "quadrant-original", "rooms", "open_field"} <= set(scenario_names())
    assert all(isinstance(scenario, Scenario) for scenario in presets().values())


def test_text_names_a_scenario_and_back():
    for name in scenario_names():
        assert scenario_text(scenario_from_text(name)) == name
    changed = quadrant("quadrant:room_m=3.0,boxes=3,hiders_anywhere=true,reward=individual")
    assert (changed.room_m, changed.boxes, changed.hiders_anywhere, changed.reward) == (3.0, 3, True, "individual")
    assert scenario_from_text(scenario_text(changed)) == changed


def test_a_file_tells_every_option_so_that_a_new_default_changes_nothing_old():
    scenario = quadrant("quadrant:boxes=3,hiders_anywhere=true")
    text = full_text(scenario)
    assert all(f"{option}=" in text for option in options_of(scenario))
    assert scenario_from_text(text) == scenario
    assert brief(text) == "quadrant:boxes=3,hiders_anywhere=true"
    assert brief("a world of tomorrow") == "a world of tomorrow"


@pytest.mark.parametrize(
    "text", ["quadrant-two-boxes", "open_field:boxes=3", "quadrant+no-lock", "trap-window+no-lock"]
)
def test_a_text_that_needs_no_file_is_short_but_for_drawn_worlds(text):
    scenario = scenario_from_text(text)
    alone = text_without_file(scenario)
    assert scenario_from_text(alone) == scenario
    assert alone == (full_text(scenario) if text.startswith("trap") else scenario_text(scenario))


@pytest.mark.parametrize(
    "text",
    ["", "maze", "quadrant:rooms=3", "quadrant:boxes=two", "quadrant:boxes", "quadrant:reward=fame", "quadrant:boxes=9",
     "quadrant:hiders_anywhere=perhaps", "quadrant:ticks=10", "quadrant:room_m=nan", "quadrant:room_m=inf",
     "quadrant:boxes=1,boxes=1", "quadrant:ramps=1,ramp_near_m=0.1",
     "quadrant:ramps=1,ramp_in_door=1.5", "quadrant:ramps=1,ramp_in_door=0.5"],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_line(text):
    with pytest.raises(UserError) as caught:
        scenario_from_text(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("quadrant:room_m=5", "room_m must be 1 to 4.5 (floor_m - 1.5)"),
        ("quadrant:box_m=1.5", "box_m must be 0.1 to 0.96 (0.4 * room_m)"),
        ("quadrant:seeker_near_m=1.3", "seeker_near_m must be at least 0.3 and below 1.2 (seeker_far_m - 0.2)"),
        ("quadrant:preparation_ticks=64", "preparation_ticks must be 1 to 63 (ticks - 1)"),
        ("shelter:box_m=2", "(0.1 * floor_m)"),
    ],
)
def test_a_bound_that_depends_on_another_option_is_a_number(text: str, words: str):
    with pytest.raises(UserError) as refused:
        scenario_from_text(text)
    assert words in str(refused.value) and re.search(r"(to|below) [\d.]+ \(", str(refused.value))


def test_the_name_of_all_traps_says_what_they_are_and_names_one():
    with pytest.raises(UserError, match="only `hideseek evaluate` plays together") as caught:
        scenario_from_text(TRAPS)
    one = str(caught.value).partition("such as ")[2].partition(",")[0]
    assert one in scenario_names() and "\n" not in str(caught.value)


def test_a_crowded_room_is_an_error_and_not_an_endless_search():
    with pytest.raises(UserError, match="has no room"):
        started("quadrant:boxes=4,box_m=0.96", 1)


def test_each_world_is_built_until_it_succeeds_and_one_that_never_does_is_found_soon():
    needed, made = np.array([1, 3, 40, 12, 1]), np.zeros(5, int)

    def build(rows):
        made[rows] += 1
        return made[rows] >= needed[rows]

    assert try_until_placed(build, 5, 40) and (made == needed).all()
    made[:] = 0
    assert not try_until_placed(build, 5, 39) and made[2] == 39 and made.sum() < 3 * 39
    assert try_until_placed(build, 0, 1)


@pytest.mark.parametrize("name", [*NAMES, "rooms:outer_walls=false", "rooms-full:rooms=6,fewest_rooms=6"])
def test_nothing_overlaps_at_the_start(name):
    check_nothing_overlaps(started(name, 100))


@pytest.mark.parametrize("name", [name for name, scenario in presets().items() if isinstance(scenario, Quadrant)])
def test_seekers_start_outside_the_room_at_their_distance_from_a_door(name):
    scenario = quadrant(name)
    game = started(scenario, 500)
    doors = game.layout.doors
    centres = 0.5 * (doors[:, None, :, :2] + doors[:, None, :, 2:])
    seekers = game.state.agents[:, scenario.hiders :, None, :2]
    apart = np.hypot(*np.moveaxis(seekers - centres, -1, 0))
    distance = np.where(game.layout.door_exists[:, None], apart, np.inf).min(-1)
    assert (distance >= scenario.seeker_near_m).all() and (distance <= scenario.seeker_far_m).all()
    x, y = seekers[..., 0, 0], seekers[..., 0, 1]
    assert ((x < scenario.floor_m - scenario.room_m) | (y > scenario.room_m)).all()


def test_the_default_is_one_open_door_and_all_hiders_within():
    game = started(Quadrant(), 500)
    assert (game.layout.door_exists.sum(1) == 1).all()
    assert game.layout.door_exists.mean(0) == pytest.approx([0.5, 0.5], abs=0.1)
    hiders = game.state.agents[:, :2]
    assert (hiders[..., X] > 3.6).all() and (hiders[..., Y] < 2.4).all()
    doors = game.layout.doors[game.layout.door_exists]
    assert np.allclose((doors[:, 2:] - doors[:, :2]).max(1), 0.5)


def test_two_doors_come_as_often_as_asked():
    doors = started(Quadrant(two_doors=0.5), 2000).layout.door_exists.sum(1)
    assert (doors == 2).mean() == pytest.approx(0.5, abs=0.04)


def test_ramps_start_as_near_to_a_door_as_asked_on_either_side_and_at_each_door():
    scenario = Quadrant(ramps=1, ramp_near_m=1.2, door_m=0.75, box_m=1.0, room_m=2.8, two_doors=1.0)
    game = started(scenario, 300)
    doors = game.layout.doors
    away = game.state.things[:, 1:, :2] - 0.5 * (doors[..., :2] + doors[..., 2:])
    apart = np.linalg.norm(away, axis=-1)
    assert (apart.min(axis=1) <= 1.2).all()
    assert (apart.argmin(axis=1) == 0).mean() == pytest.approx(0.5, abs=0.1)
    x, y = game.state.things[:, 1, X], game.state.things[:, 1, Y]
    assert 0.02 < ((x > scenario.floor_m - 2.8) & (y < 2.8)).mean() < 0.5


def test_ramps_start_in_a_doorway_as_often_as_asked_either_end_first():
    scenario = Quadrant(ramps=1, ramp_in_door=0.75, ramp_near_m=1.2, door_m=0.75, box_m=1.0, room_m=2.8)
    game = started(scenario, 1000)
    layout, state = game.layout, game.state
    x0, y0, x1, y1 = np.moveaxis(layout.doors[layout.door_exists], -1, 0)
    middle = np.stack([0.5 * (x0 + x1), 0.5 * (y0 + y1)], axis=1)
    upright = x1 - x0 < y1 - y0
    away, angle = np.abs(state.things[:, 1, :2] - middle), state.things[:, 1, ANGLE]
    inwards = np.where(upright, np.cos(angle), -np.sin(angle))
    along, aside = np.where(upright, away.T, away.T[::-1])
    in_door = (along <= 0.6) & (aside <= 0.05 + 1e-9) & (np.abs(inwards) >= np.cos(0.1) - 1e-9)
    assert in_door.mean() == pytest.approx(0.75, abs=0.05)
    assert (inwards[in_door] > 0).mean() == pytest.approx(0.5, abs=0.05)
    assert along[in_door].max() > 0.5


@pytest.mark.parametrize("lockable", [False, True])
def test_ramps_can_be_locked_where_the_scenario_says_so(lockable):
    game = started(Quadrant(ramps=1, ramps_lock=lockable, room_m=2.8, door_m=0.75, box_m=1.0), 10)
    assert game.layout.thing_lockable[:, 0].all()
    assert (game.layout.thing_lockable[:, 1] == lockable).all()


@pytest.mark.slow
def test_starts_fill_their_areas_evenly():
    """Hiders and boxes lean to no side of the room, whose diagonal is the world's axis of symmetry."""
    scenario = Quadrant(boxes=2)
    game = started(scenario, 4000)
    along = np.concatenate([game.state.agents[:, :2, X].ravel(), game.state.things[:, :2, X].ravel()])
    across = np.concatenate([game.state.agents[:, :2, Y].ravel(), game.state.things[:, :2, Y].ravel()])
    middle_x, middle_y = scenario.floor_m - scenario.room_m / 2, scenario.room_m / 2
    assert abs((along - middle_x).mean() + (across - middle_y).mean()) < 0.05


@settings(max_examples=30, deadline=None)
@given(
    room=st.floats(2.2, 4.0),
    door=st.floats(0.35, 0.8),
    share=st.floats(0.15, 0.3),
    two=st.sampled_from([0.0, 0.5, 1.0]),
    anywhere=st.booleans(),
    counts=st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 3)),
)
def test_any_sensible_options_give_a_playable_world(room, door, share, two, anywhere, counts):
    hiders, seekers, boxes = counts
    scenario = Quadrant(
        hiders=hiders, seekers=seekers, boxes=boxes, room_m=room, door_m=door, box_m=share * room,
        two_doors=two, hiders_anywhere=anywhere, seeker_near_m=0.5, seeker_far_m=6.0,
    )  # fmt: skip
    game = started(scenario, 20)
    actions = np.random.default_rng(0).integers(0, [9, 3, 4], (20, scenario.slots.agents, 3))
    for _ in range(5):
        game.tick(actions)
    assert np.isfinite(game.observation).all()
    assert math.isclose(float(game.layout.floor[0]), scenario.floor_m)
    assert options_of(scenario)["boxes"] == boxes
