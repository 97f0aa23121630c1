"""Still seekers: they see, but never move, turn or use their hands."""

from typing import TYPE_CHECKING

from sim.layout import side_agents
from sim.rules import KEEP, KEEP_HEADING, SEEKERS, STILL
from sim.shifts.shift import Shift

if TYPE_CHECKING:
    from sim.game import Game


def act(game: "Game") -> None:
    """Lets the seekers do nothing."""
    game.actions[:, side_agents(game.slots, SEEKERS)] = STILL, KEEP_HEADING, KEEP


SHIFT = Shift("still-seekers", "seekers see, but never move", act=act)
