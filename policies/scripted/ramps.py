"""Taking a ramp to where it is needed and going up: where it must stand, how to get it there, how to climb it.

A *target* of a ramp is where its high edge is to lie: (x, y, away_x, away_y), a point on the face of a wall or box and
the unit vector away from it, along which the ramp lies with its low edge outermost.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.context import NONE
from policies.scripted.grid import BLOCKED, cell_at, draw_map, make_things_solid, row_length
from policies.scripted.held_box import steer
from policies.scripted.pathfinding import FAR, FIELD_PER_M, fill_field_from, fill_own_field, way_out, way_point
from policies.scripted.steering import move_along, move_towards, turn_towards, wrapped
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import GRAB, KEEP, RELEASE, RULES
from sim.state import ANGLE, X, Y

STEP_M = 0.15
"""Distance between the places along a wall that are compared as targets of a ramp."""
_GAP_M = 0.12
"""An agent crosses a gap of this between a ramp and its target..."""
_ASIDE_M = 0.2
"""...if the ramp lies beside it by no more than this..."""
_ASKEW_RAD = 0.3
"""...and is askew by no more than this."""
_SPARE_M = 0.02
"""A ramp is steered to this far before its target."""
_MOUTH_M = 0.3
"""An agent goes up from this far before the low edge."""
_ON_AXIS_M = 0.15
"""An agent that is nearer to the ramp's axis than this sets out to go in..."""
_INSIDE_M = 0.1
"""...and fits between the sides if it is nearer than this."""
_EDGE_M = RULES.agent_radius_m + 0.05
"""Nearer to the low edge a disc may be caught at the end of a side."""
_FLANK_M = 0.15
"""Centres of agents' discs this far on either side of its axis cover a ramp's width."""
_STANCES = 8
_STANCE_GAP_M = 0.08
_STANCE_NEAR_M = 0.15
"""An agent takes hold of a ramp when it is nearer than this to where it should stand."""
_ANEW_TICKS = 40
"""After this many ticks it lets go and takes hold again: the ramp may be caught at a wall."""
_SIDE_M = 2.0
"""What it costs, in metres, to hold a ramp elsewhere than at its low edge."""
_WEDGED_M = 6.0
"""What it costs that the agent that holds it has no room when the ramp is at its target."""
_DETOUR_M = 3.0
"""What it costs, in metres, that the straight way to a target is blocked all along; it is checked..."""
_PIECES = 20
"""...at this many places."""
_M_PER_RAD = 0.5
"""What it costs to turn a ramp."""


class RampTargets(NamedTuple):
    """For each world the ramp in use and where it goes; kept until another one serves better."""

    ramp: np.ndarray
    """int64 [world]: NONE where no ramp is in use."""
    bearer: np.ndarray
    """int64 [world]: the agent that brings it."""
    at: np.ndarray
    """float64 [world, 4]: its target."""
    thing: np.ndarray
    """int64 [world]: the box whose face that is, NONE for a wall."""
    patience: np.ndarray
    """int16 [world]: ticks since it was chosen."""


class Face(NamedTuple):
    """One of the four faces of a wall or box."""

    exists: bool
    x: float
    """The corner at its right, seen from within."""
    y: float
    away_x: float
    """The unit vector away from it."""
    away_y: float
    length: float
    depth: float
    """Of the wall or box behind it."""


def no_ramp_targets(worlds: int) -> RampTargets:
    """Nothing chosen yet."""
    ramp, bearer, thing = np.full((3, worlds), NONE)
    return RampTargets(ramp, bearer, np.zeros((worlds, 4)), thing, np.zeros(worlds, np.int16))


@compiled
def set_target(targets, w, target):
    """Writes a target."""
    for number in range(4):
        targets.at[w, number] = target[number]


@compiled
def half_length(context, w, ramp):
    return context.layout.thing_half[w, ramp, 0]


