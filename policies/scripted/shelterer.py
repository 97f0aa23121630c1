"""The shelterer lays an elongated box across a corner of the floor, locks it there and stays behind it.

It reads the whole State and needs no walls but the outer ones. At the start of an episode the hider, the elongated box
and the corner are chosen that are shut soonest, of corners without things and seekers in them (a `Shelters` record).
That hider takes the box by the middle of a long side and backs into the corner, box after it; the others
go and wait there, each at a wall, and the box is held ajar until they have come. A box at 45 degrees whose ends touch
both walls leaves a triangle with legs of 1.17 m, which is room for three, and hides it whole: an agent's centre keeps
a radius from the walls, so no line of sight passes between a wall and an end that is nearer to it than that.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.base import Scripted
from policies.scripted.carrying import S_PER_RAD, builder_options, would_keep_out
from policies.scripted.context import NONE
from policies.scripted.evader import mark_seen, retreat
from policies.scripted.held_box import steer
from policies.scripted.pathfinding import (
    BLOCKED,
    FAR,
    FIELD_PER_M,
    cell_at,
    draw_map_of_solid_things,
    fill_field_from,
    fill_opponents_field,
    fill_own_field,
    row_length,
    way_point,
)
from policies.scripted.steering import distance_to_way, move_towards, turn_towards, wrapped
from sim.game import Game
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import GRAB, HIDERS, KEEP, LOCK, RELEASE, RULES
from sim.state import ANGLE, FREE, X, Y

CORNERS = 4
ELONGATED = 4.0
"""A box counts as elongated if it is at least this many times as long as wide."""

_DIAGONAL = np.sqrt(0.5)
_STANCE_GAP_M = 0.08
"""Gap between a box's side and the agent that takes it."""
_ARRIVED_M = 0.12
_TOUCH_M = 0.12
"""If the middle of an end is this near to a wall, no agent can pass or look through."""
_PRESS_M = 0.02
"""The goal lies this much nearer to the corner at last, so that the ends are pressed to the walls."""
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
_AJAR_M = 0.7
"""A box is held back by this much for hiders that are still to come in, which leaves 0.5 m at either end."""
_WAIT_M = (0.17, 0.66)
"""Where the others wait: this far from one wall and from the other."""


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


class Shelterer(Scripted):
    """See the module. It plays hiders only."""

    name = "shelterer"

    def __init__(self) -> None:
        super().__init__()
        self._plans = _no_shelters(0)

    def reset(self) -> None:
        self._plans.made[:] = False

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the shelterer plays hiders")
        actions = super().act(game, side)
        if len(self._plans.made) != game.worlds:
            self._plans = _no_shelters(game.worlds)
        shelter(self._context(game, side), self._plans, builder_options(game), actions)
        return actions


def _no_shelters(worlds: int) -> Shelters:
    """Plans still to be made."""
    hider, box, corner = np.full((3, worlds), NONE)
    return Shelters(np.zeros(worlds, bool), hider, box, corner)


@compiled
def shelter(context, plans, options, actions):
    """Writes actions (int8 [world, hider, 3], zeros before) of all hiders."""
    for w in range(len(actions)):
        draw_map_of_solid_things(context, w)
        if not plans.made[w]:
            _make_plans(context, plans, w)
        carrier = plans.hider[w]
        if carrier == NONE:
            _flee(context, w, actions)
        elif context.state.lock[w, plans.box[w]] == 0:
            for hider in range(context.sides.end):
                if context.layout.agent_exists[w, hider] and hider != carrier:
                    _wait(context, plans, w, hider, actions[w, hider])
            _build(context, plans, w, options, actions[w, carrier])


@compiled
def _flee(context, w, actions):
    fill_opponents_field(context, w)
    mark_seen(context, w, context.buffers.map, BLOCKED)
    for hider in range(context.sides.end):
        if context.layout.agent_exists[w, hider]:
            retreat(context, w, hider, actions[w, hider])


