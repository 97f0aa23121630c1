"""The shelterer lays an elongated box across a corner of the floor, locks it there and stays behind it.

It reads the whole State and needs no walls but the outer ones. At the start of an episode the hider, the elongated box
and the corner are chosen that are shut soonest, of corners without things and seekers in them (`corner_plans`). That
hider takes the box by the middle of a long side and backs into the corner, box after it; the others
go and wait there, each at a wall, and the box is held ajar until they have come. A box at 45 degrees whose ends touch
both walls leaves a triangle with legs of 1.17 m, which is room for three, and hides it whole: an agent's centre keeps
a radius from the walls, so no line of sight passes between a wall and an end that is nearer to it than that.
"""

import numpy as np

from policies.scripted.base import Scripted
from policies.scripted.carrying import builder_options, would_keep_out
from policies.scripted.context import NONE
from policies.scripted.corner_plans import (
    DIAGONAL,
    corner_distance,
    from_corner,
    goal_at,
    make_plans,
    no_shelters,
    stance,
    turn_to_go,
)
from policies.scripted.evader import mark_seen, retreat
from policies.scripted.grid import BLOCKED, draw_map_of_solid_things
from policies.scripted.held_box import steer
from policies.scripted.pathfinding import fill_field_from, fill_opponents_field, fill_own_field, way_point
from policies.scripted.steering import move_towards, turn_towards
from sim.game import Game
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import GRAB, HIDERS, KEEP, LOCK, RELEASE, RULES
from sim.state import ANGLE, FREE, X, Y

_ARRIVED_M = 0.12
_TOUCH_M = 0.12
"""If the middle of an end is this near to a wall, no agent can pass or look through."""
_PRESS_M = 0.02
"""The goal lies this much nearer to the corner at last, so that the ends are pressed to the walls."""
_AJAR_M = 0.7
"""A box is held back by this much for hiders that are still to come in, which leaves 0.5 m at either end."""
_WAIT_M = (0.17, 0.66)
"""Where the others wait: this far from one wall and from the other."""


class Shelterer(Scripted):
    """See the module. It plays hiders only."""

    name = "shelterer"

    def __init__(self) -> None:
        super().__init__()
        self._plans = no_shelters(0)

    def reset(self) -> None:
        self._plans.made[:] = False

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the shelterer plays hiders")
        actions = super().act(game, side)
        if len(self._plans.made) != game.worlds:
            self._plans = no_shelters(game.worlds)
        shelter(self._context(game, side), self._plans, builder_options(game), actions)
        return actions


@compiled
def shelter(context, plans, options, actions):
    """Writes actions (int8 [world, hider, 3], zeros before) of all hiders."""
    for w in range(len(actions)):
        draw_map_of_solid_things(context, w)
        if not plans.made[w]:
            make_plans(context, plans, w)
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
def _wait(context, plans, w, hider, action):
    """To the place behind where the box will be, the first of the others at one wall, the second at the other."""
    near, far = _WAIT_M
    first = (hider - (hider > plans.hider[w])) % 2 == 0
    x, y = from_corner(context, w, plans.corner[w], near if first else far, far if first else near)
    _go(context, w, hider, x, y, action)
    goal_x, goal_y = goal_at(context, w, plans.box[w], plans.corner[w], 0.0)
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
        turn = turn_to_go(pose, corner, body[X], body[Y])
        shut = state.tick[w] >= options.settle_tick or _all_are_in(context, w, box, corner)
        goal_x, goal_y = goal_at(context, w, box, corner, -_PRESS_M if shut else _AJAR_M)
        steer(context, w, hider, box, (goal_x, goal_y, turn), action)
        if _is_done(context, w, box, options):
            action[2] = LOCK if options.locks else RELEASE
        return
    if state.held[w, hider] != FREE:
        action[2] = RELEASE
        return
    action[1] = turn_towards(body, pose[X], pose[Y])
    fill_own_field(context, w, hider)
    x, y, _ = stance(context, w, box, corner)
    _go(context, w, hider, x, y, action)
    close = np.hypot(x - body[X], y - body[Y]) < _ARRIVED_M
    reachable = nearest_reachable(RULES, context.layout, state, context.visibility, w, hider)
    action[2] = GRAB if close and reachable == box else KEEP


@compiled
def _all_are_in(context, w, box, corner):
    """Is every hider where the box will leave it room?"""
    most = 2.0 * DIAGONAL * (context.layout.thing_half[w, box, 0] - RULES.agent_radius_m + _PRESS_M)
    for hider in range(context.sides.end):
        distance = corner_distance(
            context, w, corner, context.state.agents[w, hider, X], context.state.agents[w, hider, Y]
        )
        if context.layout.agent_exists[w, hider] and context.state.held[w, hider] != box and distance > most:
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
