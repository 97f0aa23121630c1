"""Starts of a drawn world: draws every place, size and angle until nothing overlaps.

Walls come first. Then what stands at a point is placed, and after it what may stand anywhere in an area, each where it
overlaps nothing placed before; if something finds no place, all is drawn again.
"""

from typing import NamedTuple

import numpy as np

from sim.geometry import distance_to_rectangle
from sim.jit import allocating, compiled
from sim.layout import Layout
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.clearance import clear_of_things, clear_of_walls
from sim.scenarios.placement import GAP_M, NewWorld, empty_world, is_free, try_until_placed
from sim.state import ANGLE, State, X, Y

ALL_PLACED, NO_WALLS = -1, -2
"""What `draw_worlds` returns if everything found a place, and if the walls and doors did not."""

_TRIES = 100
_ROUNDING_M = 1e-6
"""Things may touch: what is drawn side by side does not overlap because of the last digit."""
_SLIVER_M = 0.001
"""A piece of wall shorter than this is left out."""


class Plan(NamedTuple):
    """A drawn world as float64 arrays; areas are x0, y0, x1, y1, ranges low and high, angles radians."""

    walls: np.ndarray
    """[wall, 7]: area, length, whether it is upright."""
    doors: np.ndarray
    """[door, 6]: its wall, where its middle is, width, its door slot or -1."""
    things: np.ndarray
    """[thing, 13]: area, angle, length, width (below 0: as the length), lockable, lock, slot."""
    agents: np.ndarray
    """[agent, 7]: area, angle, slot."""
    floor_m: float


@compiled
def _draw(world, row, column):
    """A number from the range in two columns of a row."""
    return uniform(world.random, world.k, row[column], row[column + 1])


@compiled
def _draw_place(world, row):
    """x, y and angle from the first six columns of a row."""
    x, y = uniform(world.random, world.k, row[0], row[2]), uniform(world.random, world.k, row[1], row[3])
    return x, y, _draw(world, row, 4)


@compiled
def _is_point(row):
    return row[0] == row[2] and row[1] == row[3]


@compiled
def _tries(row, ranges):
    """How often to draw a row: once if its area and its first ranges after that leave nothing to draw."""
    fixed = _is_point(row)
    for number in range(ranges):
        fixed = fixed and row[4 + 2 * number] == row[5 + 2 * number]
    return 1 if fixed else _TRIES


@compiled
def _put(table, exists, slot, along, across, span):
    """Writes an upright rectangle that has a span along one axis (0 for x, 1 for y) and another across it."""
    table[slot, along], table[slot, along + 2] = span
    table[slot, 1 - along], table[slot, 3 - along] = across
    exists[slot] = True


@compiled
def _open_doors(plan, world, wall, line, across, openings):
    """Draws the openings of a wall whose line is `line` long, from its beginning; they may reach beyond neither end.

    Returns how many there are, or -1 if one does not fit.
    """
    along, begin, length = line
    count = 0
    for door in range(plan.doors.shape[0]):
        row = plan.doors[door]
        if row[0] == wall:
            at, half = _draw(world, row, 1), 0.5 * _draw(world, row, 3)
            if at - half < -_ROUNDING_M or at + half > length + _ROUNDING_M:
                return -1
            openings[count] = (begin + at - half, begin + at + half)
            if row[5] >= 0.0 and 2.0 * half >= 2.0 * RULES.agent_radius_m:
                span = (openings[count, 0], openings[count, 1])
                _put(world.layout.doors[world.w], world.layout.door_exists[world.w], int(row[5]), along, across, span)
            count += 1
    return count


@compiled
def _raise_wall(world, along, across, ends, openings, count, pieces):
    """Builds the pieces of a wall between its first `count` openings; takes the number of pieces so far, and returns
    the new one, or -1 if two openings overlap.
    """
    layout, w = world.layout, world.w
    start = ends[0]
    for opened in range(count + 1):
        stop, following, found = ends[1], ends[1], False
        for opening in range(count):
            if start - _ROUNDING_M <= openings[opening, 0] < stop:
                stop, following = openings[opening]
                found = True
        if found == (opened == count):
            return -1
        if stop - start > _SLIVER_M:
            _put(layout.walls[w], layout.wall_exists[w], pieces, along, across, (start, stop))
            pieces += 1
        start = following
    return pieces


