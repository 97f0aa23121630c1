"""Quadrants in which the hiders have locked themselves in, made by hand."""

import numpy as np

from sim.game import Game
from sim.layout import Layout
from sim.rng import episode_seeds
from sim.rules import HIDERS
from sim.scenarios.quadrant import Quadrant
from sim.state import ANGLE, State, X, Y, put, take


def in_room(game: Game, bodies: np.ndarray) -> np.ndarray:
    """bool [world, body]: whose centre is in the room."""
    scenario = game.scenario
    assert isinstance(scenario, Quadrant)
    return (bodies[..., X] > scenario.floor_m - scenario.room_m) & (bodies[..., Y] < scenario.room_m)


def shut_in(game: Game) -> tuple[Game, tuple[Layout, State]]:
    """Starts in which box 0 is locked before the door from inside, all hiders are in the far corner, play has begun
    and every ramp stands outside; the game is at the first of them.
    """
    found: list[tuple[Layout, State]] = []
    for batch in range(100):
        game.reset(episode_seeds(5, batch * game.worlds, game.worlds))
        outside = ~in_room(game, game.state.things[:, game.slots.boxes :]).any(axis=1)
        found += [game.snapshot(np.array([world])) for world in np.flatnonzero(outside)]
        if len(found) >= game.worlds:
            break
    layout, state = game.snapshot()
    for world, (one_layout, one_state) in enumerate(found[: game.worlds]):
        put(layout, np.array([world]), one_layout)
        put(state, np.array([world]), one_state)
    _shut(game, layout, state)
    game.restore(layout, state)
    return game, (take(layout, slice(None)), take(state, slice(None)))


def _shut(game: Game, layout: Layout, state: State) -> None:
    scenario = game.scenario
    for world in range(game.worlds):
        door = int(np.flatnonzero(layout.door_exists[world])[0])
        x0, y0, x1, y1 = layout.doors[world, door]
        half = layout.thing_half[world, 0, 0]
        place = (x1 + half, 0.5 * (y0 + y1)) if door == 0 else (0.5 * (x0 + x1), y0 - half)
        state.things[world, 0] = 0.0
        state.things[world, 0, :2] = place
        for hider in range(game.slots.hiders):
            state.agents[world, hider] = 0.0
            state.agents[world, hider, [X, Y, ANGLE]] = scenario.floor_m - 0.3 - 0.4 * hider, 0.3, 2.0
    state.lock[:, 0] = HIDERS + 1
    state.tick[:] = scenario.preparation_ticks
