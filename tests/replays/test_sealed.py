"""What counts as sealed, on worlds built by hand: a 2.4 m room in the corner with one door of 0.5 m at x 4.4..4.9."""

import numpy as np
import pytest

from replays.strategies.evidence.carried import Carried, follow, nothing_carried
from replays.strategies.evidence.free_space import CELL_M, TOLERANCE_M
from replays.strategies.evidence.seals import seals, soft_seals
from replays.strategies.evidence.trace import trace_episode
from sim.geometry import distance_to_rectangle
from sim.layout import Layout, Slots, empty_layout
from sim.rules import HIDERS, RULES, SEEKERS
from sim.state import FIXED_BY_NOBODY, FREE, State, empty_state, take

SLOTS = Slots(hiders=2, seekers=2, boxes=2, ramps=0, walls=3, doors=1)
IN_DOOR = (4.65, 1.94, 0.0)
"""A box of 0.74 m flush against the inner face of the wall (y 2.3), in front of the door."""
AWAY = (5.5, 0.5, 0.3)
HIDER_LOCK, SEEKER_LOCK = HIDERS + 1, SEEKERS + 1


def room(worlds: int = 1) -> Layout:
    layout = empty_layout(worlds, SLOTS)
    layout.floor[:] = 6.0
    layout.walls[:] = [(3.6, 2.3, 4.4, 2.4), (4.9, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 2.4)]
    layout.doors[:] = (4.4, 2.3, 4.9, 2.4)
    for exists in (layout.wall_exists, layout.door_exists, layout.agent_exists, layout.thing_exists):
        exists[:] = True
    layout.thing_half[:] = 0.37
    layout.thing_lockable[:] = True
    return layout


def scene(box=IN_DOOR, other=AWAY, lock=0, hiders=((4.0, 0.5), (4.4, 0.6)), seekers=((4.6, 4.0), (2.0, 5.0))) -> State:
    state = empty_state(1, SLOTS)
    state.agents[0, :, :2] = (*hiders, *seekers)
    state.things[0, 0, :3], state.things[0, 1, :3] = box, other
    state.lock[0, 0] = lock
    return state


START = scene(box=(4.65, 1.2, 0.0))


def carried_by_hider(state: State, start: State = START) -> Carried:
    return Carried(np.zeros((1, 2), np.int8), (state.things - start.things)[:, :, :2].copy())


def verdict(state: State, start: State = START, carried: Carried | None = None) -> tuple[bool, bool]:
    found = seals(room(), start, state, carried or carried_by_hider(state, start), SLOTS)
    return bool(found.soft[0]), bool(found.robust[0])


def test_a_box_in_the_door_is_soft_and_locked_by_hiders_it_is_robust():
    assert verdict(scene()) == (True, False)
    assert verdict(scene(lock=HIDER_LOCK)) == (True, True)
    assert verdict(scene(lock=SEEKER_LOCK)) == (True, False)


@pytest.mark.parametrize(("lock", "robust"), [(0, False), (SEEKER_LOCK, False), (FIXED_BY_NOBODY, True)])
def test_what_nobody_can_unlock_is_as_good_as_a_wall(lock: int, robust: bool):
    layout, gap = room(), (3.65, 0.3, 0.0)
    layout.walls[0, 2] = (3.6, 0.6, 3.7, 2.4)  # the other box stands in a second opening from the start
    start, now = scene(box=(4.65, 1.2, 0.0), other=gap), scene(other=gap, lock=HIDER_LOCK)
    start.lock[0, 1] = now.lock[0, 1] = lock
    found = seals(layout, start, now, carried_by_hider(now, start), SLOTS)
    assert (bool(found.soft[0]), bool(found.robust[0])) == (True, robust)
    assert found.bearing[0].tolist() == [True, False]


def test_an_open_door_is_no_seal():
    assert verdict(scene(box=(4.0, 1.3, 0.0), lock=HIDER_LOCK)) == (False, False)


def test_everybody_must_be_on_their_side():
    assert verdict(scene(lock=HIDER_LOCK, hiders=((4.0, 0.5), (1.0, 1.0)))) == (False, False)
    assert verdict(scene(lock=HIDER_LOCK, seekers=((4.6, 4.0), (5.0, 1.2)))) == (False, False)


def test_hiders_in_two_closed_places_are_not_in_one_region():
    layout = room()
    layout.walls[0, 2] = (3.6, 1.0, 6.0, 1.1)
    state = scene(lock=HIDER_LOCK, hiders=((4.0, 0.5), (4.0, 1.5)))
    assert not seals(layout, START, state, carried_by_hider(state), SLOTS).soft[0]