@compiled
def _build(plan, world, openings):
    """Walls and doors; False if a wall reaches beyond the floor, or its openings do not fit into it."""
    half, pieces = 0.5 * RULES.wall_m, 0
    for wall in range(plan.walls.shape[0]):
        row = plan.walls[wall]
        x, y = uniform(world.random, world.k, row[0], row[2]), uniform(world.random, world.k, row[1], row[3])
        length, along = _draw(world, row, 4), 1 if row[6] else 0
        begin, line = (y, x) if along else (x, y)
        if max(line, begin + length) > plan.floor_m + _ROUNDING_M:
            return False
        across = (max(line - half, 0.0), min(line + half, plan.floor_m))
        ends = (max(begin - half, 0.0), min(begin + length + half, plan.floor_m))
        count = _open_doors(plan, world, wall, (along, begin, length), across, openings)
        if count >= 0:
            pieces = _raise_wall(world, along, across, ends, openings, count, pieces)
        if count < 0 or pieces < 0:
            return False
    return True


@compiled
def _thing_fits(world, place, half):
    """Whether a thing at a place (x, y, angle) overlaps no wall, no border, and nothing that is placed."""
    layout, state, w = world.layout, world.state, world.w
    things = layout.thing_exists.shape[1]
    if not clear_of_walls(world, place, half, _ROUNDING_M) or not clear_of_things(
        world, place, half, things, _ROUNDING_M
    ):
        return False
    for agent in range(layout.agent_exists.shape[1]):
        if layout.agent_exists[w, agent]:
            pose = state.agents[w, agent]
            apart = distance_to_rectangle(pose[X], pose[Y], place, half[0], half[1])
            if apart < RULES.agent_radius_m - _ROUNDING_M:
                return False
    return True


@compiled
def _place_thing(world, row):
    """Anywhere in its area where it fits; False if no place was found."""
    layout, state, w, slot = world.layout, world.state, world.w, int(row[12])
    for _ in range(_tries(row, 3)):
        length, width = _draw(world, row, 6), _draw(world, row, 8)
        half_x, half_y = 0.5 * length, 0.5 * (length if width < 0.0 else width)
        place = _draw_place(world, row)
        if _thing_fits(world, place, (half_x, half_y)):
            pose = state.things[w, slot]
            pose[X], pose[Y], pose[ANGLE] = place
            layout.thing_half[w, slot, 0], layout.thing_half[w, slot, 1] = half_x, half_y
            layout.thing_exists[w, slot], layout.thing_lockable[w, slot] = True, row[10] > 0.0
            state.lock[w, slot] = int(row[11])
            return True
    return False


@compiled
def _place_agent(world, row):
    """Anywhere in its area where it is free; False if no place was found."""
    layout, state, w, slot = world.layout, world.state, world.w, int(row[6])
    agents, things = layout.agent_exists.shape[1], layout.thing_exists.shape[1]
    radius = RULES.agent_radius_m + (-_ROUNDING_M if _is_point(row) else GAP_M)
    for _ in range(_tries(row, 0)):
        x, y, angle = _draw_place(world, row)
        if is_free(world, x, y, radius, agents, things):
            pose = state.agents[w, slot]
            pose[X], pose[Y], pose[ANGLE] = x, y, angle
            layout.agent_exists[w, slot] = True
            return True
    return False


@compiled
def _furnish(plan, world):
    """Places things and agents, those at a point first. Returns the first one that found no place (agents count after
    things), or ALL_PLACED.
    """
    things = plan.things.shape[0]
    for points in (True, False):
        for thing in range(things):
            row = plan.things[thing]
            if _is_point(row) == points and not _place_thing(world, row):
                return thing
        for agent in range(plan.agents.shape[0]):
            row = plan.agents[agent]
            if _is_point(row) == points and not _place_agent(world, row):
                return things + agent
    return ALL_PLACED


@allocating
def _attempt(plan, random, worlds, layout, state, rows, failed):
    """Draws each of the worlds numbered `rows` once; writes into `failed`, by number, what `draw_worlds` returns."""
    openings = np.zeros((plan.doors.shape[0], 2))
    for k in rows:
        world = NewWorld(random, k, layout, state, worlds[k])
        empty_world(layout, state, worlds[k], plan.floor_m)
        failed[k] = _furnish(plan, world) if _build(plan, world, openings) else NO_WALLS


def draw_worlds(plan: Plan, random: np.ndarray, worlds: np.ndarray, layout: Layout, state: State, attempts: int) -> int:
    """Draws each of the worlds until everything in it found a place, `attempts` times at most.

    Returns ALL_PLACED; or for the first world that could not be placed what failed last: NO_WALLS, the number of a
    thing, or that of an agent after the things.
    """
    failed = np.full(len(worlds), ALL_PLACED)

    def build(rows: np.ndarray) -> np.ndarray:
        _attempt(plan, random, worlds, layout, state, rows, failed)
        return failed[rows] == ALL_PLACED

    if try_until_placed(build, len(worlds), attempts):
        return ALL_PLACED
    return int(failed[failed != ALL_PLACED][0])