@compiled
def face_of(context, w, face, of_boxes):
    """Face number `face` of all walls, or of all boxes: four of each."""
    layout, state, number, quarter = context.layout, context.state, face // 4, face % 4
    if of_boxes:
        exists, angle = layout.thing_exists[w, number] and state.lock[w, number] == 0, state.things[w, number, ANGLE]
        half_x, half_y = layout.thing_half[w, number]
        x, y = state.things[w, number, X], state.things[w, number, Y]
    else:
        exists, angle = layout.wall_exists[w, number], 0.0
        x0, y0, x1, y1 = layout.walls[w, number]
        half_x, half_y, x, y = 0.5 * (x1 - x0), 0.5 * (y1 - y0), 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    out, aside = (half_x, half_y) if quarter % 2 == 0 else (half_y, half_x)
    turned = angle + 0.5 * np.pi * quarter
    away_x, away_y = np.cos(turned), np.sin(turned)
    right_x, right_y = x + out * away_x + aside * away_y, y + out * away_y - aside * away_x
    return Face(exists, right_x, right_y, away_x, away_y, 2 * aside, 2 * out)


@compiled
def is_at_target(context, targets, w):
    """Does the ramp lie where it can be used?"""
    x, y, away_x, away_y = targets.at[w]
    pose, half = context.state.things[w, targets.ramp[w]], half_length(context, w, targets.ramp[w])
    edge_x = pose[X] + half * np.cos(pose[ANGLE]) - x
    edge_y = pose[Y] + half * np.sin(pose[ANGLE]) - y
    askew = wrapped(pose[ANGLE] - np.arctan2(-away_y, -away_x))
    gap, aside = edge_x * away_x + edge_y * away_y, edge_y * away_x - edge_x * away_y
    return gap <= _GAP_M and abs(aside) <= _ASIDE_M and abs(askew) <= _ASKEW_RAD


@compiled
def target_cost(context, w, ramp, target):
    """Metres' worth of work to bring a ramp to a target; infinite where it does not fit or its mouth is out of reach.

    The map shows what is solid but ramps, the field `own` the way from the bearer.
    """
    x, y, away_x, away_y = target
    row, half, pose = row_length(context, w), half_length(context, w, ramp), context.state.things[w, ramp]
    mouth = 2.0 * half + _MOUTH_M
    if context.buffers.own[cell_at(row, x + mouth * away_x, y + mouth * away_y)] >= FAR:
        return np.inf
    for piece in range(1, 5):
        for flank in range(-1, 2):
            out, aside = 0.25 + (2.0 * half - 0.25) * (piece - 1) / 3.0, flank * _FLANK_M
            at_x, at_y = x + out * away_x - aside * away_y, y + out * away_y + aside * away_x
            if context.buffers.map[cell_at(row, at_x, at_y)] == BLOCKED:
                return np.inf
    goal_x, goal_y = x + half * away_x, y + half * away_y
    turn = abs(wrapped(pose[ANGLE] - np.arctan2(-away_y, -away_x)))
    length = np.hypot(goal_x - pose[X], goal_y - pose[Y])
    return length + _M_PER_RAD * turn + _detour(context.buffers.map, row, pose[X], pose[Y], goal_x, goal_y)


@compiled
def _detour(map_, row, from_x, from_y, to_x, to_y):
    """What it costs that the straight way between two places is blocked here and there."""
    blocked = 0
    for piece in range(1, _PIECES + 1):
        fraction = piece / _PIECES
        cell = cell_at(row, from_x + fraction * (to_x - from_x), from_y + fraction * (to_y - from_y))
        blocked += map_[cell] == BLOCKED
    return blocked * _DETOUR_M / _PIECES


@compiled
def use_ramp(context, targets, w, agent, action):
    """What an agent on the floor does to get up: climbs if the ramp is at its target, else brings it there."""
    cost, ramp = context.buffers.thing_cost, targets.ramp[w]
    ready = is_at_target(context, targets, w)
    make_things_solid(context)
    if context.state.held[w, agent] == ramp and not ready:
        cost[ramp] = 1
    draw_map(context, w)
    if ready:
        _go_up(context, targets, w, agent, action)
    else:
        fill_own_field(context, w, agent)
        _bring(context, targets, w, agent, action)


