"""Still seekers: they see, but never move, turn or use their hands."""

from typing import TYPE_CHECKING

import numpy as np

from sim.layout import side_agents
from sim.rules import KEEP, KEEP_HEADING, SEEKERS, STILL
from sim.shifts.shift import Shift

if TYPE_CHECKING:
    from sim.game import Game


def act(game: "Game", worlds: np.ndarray) -> None:
    """Lets the seekers of some worlds do nothing."""
    game.actions[worlds, side_agents(game.slots, SEEKERS)] = STILL, KEEP_HEADING, KEEP


SHIFT = Shift("still-seekers", "seekers see, but never move", act=act)
