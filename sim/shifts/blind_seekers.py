"""Blind seekers: they see nothing after preparation either, so that no hider is ever seen.

What they observe is what they observe in preparation: rows of what is seen are zero, and so is their lidar. Hiders are
paid as hidden, but for those out of bounds.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.layout import side_agents
from sim.reward import out_of_bounds_penalties
from sim.rules import SEEKERS
from sim.schema import OBSERVATION, agents_one_each, split
from sim.shifts.shift import Shift

if TYPE_CHECKING:
    from sim.game import Game


def see(game: "Game", worlds: np.ndarray) -> None:
    """Empties what the seekers of some worlds see, in all arrays."""
    seekers = side_agents(game.slots, SEEKERS)
    for array in (game.seen.agents, game.seen.things, game.seen.lidar, game.seen.food):
        array[worlds, seekers] = 0
    game.hidden[worlds] = True
    tables = split(game.observation[:, seekers], game.slots)
    for name, table in OBSERVATION.items():
        if f"{name}_seen" in table.masks:
            tables[name][worlds], tables[f"{name}_seen"][worlds] = 0.0, 0.0
    tables["lidar"][worlds] = 0.0
    agents_one_each(game.global_state, game.slots)["agents"][worlds, seekers] = 0.0


def pay(game: "Game", worlds: np.ndarray) -> None:
    """Pays for sight as if no hider is seen, in play."""
    worlds = worlds[game.state.tick[worlds] > game.scenario.preparation_ticks]
    sign = np.where(np.arange(game.slots.agents) < game.slots.hiders, 1.0, -1.0)
    game.reward[worlds] = sign * game.layout.agent_exists[worlds]
    out_of_bounds_penalties(game.layout, game.state, game.reward, worlds)


SHIFT = Shift("blind-seekers", "seekers see nothing", see=see, pay=pay)
