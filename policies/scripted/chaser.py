"""The chaser's mind: run to the nearest opponent, and get out of the way what is in the way.

It reads the whole State. The shortest path treats unlocked things as passable at a price, because pushing
through takes time, and locked ones at a prohibitive one, so that a chaser shut out waits where it is nearest. What
does not yield to pushing is grabbed and dragged back.
"""

import numpy as np

from policies.scripted.pathfinding import PUSH_COST, draw_map, fill_field, way_point
from policies.scripted.steering import move_along, turn_towards
from sim.hands import gap
from sim.jit import allocating, compiled
from sim.rules import GRAB, KEEP, RELEASE, RULES, TURN_LEFT
from sim.state import FREE, HIDERS_LOCK, SEEKERS_LOCK

_LOCKED_COST = 60
_STUCK_MPS = 0.5
"""Slower than this with a thing ahead, pushing is not getting anywhere."""
_PUSH_TICKS = 5
"""So long a chaser pushes in vain before it grabs."""
_PULL_TICKS = 8
"""So long it then drags the thing back."""
_TOUCHING_M = 0.05


@allocating
def chase(layout, state, seen, buffers, patience, side, actions):
    """Writes actions (int8 [world, own agent, 3]) for the agents side[0]..side[1]-1 of every world.

    `patience` (int8 [world, agent]) is the memory: positive counts ticks of pushing in vain, negative the ticks that
    are left for dragging.
    """
    things = layout.thing_exists.shape[1]
    cost = np.zeros(things, np.int32)
    own_lock = HIDERS_LOCK if side[0] == 0 else SEEKERS_LOCK
    for w in range(len(actions)):
        for thing in range(things):
            lock = state.lock[w, thing]
            cost[thing] = PUSH_COST if lock == 0 or lock == own_lock else _LOCKED_COST
        draw_map(layout, state, w, cost, buffers.map)
        fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
        for agent in range(side[0], side[1]):
            actions[w, agent - side[0]] = 0
            if layout.agent_exists[w, agent]:
                _pursue(layout, state, seen, buffers, patience, w, agent, side, actions[w, agent - side[0]])


@compiled
def _pursue(layout, state, seen, buffers, patience, w, agent, side, action):
    body = state.agents[w, agent]
    aim_x, aim_y = way_point(layout, w, buffers, body[0], body[1])
    prey = _nearest(layout, state, w, agent, side[2], side[3])
    look_x, look_y = state.agents[w, prey, 0], state.agents[w, prey, 1]
    action[0] = move_along(body, aim_x - body[0], aim_y - body[1])
    if state.held[w, agent] != FREE:
        patience[w, agent] = min(patience[w, agent] + 1, 0)
        action[0] = move_along(body, body[0] - aim_x, body[1] - aim_y)
        action[1] = TURN_LEFT
        action[2] = RELEASE if patience[w, agent] == 0 else KEEP
        return
    obstacle = _in_the_way(layout, state, w, agent, aim_x - body[0], aim_y - body[1])
    stuck = obstacle != FREE and np.hypot(body[3], body[4]) < _STUCK_MPS
    patience[w, agent] = min(max(patience[w, agent], 0) + 1, _PUSH_TICKS + 2) if stuck else 0
    if patience[w, agent] >= _PUSH_TICKS:
        look_x, look_y = state.things[w, obstacle, 0], state.things[w, obstacle, 1]
        if seen.things[w, agent, obstacle]:
            action[2] = GRAB
            patience[w, agent] = -_PULL_TICKS
    action[1] = turn_towards(body, look_x, look_y)


@compiled
def _nearest(layout, state, w, agent, first, last):
    """The opponent (first..last-1) nearest to an agent as the crow flies; itself if there is none."""
    best, least = agent, np.inf
    for other in range(first, last):
        x = state.agents[w, other, 0] - state.agents[w, agent, 0]
        y = state.agents[w, other, 1] - state.agents[w, agent, 1]
        if layout.agent_exists[w, other] and np.hypot(x, y) < least:
            best, least = other, np.hypot(x, y)
    return best


@compiled
def _in_the_way(layout, state, w, agent, ahead_x, ahead_y):
    """The nearest thing that an agent touches and has ahead of it and can move, or FREE."""
    best, least = FREE, _TOUCHING_M
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and state.lock[w, thing] == 0:
            x = state.things[w, thing, 0] - state.agents[w, agent, 0]
            y = state.things[w, thing, 1] - state.agents[w, agent, 1]
            apart = gap(RULES, layout, state, w, agent, thing)
            if x * ahead_x + y * ahead_y > 0.0 and apart <= least:
                best, least = thing, apart
    return best