def test_a_thing_that_hiders_did_not_move_far_enough_makes_no_seal():
    near = scene(box=(4.65, 1.94 - 0.29, 0.0), hiders=((4.0, 0.5), (4.4, 0.6)))
    assert verdict(scene(lock=HIDER_LOCK), start=near) == (False, False)
    by_seekers = Carried(np.full((1, 2), 3, np.int8), np.zeros((1, 2, 2)))
    assert verdict(scene(lock=HIDER_LOCK), carried=by_seekers) == (False, False)


def test_the_moved_thing_must_be_the_one_that_seals():
    start = scene(other=(5.5, 1.5, 0.0))
    assert verdict(scene(), start=start) == (False, False), "the door was shut from the start"
    carried = carried_by_hider(scene(), start)
    open_at_start = scene(box=(4.65, 1.2, 0.0), other=(5.5, 1.5, 0.0))
    assert verdict(scene(), open_at_start, carried) == (False, False), "only the box that shuts nothing was moved"


def test_sealed_from_the_start_does_not_count_even_when_rebuilt():
    other_way = scene(box=(4.65, 1.94, np.pi / 2), hiders=((4.0, 0.5), (4.4, 0.6)))
    far = Carried(np.zeros((1, 2), np.int8), np.full((1, 2, 2), 0.5))
    assert verdict(scene(lock=HIDER_LOCK), other_way, far) == (False, True), "at the start nothing was locked"


@pytest.mark.parametrize(("gap_m", "sealed"), [(0.31, False), (0.2, True)])
def test_an_agent_needs_its_own_width_to_pass(gap_m: float, sealed: bool):
    assert verdict(scene(box=(4.65, 1.93 - gap_m, 0.0), lock=HIDER_LOCK), scene(box=(5.5, 1.2, 0.0))) == (
        sealed,
        sealed,
    )


@pytest.mark.parametrize("angle", np.linspace(0, np.pi, 25))
def test_no_passage_is_missed_at_any_angle(angle: float):
    """Two huge boxes leave nothing of the floor but a lane as wide as an agent."""
    layout = room()
    layout.wall_exists[:] = False
    layout.thing_half[:] = 5.0
    along = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-np.sin(angle), np.cos(angle)]) * (5.0 + RULES.agent_radius_m + 1e-6)
    middle = np.array([3.013, 2.987])
    one, other = (*(middle + aside), angle), (*(middle - aside), angle)
    state = scene(
        one, other, 0, [middle - 2.5 * along, middle - 2.0 * along], [middle + 2.5 * along, middle + 2 * along]
    )
    assert not seals(layout, START, state, carried_by_hider(state), SLOTS).soft[0]


CORNER = {"box": (5.63, 0.87, 0.0), "other": (4.85, 0.37, 0.0), "hiders": ((5.45, 0.2), (5.8, 0.25))}
"""One box against the right edge, one against the lower: behind them both hiders stand in the corner."""


def fort(state: State, layout: Layout) -> tuple[bool, bool]:
    found = seals(layout, START, state, carried_by_hider(state), SLOTS)
    return bool(found.robust[0] or found.soft[0]), bool(found.fort[0])


def test_a_corner_walled_off_is_a_fort_and_a_shut_room_is_none():
    assert fort(scene(lock=HIDER_LOCK), room()) == (True, False)
    for box in ((4.65, 1.94, 0.4), (4.65, 1.75, 0.0)):  # askew in the door, and before it
        assert fort(scene(box=box), room()) == (True, False)
    assert fort(scene(**CORNER, seekers=((4.6, 4.0), (4.2, 1.8))), room()) == (True, True)
    across = {"box": (4.1, 1.2, 0.0), "other": (5.3, 1.2, 0.0), "hiders": ((4.0, 0.5), (5.0, 0.5))}
    layout = room()
    layout.thing_half[:] = (0.6, 0.2)
    assert fort(scene(**across), layout) == (True, True), "the larger part of the room may be theirs"
    assert fort(scene(**CORNER), room()) == (True, True), "the door is open all the same"
    assert fort(scene(**{**CORNER, "other": AWAY}), room()) == (False, False)


