"""Which corner of the floor is shut soonest by which hider and box, and where both belong for that.

A box that is to shut a corner lies across it at 45 degrees, and its carrier stands behind it, nearer to the corner.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import S_PER_RAD
from policies.scripted.context import NONE
from policies.scripted.grid import cell_at, row_length
from policies.scripted.pathfinding import FAR, FIELD_PER_M, fill_own_field
from policies.scripted.steering import distance_to_way, wrapped
from sim.jit import compiled
from sim.rules import RULES
from sim.state import ANGLE, FIXED_BY_NOBODY, X, Y

_CORNERS = 4
_ELONGATED = 4.0
"""A box counts as elongated if it is at least this many times as long as wide."""

DIAGONAL = np.sqrt(0.5)
_STANCE_GAP_M = 0.08
"""Gap between a box's side and the agent that takes it."""
_SPARE_M = 0.08
"""What must be clear of a corner beyond the outer side of the box."""
_LANE_M = 0.5
"""Things this near to the way of a box to its corner are in its way..."""
_LANE_COST_S = 2.0
"""...and each costs this long."""
_SWEPT_COST_S = 8.0
"""What it costs that an opponent could be swept along into the corner."""
_PIECES = 12
"""How many pieces of the way are checked for walls."""


class Shelters(NamedTuple):
    """Which hider brings which box to which corner; NONE where no shelter can be built. Kept for an episode."""

    made: np.ndarray
    """bool [world]"""
    hider: np.ndarray
    """int64 [world]"""
    box: np.ndarray
    """int64 [world]"""
    corner: np.ndarray
    """int64 [world]: 0 to 3, low x and low y first."""


def no_shelters(worlds: int) -> Shelters:
    """Plans still to be made."""
    hider, box, corner = np.full((3, worlds), NONE)
    return Shelters(np.zeros(worlds, bool), hider, box, corner)


@compiled
def _inward(corner):
    """The signs of the directions along x and y that lead from a corner onto the floor."""
    return (1.0 if corner % 2 == 0 else -1.0), (1.0 if corner < 2 else -1.0)


@compiled
def from_corner(context, w, corner, x, y):
    """A place as metres from the corner's two walls."""
    floor = context.layout.floor[w]
    return (x if corner % 2 == 0 else floor - x), (y if corner < 2 else floor - y)


@compiled
def goal_at(context, w, box, corner, back):
    """Where the middle of a box belongs: its inner side is half its length from the corner, and `back` more."""
    half_x, half_y = context.layout.thing_half[w, box]
    along = (half_x + half_y + back) * DIAGONAL
    return from_corner(context, w, corner, along, along)


@compiled
def make_plans(context, plans, w):
    """The hider, box and corner that are likely to be done soonest."""
    layout = context.layout
    plans.made[w] = True
    plans.hider[w] = plans.box[w] = plans.corner[w] = NONE
    if layout.out_of_bounds_margin_m[w] > 0.0:
        return
    least = np.inf
    for hider in range(context.sides.end):
        if not layout.agent_exists[w, hider]:
            continue
        fill_own_field(context, w, hider)
        for box in range(layout.thing_exists.shape[1]):
            half_x, half_y = layout.thing_half[w, box]
            lockable = layout.thing_lockable[w, box] and context.state.lock[w, box] != FIXED_BY_NOBODY
            if not layout.thing_exists[w, box] or not lockable or half_x < _ELONGATED * half_y:
                continue
            for corner in range(_CORNERS):
                if _is_clear(context, w, box, corner):
                    seconds = _seconds(context, w, box, corner)
                    if seconds < least:
                        plans.hider[w], plans.box[w], plans.corner[w], least = hider, box, corner, seconds


