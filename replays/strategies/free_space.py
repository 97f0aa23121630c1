"""Free space: the places where an agent's disc fits, on a grid, and what can be reached from where.

A disc fits on a cell when every wall and solid thing is at least its radius less `TOLERANCE_M` from the cell's
centre. With a tolerance of half a cell no passage as wide as an agent is ever missed, at any angle; one up to 5 cm
narrower may count as open. Cells are int8 [row * side + column]; steps go to the eight neighbours.
"""

import numpy as np

from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.rules import RULES

CELL_M = 0.05
"""Side of a cell."""
TOLERANCE_M = 0.025
"""How much nearer to a solid than its radius an agent's centre may be."""
MARGIN_M = RULES.agent_radius_m - TOLERANCE_M
"""Least distance from the centre of a free cell to a solid."""

OPEN, REACHED, GOAL, BLOCKED = range(4)
"""What a cell is: free, free and reached by a flood, free and looked for, or no place for an agent."""


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
def flood(side, first, cells, stack):
    """Compiled: marks all cells that can be reached from `first`; False as soon as one of them is a goal.

    `stack` (int32) is scratch, one element for each cell.
    """
    if cells[first] == GOAL:
        return False
    cells[first] = REACHED
    stack[0] = first
    height = 1
    while height > 0:
        height -= 1
        row, column = stack[height] // side, stack[height] % side
        for near_row in range(max(row - 1, 0), min(row + 2, side)):
            for near_column in range(max(column - 1, 0), min(column + 2, side)):
                cell = near_row * side + near_column
                if cells[cell] == GOAL:
                    return False
                if cells[cell] == OPEN:
                    cells[cell] = REACHED
                    stack[height] = cell
                    height += 1
    return True
