"""Taking a ramp to where it is needed and going up: where it is to stand, how to get it there, how to climb it.

A *berth* is where a ramp's high edge is to lie: a point on the face of a wall or box, and the unit vector away from
it, along which the ramp lies with its low edge outermost.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import steer
from policies.scripted.pathfinding import (
    BLOCKED,
    FAR,
    FIELD_PER_M,
    cell_at,
    draw_map,
    fill_field,
    fill_field_from,
    row_length,
    way_out,
    way_point,
)
from policies.scripted.steering import move_along, move_towards, turn_towards, wrapped
from sim.hands import nearest_reachable
from sim.jit import allocating, compiled
from sim.rules import GRAB, KEEP, RELEASE, RULES
from sim.state import ANGLE, X, Y

NONE = -1

_GAP_M = 0.12
"""A ramp no further than this from its berth is near enough: an agent crosses the gap..."""
_ASIDE_M = 0.2
"""...no further beside it..."""
_ASKEW_RAD = 0.3
"""...and no more askew."""
_SPARE_M = 0.02
"""A ramp is steered to so far before its berth."""
_MOUTH_M = 0.3
"""An agent goes up from so far before the low edge."""
_ON_AXIS_M = 0.15
"""So near to its axis an agent sets out to go in..."""
_INSIDE_M = 0.1
"""...and farther from it nobody fits between the sides."""
_EDGE_M = RULES.agent_radius_m + 0.05
"""Nearer to the low edge a disc may be caught at the end of a side."""
_FLANK_M = 0.15
"""Centres of agents' discs this far on either side of its axis cover a ramp's width."""
_STANCES = 8
_STANCE_GAP_M = 0.08
_STANCE_NEAR_M = 0.15
"""So near to where it should, an agent takes hold of a ramp."""
_ANEW_TICKS = 40
"""After so many ticks it lets go and takes hold anew: the ramp may be caught at a wall."""
_SIDE_M = 2.0
"""What it costs, in metres, to hold a ramp elsewhere than at its low edge."""
_WEDGED_M = 6.0
"""What it costs that there is no room for who holds it when the ramp is in its berth."""
_DETOUR_M = 3.0
"""What it costs, in metres, that the straight way to a berth is blocked..."""
_PIECES = 20
"""...as far as one sees at so many places."""
_M_PER_RAD = 0.5
"""What it costs to turn a ramp."""


class Berths(NamedTuple):
    """For each world the ramp that is being used and where to; kept until it serves no longer."""

    ramp: np.ndarray
    """int8 [world]: NONE where there is none."""
    bearer: np.ndarray
    """int8 [world]: the agent that brings it."""
    at: np.ndarray
    """float64 [world, 4]: x, y of the point and the vector away from it."""
    thing: np.ndarray
    """int8 [world]: the box whose face that is, NONE for a wall."""
    patience: np.ndarray
    """int16 [world]: ticks since it was chosen."""


def no_berths(worlds: int) -> Berths:
    """Nothing chosen yet."""
    ramp, bearer, thing = np.full((3, worlds), NONE, np.int8)
    return Berths(ramp, bearer, np.zeros((worlds, 4)), thing, np.zeros(worlds, np.int16))


@compiled
def half_length(layout, w, ramp):
    return layout.thing_half[w, ramp, 0]


@compiled
def face_of(layout, state, w, face, of_boxes):
    """One of the four faces of a wall or box: whether it exists, the corner at its right (seen from within), the unit
    vector away from it, its length, and the depth behind it.
    """
    number, quarter = face // 4, face % 4
    if of_boxes:
        exists, angle = layout.thing_exists[w, number] and state.lock[w, number] == 0, state.things[w, number, 2]
        half_x, half_y = layout.thing_half[w, number]
        x, y = state.things[w, number, 0], state.things[w, number, 1]
    else:
        exists, angle = layout.wall_exists[w, number], 0.0
        x0, y0, x1, y1 = layout.walls[w, number]
        half_x, half_y, x, y = 0.5 * (x1 - x0), 0.5 * (y1 - y0), 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    out, aside = (half_x, half_y) if quarter % 2 == 0 else (half_y, half_x)
    turned = angle + 0.5 * np.pi * quarter
    away_x, away_y = np.cos(turned), np.sin(turned)
    return (
        exists,
        x + out * away_x + aside * away_y,
        y + out * away_y - aside * away_x,
        away_x,
        away_y,
        2 * aside,
        2 * out,
    )


@compiled
def is_in_berth(layout, state, berths, w):
    """Does the ramp lie where it can be used?"""
    x, y, away_x, away_y = berths.at[w]
    pose = state.things[w, berths.ramp[w]]
    edge_x = pose[X] + half_length(layout, w, berths.ramp[w]) * np.cos(pose[ANGLE]) - x
    edge_y = pose[Y] + half_length(layout, w, berths.ramp[w]) * np.sin(pose[ANGLE]) - y
    askew = wrapped(pose[ANGLE] - np.arctan2(-away_y, -away_x))
    gap, aside = edge_x * away_x + edge_y * away_y, edge_y * away_x - edge_x * away_y
    return gap <= _GAP_M and abs(aside) <= _ASIDE_M and abs(askew) <= _ASKEW_RAD


@compiled
def berth_cost(layout, state, buffers, w, ramp, x, y, away_x, away_y):
    """Metres' worth of work to bring a ramp to a berth; infinite where it does not fit or nobody gets at its mouth.

    `buffers.map` shows what is solid but ramps, `buffers.own` the way from the bearer.
    """
    row, half, pose = row_length(layout, w), half_length(layout, w, ramp), state.things[w, ramp]
    mouth = 2.0 * half + _MOUTH_M
    if buffers.own[cell_at(row, x + mouth * away_x, y + mouth * away_y)] >= FAR:
        return np.inf
    for piece in range(1, 5):
        for flank in range(-1, 2):
            out, aside = 0.25 + (2.0 * half - 0.25) * (piece - 1) / 3.0, flank * _FLANK_M
            at_x, at_y = x + out * away_x - aside * away_y, y + out * away_y + aside * away_x
            if buffers.map[cell_at(row, at_x, at_y)] == BLOCKED:
                return np.inf
    goal_x, goal_y = x + half * away_x, y + half * away_y
    turn = abs(wrapped(pose[ANGLE] - np.arctan2(-away_y, -away_x)))
    length = np.hypot(goal_x - pose[X], goal_y - pose[Y])
    return length + _M_PER_RAD * turn + _detour(buffers, row, pose[X], pose[Y], goal_x, goal_y)


@compiled
def _detour(buffers, row, from_x, from_y, to_x, to_y):
    """What it costs that the straight way between two places is blocked here and there."""
    blocked = 0
    for piece in range(1, _PIECES + 1):
        share = piece / _PIECES
        cell = cell_at(row, from_x + share * (to_x - from_x), from_y + share * (to_y - from_y))
        blocked += buffers.map[cell] == BLOCKED
    return blocked * _DETOUR_M / _PIECES


@allocating
def use_ramp(layout, state, seen, buffers, berths, w, agent, action):
    """What an agent on the floor does to get up: climbs where the ramp lies in its berth, else brings it there."""
    solid = np.zeros(layout.thing_exists.shape[1], np.int32)
    is_there = is_in_berth(layout, state, berths, w)
    solid[berths.ramp[w]] = 1 if state.held[w, agent] == berths.ramp[w] and not is_there else BLOCKED
    draw_map(layout, state, w, solid, buffers.map)
    if is_there:
        _go_up(layout, state, buffers, berths, w, agent, action)
    else:
        fill_field(layout, state, w, buffers, buffers.own, agent, agent + 1)
        _bring(layout, state, seen, buffers, berths, w, agent, action)


@compiled
def _bring(layout, state, seen, buffers, berths, w, agent, action):
    """What the bearer does to get the ramp to its berth. `buffers.map` shows what is solid, with other ramps."""
    body, ramp = state.agents[w, agent], berths.ramp[w]
    pose, (x, y, away_x, away_y) = state.things[w, ramp], berths.at[w]
    if state.held[w, agent] == ramp:
        out = half_length(layout, w, ramp) + _SPARE_M
        goal_x, goal_y = x + out * away_x, y + out * away_y
        fill_field_from(layout, w, buffers, buffers.other, goal_x, goal_y)
        aim_x, aim_y = way_point(layout, w, buffers, pose[X], pose[Y])
        if np.hypot(goal_x - pose[X], goal_y - pose[Y]) < 1.0:
            aim_x, aim_y = goal_x, goal_y
        turn = wrapped(np.arctan2(-away_y, -away_x) - pose[ANGLE])
        steer(layout, state, w, agent, ramp, aim_x, aim_y, turn, action)
        action[2] = RELEASE if berths.patience[w] % _ANEW_TICKS == 0 else KEEP
        return
    aim_x, aim_y = _stance(layout, state, buffers, berths, w, agent)
    _walk(layout, buffers, w, body, aim_x, aim_y, action)
    action[1] = turn_towards(body, pose[X], pose[Y])
    action[2] = RELEASE
    near = np.hypot(aim_x - body[0], aim_y - body[1]) < _STANCE_NEAR_M
    if near and nearest_reachable(RULES, layout, state, seen, w, agent) == ramp:
        action[2] = GRAB


@compiled
def _stance(layout, state, buffers, berths, w, agent):
    """Where to take hold of a ramp: before its low edge, or where one gets sooner and comes along more freely; right
    here if one gets nowhere.
    """
    row, ramp = row_length(layout, w), berths.ramp[w]
    pose, (berth_x, berth_y, away_x, away_y) = state.things[w, ramp], berths.at[w]
    half_x, half_y = layout.thing_half[w, ramp]
    best_x, best_y, least = state.agents[w, agent, X], state.agents[w, agent, Y], np.inf
    for k in range(_STANCES):
        angle = np.pi + k * (2 * np.pi / _STANCES)
        cos, sin = np.cos(angle), np.sin(angle)
        reach = min(half_x / max(abs(cos), 1e-9), half_y / max(abs(sin), 1e-9)) + RULES.agent_radius_m + _STANCE_GAP_M
        x = pose[X] + reach * np.cos(pose[ANGLE] + angle)
        y = pose[Y] + reach * np.sin(pose[ANGLE] + angle)
        way = buffers.own[cell_at(row, x, y)]
        # Where it is held, seen from the berth: the low edge lies farthest from there.
        out, aside = half_x - reach * cos, -reach * sin
        end_x, end_y = berth_x + out * away_x - aside * away_y, berth_y + out * away_y + aside * away_x
        cost = way / FIELD_PER_M + (0.0 if k == 0 else _SIDE_M) + 2.0 * _detour(buffers, row, x, y, end_x, end_y)
        cost += _WEDGED_M if buffers.map[cell_at(row, end_x, end_y)] == BLOCKED else 0.0
        if way < FAR and cost < least:
            best_x, best_y, least = x, y, cost
    return best_x, best_y


@compiled
def _go_up(layout, state, buffers, berths, w, agent, action):
    """What an agent on the floor does to climb the ramp in its berth. `buffers.map` shows it as solid."""
    body, ramp = state.agents[w, agent], berths.ramp[w]
    pose = state.things[w, ramp]
    cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
    along = cos * (body[0] - pose[X]) + sin * (body[1] - pose[Y])
    across = cos * (body[1] - pose[Y]) - sin * (body[0] - pose[X])
    half_x, half_y = layout.thing_half[w, ramp]
    fits = abs(across) <= (_INSIDE_M if along > -half_x - _EDGE_M else _ON_AXIS_M)
    if fits and -half_x - 2.0 * _MOUTH_M < along < half_x:
        action[0] = move_along(body, cos * 0.2 + sin * across, sin * 0.2 - cos * across)
    elif abs(across) < half_y and -half_x - _EDGE_M < along < half_x:  # caught at the end of a side: back, to the axis
        action[0] = move_along(body, sin * across - cos * 0.2, -sin * 0.2 - cos * across)
    else:
        out = half_x + _MOUTH_M
        _walk(layout, buffers, w, body, pose[X] - out * cos, pose[Y] - out * sin, action)
    action[1] = turn_towards(body, pose[X] + cos, pose[Y] + sin)
    action[2] = KEEP if state.held[w, agent] == NONE else RELEASE


@compiled
def _walk(layout, buffers, w, body, x, y, action):
    """Towards a place by the way on the map; straight for what is left of it."""
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    aim_x, aim_y = way_out(layout, w, buffers, body[0], body[1])
    if np.hypot(aim_x - x, aim_y - y) < 0.1:
        aim_x, aim_y = x, y
    action[0] = move_towards(body, aim_x, aim_y)
