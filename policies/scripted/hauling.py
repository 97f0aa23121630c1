"""Bringing boxes to their places and locking them there: what the solver does in `blueprint` and `shelter`.

The nearest free box that fits goes on a site; `policies.scripted.ring_placement` finds out where boxes hide a pillar.
A box that is carried in vain is let go for another try.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import is_taken
from policies.scripted.context import NONE
from policies.scripted.grid import BLOCKED, cell_at, row_length, stamp, stamp_thing
from policies.scripted.held_box import set_down, steer
from policies.scripted.pathfinding import fill_field_from, way_out
from policies.scripted.ring_placement import choose_in_ring
from policies.scripted.steering import move_towards, turn_towards, wrapped
from sim.geometry import distance_to_rectangle
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.layout import Layout
from sim.rules import GRAB, KEEP, LOCK, MOVES, RELEASE, RULES
from sim.state import ANGLE, X, Y

_CARRIED = 3.0
"""A metre with a box costs as much as this many on the way to it."""
_NEAR_M = 0.3
"""Nearer to its place than this, a box is brought there straight."""
_PATIENCE = 70
"""Ticks after which a box that does not come to its place is let go."""
_FETCHING = 55
"""The same for a box that is not even grabbed."""
_CONTENT = 45
"""After this many ticks it need not be brought as near."""
_USEFUL_M, _USEFUL_RAD = 0.35, 0.5
"""At a pillar it is locked all the same if it is no farther off than this..."""
_PAUSE = 8
"""...else left alone for this many ticks."""
_GLIDE_M = 0.4
"""A box comes towards its place at a pillar from this far out at most, and farther as far as it needs room to turn."""
_PASSING_M = 0.25
"""Boxes are brought round a pillar this far from it..."""
_PASSING_COST = 3
"""...or nearer, where a step costs as much as this many."""
_STANCE_GAP_M = 0.1
"""Between a box and the agent that comes to take it."""
_AT_STANCE_M = 0.2
"""An agent this near to where it wanted to take a box takes it..."""
_HASTE = 40
"""...and after this many ticks from anywhere."""
_SIDES = 8
"""Sides of a box that are tried for room to stand on."""


class Jobs(NamedTuple):
    """Which agent brings which box where. Kept for an episode."""

    places: np.ndarray
    """float64 [world, place, 5]: pose (x, y, angle) of a box in its place, and half its length and width."""
    wanted: np.ndarray
    """bool [world, place]: the place exists, and no box is locked in it yet."""
    near_m: np.ndarray
    """float64 [world]: a box so near to its place is locked there..."""
    rough_m: np.ndarray
    """float64 [world]: ...and one so near, when it has taken long."""
    box: np.ndarray
    """int64 [world, agent]: the box it brings, or NONE."""
    place: np.ndarray
    """int64 [world, agent]: where."""
    side: np.ndarray
    """float64 [world, agent]: on which side of the box it is to be in the end, as a world angle."""
    since: np.ndarray
    """int16 [world, agent]: ticks that this has taken; below zero while the box is left alone."""
    tries: np.ndarray
    """int16 [world, box]: how often it was brought in vain."""


def blueprint_jobs(layout: Layout, agents: int) -> Jobs:
    """A box on every site."""
    x0, y0, x1, y1 = np.moveaxis(layout.sites, -1, 0)
    pose = (0.5 * (x0 + x1), 0.5 * (y0 + y1), np.zeros_like(x0), 0.5 * (x1 - x0), 0.5 * (y1 - y0))
    return _jobs(layout, np.stack(pose, axis=-1), layout.site_exists.copy(), 0.045, 0.09, agents)


def shelter_jobs(layout: Layout, agents: int) -> Jobs:
    """Each box has a place of its own, which is found when an agent is free to bring it."""
    places = np.zeros((*layout.thing_exists.shape, 5))
    return _jobs(layout, places, layout.thing_exists.copy(), 0.06, 0.15, agents)


def _jobs(layout: Layout, places: np.ndarray, wanted: np.ndarray, near_m: float, rough_m: float, agents: int) -> Jobs:
    worlds = len(places)
    box, place = np.full((2, worlds, agents), NONE)
    side, since = np.zeros((worlds, agents)), np.zeros((worlds, agents), np.int16)
    tries = np.zeros(layout.thing_exists.shape, np.int16)
    return Jobs(places, wanted, np.full(worlds, near_m), np.full(worlds, rough_m), box, place, side, since, tries)


@compiled
def haul(context, jobs, w, agent, action):
    """One tick of one agent's work; the map must be in the buffers."""
    state = context.state
    if jobs.since[w, agent] < 0:
        jobs.since[w, agent] += 1
        action[0] = 1 + (3 * (state.tick[w] // _PAUSE) + agent) % (MOVES - 1)
        action[2] = RELEASE
        return
    if jobs.box[w, agent] == NONE:
        if context.layout.pillars.shape[1] > 0:
            choose_in_ring(context, jobs, w, agent)
        else:
            _choose(context, jobs, w, agent)
        if jobs.box[w, agent] == NONE:
            return
        _choose_side(context, jobs, w, agent)
    box, place = jobs.box[w, agent], jobs.place[w, agent]
    jobs.since[w, agent] += 1
    if state.lock[w, box] != 0:
        jobs.wanted[w, place] = False
        _give_up(jobs, w, agent, 0)
    elif jobs.since[w, agent] > (_PATIENCE if state.held[w, agent] == box else _FETCHING):
        action[2] = LOCK if _is_useful(context, jobs, w, agent) else RELEASE
        jobs.tries[w, box] += 1
        _give_up(jobs, w, agent, _PAUSE)
    elif state.held[w, agent] == box:
        _carry(context, jobs, w, agent, action)
    else:
        _fetch(context, jobs, w, agent, action)


@compiled
def _is_useful(context, jobs, w, agent):
    """Is a box that an agent cannot bring nearer still of use at a pillar where it is?"""
    box, goal = jobs.box[w, agent], jobs.places[w, jobs.place[w, agent]]
    pose = context.state.things[w, box]
    turn = abs(wrapped(2.0 * (pose[ANGLE] - goal[2]))) / 2.0
    near = np.hypot(pose[X] - goal[0], pose[Y] - goal[1]) < _USEFUL_M and turn < _USEFUL_RAD
    return context.layout.pillars.shape[1] > 0 and context.state.held[w, agent] == box and near


@compiled
def _give_up(jobs, w, agent, pause):
    jobs.box[w, agent], jobs.place[w, agent], jobs.since[w, agent] = NONE, NONE, -pause


@compiled
def _choose(context, jobs, w, agent):
    """The wanted place and the free box that fits it for which the ways are shortest: to the box, and with it."""
    layout, state = context.layout, context.state
    body, least, longest = state.agents[w, agent], np.inf, 0.0
    for place in range(jobs.places.shape[1]):
        if jobs.wanted[w, place] and not is_taken(jobs.place[w], place):
            longest = max(longest, jobs.places[w, place, 3])
    for place in range(jobs.places.shape[1]):
        goal = jobs.places[w, place]
        if not jobs.wanted[w, place] or is_taken(jobs.place[w], place) or goal[3] < longest:
            continue
        for box in range(layout.thing_exists.shape[1]):
            fits = layout.thing_exists[w, box] and abs(layout.thing_half[w, box, 0] - goal[3]) < 1e-9
            if fits and state.lock[w, box] == 0 and not is_taken(jobs.box[w], box):
                x, y = state.things[w, box, X], state.things[w, box, Y]
                length = np.hypot(x - body[X], y - body[Y]) + _CARRIED * np.hypot(x - goal[0], y - goal[1])
                if length < least:
                    least, jobs.box[w, agent], jobs.place[w, agent] = length, box, place


@compiled
def _choose_side(context, jobs, w, agent):
    """Where there is room to stand beside the box in its place: away from the pillar, or from where the box comes."""
    box, goal, row = jobs.box[w, agent], jobs.places[w, jobs.place[w, agent]], row_length(context, w)
    if context.layout.pillars.shape[1] > 0:
        first = np.arctan2(goal[1] - context.layout.pillars[w, 0, Y], goal[0] - context.layout.pillars[w, 0, X])
    else:
        first = np.arctan2(context.state.things[w, box, Y] - goal[1], context.state.things[w, box, X] - goal[0])
    away = goal[4] + RULES.agent_radius_m + _STANCE_GAP_M
    jobs.side[w, agent] = first
    for step in range(_SIDES):
        angle = first + (step + 1) // 2 * (2.0 * np.pi / _SIDES) * (1.0 if step % 2 == 0 else -1.0)
        x, y = goal[0] + away * np.cos(angle), goal[1] + away * np.sin(angle)
        if context.buffers.map[cell_at(row, x, y)] != BLOCKED:
            jobs.side[w, agent] = angle
            return


@compiled
def _remaining_turn(context, jobs, w, agent, from_angle):
    """The turn that brings a box straight into its place, and an agent that holds it at `from_angle` to its side."""
    box, place = jobs.box[w, agent], jobs.place[w, agent]
    half_x, half_y = context.layout.thing_half[w, box]
    period = 0.5 * np.pi if half_x == half_y else np.pi
    turn = jobs.places[w, place, 2] - context.state.things[w, box, ANGLE]
    wanted = wrapped(jobs.side[w, agent] - from_angle)
    return turn + period * np.round((wanted - turn) / period)


@compiled
def _carry(context, jobs, w, agent, action):
    """With the box to its place by the shortest way for it, turning it meanwhile; there it is locked."""
    box, place = jobs.box[w, agent], jobs.place[w, agent]
    goal, pose, body = jobs.places[w, place], context.state.things[w, box], context.state.agents[w, agent]
    turn = _remaining_turn(context, jobs, w, agent, np.arctan2(body[Y] - pose[Y], body[X] - pose[X]))
    away = np.hypot(pose[X] - goal[0], pose[Y] - goal[1])
    near = jobs.near_m[w] if jobs.since[w, agent] < _CONTENT else jobs.rough_m[w]
    if away < near and abs(turn) < 2.0 * near:
        action[2] = LOCK
        return
    x, y = goal[0], goal[1]
    if context.layout.pillars.shape[1] > 0:
        x, y = _glide(context, w, pose, goal, turn)
        center_x, center_y, radius = context.layout.pillars[w, 0]
        around, row = radius + _PASSING_M, row_length(context, w)
        stamp(context.buffers.map, row, (center_x, center_y, 0.0), (around, around), _PASSING_COST)
    if away < _NEAR_M:
        set_down(context, w, agent, box, (x, y, turn), action)
        return
    fill_field_from(context, w, x, y)
    aim_x, aim_y = way_out(context, w, pose[X], pose[Y])
    steer(context, w, agent, box, (aim_x, aim_y, turn), action)


@compiled
def _glide(context, w, pose, goal, turn):
    """Where a box is to go first: out from its place at a pillar, the farther the more it is beside it or askew."""
    out_x, out_y = goal[0] - context.layout.pillars[w, 0, X], goal[1] - context.layout.pillars[w, 0, Y]
    scale = 1.0 / np.hypot(out_x, out_y)
    aside = abs((pose[X] - goal[0]) * out_y - (pose[Y] - goal[1]) * out_x) * scale
    scale *= min(aside, _GLIDE_M) + goal[3] * np.sin(min(abs(turn), 0.5 * np.pi))
    return goal[0] + scale * out_x, goal[1] + scale * out_y


@compiled
def _fetch(context, jobs, w, agent, action):
    """To the side of the box on which the agent is to hold it, and grab it."""
    box, body = jobs.box[w, agent], context.state.agents[w, agent]
    pose = context.state.things[w, box]
    half_x, half_y = context.layout.thing_half[w, box]
    # Of all sides the one for which the box need not be turned more than it must.
    angle = jobs.side[w, agent] - _remaining_turn(context, jobs, w, agent, jobs.side[w, agent])
    x, y, away = pose[X], pose[Y], 0.0
    while distance_to_rectangle(x, y, pose, half_x, half_y) < RULES.agent_radius_m + _STANCE_GAP_M:
        away += 0.02
        x, y = pose[X] + away * np.cos(angle), pose[Y] + away * np.sin(angle)
    stamp_thing(context, w, box, BLOCKED)
    fill_field_from(context, w, x, y)
    aim_x, aim_y = way_out(context, w, body[X], body[Y])
    ready = np.hypot(x - body[X], y - body[Y]) < _AT_STANCE_M or jobs.since[w, agent] > _HASTE
    if aim_x == body[X] and aim_y == body[Y] and not ready:  # no way leads to that side: from another side, then
        fill_field_from(context, w, pose[X], pose[Y])
        aim_x, aim_y = way_out(context, w, body[X], body[Y])
        ready = True
    action[0], action[1] = move_towards(body, aim_x, aim_y), turn_towards(body, pose[X], pose[Y])
    reachable = nearest_reachable(RULES, context.layout, context.state, context.visibility, w, agent)
    action[2] = GRAB if ready and reachable == box else KEEP
