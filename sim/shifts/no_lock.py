"""No lock: the action does nothing, for both teams."""

from typing import TYPE_CHECKING

from sim.rules import KEEP, LOCK
from sim.shifts.shift import Shift

if TYPE_CHECKING:
    from sim.game import Game


def act(game: "Game") -> None:
    """Replaces every lock by nothing, as `Game(without=["lock"])` does."""
    hands = game.actions[..., 2]
    hands[hands == LOCK] = KEEP


SHIFT = Shift("no-lock", "locking does nothing", act=act)
