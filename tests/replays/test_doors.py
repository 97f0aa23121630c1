"""What counts as a blocked door, in a 2.4 m room in the corner with one door of 0.5 m at x 4.4..4.9."""

import numpy as np
import pytest

from replays.events import Event, door_events
from replays.strategies.evidence.blockades import Blockade, blockades_in
from replays.strategies.evidence.carried import Carried
from replays.strategies.evidence.doors import NOTHING, nothing_blocked
from replays.strategies.evidence.doors import blocking as look_for_blocking
from replays.strategies.evidence.trace import trace_episode
from sim.layout import Layout, Slots, empty_layout
from sim.state import State, empty_state, take

SLOTS = Slots(hiders=2, seekers=1, boxes=2, ramps=0, walls=3, doors=2)
BEFORE_THE_DOOR = (4.65, 1.92, 0.0)
"""A box of 0.74 m flush against the inner face of the wall, whose lower side is at y 2.3."""
OFF = (4.65, 1.2, 0.0)
AWAY = (5.5, 0.5, 0.0)


def room(slots: Slots = SLOTS) -> Layout:
    layout = empty_layout(1, slots)
    layout.floor[:] = 6.0
    layout.walls[:] = [(3.6, 2.3, 4.4, 2.4), (4.9, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 2.4)]
    layout.doors[0, 0] = (4.4, 2.3, 4.9, 2.4)
    layout.door_exists[0] = [True, False]
    for exists in (layout.wall_exists, layout.agent_exists, layout.thing_exists, layout.thing_lockable):
        exists[:] = True
    layout.thing_half[:] = 0.37
    return layout


def scene(box: tuple[float, float, float], other: tuple[float, float, float] = AWAY) -> State:
    state = empty_state(1, SLOTS)
    state.agents[0, :, :2] = [(4.0, 0.3), (5.0, 0.3), (1.0, 5.0)]
    state.things[0, :, :3] = [box, other]
    return state


def blocking(layout: Layout, start: State, now: State, carried: Carried) -> np.ndarray:
    """What blocks the doors, looked for everywhere."""
    return look_for_blocking(layout, start, now, carried, np.ones(len(now.tick), bool), nothing_blocked(layout))


def blockades(layout: Layout, states: State) -> list[Blockade]:
    """The blockades of one episode."""
    trace = trace_episode(SLOTS, layout, states, np.zeros((len(states.tick), 3, 3), bool), 0)
    return blockades_in(trace.blocking[:, 0], trace.carried.mover[:, 0], trace.last_hider[:, 0])


def blocked(now: State, start: State | None = None, by_hiders: tuple[float, float] = (1.0, 0.0)) -> int:
    """What blocks the door, if hiders moved the boxes that far."""
    carried = Carried(np.zeros((1, 2), np.int8), np.array([[(by_hiders[0], 0.0), (by_hiders[1], 0.0)]]))
    return int(blocking(room(), start or scene(OFF), now, carried)[0, 0])


def test_a_box_before_the_door_blocks_it_and_one_further_in_does_not():
    assert blocked(scene(BEFORE_THE_DOOR)) == 0
    assert blocked(scene(OFF)) == NOTHING


@pytest.mark.parametrize(("gap_m", "shut"), [(0.2, True), (0.31, False)])
def test_an_agents_width_to_slip_by_leaves_it_open(gap_m: float, shut: bool):
    assert (blocked(scene((4.65, 1.93 - gap_m, 0.0))) == 0) is shut


def test_a_box_outside_blocks_it_as_well():
    assert blocked(scene((4.65, 2.78, 0.0))) == 0


def test_a_box_beside_the_door_leaves_room():
    assert blocked(scene((4.2, 1.92, 0.0))) == NOTHING, "0.33 m of the door are free"
    assert blocked(scene((4.3, 1.92, 0.0))) == 0, "0.23 m are not enough"


def test_it_takes_a_hider_to_move_it_and_a_door_that_was_open():
    assert blocked(scene(BEFORE_THE_DOOR), by_hiders=(0.09, 0.0)) == NOTHING
    assert blocked(scene(BEFORE_THE_DOOR), start=scene((4.65, 1.9, 0.1))) == NOTHING


def test_the_thing_that_bears_is_named_and_not_the_one_beside_it():
    beside = (3.95, 1.9, 0.0)
    assert blocked(scene(beside, BEFORE_THE_DOOR), start=scene(AWAY, OFF), by_hiders=(1.0, 1.0)) == 1


def test_where_two_spare_each_other_the_nearer_is_named():
    layout_start = scene(AWAY, OFF)
    assert blocked(scene((4.65, 2.78, 0.0), BEFORE_THE_DOOR), start=layout_start, by_hiders=(1.0, 1.0)) in (0, 1)
    assert blocked(scene((4.65, 2.95, 0.0), BEFORE_THE_DOOR), start=layout_start, by_hiders=(1.0, 1.0)) == 1


