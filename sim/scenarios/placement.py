"""Places for agents and things in a new world: what the scenarios share.

Bodies are placed one after the other, at random, where they touch nothing placed before. `bounds` is the part of the
floor to look in, as x0, y0, x1, y1.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.fill import clear_row, clear_table
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.layout import Layout
from sim.rng import next_bits, uniform
from sim.rules import RULES
from sim.state import ANGLE, FREE, State, X, Y

GAP_M = 0.02
"""Least distance of an agent from everything else."""
_TOGETHER = 10
"""This many attempts are made for all worlds in one call; then each goes on alone, so that an impossible one is found
soon.
"""
_TRIES = 200
_CLEAR_M = 0.12
"""Least length of wall on either side of a door, beside the thickness of a wall that may cross there."""


def try_until_placed(build: Callable[[np.ndarray], np.ndarray], worlds: int, attempts: int) -> bool:
    """Builds each of `worlds` worlds until that succeeds; False as soon as one has failed `attempts` times.

    `build` makes one attempt for the worlds that it is given, int [n], and returns where it succeeded, bool [n].
    """
    left = np.arange(worlds)
    for _ in range(min(_TOGETHER, attempts)):
        left = left[~build(left)]
        if not len(left):
            return True
    alone = (left[one : one + 1] for one in range(len(left)))
    return all(any(build(world)[0] for _ in range(attempts - _TOGETHER)) for world in alone)


@compiled
def empty_world(layout, state, w, floor_m):
    """Takes everything out of a world, and sets its clock to 0."""
    state.tick[w], state.task_done[w] = 0, False
    layout.floor[w], layout.out_of_bounds_margin_m[w] = floor_m, 0.0
    for table in (state.agents[w], state.things[w], state.food[w], state.hold[w], layout.walls[w], layout.doors[w]):
        clear_table(table)
    for table in (layout.sites[w], layout.food[w], layout.pillars[w], layout.thing_half[w]):
        clear_table(table)
    for row in (layout.wall_exists[w], layout.door_exists[w], layout.agent_exists[w], layout.thing_exists[w]):
        clear_row(row)
    for row in (layout.thing_lockable[w], layout.site_exists[w], layout.site_observed[w], layout.food_exists[w]):
        clear_row(row)
    clear_row(layout.pillar_exists[w])
    clear_row(state.level[w])
    clear_row(state.lock[w])
    for agent in range(state.held.shape[1]):
        state.held[w, agent] = FREE


@compiled
def empty_worlds(worlds, layout, state, floor_m):
    """`empty_world` for each of the worlds."""
    for w in worlds:
        empty_world(layout, state, w, floor_m)


class NewWorld(NamedTuple):
    """A world that is being built: world `w` of Layout and State, with random numbers from generator `k`."""

    random: np.ndarray
    k: int
    layout: Layout
    state: State
    w: int


@compiled
def is_free(world, x, y, radius, agents, things):
    """Whether a disc keeps clear of border and walls, of the agents 0..agents-1 and of the things 0..things-1."""
    layout, state, w = world.layout, world.state, world.w
    side = layout.floor[w]
    if min(min(x, y), min(side - x, side - y)) < radius:
        return False
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            if math.hypot(x - min(max(x, x0), x1), y - min(max(y, y0), y1)) < radius:
                return False
    for agent in range(agents):
        apart = math.hypot(state.agents[w, agent, X] - x, state.agents[w, agent, Y] - y)
        if layout.agent_exists[w, agent] and apart < radius + RULES.agent_radius_m:
            return False
    for thing in range(things):
        half_x, half_y = layout.thing_half[w, thing]
        apart = distance_to_rectangle(x, y, state.things[w, thing], half_x, half_y)
        if layout.thing_exists[w, thing] and apart < radius:
            return False
    return True


@compiled
def random_pose(world, bounds):
    """x and y within bounds and an angle, each equally likely."""
    random, k = world.random, world.k
    x, y = uniform(random, k, bounds[0], bounds[2]), uniform(random, k, bounds[1], bounds[3])
    return x, y, uniform(random, k, -math.pi, math.pi)


@compiled
def move_agent(world, agent, bounds):
    """Moves an agent to anywhere free within bounds, looking anywhere; False if no place was found.

    Things, and the agents before it, must be placed already.
    """
    layout, state, w = world.layout, world.state, world.w
    for _ in range(_TRIES):
        x, y, angle = random_pose(world, bounds)
        if is_free(world, x, y, RULES.agent_radius_m + GAP_M, agent, layout.thing_exists.shape[1]):
            state.agents[w, agent, X], state.agents[w, agent, Y], state.agents[w, agent, ANGLE] = x, y, angle
            return True
    return False


@compiled
def place_agent(world, agent, bounds):
    """Puts an agent into the world; see `move_agent`."""
    world.layout.agent_exists[world.w, agent] = True
    return move_agent(world, agent, bounds)


@compiled
def move_thing(world, thing, bounds):
    """Moves a thing to anywhere free within bounds, at any angle, as far as its circumscribed circle goes.

    False if no place was found. The things before it must be placed already.
    """
    layout, state, w = world.layout, world.state, world.w
    half_x, half_y = layout.thing_half[w, thing]
    for _ in range(_TRIES):
        x, y, angle = random_pose(world, bounds)
        if is_free(world, x, y, math.hypot(half_x, half_y), 0, thing):
            state.things[w, thing, X], state.things[w, thing, Y], state.things[w, thing, ANGLE] = x, y, angle
            return True
    return False


@compiled
def place_thing(world, thing, half_x, half_y, bounds):
    """Puts a thing that can be locked into the world; see `move_thing`."""
    layout, w = world.layout, world.w
    layout.thing_exists[w, thing], layout.thing_lockable[w, thing] = True, True
    layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1] = half_x, half_y
    return move_thing(world, thing, bounds)


@compiled
def place_boxes(world, first, end, size, bounds):
    """`place_thing` for the boxes from `first` to before `end`, `size` m long and wide; False if one found no place."""
    placed = True
    for box in range(first, end):
        placed = placed and place_thing(world, box, 0.5 * size[0], 0.5 * size[1], bounds)
    return placed


@compiled
def place_agents(world, bounds):
    """`place_agent` for all; False if one found no place."""
    placed = True
    for agent in range(world.layout.agent_exists.shape[1]):
        placed = placed and place_agent(world, agent, bounds)
    return placed


@compiled
def put_wall(world, number, line, ends, upright, door_m):
    """A wall along a line between two ends, upright or lying; with a door at a random place if `door_m` is above 0.

    It takes the wall slots 2 * number and 2 * number + 1, and the door slot of that number.
    """
    layout, w, (start, stop) = world.layout, world.w, ends
    first, door = 2 * number, number
    low_end, high_end = start + RULES.wall_m + _CLEAR_M, stop - RULES.wall_m - _CLEAR_M - door_m
    at = uniform(world.random, world.k, low_end, high_end)
    half = 0.5 * RULES.wall_m
    low, high = line - half, line + half
    end = at if door_m > 0.0 else stop
    layout.wall_exists[w, first], layout.wall_exists[w, first + 1] = True, door_m > 0.0
    if upright:
        layout.walls[w, first] = (low, start, high, end)
    else:
        layout.walls[w, first] = (start, low, end, high)
    if door_m > 0.0:
        layout.door_exists[w, door] = True
        if upright:
            layout.walls[w, first + 1] = (low, at + door_m, high, stop)
            layout.doors[w, door] = (low, at, high, at + door_m)
        else:
            layout.walls[w, first + 1] = (at + door_m, low, stop, high)
            layout.doors[w, door] = (at, low, at + door_m, high)


@compiled
def coin(random, k):
    """True or False, equally likely."""
    return uniform(random, k, 0.0, 1.0) < 0.5


@compiled
def shuffle(random, k, order):
    """Brings the numbers of a row into a random order (Fisher and Yates)."""
    for last in range(order.shape[0] - 1, 0, -1):
        other = int(next_bits(random, k) >> np.uint64(11)) % (last + 1)
        order[last], order[other] = order[other], order[last]