@compiled
def _inward(corner):
    """The signs of the directions along x and y that lead from a corner onto the floor."""
    return (1.0 if corner % 2 == 0 else -1.0), (1.0 if corner < 2 else -1.0)


@compiled
def _from_corner(context, w, corner, x, y):
    """A place as metres from the corner's two walls."""
    floor = context.layout.floor[w]
    return (x if corner % 2 == 0 else floor - x), (y if corner < 2 else floor - y)


@compiled
def _goal(context, w, box, corner, back):
    """Where the middle of a box belongs: its inner side is half its length from the corner, and `back` more."""
    half_x, half_y = context.layout.thing_half[w, box]
    along = (half_x + half_y + back) * _DIAGONAL
    return _from_corner(context, w, corner, along, along)


@compiled
def _make_plans(context, plans, w):
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
            if not layout.thing_exists[w, box] or not layout.thing_lockable[w, box] or half_x < ELONGATED * half_y:
                continue
            for corner in range(CORNERS):
                if _is_clear(context, w, box, corner):
                    seconds = _seconds(context, w, box, corner)
                    if seconds < least:
                        plans.hider[w], plans.box[w], plans.corner[w], least = hider, box, corner, seconds


@compiled
def _is_clear(context, w, box, corner):
    """Is a corner that a box is to shut free of walls, other things and opponents?"""
    layout, state = context.layout, context.state
    half_x, half_y = layout.thing_half[w, box]
    least = 2.0 * (half_x + 2.0 * half_y + _SPARE_M) * _DIAGONAL
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            for end in range(4):
                if _reach(context, w, corner, x0 if end % 2 == 0 else x1, y0 if end < 2 else y1) < least:
                    return False
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box:
            pose, half = state.things[w, thing], layout.thing_half[w, thing]
            cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
            for end in range(4):
                along, across = 1 if end % 2 == 0 else -1, 1 if end < 2 else -1
                x = pose[X] + along * cos * half[0] - across * sin * half[1]
                y = pose[Y] + along * sin * half[0] + across * cos * half[1]
                if _reach(context, w, corner, x, y) < least:
                    return False
    for agent in range(context.sides.first_opponent, context.sides.end_opponent):
        reach = _reach(context, w, corner, state.agents[w, agent, X], state.agents[w, agent, Y])
        if layout.agent_exists[w, agent] and reach < least + 2.0 * RULES.agent_radius_m:
            return False
    return True


@compiled
def _reach(context, w, corner, x, y):
    """The distance of a place from a corner's one wall and from its other wall, together."""
    from_one, from_other = _from_corner(context, w, corner, x, y)
    return from_one + from_other


@compiled
def _seconds(context, w, box, corner):
    """About how long the hider of the field `own` would take to shut a corner with a box; infinite if a wall is between
    them.
    """
    layout, state = context.layout, context.state
    _, _, seconds = _stance(context, w, box, corner)
    pose = state.things[w, box]
    goal_x, goal_y = _goal(context, w, box, corner, 0.0)
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
def _stance(context, w, box, corner):
    """Where to take a box, at the middle of that long side from which the walk and the turn are shortest, and how many
    seconds both take; the field `own` is filled for the hider.
    """
    pose, row = context.state.things[w, box], row_length(context, w)
    away = context.layout.thing_half[w, box, 1] + RULES.agent_radius_m + _STANCE_GAP_M
    best_x, best_y, least = pose[X], pose[Y], np.inf
    for sign in (1.0, -1.0):
        x, y = pose[X] - sign * away * np.sin(pose[ANGLE]), pose[Y] + sign * away * np.cos(pose[ANGLE])
        field = context.buffers.own[cell_at(row, x, y)]
        turn = _turn_to_go(pose, corner, x, y)
        seconds = field / FIELD_PER_M / RULES.free_speed_mps + S_PER_RAD * abs(turn)
        if field < FAR and seconds < least:
            best_x, best_y, least = x, y, seconds
    return best_x, best_y, least


