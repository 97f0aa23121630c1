"""Pathfinding: how far everything is, and the way there, on the map in the buffers (`policies.scripted.grid`).

A *field* (int32) says how far each cell is from the nearest of some starting cells, in tenths of a cell; `FAR` where no
way leads.
"""

import numpy as np

from policies.scripted.grid import BLOCKED, CELL_M, cell_at, place_of, row_length
from sim.jit import compiled
from sim.state import X, Y

FAR = 2**30
"""A cell of a field that cannot be reached."""
FIELD_PER_M = 10 / CELL_M
"""What a field counts for a metre of free ground."""
_STRAIGHT, _ASLANT = np.int32(10), np.int32(14)
"""How far a cell's four next and its four diagonal neighbours are, in tenths of a cell."""
_SIGHT_OF_WAY = 14
"""How many cells of the way are tried for a short cut."""
_SQUEEZE = 2
"""A disc that is squeezed between two things fits at most this many cells away; every wall is thicker."""


@compiled
def fill_own_field(context, w, agent):
    """Fills the field `own` with the distances from an agent, on the map as it is."""
    fill_field_of(context, w, context.buffers.own, agent, agent + 1)


@compiled
def fill_opponents_field(context, w):
    """Fills the field `other` with the distances from the nearest opponent, on the map as it is."""
    fill_field_of(context, w, context.buffers.other, context.sides.first_opponent, context.sides.end_opponent)


@compiled
def fill_field_of(context, w, field, first, end):
    """Fills a field with the distances from the nearest of some agents, on the map as it is."""
    row = row_length(context, w)
    for cell in range(row * row):
        field[cell] = FAR
    for agent in range(first, end):
        if context.layout.agent_exists[w, agent]:
            field[cell_at(row, context.state.agents[w, agent, X], context.state.agents[w, agent, Y])] = 0
    spread(row, context.buffers.map, field, context.buffers.queue, context.buffers.queued)


@compiled
def fill_field_from(context, w, x, y):
    """Fills the field `other` with the distances from a place, on the map as it is."""
    row, field = row_length(context, w), context.buffers.other
    for cell in range(row * row):
        field[cell] = FAR
    field[cell_at(row, x, y)] = 0
    spread(row, context.buffers.map, field, context.buffers.queue, context.buffers.queued)


@compiled
def spread(row, map_, field, queue, queued):
    """Completes a field from its cells that are 0, blocked or not: label correcting, first in first out.

    The rim is blocked, so the neighbours of every cell that is ever queued lie on the grid. Cells are unsigned: with
    numbers that may be negative, numba makes every look into an array take twice as long.
    """
    one, row = np.uint64(1), np.uint64(row)
    cells, head, tail, waiting = row * row, np.uint64(0), np.uint64(0), 0
    for cell in range(cells):
        queued[cell] = field[cell] == 0
        if queued[cell]:
            queue[tail] = cell
            tail += one
            waiting += 1
    while waiting > 0:
        cell = np.uint64(queue[head])
        head = head + one if head + one < cells else np.uint64(0)
        waiting -= 1
        queued[cell], so_far = False, field[cell]
        straight = (cell + one, cell + row, cell - one, cell - row)
        aslant = (cell + row + one, cell + row - one, cell - row + one, cell - row - one)
        for length, neighbours in ((_STRAIGHT, straight), (_ASLANT, aslant)):
            for near in neighbours:
                distance = so_far + map_[near] * length
                if distance < field[near] and map_[near] != BLOCKED:
                    field[near] = distance
                    if not queued[near]:
                        queued[near] = True
                        queue[tail] = near
                        tail = tail + one if tail + one < cells else np.uint64(0)
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
def way_point(context, w, x, y):
    """The farthest place a little way down the field `other` that a straight free walk from x, y leads to."""
    row, field = row_length(context, w), context.buffers.other
    cell = cell_at(row, x, y)
    aim_x, aim_y = x, y
    for step in range(_SIGHT_OF_WAY):
        following = descend(row, field, cell)
        if following == cell:
            break
        cell = following
        next_x, next_y = place_of(row, cell)
        if step > 1 and not walk_is_free(row, context.buffers.map, x, y, next_x, next_y, 1):
            break
        aim_x, aim_y = next_x, next_y
    return aim_x, aim_y


@compiled
def way_out(context, w, x, y):
    """As `way_point`, also from between things where no disc fits: then the cell close by that leads on best."""
    row, field = row_length(context, w), context.buffers.other
    own = cell_at(row, x, y)
    if field[descend(row, field, own)] < FAR:
        return way_point(context, w, x, y)
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
        fraction = piece / pieces
        cost = map_[cell_at(row, x0 + fraction * (x1 - x0), y0 + fraction * (y1 - y0))]
        if cost == BLOCKED or cost > dearest:
            return False
    return True


@compiled
def nearest_opponent(context, w, agent):
    """The opponent nearest to an agent in a straight line; the agent itself where it has no opponent."""
    best, least = agent, np.inf
    body = context.state.agents[w, agent]
    for other in range(context.sides.first_opponent, context.sides.end_opponent):
        x = context.state.agents[w, other, X] - body[X]
        y = context.state.agents[w, other, Y] - body[Y]
        if context.layout.agent_exists[w, other] and np.hypot(x, y) < least:
            best, least = other, np.hypot(x, y)
    return best
