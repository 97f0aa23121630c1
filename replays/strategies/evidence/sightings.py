"""Who would see whom if something were otherwise: the same moment again, with a changed layout or state."""

import numpy as np

from sim.layout import Layout, Slots
from sim.sight import look_at_agents
from sim.state import State


def sight_again(slots: Slots, layout: Layout, states: State) -> np.ndarray:
    """bool [moment, agent, agent]: who sees whom, by the rules of the game; the first axis need not be time."""
    if not len(states.tick):
        return np.zeros((0, slots.agents, slots.agents), bool)
    return look_at_agents(slots, layout, states)
