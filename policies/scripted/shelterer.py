"""The shelterer's mind: lay an elongated box across a corner of the floor, lock it there, stay behind it.

It reads the whole State and needs no walls but the outer ones. At the start of an episode the hider, the elongated box
and the corner are chosen that have it shut soonest, of corners that nothing and no seeker lies in (a `Shelters`
record). That hider takes the box by the middle of a long side and backs into the corner, box after it; the others
go and wait there, each at a wall, and until they have come the box is held ajar. A box at 45 degrees whose ends touch
both walls leaves a triangle with legs of 1.17 m, which is room for three, and hides it whole: an agent's centre keeps
a radius from the walls, so no line of sight passes between a wall and an end that is nearer to it than that.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import S_PER_RAD, steer
from policies.scripted.evader import mark_seen, retreat
from policies.scripted.pathfinding import (
    FAR,
    FIELD_PER_M,
    cell_at,
    draw_map,
    fill_field,
    fill_field_from,
    row_length,
    way_point,
)
from policies.scripted.steering import move_towards, turn_towards, wrapped
from replays.strategies.sealed import is_shut
from sim.hands import nearest_reachable
from sim.jit import allocating, compiled
from sim.rules import GRAB, KEEP, LOCK, RELEASE, RULES
from sim.state import FREE, HIDERS_LOCK

NONE = -1
CORNERS = 4
ELONGATED = 4.0
"""A box at least so many times as long as wide will do."""

_DIAGONAL = np.sqrt(0.5)
_STANCE_GAP_M = 0.08
"""Gap between a box's side and whoever is to take it."""
_ARRIVED_M = 0.12
_TOUCH_M = 0.12
"""The middle of an end this near to a wall leaves nothing to pass or look through."""
_PRESS_M = 0.02
"""The goal lies this much nearer to the corner at last, so that the ends are pressed to the walls."""
_SPARE_M = 0.08
"""What must be clear of a corner beyond the outer side of the box."""
_LANE_M = 0.5
"""Things this near to the way of a box to its corner are in its way..."""
_LANE_COST_S = 2.0
"""...and each costs so long."""
_SWEPT_COST_S = 8.0
"""What it costs that an opponent could be swept along into the corner."""
_PIECES = 12
"""Where the way is looked at."""
_AJAR_M = 0.7
"""A box is held back by so much for those who are still to come in, which leaves 0.5 m at either end."""
_WAIT_M = (0.17, 0.66)
"""Where the others wait: so far from one wall and from the other."""


class Shelters(NamedTuple):
    """Who brings which box to which corner; NONE where no shelter can be built. Kept for an episode."""

    made: np.ndarray
    """bool [world]"""
    hider: np.ndarray
    """int8 [world]"""
    box: np.ndarray
    """int8 [world]"""
    corner: np.ndarray
    """int8 [world]: 0 to 3, low x and low y first."""


def no_shelters(worlds: int) -> Shelters:
    """Plans still to be made."""
    hider, box, corner = np.full((3, worlds), NONE, np.int8)
    return Shelters(np.zeros(worlds, bool), hider, box, corner)


@allocating
def shelter(layout, state, seen, buffers, plans, side, options, actions):
    """Writes actions (int8 [world, own agent, 3]) for the agents 0..side[1]-1 of every world; the opponents are
    side[2]..side[3]-1.
    """
    solid = np.zeros(layout.thing_exists.shape[1], np.int32)
    for w in range(len(actions)):
        actions[w] = 0
        draw_map(layout, state, w, solid, buffers.map)
        if not plans.made[w]:
            _make_plans(layout, state, buffers, plans, w, side)
        carrier = plans.hider[w]
        if carrier == NONE:
            _flee(layout, state, buffers, w, side, actions)
        elif state.lock[w, plans.box[w]] == 0:
            for hider in range(side[1]):
                if layout.agent_exists[w, hider] and hider != carrier:
                    _wait(layout, state, buffers, plans, w, hider, actions[w, hider])
            _build(layout, state, seen, buffers, plans, w, side, options, actions[w, carrier])


@compiled
def _flee(layout, state, buffers, w, side, actions):
    fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
    mark_seen(layout, state, w, buffers, side)
    for hider in range(side[1]):
        if layout.agent_exists[w, hider]:
            retreat(layout, state, buffers, w, hider, side, actions[w, hider])


@compiled
def _inward(corner):
    """The signs of the directions along x and y that lead from a corner onto the floor."""
    return (1.0 if corner % 2 == 0 else -1.0), (1.0 if corner < 2 else -1.0)


@compiled
def _from_corner(layout, w, corner, x, y):
    """A place as metres from the corner's two walls."""
    floor = layout.floor[w]
    return (x if corner % 2 == 0 else floor - x), (y if corner < 2 else floor - y)


