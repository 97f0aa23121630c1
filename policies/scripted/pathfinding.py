"""Finding the way: the compiled planner that the scripted players share.

One world at a time, on a grid of `CELL_M` with a blocked rim of one cell around the floor. A *map* (int32) says
what a step onto a cell costs, 1 for free ground, `BLOCKED` where an agent's disc does not fit. A *field* (int32)
says how far each cell is from the nearest of some starting cells, in tenths of a cell; `FAR` where nothing leads.
"""

import math
from typing import NamedTuple

import numpy as np

from replays.strategies import sealed
from sim.geometry import distance_to_rectangle
from sim.jit import allocating, compiled
from sim.rules import RULES

CELL_M = 0.1
"""Side of a cell of the planner."""
BLOCKED = 0
"""A cell of a map that nothing can enter."""
FAR = 2**30
"""A cell of a field that cannot be reached."""
FIELD_PER_M = 10 / CELL_M
"""What a field counts for a metre of free ground."""

_LINES = (0, 1, 0, -1, 1, 1, -1, -1)
_COLUMNS = (1, 0, -1, 0, 1, -1, 1, -1)
_LENGTHS = (10, 10, 10, 10, 14, 14, 14, 14)
"""The eight neighbours of a cell, and how far they are in tenths of a cell."""
PUSH_COST = 4
"""What a step counts through a thing that can be pushed away; one on free ground counts 1."""
_SIGHT_OF_WAY = 14
"""Cells of the way that are looked ahead for a short cut."""
_SQUEEZE = 2
"""So many cells from where it stands, at most, a disc fits that has got between two things; no wall is as thin."""
_MOST_BLOCKS = 200
_FIT_M = RULES.agent_radius_m - 0.01


class Scratch(NamedTuple):
    """Buffers of the planner for one floor; nothing in them outlives the world being planned for."""

    map: np.ndarray
    """int32 [cell]"""
    own: np.ndarray
    """int32 [cell]: a field from one agent."""
    other: np.ndarray
    """int32 [cell]: a field from others."""
    queue: np.ndarray
    """int32 [cell]"""
    queued: np.ndarray
    """bool [cell]"""
    seen: np.ndarray
    """bool [cell]"""
    fine: np.ndarray
    """int8 [finer cell], for `is_shut`"""
    stack: np.ndarray
    """int32 [finer cell]"""
    blocks: np.ndarray
    """float64 [block, 6]: what sight does not pass: middle, cosine and sine of the angle, half sides."""


def scratch_fits(buffers: Scratch, floor_m: float) -> bool:
    """Whether buffers are large enough for a floor of that side."""
    return len(buffers.map) >= _cells(floor_m) ** 2


def scratch(floor_m: float) -> Scratch:
    """Buffers for a floor of that side."""
    cells = _cells(floor_m) ** 2
    map_, own, other, queue = np.zeros((4, cells), np.int32)
    queued, seen = np.zeros((2, cells), bool)
    finer = math.ceil(floor_m / sealed.CELL_M) ** 2
    blocks = np.zeros((_MOST_BLOCKS, 6))
    return Scratch(map_, own, other, queue, queued, seen, np.zeros(finer, np.int8), np.zeros(finer, np.int32), blocks)


def _cells(floor_m: float) -> int:
    return math.ceil(floor_m / CELL_M - 1e-9) + 2


@compiled
def row_length(layout, w):
    """How many cells a row of the grid has, the rim included."""
    return int(np.ceil(layout.floor[w] / CELL_M - 1e-9)) + 2


@compiled
def cell_at(row, x, y):
    """The cell at a place, or the nearest one inside the rim."""
    column = min(max(int(np.floor(x / CELL_M)) + 1, 1), row - 2)
    return min(max(int(np.floor(y / CELL_M)) + 1, 1), row - 2) * row + column


