"""The builder's mind: carry a box into each doorway from inside, lock it there, stay behind it.

It reads the whole State. At the start of an episode every door gets the hider and the box that can shut it soonest
(a `Plans` record). That hider walks to a side of the box from which it will not end in a wall, grabs, and steers
box and self to the doorway: of all moves and turns it takes the one after which drag would bring the pair to
rest nearest to the goal. Everybody else keeps out of the way and out of sight.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import (
    S_PER_RAD,
    TIGHT_M,
    carry,
    goal,
    is_in_place,
    least_turn,
    middle,
    stance,
    would_shut,
)
from policies.scripted.evader import mark_seen, retreat
from policies.scripted.pathfinding import (
    BLOCKED,
    draw_map,
    fill_field,
    fill_field_from,
    place_of,
    row_length,
    stamp,
    way_point,
)
from policies.scripted.steering import move_towards, turn_towards
from sim.hands import nearest_reachable
from sim.jit import allocating, compiled
from sim.rules import GRAB, KEEP, LOCK, RELEASE, RULES

NONE = -1

_S_TO_SPARE = 0.15
"""A hider takes the box from where it is rather than walk on for less than this."""


class BuilderOptions(NamedTuple):
    """How a builder goes about it."""

    hurry: int
    """From this tick on it is content with any place of the box that keeps the opponents out."""
    locks: bool
    """Whether it locks the box there; else it lets go of it for good."""
    boxes: int
    """Things from this one on are ramps, which keep nobody out."""


class Plans(NamedTuple):
    """Which hider brings which box to which door; NONE for a hider without a job. Kept for an episode."""

    made: np.ndarray
    """bool [world]"""
    box: np.ndarray
    """int8 [world, hider]"""
    door: np.ndarray
    """int8 [world, hider]"""
    inward: np.ndarray
    """float64 [world, door, 2]: unit vector across the door, to the side that boxes start on."""


def no_plans(worlds: int, hiders: int, doors: int) -> Plans:
    """Plans still to be made."""
    jobs = np.full((2, worlds, hiders), NONE, np.int8)
    return Plans(np.zeros(worlds, bool), jobs[0], jobs[1], np.zeros((worlds, doors, 2)))


@allocating
def build(layout, state, seen, buffers, plans, side, options, actions):
    """Writes actions (int8 [world, own agent, 3]) for the agents 0..side[1]-1 of every world; the opponents are
    side[2]..side[3]-1.
    """
    things = layout.thing_exists.shape[1]
    solid = np.zeros(things, np.int32)
    for w in range(len(actions)):
        actions[w] = 0
        draw_map(layout, state, w, solid, buffers.map)
        if not plans.made[w]:
            _make_plans(layout, state, buffers, plans, w, side[1], options.boxes)
        for hider in range(side[1]):
            if _has_work(layout, state, plans, w, hider):
                _work(layout, state, seen, buffers, plans, w, hider, options, actions[w, hider])
            elif layout.agent_exists[w, hider] and _is_outside(layout, state, plans, w, hider):
                _come_in(layout, state, buffers, plans, w, hider, actions[w, hider])
        _shut_doors(layout, buffers, w)
        fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
        mark_seen(layout, state, w, buffers, side)
        for hider in range(side[1]):
            if (
                layout.agent_exists[w, hider]
                and not _has_work(layout, state, plans, w, hider)
                and not _is_outside(layout, state, plans, w, hider)
            ):
                _keep_clear(layout, state, buffers, plans, w)
                retreat(layout, state, buffers, w, hider, side, actions[w, hider])


@compiled
def _make_plans(layout, state, buffers, plans, w, hiders, boxes):
    """Door by door the pair of a free hider and a free box that has it shut soonest."""
    plans.made[w] = True
    plans.box[w] = NONE
    plans.door[w] = NONE
    for door in range(layout.door_exists.shape[1]):
        best_hider, best_box, least = NONE, NONE, np.inf
        for box in range(boxes):
            if not layout.door_exists[w, door] or not layout.thing_exists[w, box] or _is_taken(plans.box[w], box):
                continue
            _face_inward(layout, state, plans, w, door, box)
            for hider in range(hiders):
                if layout.agent_exists[w, hider] and plans.box[w, hider] == NONE:
                    seconds = _seconds(layout, state, buffers, plans, w, door, box, hider)
                    if seconds < least:
                        best_hider, best_box, least = hider, box, seconds
        if best_hider != NONE:
            plans.box[w, best_hider] = best_box
            plans.door[w, best_hider] = door
            _face_inward(layout, state, plans, w, door, best_box)


@allocating
def _is_taken(boxes, box):
    return (boxes == box).any()


@compiled
def _seconds(layout, state, buffers, plans, w, door, box, hider):
    """How long a hider would take to shut a door with a box."""
    _, _, seconds = stance(layout, state, buffers, plans, w, hider, box, door)
    x, y, _, _ = goal(layout, state, plans, w, door, box)
    carried = np.hypot(x - state.things[w, box, 0], y - state.things[w, box, 1])
    return seconds + carried / (0.5 * RULES.free_speed_mps)


@compiled
def _face_inward(layout, state, plans, w, door, box):
    x0, y0, x1, y1 = layout.doors[w, door]
    x, y = middle(layout, w, door)
    upright = x1 - x0 < y1 - y0
    plans.inward[w, door] = 0.0
    if upright:
        plans.inward[w, door, 0] = 1.0 if state.things[w, box, 0] > x else -1.0
    else:
        plans.inward[w, door, 1] = 1.0 if state.things[w, box, 1] > y else -1.0


@compiled
def _has_work(layout, state, plans, w, hider):
    """Has this hider a box to bring that is not locked yet?"""
    box = plans.box[w, hider]
    if box == NONE or not layout.agent_exists[w, hider]:
        return False
    return state.lock[w, box] == 0


@compiled
def _work(layout, state, seen, buffers, plans, w, hider, options, action):
    box, door = plans.box[w, hider], plans.door[w, hider]
    body = state.agents[w, hider]
    in_place = is_in_place(layout, state, plans, w, door, box) or (
        state.tick[w] >= options.hurry and would_shut(layout, state, buffers, plans, w, door, box)
    )
    if in_place and not options.locks:
        plans.box[w, hider] = NONE
        action[2] = RELEASE
        return
    if state.held[w, hider] == box:
        carry(layout, state, plans, w, hider, action)
        action[2] = LOCK if in_place else KEEP
        return
    action[1] = turn_towards(body, state.things[w, box, 0], state.things[w, box, 1])
    reachable = nearest_reachable(RULES, layout, state, seen, w, hider)
    if reachable == box and in_place:
        action[2] = LOCK
    x, y, seconds = stance(layout, state, buffers, plans, w, hider, box, door)
    if reachable == box and not in_place:
        turn = least_turn(layout, state, plans, w, door, box, body[0], body[1], TIGHT_M)
        if abs(turn) * S_PER_RAD <= seconds + _S_TO_SPARE:
            action[2] = GRAB
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    aim_x, aim_y = way_point(layout, w, buffers, body[0], body[1])
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _is_outside(layout, state, plans, w, hider):
    """Is a hider beyond one of the doors that are to be shut?"""
    for door in range(layout.door_exists.shape[1]):
        x, y = middle(layout, w, door)
        inward_x, inward_y = plans.inward[w, door]
        ahead = (state.agents[w, hider, 0] - x) * inward_x + (state.agents[w, hider, 1] - y) * inward_y
        if layout.door_exists[w, door] and ahead < 0.0:
            return True
    return False


@compiled
def _come_in(layout, state, buffers, plans, w, hider, action):
    """Towards the place a metre inside the first door."""
    body = state.agents[w, hider]
    for door in range(layout.door_exists.shape[1]):
        if layout.door_exists[w, door]:
            x, y = middle(layout, w, door)
            fill_field_from(
                layout, w, buffers, buffers.other, x + plans.inward[w, door, 0], y + plans.inward[w, door, 1]
            )
            aim_x, aim_y = way_point(layout, w, buffers, body[0], body[1])
            action[0] = move_towards(body, aim_x, aim_y)
            action[1] = turn_towards(body, x, y)
            return


@allocating
def _shut_doors(layout, buffers, w):
    """For those who stay inside a door is a wall."""
    row = row_length(layout, w)
    pose = np.zeros(3)
    for door in range(layout.door_exists.shape[1]):
        if layout.door_exists[w, door]:
            pose[0], pose[1] = middle(layout, w, door)
            x0, y0, x1, y1 = layout.doors[w, door]
            stamp(buffers.map, row, pose, np.array((0.5 * (x1 - x0), 0.5 * (y1 - y0))), BLOCKED)


@compiled
def _keep_clear(layout, state, buffers, plans, w):
    """Counts the lanes along which boxes are still to be carried as seen, so that nobody waits there."""
    row = row_length(layout, w)
    for hider in range(plans.box.shape[1]):
        if not _has_work(layout, state, plans, w, hider):
            continue
        box = plans.box[w, hider]
        x, y = middle(layout, w, plans.door[w, hider])
        from_x, from_y = state.things[w, box, 0], state.things[w, box, 1]
        reach = np.hypot(layout.thing_half[w, box, 0], layout.thing_half[w, box, 1]) + 0.3
        for cell in range(row * row):
            if buffers.map[cell] != BLOCKED:
                cell_x, cell_y = place_of(row, cell)
                share = (cell_x - from_x) * (x - from_x) + (cell_y - from_y) * (y - from_y)
                share = min(max(share / max((x - from_x) ** 2 + (y - from_y) ** 2, 1e-9), 0.0), 1.0)
                if np.hypot(from_x + share * (x - from_x) - cell_x, from_y + share * (y - from_y) - cell_y) < reach:
                    buffers.seen[cell] = True
