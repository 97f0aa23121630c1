"""The solver does what each of the games in `sim.tasks` asks for, step by step.

It reads the whole State. It walks around what is locked and pushes the rest aside, locks a box and goes home, and goes
to food that no opponent can see. `policies.scripted.hauling` says what it does with boxes that belong somewhere;
`policies.scripted.wall_crossing`, how it gets over walls to lock box after box.
"""

import numpy as np

from policies.scripted.base import Scripted
from policies.scripted.context import NONE
from policies.scripted.evader import mark_seen, retreat
from policies.scripted.grid import BLOCKED, PUSH_COST, cell_at, draw_map, row_length
from policies.scripted.hauling import Jobs, blueprint_jobs, haul, shelter_jobs
from policies.scripted.pathfinding import fill_field_from, fill_opponents_field, way_out
from policies.scripted.ramps import RampTargets, no_ramp_targets
from policies.scripted.steering import PUSH_M, direction, move_towards, turn_towards
from policies.scripted.wall_crossing import cross
from sim.game import Game
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import HIDERS, KEEP, LOCK, MOVES, RELEASE, RULES
from sim.state import BITES, FREE, VX, VY, X, Y
from sim.tasks.eating import EATING_M
from sim.tasks.kinds import BLUEPRINT, FOOD, LOCK_AND_RETURN, SEQUENTIAL_LOCK, SHELTER
from sim.tasks.locking import NO_TARGET, next_target

_NEAR_M = 0.5
"""Nearer to where it wants to stand than this, an agent chooses its moves by where it comes to rest."""
_AT_FOOD_M = 0.6 * EATING_M
"""How near to food hiders stand."""


class Solver(Scripted):
    """See the module. It plays hiders only."""

    name = "solver"

    def __init__(self) -> None:
        super().__init__()
        self._jobs: Jobs | None = None
        self._targets: RampTargets = no_ramp_targets(0)

    def reset(self) -> None:
        self._jobs = None

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the solver plays hiders")
        actions, task = super().act(game, side), game.scenario.task
        if self._jobs is None:
            new_jobs = shelter_jobs if task == SHELTER else blueprint_jobs
            self._jobs, self._targets = new_jobs(game.layout, game.slots.hiders), no_ramp_targets(game.worlds)
        solve(task, self._context(game, side), self._jobs, self._targets, actions)
        return actions


@compiled
def solve(task, context, jobs, targets, actions):
    """Writes actions (int8 [world, own agent, 3], zeros before) of the own agents of every world."""
    state, sides, cost = context.state, context.sides, context.buffers.thing_cost
    for w in range(len(actions)):
        for agent in range(sides.first, sides.end):
            if not context.layout.agent_exists[w, agent]:
                continue
            action, held = actions[w, agent - sides.first], state.held[w, agent]
            for thing in range(len(cost)):  # what it holds does not block its way
                cost[thing] = 1 if thing == held else (PUSH_COST if state.lock[w, thing] == 0 else 0)
            draw_map(context, w)
            if task in (LOCK_AND_RETURN, SEQUENTIAL_LOCK):
                _lock_and_return(context, targets, w, agent, action)
            elif task in (BLUEPRINT, SHELTER):
                haul(context, jobs, w, agent, action)
            elif task == FOOD:
                _eat(context, w, agent, action)


@compiled
def _walk(context, w, agent, x, y, action):
    """The move towards a place, by the way on the map."""
    body = context.state.agents[w, agent]
    if np.hypot(x - body[X], y - body[Y]) < _NEAR_M:
        action[0] = _settle(body, x, y)
        return
    fill_field_from(context, w, x, y)
    aim_x, aim_y = way_out(context, w, body[X], body[Y])
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _settle(body, x, y):
    """The second of the two moves after which an agent would come to rest nearest to a place, for one move is often not
    enough; standing still comes last.
    """
    best, least = 0, np.inf
    rest_x, rest_y = body[X] + body[VX] * RULES.drag_time_s - x, body[Y] + body[VY] * RULES.drag_time_s - y
    for first in range(MOVES):
        first_x, first_y = direction(first)
        for second in range(first, MOVES):
            second_x, second_y = direction(second)
            off = np.hypot(rest_x + PUSH_M * (first_x + second_x), rest_y + PUSH_M * (first_y + second_y))
            if off < least - 1e-9:
                best, least = second, off
    return best


@compiled
def _lock_and_return(context, targets, w, agent, action):
    """To the thing that must be locked next; home when all are locked."""
    layout, state = context.layout, context.state
    target, body = next_target(layout, state, w), state.agents[w, agent]
    if target != NO_TARGET:
        x, y = state.things[w, target, X], state.things[w, target, Y]
        fill_field_from(context, w, x, y)
        if state.level[w, agent] == 0 and _leads_on(context, w, body):
            targets.ramp[w] = NONE
            _walk(context, w, agent, x, y, action)
            action[1], action[2] = turn_towards(body, x, y), KEEP if state.held[w, agent] == FREE else RELEASE
        else:
            cross(context, targets, w, agent, x, y, action)
        reachable = nearest_reachable(RULES, layout, state, context.visibility, w, agent)
        if state.held[w, agent] == FREE and reachable == target:
            action[2] = LOCK
    elif layout.sites.shape[1] > 0:
        x0, y0, x1, y1 = layout.sites[w, 0]
        _walk(context, w, agent, 0.5 * (x0 + x1), 0.5 * (y0 + y1), action)


@compiled
def _leads_on(context, w, body):
    """Does a way on the floor lead from an agent to where the field begins?"""
    x, y = way_out(context, w, body[X], body[Y])
    return x != body[X] or y != body[Y]


@compiled
def _eat(context, w, agent, action):
    """To the nearest food that is left and that no opponent sees, looking at it; out of sight where no food is safe."""
    mark_seen(context, w, context.buffers.map, BLOCKED)
    layout, state = context.layout, context.state
    body, row, best, least = state.agents[w, agent], row_length(context, w), NONE, np.inf
    for food in range(layout.food_exists.shape[1]):
        x, y = layout.food[w, food]
        left = layout.food_exists[w, food] and state.food[w, food, BITES] > 0.0
        away = np.hypot(x - body[X], y - body[Y])
        if left and away < least and not context.buffers.seen[cell_at(row, x, y)]:
            best, least = food, away
    if best == NONE:
        fill_opponents_field(context, w)
        retreat(context, w, agent, action)
        return
    x, y = layout.food[w, best]
    action[1] = turn_towards(body, x, y)
    if least > _AT_FOOD_M:
        _walk(context, w, agent, x, y, action)