def test_what_hiders_did_not_move_is_never_named_however_near_it_is():
    """Box 0, a small one, stands by the door's post; boxes 1 and 2 shut the door, each without the other."""
    slots = Slots(hiders=2, seekers=1, boxes=3, ramps=0, walls=3, doors=2)
    layout, start, now = room(slots), empty_state(1, slots), empty_state(1, slots)
    layout.thing_half[0, 0] = 0.05
    start.things[0, :, :2] = [(4.2, 2.35), (1.0, 1.0), (1.0, 3.0)]
    now.things[0, :, :2] = [(4.2, 2.35), (4.65, 2.95), (4.65, 1.85)]
    carried = Carried(np.zeros((1, 3), np.int8), np.array([[(0.0, 0.0), (1.0, 0.0), (1.0, 0.0)]]))
    assert blocking(layout, start, now, carried)[0, 0] == 2


@pytest.mark.parametrize(("strip_m", "shut"), [(0.235, True), (0.32, False)])
@pytest.mark.parametrize("before_m", [0.01, 0.18])
@pytest.mark.parametrize("turned", [False, True])
def test_an_agent_slips_by_along_the_floors_edge_where_it_fits(
    strip_m: float, shut: bool, before_m: float, turned: bool
):
    """The box stands so far before the door; at 0.18 m there is room to step aside to the very edge."""
    layout, now = room(), scene((strip_m + 0.37, 1.93 - before_m, 0.0))
    layout.walls[0, :2], layout.doors[0, 0] = [(0.62, 2.3, 6.0, 2.4), (5.0, 5.0, 5.1, 5.1)], (0.0, 2.3, 0.62, 2.4)
    if turned:
        layout.walls[0], layout.doors[0] = layout.walls[0][:, [1, 0, 3, 2]], layout.doors[0][:, [1, 0, 3, 2]]
        now.things[0, :, :2] = now.things[0][:, [1, 0]]
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    assert blocking(layout, scene(AWAY), now, carried)[0, 0] == (0 if shut else NOTHING)


def test_another_door_nearby_is_no_way_round():
    layout = room()
    layout.walls[0, 2] = (3.6, 0.0, 3.7, 1.6)
    layout.doors[0, 1], layout.door_exists[0, 1] = (3.6, 1.6, 3.7, 2.4), True
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    assert blocking(layout, scene(OFF), scene(BEFORE_THE_DOOR), carried)[0].tolist() == [0, NOTHING]


def test_a_door_that_is_walled_up_is_not_blocked_as_well():
    layout = room()
    layout.walls[0, 2] = layout.doors[0, 0]
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    assert blocking(layout, scene(OFF), scene(BEFORE_THE_DOOR), carried)[0, 0] == NOTHING


@pytest.mark.parametrize(("to_edge_m", "is_door"), [(0.42, False), (0.5, True)])
@pytest.mark.parametrize("turned", [False, True])
def test_a_door_with_no_room_behind_it_is_none(to_edge_m: float, is_door: bool, turned: bool):
    """It leads towards the floor's edge, at y 6 or x 6."""
    layout, face = room(), 6.0 - to_edge_m
    bars = np.array([(0.0, face - 0.1, 4.4, face), (4.9, face - 0.1, 6.0, face), (4.4, face - 0.1, 4.9, face)])
    layout.walls[0, :2], layout.doors[0, 0] = bars[:2], bars[2]
    layout.wall_exists[0, 2] = False
    now = scene((4.65, face - 0.48, 0.0), (0.5, 0.5, 0.0))
    if turned:
        layout.walls[0], layout.doors[0] = layout.walls[0][:, [1, 0, 3, 2]], layout.doors[0][:, [1, 0, 3, 2]]
        now.things[0, :, :2] = now.things[0][:, [1, 0]]
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    found = blocking(layout, scene((0.5, 1.5, 0.0), (0.5, 0.5, 0.0)), now, carried)[0, 0]
    assert found == (0 if is_door else NOTHING)


def test_upright_doors_are_blocked_alike():
    layout = room()
    layout.walls[0] = [(3.6, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 1.0), (3.6, 1.5, 3.7, 2.4)]
    layout.doors[0, 0] = (3.6, 1.0, 3.7, 1.5)
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    for x, what in ((4.08, 0), (4.27, 0), (4.38, NOTHING), (4.5, NOTHING), (3.22, 0)):
        assert blocking(layout, scene(AWAY), scene((x, 1.25, 0.0)), carried)[0, 0] == what


def test_a_wall_in_front_of_the_door_is_no_matter_where_an_agent_has_room_before_it():
    layout = room()
    layout.walls[0] = [(2.5, 0.0, 2.6, 3.0), (3.6, 0.0, 3.7, 1.0), (3.6, 1.5, 3.7, 2.4)]
    layout.doors[0, 0] = (3.6, 1.0, 3.7, 1.5)
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    for x, what in ((4.27, 0), (4.38, NOTHING)):
        assert blocking(layout, scene(AWAY), scene((x, 1.25, 0.0)), carried)[0, 0] == what


