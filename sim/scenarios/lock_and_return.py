"""Lock and return: find the box in a house of six rooms, lock it, and come back to where you started.

    +-----+-----+-----+
    |           |     |     six rooms, each wall between two of them with a door;
    +--- -+- ---+-- --+     the walls' places, the doors' places and the way the
    |     |        [] |     house lies are random; the box and the agent start anywhere
    | a         |     |
    +-----+-----+-----+

One of the original's ability tests (Baker et al. 2019): it asks for a memory of places. The original's house is made by
splitting rooms at random until there are six; its rules and rewards are in `sim.tasks.locking`. Sizes are the
original's, doors 0.5 m instead of 0.4 m wide; an episode has twice its 120 ticks, because our agents take twice as many
ticks to cross the floor.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import allocating, compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.scenarios.attempts import NewWorlds, place_worlds, plan_from
from sim.scenarios.family import require, require_within
from sim.scenarios.placement import NewWorld, coin, empty_world, place_agent, place_thing, put_wall
from sim.state import State, X, Y
from sim.tasks.ability import AbilityTest
from sim.tasks.kinds import LOCK_AND_RETURN

_COLUMNS, _ROWS = 3, 2
_SEGMENTS = _COLUMNS * (_ROWS - 1) + _ROWS * (_COLUMNS - 1)
"""Pieces of wall between two rooms."""
_HOME_HALF_M = 0.1
_SHIFT = 0.06
"""How far a wall may be from its middle place, as a share of the floor."""


@dataclass(frozen=True)
class LockAndReturn(AbilityTest):
    """The options of this family; lengths in metres."""

    home_told: bool = False
    """Whether the agent observes where it started, as a site. In the original it has to remember."""
    box_m: float = 0.5
    """Side of the box."""
    door_m: float = 0.5
    """Width of a door."""
    ticks: int = 240
    """Length of an episode."""
    floor_m: float = 6.0
    """Side of the square floor."""

    def __post_init__(self):
        require(4.0 <= self.floor_m <= 20.0, "floor_m must be 4 to 20")
        require_within(self, "door_m", 0.35, 0.1 * self.floor_m, "0.1 * floor_m")
        require_within(self, "box_m", 0.1, 0.1 * self.floor_m, "0.1 * floor_m")
        require(1 <= self.ticks <= 10_000, "ticks must be 1 to 10000")

    @property
    def task(self) -> int:
        return LOCK_AND_RETURN

    @property
    def slots(self) -> Slots:
        return Slots(1, 0, boxes=1, ramps=0, walls=2 * _SEGMENTS, doors=_SEGMENTS, sites=1, lock_order=1)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        new = NewWorlds(seeds.copy(), worlds, layout, state)
        place_worlds(_attempt, self, plan_from(self, _Plan), new, "box and agent")


class _Plan(NamedTuple):
    """The options that the kernels below need."""

    home_told: bool
    box_m: float
    door_m: float
    floor_m: float


@allocating
def _build(plan, world):
    """The house: one wall right across, and two that cross it."""
    random, k = world.random, world.k
    side, turned = plan.floor_m, coin(random, k)
    shift = _SHIFT * side
    middle = 0.5 * side + uniform(random, k, -shift, shift)
    cuts = np.array([0.0, side / 3.0, 2.0 * side / 3.0, side])
    for cut in range(1, _COLUMNS):
        cuts[cut] += uniform(random, k, -shift, shift)
    segment = 0
    for column in range(_COLUMNS):
        put_wall(world, segment, middle, (cuts[column], cuts[column + 1]), turned, plan.door_m)
        segment += 1
    for cut in range(1, _COLUMNS):
        for row in range(_ROWS):
            ends = (0.0, middle) if row == 0 else (middle, side)
            put_wall(world, segment, cuts[cut], ends, not turned, plan.door_m)
            segment += 1


@compiled
def _furnish(plan, world):
    """Box, agent, home; False if one found no place."""
    layout, state, w = world.layout, world.state, world.w
    floor, half = (0.0, 0.0, plan.floor_m, plan.floor_m), 0.5 * plan.box_m
    if not place_thing(world, 0, half, half, floor):
        return False
    if not place_agent(world, 0, floor):
        return False
    x, y = state.agents[w, 0, X], state.agents[w, 0, Y]
    layout.sites[w, 0] = (x - _HOME_HALF_M, y - _HOME_HALF_M, x + _HOME_HALF_M, y + _HOME_HALF_M)
    layout.site_exists[w, 0], layout.site_observed[w, 0] = True, plan.home_told
    return True


@compiled
def _attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        empty_world(layout, state, worlds[k], plan.floor_m)
        layout.lock_order[worlds[k], 0] = 0
        world = NewWorld(random, k, layout, state, worlds[k])
        _build(plan, world)
        placed[k] = _furnish(plan, world)


PRESETS = {
    "lock_and_return": LockAndReturn(),
    "lock_and_return-told": LockAndReturn(home_told=True),
}
"""The original's test, and one for agents without a memory."""
