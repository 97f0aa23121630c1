"""The grid on which scripted players plan: its cells, its buffers, and the map of what a step onto a cell costs.

One world at a time, with cells of `CELL_M` and a blocked rim of one cell around the floor. A *map* (int32) holds 1 for
free ground, more where a thing can be pushed away, `BLOCKED` where an agent's disc does not fit.

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
PUSH_COST = 4
"""What a step counts through a thing that can be pushed away; one on free ground counts 1."""
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