@compiled
def _goal(layout, w, box, corner, back):
    """Where the middle of a box belongs: its inner side is half its length from the corner, and `back` more."""
    along = (layout.thing_half[w, box, 0] + layout.thing_half[w, box, 1] + back) * _DIAGONAL
    return _from_corner(layout, w, corner, along, along)


@compiled
def _make_plans(layout, state, buffers, plans, w, side):
    """The hider, box and corner that are likely to be done soonest."""
    plans.made[w] = True
    plans.hider[w] = plans.box[w] = plans.corner[w] = NONE
    if layout.out_of_bounds_margin_m[w] > 0.0:
        return
    least = np.inf
    for hider in range(side[1]):
        if not layout.agent_exists[w, hider]:
            continue
        fill_field(layout, state, w, buffers, buffers.own, hider, hider + 1)
        for box in range(layout.thing_exists.shape[1]):
            half = layout.thing_half[w, box]
            if not layout.thing_exists[w, box] or not layout.thing_lockable[w, box] or half[0] < ELONGATED * half[1]:
                continue
            for corner in range(CORNERS):
                if _is_clear(layout, state, w, box, corner, side):
                    seconds = _seconds(layout, state, buffers, w, hider, box, corner, side)
                    if seconds < least:
                        plans.hider[w], plans.box[w], plans.corner[w], least = hider, box, corner, seconds


@compiled
def _is_clear(layout, state, w, box, corner, side):
    """Is there nothing in a corner that a box is to shut: no wall, no other thing and no opponent?"""
    least = 2.0 * (layout.thing_half[w, box, 0] + 2.0 * layout.thing_half[w, box, 1] + _SPARE_M) * _DIAGONAL
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1)):
                if sum(_from_corner(layout, w, corner, x, y)) < least:
                    return False
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box:
            pose, half = state.things[w, thing], layout.thing_half[w, thing]
            cos, sin = np.cos(pose[2]), np.sin(pose[2])
            for along, across in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
                x = pose[0] + along * cos * half[0] - across * sin * half[1]
                y = pose[1] + along * sin * half[0] + across * cos * half[1]
                if sum(_from_corner(layout, w, corner, x, y)) < least:
                    return False
    for agent in range(side[2], side[3]):
        x, y = _from_corner(layout, w, corner, state.agents[w, agent, 0], state.agents[w, agent, 1])
        if layout.agent_exists[w, agent] and x + y < least + 2.0 * RULES.agent_radius_m:
            return False
    return True


@compiled
def _seconds(layout, state, buffers, w, hider, box, corner, side):
    """About how long a hider would take to shut a corner with a box; infinite if a wall is between them."""
    _, _, seconds = _stance(layout, state, buffers, w, hider, box, corner)
    pose = state.things[w, box]
    goal_x, goal_y = _goal(layout, w, box, corner, 0.0)
    for piece in range(1, _PIECES):
        x, y = pose[0] + piece / _PIECES * (goal_x - pose[0]), pose[1] + piece / _PIECES * (goal_y - pose[1])
        for wall in range(layout.wall_exists.shape[1]):
            if layout.wall_exists[w, wall]:
                x0, y0, x1, y1 = layout.walls[w, wall]
                if max(x0 - x, x - x1, y0 - y, y - y1) < _LANE_M:
                    return np.inf
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box:
            around = _LANE_M + max(layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1])
            seconds += _LANE_COST_S * _is_in_lane(state.things[w, thing], pose, goal_x, goal_y, around)
    for agent in range(side[2], side[3]):
        if layout.agent_exists[w, agent]:
            around = RULES.agent_radius_m + layout.thing_half[w, box, 0] + _SPARE_M
            seconds += _SWEPT_COST_S * _is_in_lane(state.agents[w, agent], pose, goal_x, goal_y, around)
    return seconds + np.hypot(goal_x - pose[0], goal_y - pose[1]) / (0.5 * RULES.free_speed_mps)


@compiled
def _is_in_lane(body, pose, goal_x, goal_y, around):
    """Is a body within so many metres of the straight way of a box to its goal?"""
    way_x, way_y = goal_x - pose[0], goal_y - pose[1]
    off_x, off_y = body[0] - pose[0], body[1] - pose[1]
    share = (off_x * way_x + off_y * way_y) / max(way_x * way_x + way_y * way_y, 1e-9)
    share = min(max(share, 0.0), 1.0)
    return np.hypot(off_x - share * way_x, off_y - share * way_y) < around