@pytest.mark.parametrize(("depth_m", "is_fort"), [(0.3, False), (1.0, True)])
def test_a_nook_that_a_seeker_can_look_into_is_not_the_room(depth_m: float, is_fort: bool):
    """The door opens into a passage as wide as itself; a box shuts its inner end."""
    layout = room()
    layout.walls[0, :2, 1] = 2.3 - depth_m
    start, now = scene(AWAY), scene((4.65, 2.3 - depth_m - 0.38, 0.0), hiders=((4.0, 0.3), (4.4, 0.2)))
    found = seals(layout, start, now, carried_by_hider(now, start), SLOTS)
    assert found.soft[0] and found.fort[0] == is_fort


@pytest.mark.parametrize("swapped", [False, True])
def test_a_hider_in_the_doorway_makes_no_fort_of_a_box_outside(swapped: bool):
    hiders = ((4.65, 2.35), (4.4, 0.6))
    state = scene(box=(4.65, 2.97, 0.0), lock=HIDER_LOCK, hiders=hiders[::-1] if swapped else hiders)
    assert fort(state, room()) == (True, False)


@pytest.mark.parametrize(("bar_y", "is_fort"), [(4.0, True), (3.0, False)])
def test_the_room_is_where_the_hiders_have_most_of_their_place(bar_y: float, is_fort: bool):
    """Two open doors join three chambers, 1.0 and 1.2 m deep and the rest; a bar across the last keeps seekers out."""
    slots = Slots(hiders=2, seekers=2, boxes=2, ramps=0, walls=4, doors=2)
    layout = empty_layout(1, slots)
    layout.floor[:] = 6.0
    layout.walls[0] = [(0.0, 1.0, 2.8, 1.1), (3.3, 1.0, 6.0, 1.1), (0.0, 2.3, 2.8, 2.4), (3.3, 2.3, 6.0, 2.4)]
    layout.doors[0] = [(2.8, 1.0, 3.3, 1.1), (2.8, 2.3, 3.3, 2.4)]
    for exists in (layout.wall_exists, layout.door_exists, layout.agent_exists):
        exists[:] = True
    layout.thing_exists[0, 0], layout.thing_half[0, 0] = True, (3.0, 0.1)
    start, now = scene((3.0, 5.8, 0.0)), scene((3.0, bar_y, 0.0), seekers=((4.6, 4.5), (2.0, 5.0)))
    found = seals(layout, start, now, carried_by_hider(now, start), slots)
    assert found.soft[0] and found.fort[0] == is_fort


def test_a_pocket_in_which_a_hider_cannot_move_is_a_fort_between_two_sides_of_the_floor():
    """In the corner of an open field; its disc fits on one cell alone."""
    field, state = room(), scene((5.66, 5.35, 0.0), (5.35, 5.885, 0.0), hiders=((5.875, 5.875), (0.0, 0.0)))
    field.floor[:], field.thing_half[0, 1] = 6.03, (0.37, 0.145)
    field.wall_exists[:] = field.door_exists[:] = field.agent_exists[:, 1] = False
    assert fort(state, field) == (True, True)
    assert seals(field, START, state, carried_by_hider(state), SLOTS).walls[0] == 2


def test_hiders_shut_in_between_two_boxes_in_a_doorway_are_in_no_room():
    """A wall with a door divides a small floor, and there are seekers on both sides."""
    layout = room()
    layout.floor[:], layout.doors[:] = 3.0, (1.25, 1.31, 1.75, 1.41)
    layout.walls[0, :2], layout.wall_exists[0, 2] = [(0.0, 1.31, 1.25, 1.41), (1.75, 1.31, 3.0, 1.41)], False
    people = ((1.45, 1.33), (1.55, 1.38)), ((0.3, 0.3), (2.6, 2.6))
    start, now = (
        scene((2.4, 0.5, 0.0), (0.6, 2.4, 0.0), 0, *people),
        scene((1.5, 0.7, 0.0), (1.5, 2.03, 0.0), 0, *people),
    )
    found = seals(layout, start, now, carried_by_hider(now, start), SLOTS)
    assert found.soft[0] and not found.fort[0]


def test_on_an_open_field_every_seal_is_a_fort():
    field = room()
    field.wall_exists[:] = field.door_exists[:] = False
    assert fort(scene(**CORNER), field) == (True, True)
    assert fort(scene(), field) == (False, False)


