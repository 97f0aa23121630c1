"""Object counting: how many boxes have vanished behind the wall on the left, and how many behind the one on the right.

The agent is pinned and paid nothing. What it should know after watching is the label that the environment tells in
`info`; whether it does is found out by a classifier on what it remembers (Baker et al. 2019, section 6.2).
"""

import numpy as np

from sim.jit import compiled
from sim.layout import Layout
from sim.sight import crosses_box
from sim.state import VX, State, X, Y


@compiled
def _is_hidden(layout, state, w, box):
    """Whether a wall stands between the first agent and a box's centre."""
    x, y = state.agents[w, 0, X], state.agents[w, 0, Y]
    dx, dy = state.things[w, box, X] - x, state.things[w, box, Y] - y
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            from_x, from_y = x - 0.5 * (x0 + x1), y - 0.5 * (y0 + y1)
            if crosses_box(from_x, from_y, dx, dy, 0.5 * (x1 - x0), 0.5 * (y1 - y0)):
                return True
    return False


@compiled
def _count(layout, state, counts):
    for w in range(counts.shape[0]):
        for box in range(layout.thing_exists.shape[1]):
            if layout.thing_exists[w, box] and _is_hidden(layout, state, w, box):
                counts[w, 1 if state.things[w, box, VX] > 0.0 else 0] += 1


def vanished(layout: Layout, state: State) -> np.ndarray:
    """int64 [world, 2]: boxes that have vanished by now, on the left and on the right."""
    counts = np.zeros((len(state.tick), 2), np.int64)
    _count(layout, state, counts)
    return counts
