"""Forts: the hiders have walled themselves off within a room, rather than shut the room.

A seal (`seals`) is a *fort* if seekers can come into the room and yet not to the hiders. The *room* is the part of
the floor, were every door walled up and no thing in the way, in which the hiders have most of their place; on an open
field it is the field. So two boxes across a corner are a fort, and a box in the door is none, although nobody gets at
the hiders either way: what the seals alone do not tell apart.
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
"""A seeker has come in where it can stand on as many cells as it covers itself; less is a nook beside a door."""


@compiled
def is_fort(layout, state, w, hiders, nothing, grid):
    """Compiled: is the sealed region, REACHED in the grid's cells as `seals.closure` leaves them, a fort?

    `nothing` (bool [thing]) is all False. The grid's cells are used up.
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
    """Floods the room: of all parts of the floor between walls and doors, the one with most of the hiders' region.

    The region may reach into the doorway, and beyond it where a box outside shuts the door.
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
