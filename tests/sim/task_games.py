"""Games other than hide-and-seek, for their tests."""

import numpy as np

from sim.game import Game
from sim.rules import ACTION_SIZES
from sim.scenario import presets
from sim.tasks.kinds import HIDE_AND_SEEK

NAMES = [name for name, scenario in presets().items() if scenario.task != HIDE_AND_SEEK]
TESTS = [name for name in NAMES if name != "food"]


def still(game: Game) -> np.ndarray:
    return np.zeros((game.worlds, game.slots.agents, 3), np.int8)


def at_random(game: Game, random: np.random.Generator) -> np.ndarray:
    return np.stack([random.integers(0, size, (game.worlds, game.slots.agents)) for size in ACTION_SIZES], -1)


def changed(game: Game, **columns: np.ndarray) -> None:
    """Restores the game's own state with some arrays of it replaced."""
    layout, state = game.snapshot()
    game.restore(layout, state._replace(**columns))
