"""Bringing boxes to their places and locking them there: what the solver does in `blueprint` and `shelter`.

On a site goes the free box that is nearest to it and fits; where boxes hide a pillar is found out in
`policies.scripted.ring_placement`. A box that is carried in vain is let go for another try.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import set_down, steer
from policies.scripted.pathfinding import BLOCKED, cell_at, fill_field_from, row_length, stamp, way_out
from policies.scripted.ring_placement import choose_in_ring
from policies.scripted.steering import move_towards, turn_towards, wrapped
from sim.geometry import distance_to_rectangle
from sim.hands import nearest_reachable
from sim.jit import allocating, compiled
from sim.layout import Layout
from sim.rules import GRAB, KEEP, LOCK, MOVES, RELEASE, RULES
from sim.state import ANGLE, X, Y

NONE = -1
_CARRIED = 3.0
"""A metre with a box counts as so many on the way to it."""
_NEAR_M = 0.3
"""Nearer to its place than this, a box is brought there straight."""
_PATIENCE = 70
"""Ticks after which a box that does not come to its place is let go."""
_FETCHING = 55
"""The same for a box that is not even grabbed."""
_CONTENT = 45
"""After so many ticks it need not be brought as near."""
_USEFUL_M, _USEFUL_RAD = 0.35, 0.5
"""At a pillar it is locked all the same if it is no farther off..."""
_PAUSE = 8
"""...else left alone for so many ticks."""
_GLIDE_M = 0.4
"""So far out at most a box comes towards its place at a pillar, and farther as far as it needs room to turn."""
_BERTH_M = 0.25
"""Boxes are brought round a pillar this far from it..."""
_PASSING_COST = 3
"""...or at the cost of so many steps for one."""
_STANCE_GAP_M = 0.1
"""Between a box and who comes to take it."""
_AT_STANCE_M = 0.2
"""An agent that is so near to where it wanted to take a box takes it..."""
_HASTE = 40
"""...and after so many ticks from anywhere."""
_SIDES = 8
"""Sides of a box that are tried for room to stand on."""


class Jobs(NamedTuple):
    """Who brings which box where. Kept for an episode."""

    places: np.ndarray
    """float64 [world, place, 5]: pose (x, y, angle) of a box in its place, and half its length and width."""
    wanted: np.ndarray
    """bool [world, place]: the place exists, and no box is locked in it yet."""
    near_m: np.ndarray
    """float64 [world]: a box so near to its place is locked there..."""
    rough_m: np.ndarray
    """float64 [world]: ...and one so near, when it has taken long."""
    box: np.ndarray
    """int8 [world, agent]: the box it brings, or NONE."""
    place: np.ndarray
    """int8 [world, agent]: where."""
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
    """Each box has a place of its own, which is found when somebody is free to bring it."""
    places = np.zeros((*layout.thing_exists.shape, 5))
    return _jobs(layout, places, layout.thing_exists.copy(), 0.06, 0.15, agents)


def _jobs(layout: Layout, places: np.ndarray, wanted: np.ndarray, near_m: float, rough_m: float, agents: int) -> Jobs:
    worlds = len(places)
    box, place = np.full((2, worlds, agents), NONE, np.int8)
    side, since = np.zeros((worlds, agents)), np.zeros((worlds, agents), np.int16)
    tries = np.zeros(layout.thing_exists.shape, np.int16)
    return Jobs(places, wanted, np.full(worlds, near_m), np.full(worlds, rough_m), box, place, side, since, tries)


@compiled
def haul(layout, state, seen, buffers, jobs, w, agent, action):
    """One tick of one agent's work; the map must be in `buffers`."""
    if jobs.since[w, agent] < 0:
        jobs.since[w, agent] += 1
        action[0] = 1 + (3 * (state.tick[w] // _PAUSE) + agent) % (MOVES - 1)
        action[2] = RELEASE
        return
    if jobs.box[w, agent] == NONE:
        if layout.pillars.shape[1] > 0:
            choose_in_ring(layout, state, jobs, w, agent)
        else:
            _choose(layout, state, jobs, w, agent)
        if jobs.box[w, agent] == NONE:
            return
        _choose_side(layout, state, buffers, jobs, w, agent)
    box, place = jobs.box[w, agent], jobs.place[w, agent]
    jobs.since[w, agent] += 1
    if state.lock[w, box] != 0:
        jobs.wanted[w, place] = False
        _give_up(jobs, w, agent, 0)
    elif jobs.since[w, agent] > (_PATIENCE if state.held[w, agent] == box else _FETCHING):
        action[2] = LOCK if _will_do(layout, state, jobs, w, agent) else RELEASE
        jobs.tries[w, box] += 1
        _give_up(jobs, w, agent, _PAUSE)
    elif state.held[w, agent] == box:
        _carry(layout, state, buffers, jobs, w, agent, action)
    else:
        _fetch(layout, state, seen, buffers, jobs, w, agent, action)


@compiled
def _will_do(layout, state, jobs, w, agent):
    """Is a box that an agent cannot bring nearer still of use at a pillar where it is?"""
    box, goal = jobs.box[w, agent], jobs.places[w, jobs.place[w, agent]]
    pose = state.things[w, box]
    turn = abs(wrapped(2.0 * (pose[ANGLE] - goal[2]))) / 2.0
    near = np.hypot(pose[X] - goal[0], pose[Y] - goal[1]) < _USEFUL_M and turn < _USEFUL_RAD
    return layout.pillars.shape[1] > 0 and state.held[w, agent] == box and near


@compiled
def _give_up(jobs, w, agent, pause):
    jobs.box[w, agent], jobs.place[w, agent], jobs.since[w, agent] = NONE, NONE, -pause


@compiled
def _choose(layout, state, jobs, w, agent):
    """The wanted place and the free box that fits it for which the ways are shortest: to the box, and with it."""
    body, least, longest = state.agents[w, agent], np.inf, 0.0
    for place in range(jobs.places.shape[1]):
        if jobs.wanted[w, place] and not _is_taken(jobs.place[w], place):
            longest = max(longest, jobs.places[w, place, 3])
    for place in range(jobs.places.shape[1]):
        goal = jobs.places[w, place]
        if not jobs.wanted[w, place] or _is_taken(jobs.place[w], place) or goal[3] < longest:
            continue
        for box in range(layout.thing_exists.shape[1]):
            fits = layout.thing_exists[w, box] and abs(layout.thing_half[w, box, 0] - goal[3]) < 1e-9
            if fits and state.lock[w, box] == 0 and not _is_taken(jobs.box[w], box):
                x, y = state.things[w, box, X], state.things[w, box, Y]
                length = np.hypot(x - body[X], y - body[Y]) + _CARRIED * np.hypot(x - goal[0], y - goal[1])
                if length < least:
                    least, jobs.box[w, agent], jobs.place[w, agent] = length, box, place


@allocating
def _is_taken(taken, number):
    return (taken == number).any()


@compiled
def _choose_side(layout, state, buffers, jobs, w, agent):
    """Where there is room to stand beside the box in its place: away from the pillar, or from where the box comes."""
    box, goal, row = jobs.box[w, agent], jobs.places[w, jobs.place[w, agent]], row_length(layout, w)
    if layout.pillars.shape[1] > 0:
        first = np.arctan2(goal[1] - layout.pillars[w, 0, Y], goal[0] - layout.pillars[w, 0, X])
    else:
        first = np.arctan2(state.things[w, box, Y] - goal[1], state.things[w, box, X] - goal[0])
    away = goal[4] + RULES.agent_radius_m + _STANCE_GAP_M
    jobs.side[w, agent] = first
    for step in range(_SIDES):
        angle = first + (step + 1) // 2 * (2.0 * np.pi / _SIDES) * (1.0 if step % 2 == 0 else -1.0)
        x, y = goal[0] + away * np.cos(angle), goal[1] + away * np.sin(angle)
        if buffers.map[cell_at(row, x, y)] != BLOCKED:
            jobs.side[w, agent] = angle
            return


@compiled
def _remaining_turn(layout, state, jobs, w, agent, from_angle):
    """The turn that brings a box straight into its place, and who holds it at `from_angle` next to its side."""
    box, place = jobs.box[w, agent], jobs.place[w, agent]
    half_x, half_y = layout.thing_half[w, box]
    period = 0.5 * np.pi if half_x == half_y else np.pi
    turn = jobs.places[w, place, 2] - state.things[w, box, ANGLE]
    wanted = wrapped(jobs.side[w, agent] - from_angle)
    return turn + period * np.round((wanted - turn) / period)


@compiled
def _carry(layout, state, buffers, jobs, w, agent, action):
    """With the box to its place by the shortest way for it, turning it meanwhile; there it is locked."""
    box, place = jobs.box[w, agent], jobs.place[w, agent]
    goal, pose, body = jobs.places[w, place], state.things[w, box], state.agents[w, agent]
    turn = _remaining_turn(layout, state, jobs, w, agent, np.arctan2(body[Y] - pose[Y], body[X] - pose[X]))
    away = np.hypot(pose[X] - goal[0], pose[Y] - goal[1])
    near = jobs.near_m[w] if jobs.since[w, agent] < _CONTENT else jobs.rough_m[w]
    if away < near and abs(turn) < 2.0 * near:
        action[2] = LOCK
        return
    x, y = goal[0], goal[1]
    if layout.pillars.shape[1] > 0:
        x, y = _glide(layout, w, pose, goal, turn)
        center_x, center_y, radius = layout.pillars[w, 0]
        around = radius + _BERTH_M
        stamp(buffers.map, row_length(layout, w), (center_x, center_y, 0.0), (around, around), _PASSING_COST)
    if away < _NEAR_M:
        set_down(layout, state, w, agent, box, x, y, turn, action)
        return
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    aim_x, aim_y = way_out(layout, w, buffers, pose[X], pose[Y])
    steer(layout, state, w, agent, box, aim_x, aim_y, turn, action)


@compiled
def _glide(layout, w, pose, goal, turn):
    """Where a box is to go first: out from its place at a pillar, the farther the more it is beside it or askew."""
    out_x, out_y = goal[0] - layout.pillars[w, 0, X], goal[1] - layout.pillars[w, 0, Y]
    share = 1.0 / np.hypot(out_x, out_y)
    aside = abs((pose[X] - goal[0]) * out_y - (pose[Y] - goal[1]) * out_x) * share
    share *= min(aside, _GLIDE_M) + goal[3] * np.sin(min(abs(turn), 0.5 * np.pi))
    return goal[0] + share * out_x, goal[1] + share * out_y


@compiled
def _fetch(layout, state, seen, buffers, jobs, w, agent, action):
    """To the side of the box on which the agent is to hold it, and grab it."""
    box, body, row = jobs.box[w, agent], state.agents[w, agent], row_length(layout, w)
    pose, half = state.things[w, box], layout.thing_half[w, box]
    # Of all sides the one for which the box need not be turned more than it must.
    angle = jobs.side[w, agent] - _remaining_turn(layout, state, jobs, w, agent, jobs.side[w, agent])
    x, y, away = pose[X], pose[Y], 0.0
    while distance_to_rectangle(x, y, pose, half[0], half[1]) < RULES.agent_radius_m + _STANCE_GAP_M:
        away += 0.02
        x, y = pose[X] + away * np.cos(angle), pose[Y] + away * np.sin(angle)
    stamp(buffers.map, row, pose[:3], half, BLOCKED)
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    aim_x, aim_y = way_out(layout, w, buffers, body[X], body[Y])
    there = np.hypot(x - body[X], y - body[Y]) < _AT_STANCE_M or jobs.since[w, agent] > _HASTE
    if aim_x == body[X] and aim_y == body[Y] and not there:  # nobody gets there: from another side, then
        fill_field_from(layout, w, buffers, buffers.other, pose[X], pose[Y])
        aim_x, aim_y = way_out(layout, w, buffers, body[X], body[Y])
        there = True
    action[0], action[1] = move_towards(body, aim_x, aim_y), turn_towards(body, pose[X], pose[Y])
    action[2] = GRAB if there and nearest_reachable(RULES, layout, state, seen, w, agent) == box else KEEP
