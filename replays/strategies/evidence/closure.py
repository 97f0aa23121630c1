"""Closure: how hiders are cut off from seekers at a moment, by walls and whatever things count as solid.

It is about ways on the floor, found by a flood fill on a grid (`free_space`). An agent on the upper level, or one that
fits nowhere near its place (as in a ramp), is taken to get anywhere.
"""

import numpy as np

from replays.strategies.evidence.free_space import CELL_M, GOAL, OPEN, Grid, cell_of, draw_floor, flood
from sim.jit import compiled

UNKNOWN, NOT_SHUT, APART, TOGETHER = range(-1, 3)
"""How hiders are cut off: an agent has no place, so it is unknown; a seeker can reach a hider; each hider is cut off;
all are in one region."""


@compiled
def closure(layout, state, w, solid, hiders, grid):
    """Compiled: how the hiders of world w are cut off from its seekers by walls and `solid` (bool [thing]).

    Where they are, their regions are what is REACHED in the grid's cells.
    """
    side, cells = int(np.ceil(layout.floor[w] / CELL_M)), grid.cells
    draw_floor(layout, state.things, w, solid, side, cells)
    for agent in range(hiders, state.held.shape[1]):
        if layout.agent_exists[w, agent]:
            cell = cell_of(state, w, agent, side, cells)
            if cell < 0:
                return UNKNOWN
            cells[cell] = GOAL
    regions = 0
    for agent in range(hiders):
        if layout.agent_exists[w, agent]:
            cell = cell_of(state, w, agent, side, cells)
            if cell < 0:
                return UNKNOWN
            if cells[cell] == GOAL:
                return NOT_SHUT
            if cells[cell] == OPEN:
                regions += 1
                if not flood(side, cell, cells, grid.stack):
                    return NOT_SHUT
    return NOT_SHUT if regions == 0 else TOGETHER if regions == 1 else APART


@compiled
def is_shut(layout, state, w, solid, hiders, cells, stack):
    """Compiled: are all hiders in one region that no seeker can reach? `cells` (int8) and `stack` (int32) are scratch,
    one element for each cell of the floor; where it is so, the region is what is REACHED in `cells`.
    """
    return closure(layout, state, w, solid, hiders, Grid(cells, cells, stack)) == TOGETHER