@compiled
def _is_clear(context, w, box, corner):
    """Is a corner that a box is to shut free of walls, other things and opponents?"""
    layout, state = context.layout, context.state
    half_x, half_y = layout.thing_half[w, box]
    least = 2.0 * (half_x + 2.0 * half_y + _SPARE_M) * DIAGONAL
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            for end in range(4):
                if corner_distance(context, w, corner, x0 if end % 2 == 0 else x1, y0 if end < 2 else y1) < least:
                    return False
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box:
            pose, half = state.things[w, thing], layout.thing_half[w, thing]
            cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
            for end in range(4):
                along, across = 1 if end % 2 == 0 else -1, 1 if end < 2 else -1
                x = pose[X] + along * cos * half[0] - across * sin * half[1]
                y = pose[Y] + along * sin * half[0] + across * cos * half[1]
                if corner_distance(context, w, corner, x, y) < least:
                    return False
    for agent in range(context.sides.first_opponent, context.sides.end_opponent):
        distance = corner_distance(context, w, corner, state.agents[w, agent, X], state.agents[w, agent, Y])
        if layout.agent_exists[w, agent] and distance < least + 2.0 * RULES.agent_radius_m:
            return False
    return True


@compiled
def corner_distance(context, w, corner, x, y):
    """The distance of a place from a corner's one wall and from its other wall, together."""
    from_one, from_other = from_corner(context, w, corner, x, y)
    return from_one + from_other


@compiled
def _seconds(context, w, box, corner):
    """About how long the hider of the field `own` would take to shut a corner with a box; infinite if a wall is between
    them.
    """
    layout, state = context.layout, context.state
    _, _, seconds = stance(context, w, box, corner)
    pose = state.things[w, box]
    goal_x, goal_y = goal_at(context, w, box, corner, 0.0)
    for piece in range(1, _PIECES):
        x, y = pose[X] + piece / _PIECES * (goal_x - pose[X]), pose[Y] + piece / _PIECES * (goal_y - pose[Y])
        for wall in range(layout.wall_exists.shape[1]):
            if layout.wall_exists[w, wall]:
                x0, y0, x1, y1 = layout.walls[w, wall]
                if max(x0 - x, x - x1, y0 - y, y - y1) < _LANE_M:
                    return np.inf
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box:
            around = _LANE_M + max(layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1])
            seconds += _LANE_COST_S * (distance_to_way(state.things[w, thing], pose, goal_x, goal_y) < around)
    for agent in range(context.sides.first_opponent, context.sides.end_opponent):
        if layout.agent_exists[w, agent]:
            around = RULES.agent_radius_m + layout.thing_half[w, box, 0] + _SPARE_M
            seconds += _SWEPT_COST_S * (distance_to_way(state.agents[w, agent], pose, goal_x, goal_y) < around)
    return seconds + np.hypot(goal_x - pose[X], goal_y - pose[Y]) / (0.5 * RULES.free_speed_mps)


@compiled
def stance(context, w, box, corner):
    """Where to take a box, at the middle of that long side from which the walk and the turn are shortest, and how many
    seconds both take; the field `own` is filled for the hider.
    """
    pose, row = context.state.things[w, box], row_length(context, w)
    away = context.layout.thing_half[w, box, 1] + RULES.agent_radius_m + _STANCE_GAP_M
    best_x, best_y, least = pose[X], pose[Y], np.inf
    for sign in (1.0, -1.0):
        x, y = pose[X] - sign * away * np.sin(pose[ANGLE]), pose[Y] + sign * away * np.cos(pose[ANGLE])
        field = context.buffers.own[cell_at(row, x, y)]
        turn = turn_to_go(pose, corner, x, y)
        seconds = field / FIELD_PER_M / RULES.free_speed_mps + S_PER_RAD * abs(turn)
        if field < FAR and seconds < least:
            best_x, best_y, least = x, y, seconds
    return best_x, best_y, least


@compiled
def turn_to_go(pose, corner, x, y):
    """By how many radians a box is to be turned so that it lies across a corner and its carrier at x, y behind it."""
    inward_x, inward_y = _inward(corner)
    away_x, away_y = x - pose[X], y - pose[Y]
    turn = wrapped(np.arctan2(inward_y, inward_x) + 0.5 * np.pi - pose[ANGLE])
    ahead_x, ahead_y = np.cos(turn) * away_x - np.sin(turn) * away_y, np.sin(turn) * away_x + np.cos(turn) * away_y
    return turn if ahead_x * inward_x + ahead_y * inward_y < 0.0 else wrapped(turn + np.pi)
