"""Seekers stop: from half of the play on they stand still and see nothing, as if they had left.

They stay where they are, as bodies that can be seen and pushed: who takes part is fixed for an episode.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.shifts import blind_seekers, still_seekers
from sim.shifts.shift import Shift

if TYPE_CHECKING:
    from sim.game import Game


def act(game: "Game", worlds: np.ndarray) -> None:
    """Lets the seekers do nothing where half of the play is over."""
    still_seekers.act(game, worlds[game.state.tick[worlds] >= _half(game)])


def see(game: "Game", worlds: np.ndarray) -> None:
    """Empties what the seekers see in the ticks after that."""
    blind_seekers.see(game, worlds[game.state.tick[worlds] > _half(game)])


def pay(game: "Game", worlds: np.ndarray) -> None:
    """Pays for sight as if no hider is seen, in the same ticks."""
    blind_seekers.pay(game, worlds[game.state.tick[worlds] > _half(game)])


def _half(game: "Game") -> int:
    """The tick at which half of the play is over."""
    scenario = game.scenario
    return (scenario.preparation_ticks + scenario.ticks) // 2


SHIFT = Shift("seekers-stop", "seekers stop and see nothing from half of the play on", act=act, see=see, pay=pay)
