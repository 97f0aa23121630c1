"""Lock costs: each thing that hiders lock costs all of them the pay of `COST_TICKS` ticks, in preparation too."""

from typing import TYPE_CHECKING

from sim.layout import side_agents
from sim.rules import HIDERS
from sim.shifts.shift import Shift
from sim.state import HIDERS_LOCK

if TYPE_CHECKING:
    from sim.game import Game

COST_TICKS = 2.0
"""One lock that keeps hiders hidden pays for itself; locking again and again does not."""


def pay(game: "Game") -> None:
    """Takes the cost of the things that were locked in this tick from the hiders."""
    locked = ((game.state.lock == HIDERS_LOCK) & (game.lock_before != HIDERS_LOCK)).sum(axis=1)
    hiders = side_agents(game.slots, HIDERS)
    game.reward[:, hiders] -= COST_TICKS * locked[:, None] * game.layout.agent_exists[:, hiders]


SHIFT = Shift("lock-costs", f"each lock costs hiders the pay of {COST_TICKS:.0f} ticks", pay=pay)
