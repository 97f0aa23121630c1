"""The solver's mind: what each of the games in `sim.tasks` asks for, done step by step.

It reads the whole State. It walks around what is locked and pushes the rest aside, locks a box and goes home, and goes
to food that no opponent can see. `policies.scripted.hauling` says what it does with boxes that belong somewhere;
`policies.scripted.wall_crossing`, how it gets over walls to lock box after box.
"""

import numpy as np

from policies.scripted.evader import mark_seen, retreat
from policies.scripted.hauling import NONE, haul
from policies.scripted.pathfinding import PUSH_COST, cell_at, draw_map, fill_field, fill_field_from, row_length, way_out
from policies.scripted.steering import PUSH_M, direction, move_towards, turn_towards
from policies.scripted.wall_crossing import cross
from sim.hands import nearest_reachable
from sim.jit import allocating, compiled
from sim.rules import KEEP, LOCK, MOVES, RELEASE, RULES
from sim.state import BITES, FREE, X, Y
from sim.tasks.eating import EATING_M
from sim.tasks.kinds import BLUEPRINT, FOOD, LOCK_AND_RETURN, SEQUENTIAL_LOCK, SHELTER
from sim.tasks.locking import NO_TARGET, next_target

_NEAR_M = 0.5
"""Nearer to where it wants to stand than this, an agent minds where it comes to rest."""
_AT_FOOD_M = 0.6 * EATING_M
"""So near to food hiders stand."""


@allocating
def solve(task, slots, layout, state, seen, buffers, jobs, berths, side, actions):
    """Writes actions (int8 [world, own agent, 3]) for the agents side[0]..side[1]-1 of every world; side[2] and side[3]
    are the same of the opponents.
    """
    cost = np.zeros(layout.thing_exists.shape[1], np.int32)
    for w in range(len(actions)):
        actions[w] = 0
        for agent in range(side[0], side[1]):
            if not layout.agent_exists[w, agent]:
                continue
            action, held = actions[w, agent - side[0]], state.held[w, agent]
            for thing in range(len(cost)):  # what it holds is in nobody's way
                cost[thing] = 1 if thing == held else (PUSH_COST if state.lock[w, thing] == 0 else 0)
            draw_map(layout, state, w, cost, buffers.map)
            if task in (LOCK_AND_RETURN, SEQUENTIAL_LOCK):
                _lock_and_return(slots, layout, state, seen, buffers, berths, w, agent, action)
            elif task in (BLUEPRINT, SHELTER):
                haul(layout, state, seen, buffers, jobs, w, agent, action)
            elif task == FOOD:
                _eat(layout, state, buffers, w, agent, side, action)


@compiled
def walk(layout, state, buffers, w, agent, x, y, action):
    """The move towards a place, on the map in `buffers`."""
    body = state.agents[w, agent]
    if np.hypot(x - body[X], y - body[Y]) < _NEAR_M:
        action[0] = _settle(body, x, y)
        return
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    aim_x, aim_y = way_out(layout, w, buffers, body[X], body[Y])
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _settle(body, x, y):
    """One of the two moves after which an agent would come to rest nearest to a place, one alone may not do; standing
    still comes last.
    """
    best, least = 0, np.inf
    rest_x, rest_y = body[X] + body[3] * RULES.drag_time_s - x, body[Y] + body[4] * RULES.drag_time_s - y
    for first in range(MOVES):
        first_x, first_y = direction(first)
        for second in range(first, MOVES):
            second_x, second_y = direction(second)
            off = np.hypot(rest_x + PUSH_M * (first_x + second_x), rest_y + PUSH_M * (first_y + second_y))
            if off < least - 1e-9:
                best, least = second, off
    return best


@compiled
def _lock_and_return(slots, layout, state, seen, buffers, berths, w, agent, action):
    """To the thing that is to be locked next; home when there is none."""
    target, body = next_target(layout, state, w), state.agents[w, agent]
    if target != NO_TARGET:
        x, y = state.things[w, target, X], state.things[w, target, Y]
        fill_field_from(layout, w, buffers, buffers.other, x, y)
        if state.level[w, agent] == 0 and _leads_on(layout, w, buffers, body):
            berths.ramp[w] = NONE
            walk(layout, state, buffers, w, agent, x, y, action)
            action[1], action[2] = turn_towards(body, x, y), KEEP if state.held[w, agent] == FREE else RELEASE
        else:
            cross(slots, layout, state, seen, buffers, berths, w, agent, x, y, action)
        if state.held[w, agent] == FREE and nearest_reachable(RULES, layout, state, seen, w, agent) == target:
            action[2] = LOCK
    elif layout.sites.shape[1] > 0:
        x0, y0, x1, y1 = layout.sites[w, 0]
        walk(layout, state, buffers, w, agent, 0.5 * (x0 + x1), 0.5 * (y0 + y1), action)


@compiled
def _leads_on(layout, w, buffers, body):
    """Does a way on the floor lead from an agent to where the field begins?"""
    x, y = way_out(layout, w, buffers, body[X], body[Y])
    return x != body[X] or y != body[Y]


@compiled
def _eat(layout, state, buffers, w, agent, side, action):
    """To the nearest food that is left and that no opponent sees, and look at it; out of sight if there is none."""
    mark_seen(layout, state, w, buffers, side)
    body, row, best, least = state.agents[w, agent], row_length(layout, w), NONE, np.inf
    for food in range(layout.food_exists.shape[1]):
        x, y = layout.food[w, food]
        left = layout.food_exists[w, food] and state.food[w, food, BITES] > 0.0
        away = np.hypot(x - body[X], y - body[Y])
        if left and away < least and not buffers.seen[cell_at(row, x, y)]:
            best, least = food, away
    if best == NONE:
        fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
        retreat(layout, state, buffers, w, agent, side, action)
        return
    x, y = layout.food[w, best]
    action[1] = turn_towards(body, x, y)
    if least > _AT_FOOD_M:
        walk(layout, state, buffers, w, agent, x, y, action)
