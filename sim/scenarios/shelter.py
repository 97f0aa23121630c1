"""Shelter: put boxes around a pillar, so that it cannot be seen from the floor's border.

    +-----------------------+
    |   ====        []      |     a round pillar in the middle part of the floor; eight boxes,
    |          ###      []  |     three of them elongated, and the agent start anywhere
    |  []     #####  |      |
    |          ###   |  a   |
    |    []        ====  [] |
    +-----------------------+

One of the original's ability tests (Baker et al. 2019); its rules and rewards are in `sim.tasks.shelter`. Sizes are the
original's: the pillar is 1.5 to 2 m across and as high as a box, and lies in the middle 70 % of the floor. It is made
of inner walls, upright rectangles that fill its disc from within. An episode has twice the original's 240 ticks,
because our agents take twice as many ticks to cross the floor.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.scenarios.attempts import NewWorlds, place_worlds, plan_from
from sim.scenarios.family import require, require_within
from sim.scenarios.placement import NewWorld, empty_world, place_agents, place_boxes
from sim.scenarios.populated import ELONGATED_M
from sim.state import State
from sim.tasks.ability import AbilityTest
from sim.tasks.kinds import SHELTER

_BARS = 9
"""Rectangles that make up the pillar."""


@dataclass(frozen=True)
class Shelter(AbilityTest):
    """The options of this family; lengths in metres."""

    hiders: int = 1
    """Builders, 1 to 3; in the original one."""
    square: int = 5
    """Square boxes, 0 to 6."""
    elongated: int = 3
    """Elongated boxes, 1.65 by 0.15 m, 0 to 4."""
    box_m: float = 0.5
    """Side of a square box."""
    pillar_near_m: float = 1.5
    """The pillar is at least so wide..."""
    pillar_far_m: float = 2.0
    """...and at most so wide."""
    middle: float = 0.7
    """The pillar lies in this share of the floor's side."""
    ticks: int = 480
    """Length of an episode."""
    floor_m: float = 6.0
    """Side of the square floor."""

    def __post_init__(self):
        require(1 <= self.hiders <= 3, "hiders must be 1 to 3")
        require(0 <= self.square <= 6, "square must be 0 to 6")
        require(0 <= self.elongated <= 4, "elongated must be 0 to 4")
        require(self.square + self.elongated > 0, "square or elongated must be 1 or more")
        require(4.0 <= self.floor_m <= 20.0, "floor_m must be 4 to 20")
        require_within(self, "box_m", 0.1, 0.1 * self.floor_m, "0.1 * floor_m")
        require_within(self, "pillar_near_m", 0.2, self.pillar_far_m, "pillar_far_m")
        require(
            self.pillar_far_m <= self.middle * self.floor_m,
            f"pillar_far_m must be at most {self.middle * self.floor_m:g} (middle * floor_m)",
        )
        require(0.1 <= self.middle <= 0.9, "middle must be 0.1 to 0.9")
        require(1 <= self.ticks <= 10_000, "ticks must be 1 to 10000")

    @property
    def task(self) -> int:
        return SHELTER

    @property
    def slots(self) -> Slots:
        return Slots(self.hiders, 0, boxes=self.square + self.elongated, ramps=0, walls=_BARS, doors=0, pillars=1)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        new = NewWorlds(seeds.copy(), worlds, layout, state)
        place_worlds(_attempt, self, plan_from(self, _Plan), new, "its boxes")


class _Plan(NamedTuple):
    """The options that the kernels below need."""

    square: int
    elongated: int
    box_m: float
    pillar_near_m: float
    pillar_far_m: float
    middle: float
    floor_m: float


@compiled
def _build_pillar(plan, world):
    """The pillar, and the walls that fill it: their corners lie on its edge, at even angles."""
    random, k, layout, w = world.random, world.k, world.layout, world.w
    radius = 0.5 * uniform(random, k, plan.pillar_near_m, plan.pillar_far_m)
    low = 0.5 * (1.0 - plan.middle) * plan.floor_m + radius
    x, y = uniform(random, k, low, plan.floor_m - low), uniform(random, k, low, plan.floor_m - low)
    layout.pillars[w, 0] = (x, y, radius)
    layout.pillar_exists[w, 0] = True
    for bar in range(_BARS):
        angle = (bar + 1) * 0.5 * math.pi / (_BARS + 1)
        half_x, half_y = radius * math.cos(angle), radius * math.sin(angle)
        layout.walls[w, bar] = (x - half_x, y - half_y, x + half_x, y + half_y)
        layout.wall_exists[w, bar] = True


@compiled
def _furnish(plan, world):
    """Elongated boxes first, as they need most room; then square ones, then agents; False if one found no place."""
    floor, boxes = (0.0, 0.0, plan.floor_m, plan.floor_m), plan.elongated + plan.square
    return (
        place_boxes(world, 0, plan.elongated, ELONGATED_M, floor)
        and place_boxes(world, plan.elongated, boxes, (plan.box_m, plan.box_m), floor)
        and place_agents(world, floor)
    )


@compiled
def _attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        empty_world(layout, state, worlds[k], plan.floor_m)
        world = NewWorld(random, k, layout, state, worlds[k])
        _build_pillar(plan, world)
        placed[k] = _furnish(plan, world)


PRESETS = {"shelter": Shelter()}
"""The original's test."""
