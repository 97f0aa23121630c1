"""Swapped looks: what agents and critics observe as a box is a ramp, and what they observe as a ramp is a box.

The rows of the first box and the first ramp change places, and so on, of as many as there are slots of both. What
things are and do, and what is drawn, stays.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.schema import global_state_tables, observation_tables
from sim.shifts.shift import Shift, needs

if TYPE_CHECKING:
    from sim.game import Game


def options(scenario: Any) -> Any:
    """The scenario as it is. Raises ValueError if it has no boxes or no ramps."""
    needs(
        min(scenario.slots.boxes, scenario.slots.ramps) > 0, "swapped-looks needs boxes and ramps, as in quadrant-ramp"
    )
    return scenario


def see(game: "Game", worlds: np.ndarray) -> None:
    """Lets boxes and ramps change places in observations and global states."""
    for array, tables in (
        (game.observation, observation_tables(game.slots)),
        (game.global_state, global_state_tables(game.slots)),
    ):
        for name, table in tables.items():
            if name.startswith("boxes"):
                ramps = tables[name.replace("boxes", "ramps")]
                count = min(table.rows, ramps.rows) * table.width
                _swap(array, worlds, table.start, ramps.start, count)


def _swap(array: np.ndarray, worlds: np.ndarray, one: int, other: int, count: int) -> None:
    """Lets `count` columns from `one` and from `other` on change places."""
    kept = array[worlds, ..., one : one + count]
    array[worlds, ..., one : one + count] = array[worlds, ..., other : other + count]
    array[worlds, ..., other : other + count] = kept


SHIFT = Shift("swapped-looks", "what is observed as a box is a ramp, and the other way round", options, see=see)