@compiled
def _turn_to_go(pose, corner, x, y):
    """By how many radians a box is to be turned so that it lies across a corner and its carrier at x, y behind it."""
    inward_x, inward_y = _inward(corner)
    away_x, away_y = x - pose[X], y - pose[Y]
    turn = wrapped(np.arctan2(inward_y, inward_x) + 0.5 * np.pi - pose[ANGLE])
    ahead_x, ahead_y = np.cos(turn) * away_x - np.sin(turn) * away_y, np.sin(turn) * away_x + np.cos(turn) * away_y
    return turn if ahead_x * inward_x + ahead_y * inward_y < 0.0 else wrapped(turn + np.pi)


@compiled
def _wait(context, plans, w, hider, action):
    """To the place behind where the box will be, the first of the others at one wall, the second at the other."""
    near, far = _WAIT_M
    first = (hider - (hider > plans.hider[w])) % 2 == 0
    x, y = _from_corner(context, w, plans.corner[w], near if first else far, far if first else near)
    _go(context, w, hider, x, y, action)
    goal_x, goal_y = _goal(context, w, plans.box[w], plans.corner[w], 0.0)
    action[1] = turn_towards(context.state.agents[w, hider], goal_x, goal_y)


@compiled
def _go(context, w, hider, x, y, action):
    body = context.state.agents[w, hider]
    fill_field_from(context, w, x, y)
    aim_x, aim_y = way_point(context, w, body[X], body[Y])
    if np.hypot(x - body[X], y - body[Y]) < _ARRIVED_M:
        aim_x, aim_y = x, y
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _build(context, plans, w, options, action):
    """What the carrier does: to the box, take it, to the corner with it, lock it."""
    state, hider, box, corner = context.state, plans.hider[w], plans.box[w], plans.corner[w]
    body, pose = state.agents[w, hider], state.things[w, box]
    if state.held[w, hider] == box:
        turn = _turn_to_go(pose, corner, body[X], body[Y])
        shut = state.tick[w] >= options.settle_tick or _all_are_in(context, w, box, corner)
        goal_x, goal_y = _goal(context, w, box, corner, -_PRESS_M if shut else _AJAR_M)
        steer(context, w, hider, box, (goal_x, goal_y, turn), action)
        if _is_done(context, w, box, options):
            action[2] = LOCK if options.locks else RELEASE
        return
    if state.held[w, hider] != FREE:
        action[2] = RELEASE
        return
    action[1] = turn_towards(body, pose[X], pose[Y])
    fill_own_field(context, w, hider)
    x, y, _ = _stance(context, w, box, corner)
    _go(context, w, hider, x, y, action)
    close = np.hypot(x - body[X], y - body[Y]) < _ARRIVED_M
    reachable = nearest_reachable(RULES, context.layout, state, context.visibility, w, hider)
    action[2] = GRAB if close and reachable == box else KEEP


@compiled
def _all_are_in(context, w, box, corner):
    """Is every hider where the box will leave it room?"""
    most = 2.0 * _DIAGONAL * (context.layout.thing_half[w, box, 0] - RULES.agent_radius_m + _PRESS_M)
    for hider in range(context.sides.end):
        reach = _reach(context, w, corner, context.state.agents[w, hider, X], context.state.agents[w, hider, Y])
        if context.layout.agent_exists[w, hider] and context.state.held[w, hider] != box and reach > most:
            return False
    return True


@compiled
def _is_done(context, w, box, options):
    """Do both ends of a box touch a wall, and are all hiders behind it, or is there no time to wait for them?"""
    pose, half_x, floor_m = context.state.things[w, box], context.layout.thing_half[w, box, 0], context.layout.floor[w]
    for sign in (1.0, -1.0):
        x, y = pose[X] + sign * half_x * np.cos(pose[ANGLE]), pose[Y] + sign * half_x * np.sin(pose[ANGLE])
        if min(x, y, floor_m - x, floor_m - y) > _TOUCH_M:
            return False
    return context.state.tick[w] >= options.settle_tick or would_keep_out(context, w, box)