@compiled
def place_of(row, cell):
    """The centre of a cell, in metres."""
    return (cell % row - 0.5) * CELL_M, (cell // row - 0.5) * CELL_M


@allocating
def draw_map(layout, state, w, thing_cost, map_):
    """Fills a map: walls block; a step into thing k's way costs `thing_cost[k]` (`BLOCKED`, 1 for nothing, or more)."""
    row = row_length(layout, w)
    map_[: row * row] = BLOCKED
    low, high = _FIT_M, layout.floor[w] - _FIT_M
    for line in range(1, row - 1):
        for column in range(1, row - 1):
            x, y = (column - 0.5) * CELL_M, (line - 0.5) * CELL_M
            if low <= x <= high and low <= y <= high:
                map_[line * row + column] = 1
    pose = np.zeros(3)
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            pose[0], pose[1] = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
            stamp(map_, row, pose, np.array((0.5 * (x1 - x0), 0.5 * (y1 - y0))), BLOCKED)
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing_cost[thing] != 1:
            stamp(map_, row, state.things[w, thing, :3], layout.thing_half[w, thing], thing_cost[thing])


@compiled
def stamp(map_, row, pose, half, cost):
    """Gives all cells on which an agent's disc would meet a rectangle their cost; what is blocked stays so."""
    around = np.hypot(half[0], half[1]) + _FIT_M
    first_column, last_column = int((pose[0] - around) / CELL_M), int((pose[0] + around) / CELL_M) + 2
    first_line, last_line = int((pose[1] - around) / CELL_M), int((pose[1] + around) / CELL_M) + 2
    for line in range(max(first_line, 1), min(last_line + 1, row - 1)):
        for column in range(max(first_column, 1), min(last_column + 1, row - 1)):
            cell = line * row + column
            if map_[cell] != BLOCKED:
                x, y = (column - 0.5) * CELL_M, (line - 0.5) * CELL_M
                if distance_to_rectangle(x, y, pose, half[0], half[1]) < _FIT_M:
                    map_[cell] = BLOCKED if cost == BLOCKED else max(cost, map_[cell])


@compiled
def fill_field(layout, state, w, buffers, field, first, last):
    """Fills a field with the distances from the nearest of the agents first..last-1, on the map in `buffers`."""
    row = row_length(layout, w)
    field[: row * row] = FAR
    for agent in range(first, last):
        if layout.agent_exists[w, agent]:
            field[cell_at(row, state.agents[w, agent, 0], state.agents[w, agent, 1])] = 0
    spread(row, buffers.map, field, buffers.queue, buffers.queued)


@compiled
def fill_field_from(layout, w, buffers, field, x, y):
    """Fills a field with the distances from a place, on the map in `buffers`."""
    row = row_length(layout, w)
    field[: row * row] = FAR
    field[cell_at(row, x, y)] = 0
    spread(row, buffers.map, field, buffers.queue, buffers.queued)


@compiled
def spread(row, map_, field, queue, queued):
    """Completes a field from its cells that are 0, blocked or not: label correcting, first in first out.

    The rim is blocked, so the neighbours of every cell that is ever queued lie on the grid.
    """
    cells = row * row
    head, waiting = 0, 0
    queued[:cells] = False
    for cell in range(cells):
        if field[cell] == 0:
            queue[waiting] = cell
            queued[cell] = True
            waiting += 1
    while waiting > 0:
        cell = queue[head]
        head = head + 1 if head + 1 < cells else 0
        waiting -= 1
        queued[cell] = False
        so_far = field[cell]
        for neighbour in range(8):
            near = cell + _LINES[neighbour] * row + _COLUMNS[neighbour]
            distance = so_far + map_[near] * _LENGTHS[neighbour]
            if map_[near] != BLOCKED and distance < field[near]:
                field[near] = distance
                if not queued[near]:
                    queued[near] = True
                    tail = head + waiting
                    queue[tail if tail < cells else tail - cells] = near
                    waiting += 1


@compiled
def descend(row, field, cell):
    """The neighbour of a cell (or itself) that is nearest to where the field starts."""
    best = cell
    line, column = cell // row, cell % row
    for near_line in range(max(line - 1, 0), min(line + 2, row)):
        for near_column in range(max(column - 1, 0), min(column + 2, row)):
            near = near_line * row + near_column
            if field[near] < field[best]:
                best = near
    return best


@compiled
def way_point(layout, w, buffers, x, y):
    """The farthest place a little way down the field `other` that a straight free walk from x, y leads to."""
    row, field = row_length(layout, w), buffers.other
    cell = cell_at(row, x, y)
    aim_x, aim_y = x, y
    for step in range(_SIGHT_OF_WAY):
        following = descend(row, field, cell)
        if following == cell:
            break
        cell = following
        next_x, next_y = place_of(row, cell)
        if step > 1 and not walk_is_free(row, buffers.map, x, y, next_x, next_y, 1):
            break
        aim_x, aim_y = next_x, next_y
    return aim_x, aim_y


@compiled
def way_out(layout, w, buffers, x, y):
    """As `way_point`, also for who is squeezed in where nobody fits: to the cell close by that leads on best."""
    row, field = row_length(layout, w), buffers.other
    own = cell_at(row, x, y)
    if field[descend(row, field, own)] < FAR:
        return way_point(layout, w, buffers, x, y)
    best, least = own, FAR
    for line in range(max(own // row - _SQUEEZE, 0), min(own // row + _SQUEEZE + 1, row)):
        for column in range(max(own % row - _SQUEEZE, 0), min(own % row + _SQUEEZE + 1, row)):
            if field[line * row + column] < least:
                best, least = line * row + column, field[line * row + column]
    return place_of(row, best) if best != own else (x, y)


@compiled
def walk_is_free(row, map_, x0, y0, x1, y1, dearest):
    """Does the straight way between two places meet only cells that cost `dearest` at most?"""
    pieces = int(np.hypot(x1 - x0, y1 - y0) / (0.5 * CELL_M)) + 1
    for piece in range(1, pieces + 1):
        share = piece / pieces
        cost = map_[cell_at(row, x0 + share * (x1 - x0), y0 + share * (y1 - y0))]
        if cost == BLOCKED or cost > dearest:
            return False
    return True
