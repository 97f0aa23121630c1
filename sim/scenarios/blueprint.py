"""Blueprint: bring boxes onto all marked sites of an empty floor.

    +-----------------------+
    |  []        []         |     one to four sites, each as large as a box;
    |       +  +      []    |     eight boxes and the agent start anywhere
    |  []   +  +   a        |
    |     []         +  +   |
    |         []     +  +[] |
    +-----------------------+

One of the original's ability tests (Baker et al. 2019): it asks for precise work with boxes. Its rules and rewards are
in `sim.tasks.blueprint`: the game is over when all sites have their boxes. Sizes are the original's; sites lie in the
middle 85 % of the floor. An episode has twice its 150 ticks, because our agents take twice as many ticks to cross the
floor.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.scenarios.attempts import NewWorlds, place_worlds, plan_from
from sim.scenarios.family import require, require_within
from sim.scenarios.placement import NewWorld, empty_world, place_agents, place_boxes
from sim.state import State
from sim.tasks.ability import AbilityTest
from sim.tasks.kinds import BLUEPRINT

_TRIES = 200
_MIDDLE = 0.85
"""Sites lie in this share of the floor's side."""
_APART_M = 0.3
"""Room between two sites, so that a box can be set down beside another."""


@dataclass(frozen=True)
class Blueprint(AbilityTest):
    """The options of this family; lengths in metres."""

    hiders: int = 1
    """Builders, 1 to 3; in the original one."""
    boxes: int = 8
    """Square boxes, 1 to 9."""
    sites: int = 4
    """Most sites, 1 to 4; an episode has at least one, and never more than boxes."""
    box_m: float = 0.5
    """Side of a box, and of a site."""
    ticks: int = 300
    """Length of an episode that is not solved."""
    floor_m: float = 6.0
    """Side of the square floor."""

    def __post_init__(self):
        require(1 <= self.hiders <= 3, "hiders must be 1 to 3")
        require(1 <= self.boxes <= 9, "boxes must be 1 to 9")
        require(
            1 <= self.sites <= min(4, self.boxes), f"sites must be 1 to {min(4, self.boxes)} (at most 4, and one a box)"
        )
        require(4.0 <= self.floor_m <= 20.0, "floor_m must be 4 to 20")
        require_within(self, "box_m", 0.2, 0.1 * self.floor_m, "0.1 * floor_m")
        require(1 <= self.ticks <= 10_000, "ticks must be 1 to 10000")

    @property
    def task(self) -> int:
        return BLUEPRINT

    @property
    def slots(self) -> Slots:
        return Slots(self.hiders, 0, boxes=self.boxes, ramps=0, walls=0, doors=0, sites=self.sites)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        new = NewWorlds(seeds.copy(), worlds, layout, state)
        place_worlds(_attempt, self, plan_from(self, _Plan), new, "its boxes and sites")


class _Plan(NamedTuple):
    """The options that the kernels below need."""

    boxes: int
    sites: int
    box_m: float
    floor_m: float


@compiled
def _place_site(plan, world, site):
    """Anywhere in the middle of the floor, apart from the other sites; False if no place was found."""
    random, k, layout, w = world.random, world.k, world.layout, world.w
    low = 0.5 * (1.0 - _MIDDLE) * plan.floor_m
    high = plan.floor_m - low - plan.box_m
    apart = plan.box_m + _APART_M
    for _ in range(_TRIES):
        x, y = uniform(random, k, low, high), uniform(random, k, low, high)
        free = True
        for other in range(site):
            free = free and max(abs(x - layout.sites[w, other, 0]), abs(y - layout.sites[w, other, 1])) >= apart
        if free:
            layout.sites[w, site] = (x, y, x + plan.box_m, y + plan.box_m)
            layout.site_exists[w, site], layout.site_observed[w, site] = True, True
            return True
    return False


@compiled
def _furnish(plan, world):
    """Sites, boxes, agents; False if one found no place."""
    floor = (0.0, 0.0, plan.floor_m, plan.floor_m)
    for site in range(1 + int(uniform(world.random, world.k, 0.0, plan.sites))):
        if not _place_site(plan, world, site):
            return False
    return place_boxes(world, 0, plan.boxes, (plan.box_m, plan.box_m), floor) and place_agents(world, floor)


@compiled
def _attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        empty_world(layout, state, worlds[k], plan.floor_m)
        placed[k] = _furnish(plan, NewWorld(random, k, layout, state, worlds[k]))


PRESETS = {
    "blueprint": Blueprint(),
    "blueprint-one": Blueprint(boxes=2, sites=1),
}
"""The original's test, and a small one: one site, two boxes."""
