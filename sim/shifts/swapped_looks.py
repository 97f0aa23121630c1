"""Swapped looks: what agents and critics observe as a box is a ramp, and what they observe as a ramp is a box.

The rows of the first box and the first ramp change places, and so on, of as many as there are slots of both; so do the
numbers of the global state that say in whose hands they are. What things are and do, and what is drawn, stays.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.schema import agents_one_each, global_state_tables, observation_tables
from sim.shifts.shift import Shift, needs

if TYPE_CHECKING:
    from sim.game import Game


def suits(world: Any) -> None:
    """Raises ValueError if a scenario has no boxes or no ramps."""
    needs(min(world.slots.boxes, world.slots.ramps) > 0, "swapped-looks needs boxes and ramps, as in quadrant-ramp")


def see(game: "Game", worlds: np.ndarray) -> None:
    """Lets boxes and ramps change places in observations and global states."""
    slots = game.slots
    in_hands = agents_one_each(game.global_state, slots)["things"]
    _swap(in_hands, worlds, 0, slots.boxes, min(slots.boxes, slots.ramps))
    for array, tables in (
        (game.observation, observation_tables(slots)),
        (game.global_state, global_state_tables(slots)),
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


SHIFT = Shift("swapped-looks", "what is observed as a box is a ramp, and the other way round", suits=suits, see=see)
