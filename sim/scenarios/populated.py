"""Random starts for worlds whose numbers of agents and things change from episode to episode.

`RandomPopulation` is the base of families with such worlds. A family may build walls and doors; then `place`
draws the numbers of hiders, seekers, boxes and ramps and places them, things first, anywhere in the square at any
angle. They fill the first slots of their kind, elongated boxes first.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.physics.walls import box_overlap
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.attempts import NewWorlds, place_worlds
from sim.scenarios.clearance import clear_of_doors, clear_of_things
from sim.scenarios.family import Family, Payment, require, require_within
from sim.scenarios.placement import GAP_M, NewWorld, empty_worlds, move_agent
from sim.state import ANGLE, State, X, Y
from sim.tasks.kinds import HIDE_AND_SEEK

ELONGATED_M = (1.65, 0.15)
"""Length and width of an elongated box, as in the original (3.3 and 0.3 times its boxes' 0.5 m)."""
RAMP_M = (RULES.ramp_length_m, RULES.ramp_width_m)
"""Length and width of a ramp."""

_TRIES = 400
_DOOR_CLEAR_M = 0.4
"""Least distance of things from the middle of every door: an agent can get in and out."""
_RIM_M = 1.0
"""Without outer walls: the strip beyond the allowed square."""


@dataclass(frozen=True)
class RandomPopulation(Family):
    """Options of every family with changing counts; lengths in metres. Numbers drawn are equally likely."""

    hiders: int = 3
    """Most hiders, 1 to 3."""
    fewest_hiders: int = 1
    """Fewest hiders; if it is not below the most, the number is always the most. The same holds for all others."""
    seekers: int = 3
    """Most seekers, 1 to 3."""
    fewest_seekers: int = 1
    """Fewest seekers."""
    boxes: int = 9
    """Most boxes, 0 to 9, as in the original."""
    fewest_boxes: int = 3
    """Fewest boxes."""
    fewest_elongated: int = 3
    """Fewest elongated ones among the boxes."""
    elongated: int = 9
    """Most elongated ones; an episode has any number from the fewest to this, but no more than boxes."""
    ramps: int = 2
    """Most ramps, 0 to 3; they can be locked."""
    fewest_ramps: int = 2
    """Fewest ramps."""
    box_m: float = 0.5
    """Side of a square box."""
    elongated_m: float = ELONGATED_M[0]
    """Length of an elongated box; it is 0.15 m wide."""
    ticks: int = 240
    """Length of an episode."""
    preparation_ticks: int = 96
    """Ticks at the start in which seekers stand still and nothing is paid."""
    square_m: float = 6.0
    """Side of the square in which everything starts."""
    outer_walls: bool = True
    """Whether walls stand around the square. Without them agents may go on for `margin_m` on every side;
    beyond, out of bounds, each gets -10 a tick instead of its reward. In the original half of the episodes have
    none."""
    margin_m: float = 2.0
    """Without outer walls: how far around the square agents may go. The original's 6 m, at our speeds."""
    reward: Payment = "team"
    """Who is paid for sight."""

    def __post_init__(self):
        require(1 <= self.hiders <= 3, "hiders must be 1 to 3")
        require(1 <= self.seekers <= 3, "seekers must be 1 to 3")
        require(0 <= self.boxes <= 9, "boxes must be 0 to 9")
        require(0 <= self.ramps <= 3, "ramps must be 0 to 3")
        require(self.fewest_hiders >= 1 and self.fewest_seekers >= 1, "fewest hiders and seekers must be 1 or more")
        for name in ("fewest_boxes", "fewest_elongated", "elongated", "fewest_ramps"):
            require(getattr(self, name) >= 0, f"{name} must be 0 or more")
        require(0.1 <= self.box_m <= 1.0, "box_m must be 0.1 to 1")
        require(0.3 <= self.elongated_m <= 3.0, "elongated_m must be 0.3 to 3")
        require_within(self, "preparation_ticks", 1, self.ticks - 1, "ticks - 1")
        require(self.ticks <= 10_000, "ticks must be at most 10000")
        require(3.0 <= self.square_m <= 20.0, "square_m must be 3 to 20")
        require(0.5 <= self.margin_m <= 10.0, "margin_m must be 0.5 to 10")

    @property
    def task(self) -> int:
        return HIDE_AND_SEEK

    @property
    def mirrored_doors(self) -> None:
        """No mirror: doors stand in no order that it would keep, and elongated boxes turn unlike square ones."""

    @property
    def rim_m(self) -> float:
        """Width of the strip along the border in which agents are out of bounds."""
        return 0.0 if self.outer_walls else _RIM_M

    @property
    def low_m(self) -> float:
        """Where the square begins, along both axes."""
        return 0.0 if self.outer_walls else self.margin_m + self.rim_m

    @property
    def floor_m(self) -> float:
        """Side of the whole floor, the square in its middle."""
        return self.square_m + 2.0 * self.low_m

    @property
    def slots(self) -> Slots:
        return Slots(self.hiders, self.seekers, self.boxes, self.ramps, walls=0, doors=0)

    def build(self, random: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Puts up walls and doors in the chosen worlds; `random` is uint64 [chosen world]. This base builds none."""

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`.

        Raises:
            UserError: the square has no room for all things and agents.
        """
        new = NewWorlds(seeds.copy(), worlds, layout, state)
        empty_worlds(worlds, layout, state, self.floor_m)
        self.build(*new)
        plan = Plan(
            hiders=self.hiders,
            fewest_hiders=min(self.fewest_hiders, self.hiders),
            seekers=self.seekers,
            fewest_seekers=min(self.fewest_seekers, self.seekers),
            boxes=self.boxes,
            fewest_boxes=min(self.fewest_boxes, self.boxes),
            fewest_elongated=min(self.fewest_elongated, self.elongated),
            elongated=self.elongated,
            ramps=self.ramps,
            fewest_ramps=min(self.fewest_ramps, self.ramps),
            box_m=self.box_m,
            elongated_m=self.elongated_m,
            low_m=self.low_m,
            high_m=self.low_m + self.square_m,
            rim_m=self.rim_m,
        )
        _draw_worlds(plan, *new)
        place_worlds(_attempt, self, plan, new, "its things and agents")


class Plan(NamedTuple):
    """What the kernels below need of the options."""

    hiders: int
    fewest_hiders: int
    seekers: int
    fewest_seekers: int
    boxes: int
    fewest_boxes: int
    fewest_elongated: int
    elongated: int
    ramps: int
    fewest_ramps: int
    box_m: float
    elongated_m: float
    low_m: float
    high_m: float
    rim_m: float


@compiled
def draw_count(random, k, fewest, most):
    """A whole number from `fewest` to `most`, each equally likely."""
    return min(fewest + int(uniform(random, k, 0.0, most - fewest + 1.0)), most)


@compiled
def draw_counts(plan, world):
    """Draws which agents and things take part, and gives every thing its size."""
    random, k, layout, w = world.random, world.k, world.layout, world.w
    hiders = draw_count(random, k, plan.fewest_hiders, plan.hiders)
    seekers = draw_count(random, k, plan.fewest_seekers, plan.seekers)
    for agent in range(plan.hiders + plan.seekers):
        layout.agent_exists[w, agent] = agent < hiders or 0 <= agent - plan.hiders < seekers
    boxes = draw_count(random, k, plan.fewest_boxes, plan.boxes)
    elongated = draw_count(random, k, min(plan.fewest_elongated, boxes), min(plan.elongated, boxes))
    ramps = draw_count(random, k, plan.fewest_ramps, plan.ramps)
    for thing in range(plan.boxes + plan.ramps):
        exists = thing < boxes or 0 <= thing - plan.boxes < ramps
        length, width = plan.box_m, plan.box_m
        if thing >= plan.boxes:
            length, width = RAMP_M
        elif thing < elongated:
            length, width = plan.elongated_m, ELONGATED_M[1]
        layout.thing_exists[w, thing], layout.thing_lockable[w, thing] = exists, exists
        layout.thing_half[w, thing, 0] = 0.5 * length if exists else 0.0
        layout.thing_half[w, thing, 1] = 0.5 * width if exists else 0.0


@compiled
def _thing_fits(world, thing, place):
    """Whether a thing at a place (x, y, angle) keeps clear of walls, doors and the things before it."""
    layout, w, (x, y, angle) = world.layout, world.w, place
    half_x, half_y = layout.thing_half[w, thing, 0] + GAP_M, layout.thing_half[w, thing, 1] + GAP_M
    cos, sin, half = math.cos(angle), math.sin(angle), (half_x, half_y)
    for wall in range(layout.walls.shape[1]):  # the square's border, without a gap, is kept where the place is drawn
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            depth, _, _ = box_overlap((x, y, cos, sin, half_x, half_y), x0, y0, x1, y1)
            if depth > 0.0:
                return False
    return clear_of_doors(world, place, half, _DOOR_CLEAR_M) and clear_of_things(world, place, half, thing, 0.0)


@compiled
def _place_thing(plan, world, thing):
    """Anywhere in the square where it fits, at any angle; False if no place was found."""
    random, k, layout, state, w = world
    half_x, half_y = layout.thing_half[w, thing]
    for _ in range(_TRIES):
        angle = uniform(random, k, -math.pi, math.pi)
        cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
        reach_x, reach_y = cos * half_x + sin * half_y, sin * half_x + cos * half_y
        x = uniform(random, k, plan.low_m + reach_x, plan.high_m - reach_x)
        y = uniform(random, k, plan.low_m + reach_y, plan.high_m - reach_y)
        if _thing_fits(world, thing, (x, y, angle)):
            state.things[w, thing, X], state.things[w, thing, Y], state.things[w, thing, ANGLE] = x, y, angle
            return True
    return False


@compiled
def _furnish(plan, world):
    """Places things, then agents; False if one found no place."""
    layout, state, w = world.layout, world.state, world.w
    low, high = plan.low_m + RULES.agent_radius_m, plan.high_m - RULES.agent_radius_m
    state.agents[w], state.things[w] = 0.0, 0.0
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and not _place_thing(plan, world, thing):
            return False
    for agent in range(layout.agent_exists.shape[1]):
        if layout.agent_exists[w, agent] and not move_agent(world, agent, (low, low, high, high)):
            return False
    return True


@compiled
def _draw_worlds(plan, random, worlds, layout, state):
    """Draws what takes part in each of the worlds, which are empty but for walls and doors."""
    for k in range(len(worlds)):
        layout.out_of_bounds_margin_m[worlds[k]] = plan.rim_m
        draw_counts(plan, NewWorld(random, k, layout, state, worlds[k]))


@compiled
def _attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        placed[k] = _furnish(plan, NewWorld(random, k, layout, state, worlds[k]))
