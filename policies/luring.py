"""How the solver gets to a box that walls shut off: as the climber gets to an opponent.

The world that the climber is shown has one agent more, the *lure*: it stands beside the box that is to be locked
next, with no wall in between.
"""

from typing import NamedTuple

import numpy as np

from sim.game import Game
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.placing import is_free
from sim.rules import LOCK, RULES
from sim.sight import Seen, crosses_box
from sim.state import FREE, State, X, Y
from sim.tasks.locking import NO_TARGET, next_target

_DIRECTIONS = 16
"""Around a box, in which there may be room for a lure."""
_ROOM_M = RULES.agent_radius_m + 0.01


class Lured(NamedTuple):
    """What scripted players ask of a game, with a lure as its only seeker."""

    worlds: int
    slots: Slots
    layout: Layout
    state: State
    seen: Seen


def lured(game: Game) -> Lured:
    """The worlds of a game without seekers, each with a lure beside the thing that is to be locked next."""
    lures = np.zeros((game.worlds, 1, 6))
    put_lures(game.layout, game.state, lures)
    nobody = np.zeros((game.worlds, 1))
    layout = game.layout._replace(agent_exists=np.pad(game.layout.agent_exists, ((0, 0), (0, 1)), constant_values=True))
    state = game.state._replace(
        agents=np.concatenate([game.state.agents, lures], axis=1),
        level=np.concatenate([game.state.level, nobody.astype(np.int8)], axis=1),
        held=np.concatenate([game.state.held, np.full_like(nobody, FREE, np.int8)], axis=1),
        hold=np.concatenate([game.state.hold, np.zeros((game.worlds, 1, 3))], axis=1),
    )
    seen = game.seen._replace(things=np.pad(game.seen.things, ((0, 0), (0, 1), (0, 0))))
    return Lured(game.worlds, game.slots._replace(seekers=1), layout, state, seen)


@compiled
def put_lures(layout, state, lures):
    """Fills poses [world, 1, 6]: beside the thing that is to be locked next, or at the agent's own place."""
    for w in range(lures.shape[0]):
        target, body = next_target(layout, state, w), state.agents[w, 0]
        x, y, least = body[X], body[Y], np.inf
        if target != NO_TARGET:
            box_x, box_y = state.things[w, target, X], state.things[w, target, Y]
            away = np.hypot(layout.thing_half[w, target, 0], layout.thing_half[w, target, 1]) + 2.0 * _ROOM_M
            x, y = box_x, box_y
            for k in range(_DIRECTIONS):
                angle = k * (2.0 * np.pi / _DIRECTIONS)
                at_x, at_y = box_x + away * np.cos(angle), box_y + away * np.sin(angle)
                way = np.hypot(at_x - body[X], at_y - body[Y])
                if way < least and _is_beside(layout, state, w, box_x, box_y, at_x, at_y):
                    x, y, least = at_x, at_y, way
        lures[w, 0, X], lures[w, 0, Y] = x, y


@compiled
def _is_beside(layout, state, w, box_x, box_y, x, y):
    """Whether there is room for an agent at a place, and no wall between it and a box."""
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            from_x, from_y = box_x - 0.5 * (x0 + x1), box_y - 0.5 * (y0 + y1)
            if crosses_box(from_x, from_y, x - box_x, y - box_y, 0.5 * (x1 - x0), 0.5 * (y1 - y0)):
                return False
    return is_free(RULES, layout, state, w, x, y, _ROOM_M, 0, layout.thing_exists.shape[1])


@compiled
def lock_when_due(layout, state, seen, actions):
    """Lets the first agent of every world lock what is due as soon as it can, and rest when nothing is."""
    for w in range(len(actions)):
        target = next_target(layout, state, w)
        if target == NO_TARGET:
            actions[w] = 0
        elif nearest_reachable(RULES, layout, state, seen, w, 0) == target:
            actions[w, 0, 2] = LOCK