@compiled
def _stance(layout, state, buffers, w, hider, box, corner):
    """Where to take a box, at the middle of that long side from which there is least to walk and to turn, and how many
    seconds both take; `buffers.own` is filled for the hider.
    """
    pose, row = state.things[w, box], row_length(layout, w)
    away = layout.thing_half[w, box, 1] + RULES.agent_radius_m + _STANCE_GAP_M
    best_x, best_y, least = pose[0], pose[1], np.inf
    for sign in (1.0, -1.0):
        x, y = pose[0] - sign * away * np.sin(pose[2]), pose[1] + sign * away * np.cos(pose[2])
        field = buffers.own[cell_at(row, x, y)]
        turn = _turn_to_go(layout, state, w, box, corner, x, y)
        seconds = field / FIELD_PER_M / RULES.free_speed_mps + S_PER_RAD * abs(turn)
        if field < FAR and seconds < least:
            best_x, best_y, least = x, y, seconds
    return best_x, best_y, least


@compiled
def _turn_to_go(layout, state, w, box, corner, x, y):
    """By how many radians a box is to be turned so that it lies across a corner and its carrier at x, y behind it."""
    pose = state.things[w, box]
    inward_x, inward_y = _inward(corner)
    away_x, away_y = x - pose[0], y - pose[1]
    turn = wrapped(np.arctan2(inward_y, inward_x) + 0.5 * np.pi - pose[2])
    ahead = np.cos(turn) * away_x - np.sin(turn) * away_y, np.sin(turn) * away_x + np.cos(turn) * away_y
    return turn if ahead[0] * inward_x + ahead[1] * inward_y < 0.0 else wrapped(turn + np.pi)


@compiled
def _wait(layout, state, buffers, plans, w, hider, action):
    """To the place behind the box to be, the first of the others at one wall, the second at the other."""
    near, far = _WAIT_M
    first = (hider - (hider > plans.hider[w])) % 2 == 0
    x, y = _from_corner(layout, w, plans.corner[w], near if first else far, far if first else near)
    _go(layout, state, buffers, w, hider, x, y, action)
    goal_x, goal_y = _goal(layout, w, plans.box[w], plans.corner[w], 0.0)
    action[1] = turn_towards(state.agents[w, hider], goal_x, goal_y)


@compiled
def _go(layout, state, buffers, w, hider, x, y, action):
    body = state.agents[w, hider]
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    aim_x, aim_y = way_point(layout, w, buffers, body[0], body[1])
    if np.hypot(x - body[0], y - body[1]) < _ARRIVED_M:
        aim_x, aim_y = x, y
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _build(layout, state, seen, buffers, plans, w, side, options, action):
    """What the carrier does: to the box, take it, to the corner with it, lock it."""
    hider, box, corner = plans.hider[w], plans.box[w], plans.corner[w]
    body, pose = state.agents[w, hider], state.things[w, box]
    if state.held[w, hider] == box:
        wished = _turn_to_go(layout, state, w, box, corner, body[0], body[1])
        shut = state.tick[w] >= options.hurry or _all_are_in(layout, state, w, box, corner, side)
        goal_x, goal_y = _goal(layout, w, box, corner, -_PRESS_M if shut else _AJAR_M)
        steer(layout, state, w, hider, box, goal_x, goal_y, wished, action)
        if _is_done(layout, state, buffers, w, box, side, options):
            action[2] = LOCK if options.locks else RELEASE
        return
    if state.held[w, hider] != FREE:
        action[2] = RELEASE
        return
    action[1] = turn_towards(body, pose[0], pose[1])
    fill_field(layout, state, w, buffers, buffers.own, hider, hider + 1)
    x, y, _ = _stance(layout, state, buffers, w, hider, box, corner)
    _go(layout, state, buffers, w, hider, x, y, action)
    close = np.hypot(x - body[0], y - body[1]) < _ARRIVED_M
    action[2] = GRAB if close and nearest_reachable(RULES, layout, state, seen, w, hider) == box else KEEP


@compiled
def _all_are_in(layout, state, w, box, corner, side):
    """Is every hider where the box will leave it room?"""
    most = 2.0 * _DIAGONAL * (layout.thing_half[w, box, 0] - RULES.agent_radius_m + _PRESS_M)
    for hider in range(side[1]):
        x, y = _from_corner(layout, w, corner, state.agents[w, hider, 0], state.agents[w, hider, 1])
        if layout.agent_exists[w, hider] and state.held[w, hider] != box and x + y > most:
            return False
    return True


@allocating
def _is_done(layout, state, buffers, w, box, side, options):
    """Do both ends of a box touch a wall, and are all hiders behind it, or is there no time to wait for them?"""
    pose, half = state.things[w, box], layout.thing_half[w, box]
    for sign in (1.0, -1.0):
        x, y = pose[0] + sign * half[0] * np.cos(pose[2]), pose[1] + sign * half[0] * np.sin(pose[2])
        if min(x, y, layout.floor[w] - x, layout.floor[w] - y) > _TOUCH_M:
            return False
    solid = state.lock[w] == HIDERS_LOCK
    solid[box] = True
    return state.tick[w] >= options.hurry or is_shut(layout, state, w, solid, side[1], buffers.fine, buffers.stack)
