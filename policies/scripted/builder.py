"""The builder carries a box into each doorway from inside, locks it there and stays behind it.

It reads the whole State. At the start of an episode every door gets the hider and the box that can shut it soonest
(a `Plans` record). That hider walks to a side of the box from which it will not end in a wall, grabs, and steers
box and self to the doorway: of all moves and turns it takes the one after which drag would bring the pair to
rest nearest to the goal. The other hiders keep out of the way and out of sight.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.base import Scripted
from policies.scripted.carrying import (
    S_PER_RAD,
    TIGHT_M,
    Job,
    builder_options,
    carry,
    goal,
    is_in_place,
    is_taken,
    least_turn,
    middle,
    stance,
    would_shut,
)
from policies.scripted.context import NONE
from policies.scripted.evader import mark_seen, retreat
from policies.scripted.grid import BLOCKED, cell_at, draw_map_of_solid_things, place_of, row_length, stamp
from policies.scripted.pathfinding import FAR, fill_field_from, fill_field_of, fill_opponents_field, way_point
from policies.scripted.steering import move_towards, turn_towards
from sim.game import Game
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import GRAB, HIDERS, KEEP, LOCK, RELEASE, RULES
from sim.state import FIXED_BY_NOBODY, X, Y

_FIXED_S = 1e3
"""What a box costs that nobody can unlock, in seconds: it is planned with only where there is no other."""
_S_TO_SPARE = 0.15
"""A hider takes the box from where it is if a better place saves less than this."""


class Plans(NamedTuple):
    """Which hider brings which box to which door; NONE for a hider without a job. Kept for an episode."""

    made: np.ndarray
    """bool [world]"""
    box: np.ndarray
    """int64 [world, hider]"""
    door: np.ndarray
    """int64 [world, hider]"""
    inward: np.ndarray
    """float64 [world, door, 2]: unit vector across the door, to the side that boxes start on."""


class Builder(Scripted):
    """See the module. It plays hiders only."""

    name = "builder"

    def __init__(self) -> None:
        super().__init__()
        self._plans = _no_plans(0, 0, 0)

    def reset(self) -> None:
        self._plans.made[:] = False

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the builder plays hiders")
        actions = super().act(game, side)
        if self._plans.box.shape != (game.worlds, game.slots.hiders):
            self._plans = _no_plans(game.worlds, game.slots.hiders, game.layout.doors.shape[1])
        build(self._context(game, side), self._plans, builder_options(game), actions)
        return actions


def _no_plans(worlds: int, hiders: int, doors: int) -> Plans:
    """Plans still to be made."""
    jobs = np.full((2, worlds, hiders), NONE)
    return Plans(np.zeros(worlds, bool), jobs[0], jobs[1], np.zeros((worlds, doors, 2)))


@compiled
def build(context, plans, options, actions):
    """Writes actions (int8 [world, hider, 3], zeros before) of all hiders."""
    hiders = context.sides.end
    for w in range(len(actions)):
        draw_map_of_solid_things(context, w)
        if not plans.made[w]:
            _make_plans(context, plans, w)
        for hider in range(hiders):
            if _has_work(context, plans, w, hider):
                _work(context, plans, w, hider, options, actions[w, hider])
            elif context.layout.agent_exists[w, hider] and _is_outside(context, plans, w, hider):
                _come_in(context, plans, w, hider, actions[w, hider])
        _close_doors_on_map(context, w)
        _look_out(context, w)
        for hider in range(hiders):
            if (
                context.layout.agent_exists[w, hider]
                and not _has_work(context, plans, w, hider)
                and not _is_outside(context, plans, w, hider)
            ):
                _keep_clear(context, plans, w)
                retreat(context, w, hider, actions[w, hider])


@compiled
def _look_out(context, w):
    """Fills the opponents' field and marks what they see, where hiders can get: behind shut doors that is little."""
    sides, row, buffers = context.sides, row_length(context, w), context.buffers
    fill_field_of(context, w, buffers.own, sides.first, sides.end)
    near = False
    for opponent in range(sides.first_opponent, sides.end_opponent):
        cell = cell_at(row, context.state.agents[w, opponent, X], context.state.agents[w, opponent, Y])
        for step in (-row - 1, -row, 1 - row, -1, 0, 1, row - 1, row, row + 1):
            near |= context.layout.agent_exists[w, opponent] and buffers.own[cell + step] < FAR
    if near:
        fill_opponents_field(context, w)
    else:
        for cell in range(row * row):
            buffers.other[cell] = FAR
    mark_seen(context, w, buffers.own, FAR)


@compiled
def _make_plans(context, plans, w):
    """For each door in turn, the pair of a free hider and a free box that shuts it soonest."""
    layout, hiders = context.layout, context.sides.end
    plans.made[w] = True
    for hider in range(hiders):
        plans.box[w, hider] = plans.door[w, hider] = NONE
    for door in range(layout.door_exists.shape[1]):
        best_hider, best_box, least = NONE, NONE, np.inf
        for box in range(context.boxes):
            if not layout.door_exists[w, door] or not layout.thing_exists[w, box] or is_taken(plans.box[w], box):
                continue
            _face_inward(context, plans, w, Job(box, door))
            for hider in range(hiders):
                if layout.agent_exists[w, hider] and plans.box[w, hider] == NONE:
                    seconds = _seconds(context, plans, w, hider, Job(box, door))
                    if seconds < least:
                        best_hider, best_box, least = hider, box, seconds
        if best_hider != NONE:
            plans.box[w, best_hider] = best_box
            plans.door[w, best_hider] = door
            _face_inward(context, plans, w, Job(best_box, door))


