"""The chaser runs to the nearest opponent and clears away what blocks its path.

It reads the whole State. The shortest path treats unlocked things as passable at a price, because pushing
through takes time, and locked ones at a prohibitive one, so that a chaser shut out waits where it is nearest. What
does not yield to pushing is grabbed and dragged back.
"""

import numpy as np

from policies.scripted.base import Scripted
from policies.scripted.grid import PUSH_COST, draw_map
from policies.scripted.pathfinding import fill_opponents_field, nearest_opponent, way_point
from policies.scripted.steering import move_along, turn_towards
from sim.game import Game
from sim.hands import gap
from sim.jit import compiled
from sim.rules import GRAB, KEEP, RELEASE, RULES, TURN_LEFT
from sim.state import FREE, VX, VY, X, Y

_LOCKED_COST = 60
_STUCK_MPS = 0.5
"""A chaser that touches a thing ahead and is slower than this is stuck."""
_PUSH_TICKS = 5
"""After pushing in vain for this long, a chaser grabs."""
_PULL_TICKS = 8
"""It then drags the thing back for this long."""
_TOUCHING_M = 0.05


class Chaser(Scripted):
    """See the module."""

    name = "chaser"

    def __init__(self) -> None:
        super().__init__()
        self._patience = np.zeros((0, 0), np.int8)

    def reset(self) -> None:
        self._patience[:] = 0

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        if self._patience.shape != game.state.held.shape:
            self._patience = np.zeros(game.state.held.shape, np.int8)
        chase(self._context(game, side), self._patience, actions)
        return actions


@compiled
def chase(context, patience, actions):
    """Writes actions (int8 [world, own agent, 3], zeros before) of the own agents of every world.

    `patience` (int8 [world, agent]) is the memory: positive counts ticks of pushing in vain, negative the ticks that
    are left for dragging.
    """
    sides, cost = context.sides, context.buffers.thing_cost
    for w in range(len(actions)):
        for thing in range(len(cost)):
            lock = context.state.lock[w, thing]
            cost[thing] = PUSH_COST if lock == 0 or lock == sides.lock else _LOCKED_COST
        draw_map(context, w)
        fill_opponents_field(context, w)
        for agent in range(sides.first, sides.end):
            if context.layout.agent_exists[w, agent]:
                _pursue(context, patience, w, agent, actions[w, agent - sides.first])


@compiled
def _pursue(context, patience, w, agent, action):
    state = context.state
    body = state.agents[w, agent]
    aim_x, aim_y = way_point(context, w, body[X], body[Y])
    opponent = nearest_opponent(context, w, agent)
    look_x, look_y = state.agents[w, opponent, X], state.agents[w, opponent, Y]
    action[0] = move_along(body, aim_x - body[X], aim_y - body[Y])
    if state.held[w, agent] != FREE:
        patience[w, agent] = min(patience[w, agent] + 1, 0)
        action[0] = move_along(body, body[X] - aim_x, body[Y] - aim_y)
        action[1] = TURN_LEFT
        action[2] = RELEASE if patience[w, agent] == 0 else KEEP
        return
    obstacle = _obstacle(context, w, agent, aim_x - body[X], aim_y - body[Y])
    stuck = obstacle != FREE and np.hypot(body[VX], body[VY]) < _STUCK_MPS
    patience[w, agent] = min(max(patience[w, agent], 0) + 1, _PUSH_TICKS + 2) if stuck else 0
    if patience[w, agent] >= _PUSH_TICKS:
        look_x, look_y = state.things[w, obstacle, X], state.things[w, obstacle, Y]
        if context.visibility.things[w, agent, obstacle]:
            action[2] = GRAB
            patience[w, agent] = -_PULL_TICKS
    action[1] = turn_towards(body, look_x, look_y)


@compiled
def _obstacle(context, w, agent, ahead_x, ahead_y):
    """The nearest thing that an agent touches, that lies ahead and can be moved; FREE if none does."""
    layout, state = context.layout, context.state
    best, least = FREE, _TOUCHING_M
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and state.lock[w, thing] == 0:
            x = state.things[w, thing, X] - state.agents[w, agent, X]
            y = state.things[w, thing, Y] - state.agents[w, agent, Y]
            apart = gap(RULES, layout, state, w, agent, thing)
            if x * ahead_x + y * ahead_y > 0.0 and apart <= least:
                best, least = thing, apart
    return best
