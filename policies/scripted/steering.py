"""From where an agent wants to go and look to the moves and turns that take it there, drive and drag considered."""

import math

import numpy as np

from sim.jit import compiled
from sim.rules import KEEP_HEADING, MOVES, RULES, STILL, TURN_LEFT, TURN_RIGHT
from sim.state import ANGLE, SPIN, VX, VY, X, Y

PUSH_M = RULES.free_speed_mps * RULES.tick_s
"""How far one tick's drive brings 1 kg, an agent with free hands, in the end, drag taken into account."""
_KEPT_SPEED = math.exp(-RULES.tick_s / RULES.drag_time_s)
"""What drag leaves of a speed after one tick."""
_TURN_DEADBAND_RAD = 0.5 * RULES.free_spin_radps * RULES.tick_s
"""Half of what one tick's turn adds up to: nearer to its goal an agent need not turn."""
_ARRIVAL_S = 0.15
"""An agent is to cover what is left of its way in this time, if it can."""


@compiled
def move_towards(agent, x, y):
    """The move of an agent (its pose and velocity) with free hands that is to come to rest at x, y."""
    away = np.hypot(x - agent[X], y - agent[Y])
    share = min(away / _ARRIVAL_S, RULES.free_speed_mps) / max(away, 1e-9)
    return _move_for(agent, (x - agent[X]) * share, (y - agent[Y]) * share)


@compiled
def move_along(agent, x, y):
    """The move that takes an agent at full speed in the direction x, y; still if that is zero."""
    share = RULES.free_speed_mps / max(np.hypot(x, y), 1e-9)
    return _move_for(agent, x * share, y * share)


@compiled
def _move_for(agent, wish_x, wish_y):
    """The move that brings an agent's velocity nearest to a wished one by the end of the tick."""
    best, least = STILL, np.inf
    gained = RULES.free_speed_mps * (1 - _KEPT_SPEED)
    for move in range(MOVES):
        push_x, push_y = direction(move)
        off_x = agent[VX] * _KEPT_SPEED + push_x * gained - wish_x
        off_y = agent[VY] * _KEPT_SPEED + push_y * gained - wish_y
        if np.hypot(off_x, off_y) < least:
            best, least = move, np.hypot(off_x, off_y)
    return best


@compiled
def distance_to_way(body, start, x, y):
    """How far a body is from the straight way that leads from a start (both: x, y and more) to x, y."""
    way_x, way_y = x - start[X], y - start[Y]
    off_x, off_y = body[X] - start[X], body[Y] - start[Y]
    along = (off_x * way_x + off_y * way_y) / max(way_x * way_x + way_y * way_y, 1e-9)
    along = min(max(along, 0.0), 1.0)
    return np.hypot(off_x - along * way_x, off_y - along * way_y)


@compiled
def direction(move):
    """The unit vector of a move; zero for standing still."""
    if move == STILL:
        return 0.0, 0.0
    angle = (move - 1) * (2 * np.pi / (MOVES - 1))
    return np.cos(angle), np.sin(angle)


@compiled
def turn_towards(agent, x, y):
    """The turn that brings an agent to look at x, y."""
    resting = agent[ANGLE] + agent[SPIN] * RULES.drag_time_s
    error = wrapped(np.arctan2(y - agent[Y], x - agent[X]) - resting)
    if abs(error) < _TURN_DEADBAND_RAD:
        return KEEP_HEADING
    return TURN_LEFT if error > 0 else TURN_RIGHT


@compiled
def wrapped(angle):
    """An angle in [-pi, pi)."""
    return (angle + np.pi) % (2 * np.pi) - np.pi
