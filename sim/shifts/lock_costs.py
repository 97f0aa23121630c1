"""Lock costs: each thing that hiders lock costs all of them the pay of `COST_TICKS` ticks, in preparation too."""

from typing import TYPE_CHECKING

import numpy as np

from sim.layout import side_agents
from sim.rules import HIDERS
from sim.shifts.shift import Shift
from sim.state import HIDERS_LOCK

if TYPE_CHECKING:
    from sim.game import Game

COST_TICKS = 2.0
"""One lock that keeps hiders hidden pays for itself; locking again and again does not."""


def pay(game: "Game", worlds: np.ndarray) -> None:
    """Takes the cost of the things that were locked in this tick from the hiders."""
    locked = ((game.state.lock[worlds] == HIDERS_LOCK) & (game.lock_before[worlds] != HIDERS_LOCK)).sum(axis=1)
    hiders = side_agents(game.slots, HIDERS)
    game.reward[worlds, hiders] -= COST_TICKS * locked[:, None] * game.layout.agent_exists[worlds, hiders]


SHIFT = Shift("lock-costs", f"each lock costs hiders the pay of {COST_TICKS:.0f} ticks", pay=pay, order=1)
