"""What scripted players share, and the two that need no kernel.

Every other player has a file of its own, with its kernels, and is loaded and compiled only when it is named, see
`policies.scripted.players`. Each plays all worlds of a game in one call of a compiled kernel, or two.
"""

import numpy as np

from policies.scripted.context import ScriptedContext, Sides
from policies.scripted.grid import buffers_fit, new_buffers
from sim.game import Game
from sim.rules import ACTION_SIZES, HIDERS
from sim.state import HIDERS_LOCK, SEEKERS_LOCK


class Scripted:
    """A player without weights; its `name` says all."""

    name: str
    hash = ""
    without: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._buffers = new_buffers(0.0, 0)

    def reset(self) -> None:
        """Forgets everything: new episodes begin."""

    def act(self, game: Game, side: int) -> np.ndarray:
        """int8 [world, agents of that side, 3]: what the side's agents do next."""
        sides = sides_of(game, side)
        return np.zeros((game.worlds, sides.end - sides.first, len(ACTION_SIZES)), np.int8)

    def expect(self, game: Game) -> np.ndarray | None:
        """None: a script has no critic."""
        return None

    def _context(self, game: Game, side: int) -> ScriptedContext:
        """What kernels read, with buffers that are large enough for the game."""
        floor_m, things = float(game.layout.floor.max()), game.slots.things
        if not buffers_fit(self._buffers, floor_m, things):
            self._buffers = new_buffers(floor_m, things)
        return ScriptedContext(
            game.layout, game.state, game.seen, self._buffers, sides_of(game, side), game.slots.boxes
        )


class Idle(Scripted):
    """Stands still and keeps its hands to itself."""

    name = "idle"


class Random(Scripted):
    """Draws every action with equal probability, from a stream of its own."""

    name = "random"

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._stream = np.random.default_rng(seed)

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        return self._stream.integers(0, ACTION_SIZES, actions.shape, np.int8)


def sides_of(game: Game, side: int) -> Sides:
    """The agents of a side and of its opponents."""
    hiders, agents = game.slots.hiders, game.slots.agents
    if side == HIDERS:
        return Sides(0, hiders, hiders, agents, HIDERS_LOCK)
    return Sides(hiders, agents, 0, hiders, SEEKERS_LOCK)