@pytest.mark.parametrize("turns", range(4))
def test_each_side_of_the_floor_is_a_wall_that_bounds_a_region_at_it(turns: int):
    """Three long boxes in a U, open towards a side of the floor, 0.6 m from another."""
    slots = Slots(hiders=2, seekers=2, boxes=3, ramps=0, walls=0, doors=0)
    layout, start, now = empty_layout(1, slots), empty_state(1, slots), empty_state(1, slots)
    layout.floor[:], layout.thing_half[:] = 6.0, (0.35, 0.1)
    layout.thing_exists[:] = layout.agent_exists[:] = True
    now.things[0, :, :3] = (0.4, 0.4, np.pi / 2), (1.1, 0.4, np.pi / 2), (0.75, 0.86, 0.0)
    now.agents[0, :, :2] = (0.7, 0.3), (0.8, 0.5), (3.0, 2.0), (1.0, 4.0)
    for _ in range(turns):
        for poses in (now.things, now.agents):
            poses[..., :2] = np.stack([6 - poses[..., 1], poses[..., 0]], -1)
            poses[..., 2] += np.pi / 2
    start.agents[:] = now.agents
    start.things[0, :, :2] = (3.0, 3.0)
    carried = Carried(np.zeros((1, 3), np.int8), np.ones((1, 3, 2)))
    found = seals(layout, start, now, carried, slots)
    assert found.soft[0] and found.walls[0] == 1


def test_pieces_in_one_line_are_one_wall_and_others_count_each():
    state = scene()
    found = seals(room(), START, state, carried_by_hider(state), SLOTS)
    assert found.walls[0] == 4, "two sides of the floor, the wall with the door, the wall beside it"
    field, state = room(), scene(**CORNER)
    field.wall_exists[:] = field.door_exists[:] = False
    assert seals(field, START, state, carried_by_hider(state), SLOTS).walls[0] == 2


def test_bearing_names_what_the_seal_rests_on():
    state = scene(lock=HIDER_LOCK, other=(4.2, 0.4, 0.0), hiders=((5.0, 0.5), (5.4, 0.6)))
    start = scene(box=(4.65, 1.2, 0.0), other=AWAY)
    found = seals(room(), start, state, carried_by_hider(state, start), SLOTS)
    assert found.bearing.tolist() == [[True, False]]


def test_two_barricades_that_spare_each_other_bear_together():
    layout = room()
    layout.walls[0] = [(0.0, 2.0, 2.6, 4.0), (3.4, 2.0, 6.0, 4.0), (0.0, 2.0, 2.6, 4.0)]
    state = scene((3.0, 2.6, 0.0), (3.0, 3.4, 0.0), seekers=((4.6, 5.0), (2.0, 5.0)))
    start = scene((1.0, 1.0, 0.0), (1.0, 1.8, 0.0), seekers=((4.6, 5.0), (2.0, 5.0)))
    found = seals(layout, start, state, carried_by_hider(state, start), SLOTS)
    assert found.soft[0] and found.bearing.tolist() == [[True, True]]


def step(before: State, thing: int, by, agents=()) -> State:
    after = take(before, slice(None))
    after.tick[:] += 1
    after.things[0, thing, :2] += by
    for agent, place in agents:
        after.agents[0, agent, :2] = place
    return after


def test_a_held_thing_is_credited_to_its_holder_however_far_and_a_seeker_comes_first():
    carried, before = nothing_carried(START), take(START, slice(None))
    before.held[0, 1] = 0
    follow(carried, room(), before, step(before, 0, (0.0, 0.1)), SLOTS)
    assert carried.mover[0, 0] == 1 and np.allclose(carried.by_hiders[0, 0], (0.0, 0.1))
    before.held[0, 2] = 0
    follow(carried, room(), before, step(before, 0, (0.0, 0.1)), SLOTS)
    assert carried.mover[0, 0] == 2 and np.allclose(carried.by_hiders[0, 0], (0.0, 0.1))


def test_a_pushed_thing_that_glides_on_stays_credited_until_somebody_else_touches_it():
    touching = scene(box=(4.65, 1.2, 0.0), hiders=((4.65, 1.2 - 0.37 - 0.16), (4.0, 0.3)))
    carried = nothing_carried(touching)
    moved = step(touching, 0, (0.0, 0.2))
    follow(carried, room(), touching, moved, SLOTS)
    glided = step(moved, 0, (0.0, 0.2))
    follow(carried, room(), moved, glided, SLOTS)
    assert carried.mover[0, 0] == 0 and np.allclose(carried.by_hiders[0, 0], (0.0, 0.4))
    met = step(glided, 0, (0.0, 0.1), agents=[(3, (4.65, 1.7 + 0.37 + 0.15))])
    follow(carried, room(), glided, met, SLOTS)
    assert carried.mover[0, 0] == 3 and np.allclose(carried.by_hiders[0, 0], (0.0, 0.4))
    assert carried.mover[0, 1] == FREE and not carried.by_hiders[0, 1].any()


