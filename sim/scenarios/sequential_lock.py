"""Sequential lock: lock four boxes in an order that the agent must find out, over walls without doors.

    +-----------+-----------+
    |           |  <|   []  |     three rooms, one half of the floor and two quarters of it;
    |  []       |     a     |     no doors, but a ramp in each room to climb over the walls with;
    |           +-----------+     boxes and the agent start anywhere
    |   |>  []  |     []    |
    |           |  |>       |
    +-----------+-----------+

One of the original's ability tests (Baker et al. 2019); its rules and rewards are in `sim.tasks.locking`. Sizes are the
original's, ramps those of this game; an episode has twice its 120 ticks, because our agents take twice as many ticks to
cross the floor. The order is random; only the critic knows it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import allocating, compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.attempts import NewWorlds, place_worlds, plan_from
from sim.scenarios.family import require, require_within
from sim.scenarios.placement import (
    NewWorld,
    coin,
    empty_world,
    place_agents,
    place_boxes,
    place_thing,
    put_wall,
    shuffle,
)
from sim.scenarios.populated import RAMP_M
from sim.state import State
from sim.tasks.ability import AbilityTest
from sim.tasks.kinds import SEQUENTIAL_LOCK

_ROOMS = 3
_CUT = (0.4, 0.6)
"""Where a wall cuts the floor, as shares of its side."""


@dataclass(frozen=True)
class SequentialLock(AbilityTest):
    """The options of this family; lengths in metres."""

    boxes: int = 4
    """Boxes to be locked, 1 to 6."""
    door_m: float = 0.0
    """Width of a door in each wall; 0 is the original's test: no doors."""
    box_m: float = 0.5
    """Side of a box."""
    ticks: int = 240
    """Length of an episode."""
    floor_m: float = 6.0
    """Side of the square floor."""

    def __post_init__(self):
        require(1 <= self.boxes <= 6, "boxes must be 1 to 6")
        require(5.0 <= self.floor_m <= 20.0, "floor_m must be 5 to 20")
        require(self.door_m == 0.0 or 0.35 <= self.door_m <= 1.0, "door_m must be 0, or 0.35 to 1")
        require_within(self, "box_m", 0.1, 0.1 * self.floor_m, "0.1 * floor_m")
        require(1 <= self.ticks <= 10_000, "ticks must be 1 to 10000")

    @property
    def task(self) -> int:
        return SEQUENTIAL_LOCK

    @property
    def slots(self) -> Slots:
        return Slots(1, 0, boxes=self.boxes, ramps=_ROOMS, walls=2 * _ROOMS, doors=_ROOMS, lock_order=self.boxes)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        new = NewWorlds(seeds.copy(), worlds, layout, state)
        place_worlds(_attempt, self, plan_from(self, _Plan), new, "its boxes and ramps")


class _Plan(NamedTuple):
    """The options that the kernels below need."""

    boxes: int
    door_m: float
    box_m: float
    floor_m: float


@allocating
def _build(plan, world):
    """One wall right across and one that ends at it; returns the rooms as float64 [room, 4] (x0, y0, x1, y1)."""
    random, k = world.random, world.k
    side, half = plan.floor_m, 0.5 * RULES.wall_m
    turned, mirrored = coin(random, k), coin(random, k)
    long = uniform(random, k, _CUT[0], _CUT[1]) * side
    short = uniform(random, k, _CUT[0], _CUT[1]) * side
    near, far = (0.0, long - half) if mirrored else (long + half, side)  # the half of the floor that is cut again
    put_wall(world, 0, long, (0.0, short), not turned, plan.door_m)
    put_wall(world, 1, long, (short, side), not turned, plan.door_m)
    put_wall(world, 2, short, (near, far), turned, plan.door_m)
    rooms = np.array(
        [
            [long + half, 0.0, side, side] if mirrored else [0.0, 0.0, long - half, side],
            [near, 0.0, far, short - half],
            [near, short + half, far, side],
        ]
    )
    return rooms[:, np.array([1, 0, 3, 2])] if turned else rooms


@compiled
def _furnish(plan, world, rooms):
    """Boxes, a ramp in each room, the agent; False if one found no place."""
    floor = (0.0, 0.0, plan.floor_m, plan.floor_m)
    if not place_boxes(world, 0, plan.boxes, (plan.box_m, plan.box_m), floor):
        return False
    for room in range(_ROOMS):
        bounds = (rooms[room, 0], rooms[room, 1], rooms[room, 2], rooms[room, 3])
        if not place_thing(world, plan.boxes + room, 0.5 * RAMP_M[0], 0.5 * RAMP_M[1], bounds):
            return False
    return place_agents(world, floor)


@allocating
def _attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        empty_world(layout, state, worlds[k], plan.floor_m)
        order = layout.lock_order[worlds[k]]
        order[:] = np.arange(plan.boxes)
        shuffle(random, k, order)
        world = NewWorld(random, k, layout, state, worlds[k])
        placed[k] = _furnish(plan, world, _build(plan, world))


PRESETS = {
    "sequential_lock": SequentialLock(),
    "sequential_lock-doors": SequentialLock(door_m=0.5),
}
"""The original's test, and one without climbing."""
