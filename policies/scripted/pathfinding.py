"""Pathfinding: the compiled planner that the scripted players share.

One world at a time, on a grid of `CELL_M` with a blocked rim of one cell around the floor. A *map* (int32) says
what a step onto a cell costs, 1 for free ground, `BLOCKED` where an agent's disc does not fit. A *field* (int32)
says how far each cell is from the nearest of some starting cells, in tenths of a cell; `FAR` where no way leads.

`context` is a `policies.scripted.context.ScriptedContext`. Kernels allocate nothing and assign no slices: both are slow
to compile.
"""

import math
from typing import NamedTuple

import numpy as np

from replays.strategies.evidence import seals
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.rules import RULES
from sim.state import X, Y

CELL_M = 0.1
"""Side of a cell of the planner."""
BLOCKED = 0
"""A cell of a map that nothing can enter."""
FAR = 2**30
"""A cell of a field that cannot be reached."""
FIELD_PER_M = 10 / CELL_M
"""What a field counts for a metre of free ground."""

_STRAIGHT, _ASLANT = np.int32(10), np.int32(14)
"""How far a cell's four next and its four diagonal neighbours are, in tenths of a cell."""
PUSH_COST = 4
"""What a step counts through a thing that can be pushed away; one on free ground counts 1."""
_SIGHT_OF_WAY = 14
"""How many cells of the way are tried for a short cut."""
_SQUEEZE = 2
"""A disc that is squeezed between two things fits at most this many cells away; every wall is thicker."""
_MAX_BLOCKS = 200
_FIT_M = RULES.agent_radius_m - 0.01


class Buffers(NamedTuple):
    """Buffers of the planner for one floor; their content is valid for one world only."""

    map: np.ndarray
    """int32 [cell]"""
    own: np.ndarray
    """int32 [cell]: a field from one agent."""
    other: np.ndarray
    """int32 [cell]: a field from the opponents, or from a place."""
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
    """float64 [block, 8]: what blocks sight: middle, cosine and sine of the angle, half sides; and where the viewer is,
    from the middle and along the sides."""
    thing_cost: np.ndarray
    """int32 [thing]: what a step into a thing's way costs on the map."""
    solid: np.ndarray
    """bool [thing], for `is_shut`"""


def buffers_fit(buffers: Buffers, floor_m: float, things: int) -> bool:
    """Whether buffers are large enough for a floor with sides of `floor_m`, and made for `things` things."""
    return len(buffers.map) >= _cells(floor_m) ** 2 and len(buffers.thing_cost) == things


def new_buffers(floor_m: float, things: int) -> Buffers:
    """Buffers for a floor with sides of `floor_m` and `things` things."""
    cells = _cells(floor_m) ** 2
    map_, own, other, queue = np.zeros((4, cells), np.int32)
    queued, seen = np.zeros((2, cells), bool)
    finer = math.ceil(floor_m / seals.CELL_M) ** 2
    fine, stack = np.zeros(finer, np.int8), np.zeros(finer, np.int32)
    blocks, thing_cost, solid = np.zeros((_MAX_BLOCKS, 8)), np.zeros(things, np.int32), np.zeros(things, bool)
    return Buffers(map_, own, other, queue, queued, seen, fine, stack, blocks, thing_cost, solid)


def _cells(floor_m: float) -> int:
    return math.ceil(floor_m / CELL_M - 1e-9) + 2


@compiled
def row_length(context, w):
    """How many cells a row of the grid has, the rim included."""
    return int(np.ceil(context.layout.floor[w] / CELL_M - 1e-9)) + 2


@compiled
def cell_at(row, x, y):
    """The cell at a place, or the nearest one inside the rim."""
    column = min(max(int(np.floor(x / CELL_M)) + 1, 1), row - 2)
    return min(max(int(np.floor(y / CELL_M)) + 1, 1), row - 2) * row + column


@compiled
def place_of(row, cell):
    """The centre of a cell, in metres."""
    return (cell % row - 0.5) * CELL_M, (cell // row - 0.5) * CELL_M


@compiled
def draw_map_of_solid_things(context, w):
    """Fills the map: walls and things block."""
    make_things_solid(context)
    draw_map(context, w)


@compiled
def make_things_solid(context):
    """Makes all things block on the next map that is drawn."""
    cost = context.buffers.thing_cost
    for thing in range(len(cost)):
        cost[thing] = BLOCKED


@compiled
def draw_map(context, w):
    """Fills the map: walls block; a step into thing k costs `thing_cost[k]`: `BLOCKED`, 1 for nothing, or more."""
    layout, map_, cost = context.layout, context.buffers.map, context.buffers.thing_cost
    row, low, high = row_length(context, w), _FIT_M, context.layout.floor[w] - _FIT_M
    for line in range(row):
        for column in range(row):
            x, y = (column - 0.5) * CELL_M, (line - 0.5) * CELL_M
            on_floor = low <= x <= high and low <= y <= high
            map_[line * row + column] = 1 if on_floor else BLOCKED
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            stamp(map_, row, (0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.0), (0.5 * (x1 - x0), 0.5 * (y1 - y0)), BLOCKED)
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and cost[thing] != 1:
            stamp_thing(context, w, thing, cost[thing])


@compiled
def stamp_thing(context, w, thing, cost):
    """Gives the cells of a thing on the map their cost."""
    x, y, angle, _, _, _ = context.state.things[w, thing]
    half_x, half_y = context.layout.thing_half[w, thing]
    stamp(context.buffers.map, row_length(context, w), (x, y, angle), (half_x, half_y), cost)


@compiled
def stamp(map_, row, pose, half, cost):
    """Gives all cells on which an agent's disc would meet a rectangle their cost; what is blocked stays so.

    `pose` is (x, y, angle) and `half` the half sides.
    """
    around = np.hypot(half[0], half[1]) + _FIT_M
    first_column, last_column = int((pose[X] - around) / CELL_M), int((pose[X] + around) / CELL_M) + 2
    first_line, last_line = int((pose[Y] - around) / CELL_M), int((pose[Y] + around) / CELL_M) + 2
    for line in range(max(first_line, 1), min(last_line + 1, row - 1)):
        for column in range(max(first_column, 1), min(last_column + 1, row - 1)):
            cell = line * row + column
            if map_[cell] != BLOCKED:
                x, y = (column - 0.5) * CELL_M, (line - 0.5) * CELL_M
                if distance_to_rectangle(x, y, pose, half[0], half[1]) < _FIT_M:
                    map_[cell] = BLOCKED if cost == BLOCKED else max(cost, map_[cell])


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
