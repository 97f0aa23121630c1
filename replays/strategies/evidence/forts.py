"""Forts: the hiders shut off a part of a room instead of the whole room.

A seal (`seals`) is a *fort* if seekers can enter the hiders' room but cannot reach the hiders. The *room* is found on
the floor without things and with every door walled up: of its connected parts, the one that contains most of the
sealed region; on an open field it is the whole field. So two boxes across a corner are a fort, and a box in the door is
not, although seekers reach the hiders in neither case. The seals alone do not distinguish the two.
"""

import math

import numpy as np

from replays.strategies.evidence.free_space import (
    BLOCKED,
    CELL_M,
    GOAL,
    OPEN,
    REACHED,
    block_bar,
    cell_of,
    draw_floor,
    flood,
)
from sim.jit import compiled
from sim.rules import RULES

IN_CELLS = math.ceil(math.pi * RULES.agent_radius_m**2 / CELL_M**2)
"""A seeker has entered the room if it reaches at least as many cells as its disc covers; fewer are a nook at a door."""


@compiled
def is_fort(layout, state, w, hiders, nothing, grid):
    """Compiled: whether the sealed region (REACHED in the grid's cells, as `closure` leaves them) is a fort.

    `nothing` (bool [thing]) is all False. Overwrites the grid's cells.
    """
    side, cells = int(np.ceil(layout.floor[w] / CELL_M)), grid.cells
    _find_room(layout, state.things, w, nothing, side, grid)
    for cell in range(side * side):
        if cells[cell] == REACHED:
            cells[cell] = BLOCKED
        elif cells[cell] == GOAL:
            cells[cell] = OPEN
    for seeker in range(hiders, state.held.shape[1]):
        if layout.agent_exists[w, seeker]:
            first = cell_of(state, w, seeker, side, cells)
            if first >= 0 and cells[first] == OPEN:
                flood(side, first, cells, grid.stack)
    return _shared(cells, grid.room, side) >= IN_CELLS


@compiled
def _find_room(layout, things, w, nothing, side, grid):
    """Floods the room: of the connected parts of the floor, the one that shares most cells with the sealed region.

    The sealed region may extend into the doorway, and beyond it where a box outside blocks the door.
    """
    cells, room = grid.cells, grid.room
    _draw_rooms(layout, things, w, nothing, side, room)
    best, most, before = -1, 0, 0
    for first in range(side * side):
        if cells[first] == REACHED and room[first] == OPEN:
            flood(side, first, room, grid.stack)
            found = _shared(cells, room, side)
            if found - before > most:
                best, most = first, found - before
            before = found
    _draw_rooms(layout, things, w, nothing, side, room)
    if best >= 0:
        flood(side, best, room, grid.stack)


@compiled
def _draw_rooms(layout, things, w, nothing, side, room):
    """The floor with every door walled up, and no things."""
    draw_floor(layout, things, w, nothing, side, room)
    for door in range(layout.door_exists.shape[1]):
        if layout.door_exists[w, door]:
            block_bar(room, side, layout.doors[w, door])


@compiled
def _shared(cells, room, side):
    """How many cells are REACHED in both."""
    count = 0
    for cell in range(side * side):
        count += room[cell] == REACHED and cells[cell] == REACHED
    return count
