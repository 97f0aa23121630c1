"""Blind seekers: they see nothing after preparation either, so that no hider is ever seen.

What they observe is what they observe in preparation: rows of what is seen are zero, and so is their lidar.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.layout import side_agents
from sim.reward import OUT_OF_BOUNDS_REWARD
from sim.rules import SEEKERS
from sim.schema import OBSERVATION, global_state_tables, split
from sim.shifts.shift import Shift

if TYPE_CHECKING:
    from sim.game import Game


def see(game: "Game", worlds: np.ndarray) -> None:
    """Empties what the seekers of some worlds see, in all arrays, and pays as if no hider is seen."""
    seekers = side_agents(game.slots, SEEKERS)
    for array in (game.seen.agents, game.seen.things, game.seen.lidar, game.seen.food):
        array[worlds, seekers] = 0
    tables = split(game.observation[:, seekers], game.slots)
    for name, table in OBSERVATION.items():
        if f"{name}_seen" in table.masks:
            tables[name][worlds], tables[f"{name}_seen"][worlds] = 0.0, 0.0
    tables["lidar"][worlds] = 0.0
    _seen_agents(game)[worlds, seekers] = 0.0
    _pay(game, worlds)


def _seen_agents(game: "Game") -> np.ndarray:
    """float32 [world, agent, agent]: the part of the global state that says who sees whom; a view."""
    table = global_state_tables(game.slots)["agents"]
    rows = game.global_state[:, table.start : table.stop].reshape(-1, table.rows, table.width)
    return rows[:, :, -game.slots.agents :]


def _pay(game: "Game", worlds: np.ndarray) -> None:
    """Pays hiders as hidden, in play, unless they are out of bounds."""
    game.hidden[worlds] = True
    in_play = game.state.tick[worlds] > game.scenario.preparation_ticks
    sign = np.where(np.arange(game.slots.agents) < game.slots.hiders, 1.0, -1.0)
    paid, usual = sign * game.layout.agent_exists[worlds] * in_play[:, None], game.reward[worlds]
    game.reward[worlds] = np.where(usual == OUT_OF_BOUNDS_REWARD, usual, paid)


SHIFT = Shift("blind-seekers", "seekers see nothing", see=see)