def test_a_thing_that_nobody_touches_is_credited_to_nobody():
    for gap_m, mover in ((0.015, 0), (0.05, FREE)):
        beside = scene(box=(4.65, 1.2, 0.0), hiders=((4.65, 1.2 - 0.37 - 0.15 - gap_m), (4.0, 0.3)))
        carried = nothing_carried(beside)
        follow(carried, room(), beside, beside, SLOTS)
        assert carried.mover[0, 0] == mover


def test_shaking_a_thing_moves_it_nowhere():
    carried, state = nothing_carried(START), take(START, slice(None))
    state.held[0, 0] = 0
    for shake in (0.2, -0.2) * 5:
        after = step(state, 0, (shake, 0.0))
        follow(carried, room(), state, after, SLOTS)
        state = after
    assert np.abs(carried.by_hiders).max() < 1e-9


def test_over_time_a_recording_shows_when_the_room_is_sealed_and_when_the_seal_breaks():
    moments = [take(START, slice(None))]
    moments[0].held[0, 0] = 0
    for by in (0.4, 0.34, 0.0, -0.5):
        moments.append(step(moments[-1], 0, (0.0, by)))
    moments[3].lock[0, 0] = HIDER_LOCK
    states = State(*(np.concatenate(field) for field in zip(*moments, strict=True)))
    found = trace_episode(SLOTS, room(), states, np.zeros((5, 4, 4), bool), 2).seals
    assert found.soft[:, 0].tolist() == [False, False, True, True, False]
    assert found.robust[:, 0].tolist() == [False, False, False, True, False]
    assert found.bearing[:, 0, 0].tolist() == found.soft[:, 0].tolist() and not found.bearing[:, 0, 1].any()


def plain_shut(layout: Layout, state: State) -> bool:
    """The same question by numpy: grow the hider's region until it stays as it is."""
    centres = (np.arange(120) + 0.5) * CELL_M
    x, y = np.meshgrid(centres, centres)
    margin = RULES.agent_radius_m - TOLERANCE_M
    free = (np.minimum(x, y) >= margin) & (np.maximum(x, y) <= 6 - margin)
    for x0, y0, x1, y1 in layout.walls[0]:
        free &= np.hypot(np.maximum(0, np.maximum(x0 - x, x - x1)), np.maximum(0, np.maximum(y0 - y, y - y1))) >= margin
    for pose, half in zip(state.things[0], layout.thing_half[0], strict=True):
        gap = np.vectorize(lambda a, b, pose=pose, half=half: distance_to_rectangle(a, b, pose, *half))(x, y)
        free &= gap >= margin
    cells = []
    for place in state.agents[0, :, :2]:
        distance = np.where(free, np.hypot(x - place[0], y - place[1]), np.inf)
        cells.append(np.unravel_index(distance.argmin(), free.shape))
    region = np.zeros_like(free)
    region[cells[0]] = True
    while True:
        wide = np.pad(region, 1)
        grown = free & np.any(
            [np.roll(wide, (i, j), (0, 1))[1:-1, 1:-1] for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0
        )
        if (grown == region).all():
            return bool(region[cells[1]] and not region[cells[2]] and not region[cells[3]])
        region = grown


def test_the_flood_agrees_with_a_plain_one_on_random_scenes():
    random = np.random.default_rng(5)
    layout, verdicts = room(), []
    for _ in range(40):
        near_door = (random.uniform(4.3, 5.0), random.uniform(1.6, 2.1), random.uniform(0, 7))
        state = scene(near_door, (random.uniform(4.2, 5.5), random.uniform(0.6, 1.8), random.uniform(0, 7)))
        state.agents[0, :2, :2] = random.uniform((3.9, 0.2), (5.8, 0.6), (2, 2))
        moved = Carried(np.zeros((1, 2), np.int8), np.ones((1, 2, 2)))
        start = scene(box=(5.5, 0.5, 0.0), other=(4.2, 0.5, 0.0), hiders=((4.9, 1.0), (4.9, 1.4)))
        verdicts.append(plain_shut(layout, state))
        assert bool(seals(layout, start, state, moved, SLOTS).soft[0]) == verdicts[-1]
        assert bool(soft_seals(layout, start, state, moved, SLOTS)[0]) == verdicts[-1]
    assert 5 < sum(verdicts) < 35
