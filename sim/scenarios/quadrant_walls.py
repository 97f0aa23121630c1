"""The walls of a quadrant: a room in the floor's corner, and its doors.

Two inner walls, the upright one first, each of two pieces around its door: pieces 0 and 1, and 2 and 3. Of three doors
the third is slot 2, and piece 4 the wall between the two doors of one wall.
"""

from typing import NamedTuple

from sim.fill import clear_row, fill_row
from sim.jit import compiled
from sim.rng import uniform
from sim.rules import RULES

PIER_M = 0.3
"""Least length of wall between two doors: an agent can stand behind it."""
_SLIVER_M = 0.001
"""A piece of wall shorter than this is left out."""


class Plan(NamedTuple):
    """The options of a `Quadrant` that kernels need."""

    hiders: int
    boxes: int
    ramps: int
    ramp_near_m: float
    ramp_in_door: float
    ramps_lock: bool
    room_m: float
    door_m: float
    box_m: float
    door_clear_m: float
    two_doors: float
    three_doors: bool
    hiders_anywhere: bool
    seeker_near_m: float
    seeker_far_m: float
    floor_m: float


@compiled
def build(plan, world):
    """Walls and doors. The room spans x from floor - room to floor, y from 0 to room."""
    random, k, layout, w = world.random, world.k, world.layout, world.w
    side, thick = plan.floor_m, RULES.wall_m
    left, top = side - plan.room_m, plan.room_m
    both = uniform(random, k, 0.0, 1.0) < plan.two_doors or plan.three_doors
    upright = uniform(random, k, 0.0, 1.0) < 0.5  # the single door is in the upright wall
    for wall in range(2):
        at = uniform(random, k, 0.0, plan.room_m - plan.door_m)
        opens = both or upright == (wall == 0)
        first, last = (at, at + plan.door_m) if opens else (plan.room_m, plan.room_m)
        layout.door_exists[w, wall] = opens
        layout.wall_exists[w, 2 * wall] = not opens or first > _SLIVER_M
        layout.wall_exists[w, 2 * wall + 1] = opens and plan.room_m - last > _SLIVER_M
        if wall == 0:  # upright, from the floor's border up to and with the corner
            fill_row(layout.walls[w, 0], (left - thick, 0.0, left, first if opens else top + thick))
            fill_row(layout.walls[w, 1], (left - thick, last, left, top + thick))
            fill_row(layout.doors[w, 0], (left - thick, first, left, last))
        else:  # lying, from the corner to the floor's border
            fill_row(layout.walls[w, 2], (left, top, left + first if opens else side, top + thick))
            fill_row(layout.walls[w, 3], (left + last, top, side, top + thick))
            fill_row(layout.doors[w, 1], (left + first, top, left + last, top + thick))
        if not opens:
            clear_row(layout.walls[w, 2 * wall + 1])
            clear_row(layout.doors[w, wall])
    if plan.three_doors:
        _open_third(plan, world, 0 if upright else 1)


@compiled
def _open_third(plan, world, wall):
    """Moves the door of a wall and opens one more there, slot 2, anywhere beside it; either may be the first."""
    random, k, layout, w = world.random, world.k, world.layout, world.w
    free = plan.room_m - 2.0 * plan.door_m - PIER_M
    one, other = uniform(random, k, 0.0, free), uniform(random, k, 0.0, free)
    low, high = min(one, other), max(one, other) + plan.door_m + PIER_M
    first, second = (wall, 2) if one < other else (2, wall)
    along, start = (1, 0.0) if wall == 0 else (0, plan.floor_m - plan.room_m)
    before, between, after = layout.walls[w, 2 * wall], layout.walls[w, 4], layout.walls[w, 2 * wall + 1]
    fill_row(between, before)
    fill_row(layout.doors[w, 2], before)
    before[along + 2] = layout.doors[w, first, along] = start + low
    between[along] = layout.doors[w, first, along + 2] = start + low + plan.door_m
    between[along + 2] = layout.doors[w, second, along] = start + high
    after[along] = layout.doors[w, second, along + 2] = start + high + plan.door_m
    layout.door_exists[w, 2] = layout.wall_exists[w, 4] = True
    layout.wall_exists[w, 2 * wall] = low > _SLIVER_M
    layout.wall_exists[w, 2 * wall + 1] = plan.room_m - high - plan.door_m > _SLIVER_M
