"""No inner walls: whoever wants to hide must build, of elongated boxes above all.

    +-----------------------+
    |      ==         s     |
    |  s        []          |    everything and everybody starts anywhere on the floor;
    |                 ||    |    counts as in `rooms`
    |   //    h             |
    |              h     [] |
    +-----------------------+

The original's episodes without rooms; `sim.scenarios.rooms` tells its numbers. With `outer_walls=false` it is a plain.
"""

from dataclasses import dataclass

import numpy as np

from sim.furnish import Gathering
from sim.layout import Layout, Slots
from sim.state import State


@dataclass(frozen=True)
class OpenField(Gathering):
    """The options of this family are those of every `Gathering`."""

    @property
    def slots(self) -> Slots:
        return Slots(self.hiders, self.seekers, self.boxes, self.ramps, walls=0, doors=0)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        self.furnish(seeds.copy(), worlds, layout, state, door_clear_m=0.0)


PRESETS = {"open_field": OpenField()}
