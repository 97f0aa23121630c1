"""Swapped places: the first hider starts where the first seeker would, and so on, of those that take part."""

import numpy as np

from sim.shifts.shift import Shift, Start


def place(start: Start) -> None:
    """Swaps places and headings, of as many as the smaller team has."""
    hiders, agents = start.scenario.slots.hiders, start.state.agents
    exists = start.layout.agent_exists[start.worlds]
    first, second = _present_first(exists[:, :hiders]), hiders + _present_first(exists[:, hiders:])
    for hider, seeker in zip(first.T, second.T, strict=False):
        rows = np.arange(len(exists))
        both = exists[rows, hider] & exists[rows, seeker]
        worlds, hider, seeker = start.worlds[both], hider[both], seeker[both]
        agents[worlds, hider], agents[worlds, seeker] = agents[worlds, seeker], agents[worlds, hider]


def _present_first(exists: np.ndarray) -> np.ndarray:
    """int [world, agent]: the agents that take part, then the absent ones."""
    return np.argsort(~exists, axis=1, kind="stable")


SHIFT = Shift(
    "swapped-places",
    "hiders start where seekers do, and seekers where hiders do",
    place=place,
    order=2,
    contradicts=("no-seekers", "seeker-inside"),
)