@compiled
def _bring(context, targets, w, agent, action):
    """What the bearer does to get the ramp to its target. The map shows what is solid, with other ramps."""
    state, ramp = context.state, targets.ramp[w]
    body, pose = state.agents[w, agent], state.things[w, ramp]
    x, y, away_x, away_y = targets.at[w]
    if state.held[w, agent] == ramp:
        out = half_length(context, w, ramp) + _SPARE_M
        goal_x, goal_y = x + out * away_x, y + out * away_y
        fill_field_from(context, w, goal_x, goal_y)
        aim_x, aim_y = way_point(context, w, pose[X], pose[Y])
        if np.hypot(goal_x - pose[X], goal_y - pose[Y]) < 1.0:
            aim_x, aim_y = goal_x, goal_y
        turn = wrapped(np.arctan2(-away_y, -away_x) - pose[ANGLE])
        steer(context, w, agent, ramp, (aim_x, aim_y, turn), action)
        action[2] = RELEASE if targets.patience[w] % _ANEW_TICKS == 0 else KEEP
        return
    aim_x, aim_y = _stance(context, targets, w, agent)
    _walk(context, w, body, aim_x, aim_y, action)
    action[1] = turn_towards(body, pose[X], pose[Y])
    action[2] = RELEASE
    near = np.hypot(aim_x - body[X], aim_y - body[Y]) < _STANCE_NEAR_M
    if near and nearest_reachable(RULES, context.layout, state, context.visibility, w, agent) == ramp:
        action[2] = GRAB


@compiled
def _stance(context, targets, w, agent):
    """Where to take hold of a ramp: before its low edge, or at a side that is reached sooner and leaves more room on
    the way; where the agent is if no side can be reached.
    """
    row, ramp, map_ = row_length(context, w), targets.ramp[w], context.buffers.map
    pose, (target_x, target_y, away_x, away_y) = context.state.things[w, ramp], targets.at[w]
    half_x, half_y = context.layout.thing_half[w, ramp]
    best_x, best_y, least = context.state.agents[w, agent, X], context.state.agents[w, agent, Y], np.inf
    for k in range(_STANCES):
        angle = np.pi + k * (2 * np.pi / _STANCES)
        cos, sin = np.cos(angle), np.sin(angle)
        reach = min(half_x / max(abs(cos), 1e-9), half_y / max(abs(sin), 1e-9)) + RULES.agent_radius_m + _STANCE_GAP_M
        x = pose[X] + reach * np.cos(pose[ANGLE] + angle)
        y = pose[Y] + reach * np.sin(pose[ANGLE] + angle)
        way = context.buffers.own[cell_at(row, x, y)]
        # Where it is held, seen from the target: the low edge lies farthest from there.
        out, aside = half_x - reach * cos, -reach * sin
        end_x, end_y = target_x + out * away_x - aside * away_y, target_y + out * away_y + aside * away_x
        cost = way / FIELD_PER_M + (0.0 if k == 0 else _SIDE_M) + 2.0 * _detour(map_, row, x, y, end_x, end_y)
        cost += _WEDGED_M if map_[cell_at(row, end_x, end_y)] == BLOCKED else 0.0
        if way < FAR and cost < least:
            best_x, best_y, least = x, y, cost
    return best_x, best_y


@compiled
def _go_up(context, targets, w, agent, action):
    """What an agent on the floor does to climb the ramp at its target. The map shows it as solid."""
    body, ramp = context.state.agents[w, agent], targets.ramp[w]
    pose = context.state.things[w, ramp]
    cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
    along = cos * (body[X] - pose[X]) + sin * (body[Y] - pose[Y])
    across = cos * (body[Y] - pose[Y]) - sin * (body[X] - pose[X])
    half_x, half_y = context.layout.thing_half[w, ramp]
    fits = abs(across) <= (_INSIDE_M if along > -half_x - _EDGE_M else _ON_AXIS_M)
    if fits and -half_x - 2.0 * _MOUTH_M < along < half_x:
        action[0] = move_along(body, cos * 0.2 + sin * across, sin * 0.2 - cos * across)
    elif abs(across) < half_y and -half_x - _EDGE_M < along < half_x:  # caught at the end of a side: back, to the axis
        action[0] = move_along(body, sin * across - cos * 0.2, -sin * 0.2 - cos * across)
    else:
        out = half_x + _MOUTH_M
        _walk(context, w, body, pose[X] - out * cos, pose[Y] - out * sin, action)
    action[1] = turn_towards(body, pose[X] + cos, pose[Y] + sin)
    action[2] = KEEP if context.state.held[w, agent] == NONE else RELEASE


@compiled
def _walk(context, w, body, x, y, action):
    """Towards a place by the way on the map; straight for the last 0.1 m."""
    fill_field_from(context, w, x, y)
    aim_x, aim_y = way_out(context, w, body[X], body[Y])
    if np.hypot(aim_x - x, aim_y - y) < 0.1:
        aim_x, aim_y = x, y
    action[0] = move_towards(body, aim_x, aim_y)