def test_the_floor_outside_the_rooms_corner_is_not_behind_the_door():
    layout = room()
    layout.walls[0] = [(3.6, 2.3, 3.8, 2.4), (4.3, 2.3, 6.0, 2.4), (3.5, 0.0, 3.6, 2.4)]
    layout.doors[0, 0] = (3.8, 2.3, 4.3, 2.4)
    carried = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
    assert blocking(layout, scene(AWAY), scene((4.0, 1.9, 0.0)), carried)[0, 0] == 0
    upright = room()
    upright.walls[0] = [(3.6, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 1.7), (3.6, 2.2, 3.7, 2.4)]
    upright.doors[0, 0] = (3.6, 1.7, 3.7, 2.2)
    assert blocking(upright, scene(AWAY), scene((4.08, 1.9, 0.0)), carried)[0, 0] == 0
    assert blocking(upright, scene(AWAY), scene((4.5, 1.9, 0.0)), carried)[0, 0] == NOTHING


def film(places: list[tuple[float, float, float]], holder: list[int]) -> State:
    """The box goes from place to place; `holder` has it in each tick, -1 for nobody."""
    states = take(scene(places[0]), np.zeros(len(places), int))
    states.tick[:] = np.arange(len(places))
    states.things[:, 0, :3] = places
    for tick, agent in enumerate(holder):
        if agent >= 0:
            states.held[tick, agent] = 0
    return states


def test_over_time_it_is_told_who_blocked_it_and_who_opened_it():
    places = [OFF, (4.65, 1.5, 0.0), *[BEFORE_THE_DOOR] * 6, *[OFF] * 4]
    found = blockades(room(), film(places, [-1, 1, 1, -1, -1, -1, -1, -1, 2, 2, -1, -1]))
    assert found == [Blockade(door=0, first=2, last=7, thing=0, hider=1, opener=2, last_thing=0)]


def test_what_is_never_opened_again_has_no_opener():
    places = [OFF, (4.65, 1.5, 0.0), *[BEFORE_THE_DOOR] * 3]
    assert blockades(room(), film(places, [-1, 0, 0, -1, -1])) == [Blockade(0, 2, 4, 0, 0, NOTHING, 0)]


def test_a_moment_is_no_blockade_and_no_opening():
    places = [
        OFF,
        (4.65, 1.5, 0.0),
        *[BEFORE_THE_DOOR] * 2,
        *[OFF] * 4,
        *[BEFORE_THE_DOOR] * 4,
        OFF,
        *[BEFORE_THE_DOOR] * 4,
    ]
    found = blockades(room(), film(places, [0] * len(places)))
    assert [(blockade.first, blockade.last) for blockade in found] == [(8, 16)]


def test_what_blocks_it_first_is_named_whatever_follows():
    things, nobody = np.full((10, 2), NOTHING, np.int8), np.full((10, 2), NOTHING, np.int8)
    things[2:5, 0], things[5:8, 0] = 0, 1
    assert [(one.first, one.last, one.thing) for one in blockades_in(things, nobody, nobody)] == [(2, 7, 0)]


def test_who_moves_the_last_of_its_things_opens_a_door():
    """Hider 0 blocks the door with box 0, box 1 takes its place, and agent 3 pulls that away."""
    things, movers = np.full((12, 1), NOTHING, np.int8), np.zeros((12, 2), np.int8)
    things[2:5], things[5], things[6:9] = 0, NOTHING, 1
    movers[9:, 1] = 3
    (blockade,) = blockades_in(things, movers, np.zeros((12, 2), np.int8))
    assert blockade == Blockade(door=0, first=2, last=8, thing=0, hider=0, opener=3, last_thing=1)
    assert door_events([blockade], 11) == [Event(2, "door blocked", 0, 0, 0), Event(9, "door open again", 3, 1, 0)]


def test_a_thing_gone_for_a_moment_at_the_end_still_has_a_name():
    things, nobody = np.full((8, 1), NOTHING, np.int8), np.full((8, 2), NOTHING, np.int8)
    things[1:4], things[4:7] = 0, 1
    (blockade,) = blockades_in(things, nobody, nobody, over=False)
    assert (blockade.last, blockade.thing, blockade.last_thing, blockade.opener) == (7, 0, 1, NOTHING)


@pytest.mark.parametrize(("moments", "reported"), [(1, False), (2, False), (3, True), (4, True)])
def test_while_it_goes_on_what_may_be_brief_is_not_reported_yet(moments: int, reported: bool):
    nobody = np.full((10, 2), NOTHING, np.int8)
    shut, opened = nobody.copy(), nobody.copy()
    shut[-moments:, 0], opened[:-moments, 0] = 0, 0
    assert bool(blockades_in(shut, nobody, nobody, over=False)) == reported
    assert (blockades_in(opened, nobody, nobody, over=False)[0].last < 9) == reported
    assert blockades_in(shut, nobody, nobody) and blockades_in(opened, nobody, nobody)[0].last < 9


def test_what_a_seeker_pushed_there_is_nobodys_blockade():
    places = [OFF, (4.65, 1.5, 0.0), *[BEFORE_THE_DOOR] * 6]
    assert blockades(room(), film(places, [2] * 8)) == []