@compiled
def _seconds(context, plans, w, hider, job):
    """How long a hider would take to shut a door with a box."""
    _, _, seconds = stance(context, plans, w, hider, job)
    x, y, _, _ = goal(context, plans, w, job)
    pose = context.state.things[w, job.box]
    seconds += np.hypot(x - pose[X], y - pose[Y]) / (0.5 * RULES.free_speed_mps)
    return seconds + (_FIXED_S if context.state.lock[w, job.box] == FIXED_BY_NOBODY else 0.0)


@compiled
def _face_inward(context, plans, w, job):
    """Sets a door's inward vector to the side that a box is on."""
    x0, y0, x1, y1 = context.layout.doors[w, job.door]
    x, y = middle(context, w, job.door)
    pose, inward = context.state.things[w, job.box], plans.inward[w, job.door]
    upright = x1 - x0 < y1 - y0
    inward[0] = (1.0 if pose[X] > x else -1.0) if upright else 0.0
    inward[1] = 0.0 if upright else (1.0 if pose[Y] > y else -1.0)


@compiled
def _has_work(context, plans, w, hider):
    """Has this hider a box to bring that is not locked yet?"""
    box = plans.box[w, hider]
    if box == NONE or not context.layout.agent_exists[w, hider]:
        return False
    return context.state.lock[w, box] == 0


@compiled
def _work(context, plans, w, hider, options, action):
    """One tick of a hider with a job: to the box, take it, to the door with it, lock it."""
    state, job = context.state, Job(plans.box[w, hider], plans.door[w, hider])
    body, pose = state.agents[w, hider], state.things[w, job.box]
    in_place = is_in_place(context, plans, w, job) or (
        state.tick[w] >= options.settle_tick and would_shut(context, plans, w, job)
    )
    if in_place and not options.locks:
        plans.box[w, hider] = NONE
        action[2] = RELEASE
        return
    if state.held[w, hider] == job.box:
        carry(context, plans, w, hider, job, action)
        action[2] = LOCK if in_place else KEEP
        return
    action[1] = turn_towards(body, pose[X], pose[Y])
    reachable = nearest_reachable(RULES, context.layout, state, context.visibility, w, hider)
    if reachable == job.box and in_place:
        action[2] = LOCK
    x, y, seconds = stance(context, plans, w, hider, job)
    if reachable == job.box and not in_place:
        turn = least_turn(context, plans, w, job, body[X], body[Y], TIGHT_M)
        if abs(turn) * S_PER_RAD <= seconds + _S_TO_SPARE:
            action[2] = GRAB
    _walk(context, w, body, x, y, action)


@compiled
def _is_outside(context, plans, w, hider):
    """Is a hider on the outer side of one of the doors that are to be shut?"""
    for door in range(context.layout.door_exists.shape[1]):
        x, y = middle(context, w, door)
        inward_x, inward_y = plans.inward[w, door]
        ahead = (context.state.agents[w, hider, X] - x) * inward_x + (context.state.agents[w, hider, Y] - y) * inward_y
        if context.layout.door_exists[w, door] and ahead < 0.0:
            return True
    return False


@compiled
def _come_in(context, plans, w, hider, action):
    """Towards the place a metre inside the first door."""
    body = context.state.agents[w, hider]
    for door in range(context.layout.door_exists.shape[1]):
        if context.layout.door_exists[w, door]:
            x, y = middle(context, w, door)
            _walk(context, w, body, x + plans.inward[w, door, 0], y + plans.inward[w, door, 1], action)
            action[1] = turn_towards(body, x, y)
            return


@compiled
def _walk(context, w, body, x, y, action):
    """The move towards a place by the way on the map."""
    fill_field_from(context, w, x, y)
    aim_x, aim_y = way_point(context, w, body[X], body[Y])
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _close_doors_on_map(context, w):
    """Blocks the doors on the map, as hiders who stay inside must not pass them."""
    row = row_length(context, w)
    for door in range(context.layout.door_exists.shape[1]):
        if context.layout.door_exists[w, door]:
            x, y = middle(context, w, door)
            x0, y0, x1, y1 = context.layout.doors[w, door]
            stamp(context.buffers.map, row, (x, y, 0.0), (0.5 * (x1 - x0), 0.5 * (y1 - y0)), BLOCKED)


@compiled
def _keep_clear(context, plans, w):
    """Counts the lanes along which boxes are still to be carried as seen, so that no hider waits there."""
    row, buffers = row_length(context, w), context.buffers
    for hider in range(plans.box.shape[1]):
        if not _has_work(context, plans, w, hider):
            continue
        box = plans.box[w, hider]
        x, y = middle(context, w, plans.door[w, hider])
        from_x, from_y = context.state.things[w, box, X], context.state.things[w, box, Y]
        half_x, half_y = context.layout.thing_half[w, box]
        reach = np.hypot(half_x, half_y) + 0.3
        for cell in range(row * row):
            if buffers.map[cell] != BLOCKED:
                cell_x, cell_y = place_of(row, cell)
                along = (cell_x - from_x) * (x - from_x) + (cell_y - from_y) * (y - from_y)
                along = min(max(along / max((x - from_x) ** 2 + (y - from_y) ** 2, 1e-9), 0.0), 1.0)
                if np.hypot(from_x + along * (x - from_x) - cell_x, from_y + along * (y - from_y) - cell_y) < reach:
                    buffers.seen[cell] = True
