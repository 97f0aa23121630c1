"""What a picture shows: one world at one moment."""

from typing import NamedTuple

import numpy as np

from sim.layout import Layout, Slots
from sim.state import State


class Snapshot(NamedTuple):
    """World number `world` of Layout and State."""

    slots: Slots
    layout: Layout
    state: State
    seen: np.ndarray | None = None
    """bool [world, agent, agent], observer first (`Visibility.agents`); None draws nobody as seen."""
    world: int = 0

    def team(self, agent: int) -> int:
        """HIDERS or SEEKERS."""
        return int(agent >= self.slots.hiders)
