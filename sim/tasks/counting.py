"""Object counting: how many boxes have vanished behind the wall on the left, and how many behind the one on the right.

The agent is pinned and paid nothing. The environment gives the right numbers as labels in `info`; a classifier on the
agent's memory finds out whether it knows them (Baker et al. 2019, section 6.2).
"""

import numpy as np

from sim.jit import compiled
from sim.layout import Layout
from sim.line_of_sight import Line, wall_between
from sim.state import VX, State, X, Y


@compiled
def _is_hidden(layout, state, w, box):
    """Whether a wall stands between the first agent and a box's centre."""
    x, y = state.agents[w, 0, X], state.agents[w, 0, Y]
    return wall_between(layout, w, Line(x, y, state.things[w, box, X] - x, state.things[w, box, Y] - y))


@compiled
def _count(layout, state, counts):
    for w in range(counts.shape[0]):
        for box in range(layout.thing_exists.shape[1]):
            if layout.thing_exists[w, box] and _is_hidden(layout, state, w, box):
                counts[w, 1 if state.things[w, box, VX] > 0.0 else 0] += 1


def vanished(layout: Layout, state: State) -> np.ndarray:
    """int64 [world, 2]: boxes that have vanished so far, on the left and on the right."""
    counts = np.zeros((len(state.tick), 2), np.int64)
    _count(layout, state, counts)
    return counts
