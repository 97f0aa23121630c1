"""Free space: the places where an agent's disc fits, on a grid, and what can be reached from where.

A disc fits on a cell when every wall and solid thing is at least its radius less `TOLERANCE_M` from the cell's
centre. With a tolerance of half a cell no passage as wide as an agent is ever missed, at any angle; one up to 5 cm
narrower may count as open. Cells are int8 [row * side + column]; steps go to the eight neighbours.
"""

from typing import NamedTuple

import numpy as np

from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.layout import Layout
from sim.rules import RULES
from sim.state import ANGLE, X, Y

CELL_M = 0.05
"""Side of a cell."""
TOLERANCE_M = 0.025
"""How much nearer to a solid than its radius an agent's centre may be."""
MARGIN_M = RULES.agent_radius_m - TOLERANCE_M
"""Least distance from the centre of a free cell to a solid."""

_SEARCHED_CELLS = 3
"""How far from its own place, in cells, an agent's disc is looked for a cell that it fits on."""

OPEN, REACHED, GOAL, BLOCKED = range(4)
"""What a cell is: free, free and reached by a flood, free and looked for, or no place for an agent."""


class Grid(NamedTuple):
    """Scratch of kernels that flood a floor: one element of each array for each cell."""

    cells: np.ndarray
    """int8: what a flood reaches."""
    room: np.ndarray
    """int8: what another flood reaches, see `forts`."""
    stack: np.ndarray
    """int32: cells that a flood has still to look around."""


def empty_grid(layout: Layout) -> Grid:
    """Scratch for the largest floor of a layout. Kernels are given it: those that make arrays compile for longer."""
    cells = int(np.ceil(layout.floor.max() / CELL_M)) ** 2
    return Grid(np.zeros(cells, np.int8), np.zeros(cells, np.int8), np.zeros(cells, np.int32))


@compiled
def block(cells, side, pose, half_x, half_y):
    """Compiled: blocks the cells on which an agent's disc meets a rectangle; the grid's corner is the origin."""
    cosine, sine = abs(np.cos(pose[2])), abs(np.sin(pose[2]))
    reach_x = cosine * half_x + sine * half_y + MARGIN_M
    reach_y = sine * half_x + cosine * half_y + MARGIN_M
    for row in range(max(int((pose[1] - reach_y) / CELL_M), 0), min(int((pose[1] + reach_y) / CELL_M) + 1, side)):
        for column in range(
            max(int((pose[0] - reach_x) / CELL_M), 0), min(int((pose[0] + reach_x) / CELL_M) + 1, side)
        ):
            x, y = (column + 0.5) * CELL_M, (row + 0.5) * CELL_M
            if distance_to_rectangle(x, y, pose, half_x, half_y) < MARGIN_M:
                cells[row * side + column] = BLOCKED


@compiled
def block_bar(cells, side, bar):
    """Compiled: the same for a wall or door, given as x0, y0, x1, y1."""
    x0, y0, x1, y1 = bar
    block(cells, side, (0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.0), 0.5 * (x1 - x0), 0.5 * (y1 - y0))


@compiled
def flood(side, first, cells, stack):
    """Compiled: marks all cells that can be reached from `first`; False as soon as one of them is a goal.

    `stack` (int32) is scratch, one element for each cell.
    """
    if cells[first] == GOAL:
        return False
    cells[first] = REACHED
    stack[0] = first
    height = 1
    while height > 0:  # each cell of the stack begins a stretch of its row, which is filled at once
        height -= 1
        row, left = stack[height] // side, stack[height] % side
        right, base = left, row * side
        while left > 0 and cells[base + left - 1] == OPEN:
            left -= 1
            cells[base + left] = REACHED
        while right < side - 1 and cells[base + right + 1] == OPEN:
            right += 1
            cells[base + right] = REACHED
        left, right = max(left - 1, 0), min(right + 1, side - 1)
        if cells[base + left] == GOAL or cells[base + right] == GOAL:
            return False
        for near_row in (row - 1, row + 1):
            if near_row < 0 or near_row >= side:
                continue
            was_open = False
            for cell in range(near_row * side + left, near_row * side + right + 1):
                if cells[cell] == GOAL:
                    return False
                is_open = cells[cell] == OPEN
                if is_open and not was_open:
                    cells[cell] = REACHED
                    stack[height] = cell
                    height += 1
                was_open = is_open
    return True


@compiled
def draw_floor(layout, things, w, solid, side, cells):
    """Compiled: blocks the cells of world w's floor on which no agent's disc fits: at the edge, walls, solid things."""
    floor = layout.floor[w]
    first, end = 0, side
    while first < side and (first + 0.5) * CELL_M < MARGIN_M:
        first += 1
    while end > 0 and (end - 0.5) * CELL_M > floor - MARGIN_M:
        end -= 1
    for row in range(side):
        inside = first <= row < end
        for column in range(side):
            cells[row * side + column] = OPEN if inside and first <= column < end else BLOCKED
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            block_bar(cells, side, layout.walls[w, wall])
    for thing in range(len(solid)):
        if solid[thing]:
            half_x, half_y = layout.thing_half[w, thing]
            block(cells, side, (things[w, thing, X], things[w, thing, Y], things[w, thing, ANGLE]), half_x, half_y)


@compiled
def cell_of(state, w, agent, side, cells):
    """Compiled: the nearest cell to an agent that its disc fits on, or -1."""
    x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
    row, column = int(y / CELL_M), int(x / CELL_M)
    nearest, best = np.inf, -1
    if state.level[w, agent] != 0:
        return best
    for near_row in range(max(row - _SEARCHED_CELLS, 0), min(row + _SEARCHED_CELLS + 1, side)):
        for near_column in range(max(column - _SEARCHED_CELLS, 0), min(column + _SEARCHED_CELLS + 1, side)):
            distance = np.hypot((near_column + 0.5) * CELL_M - x, (near_row + 0.5) * CELL_M - y)
            cell = near_row * side + near_column
            if distance < nearest and cells[cell] != BLOCKED:
                nearest, best = distance, cell
    return best
