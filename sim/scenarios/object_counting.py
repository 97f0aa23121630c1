"""Object counting: watch boxes drift away, and know how many have vanished behind which wall.

    +-----------------------+
    |     [] <-             |     six boxes drift to the left or to the right, each at its own speed,
    |         -> []         |     until the end of the episode, and pass out of sight behind two walls;
    |      <- []  [] ->     |     the agent is pinned where it is, and looks between the walls
    |-------         -------|
    |                       |
    |           a           |
    +-----------------------+

One of the original's ability tests (Baker et al. 2019), of which no code was released: the agent is pinned, the boxes
vanish one by one, and the agent has to remember how many went behind each wall. Nothing is paid; the numbers are in the
environment's `info` as `left` and `right`. Sizes and speeds are ours.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import allocating, compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.family import require
from sim.scenarios.placement import NewWorld, coin, empty_world, shuffle
from sim.state import ANGLE, DRIFTING, VX, State, X, Y
from sim.tasks.ability import AbilityTest
from sim.tasks.kinds import OBJECT_COUNTING

_FLOOR_M = 6.0
_AGENT_Y = 0.4
_WALL_Y = 2.6
_GAP_HALF_M = 0.7
"""Half of what is open between the walls."""
_NEAR_Y, _FAR_Y = 3.2, 5.4
"""Boxes drift between these."""
_START = 0.75
"""Boxes start within this share of what the agent can see between the walls, at even angles."""
_END_M = (1.9, 2.5)
"""And end so far from the middle."""


@dataclass(frozen=True)
class ObjectCounting(AbilityTest):
    """The options of this family; lengths in metres."""

    boxes: int = 6
    """Boxes that drift, 1 to 9."""
    box_m: float = 0.2
    """Side of a box."""
    ticks: int = 120
    """Length of an episode."""

    def __post_init__(self):
        require(1 <= self.boxes <= 9, "boxes must be 1 to 9")
        require(0.05 <= self.box_m <= 0.25, "box_m must be 0.05 to 0.25")
        require(20 <= self.ticks <= 10_000, "ticks must be 20 to 10000")

    @property
    def floor_m(self) -> float:
        return _FLOOR_M

    @property
    def task(self) -> int:
        return OBJECT_COUNTING

    @property
    def slots(self) -> Slots:
        return Slots(1, 0, boxes=self.boxes, ramps=0, walls=2, doors=0)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        _place(_Plan(self.boxes, self.box_m, self.ticks), seeds.copy(), worlds, layout, state)


class _Plan(NamedTuple):
    """The options that the kernels below need."""

    boxes: int
    box_m: float
    ticks: int


@compiled
def _place_box(plan, world, box, lane, ray):
    """A box in its own lane, seen in its own direction, with a speed that brings it out of sight."""
    random, k, layout, state, w = world
    layout.thing_exists[w, box] = True
    layout.thing_half[w, box] = 0.5 * plan.box_m
    state.lock[w, box] = DRIFTING
    step = (_FAR_Y - _NEAR_Y) / plan.boxes
    y = _NEAR_Y + (lane + uniform(random, k, 0.4, 0.6)) * step
    spread = _START * _GAP_HALF_M * (y - _AGENT_Y) / (_WALL_Y - _AGENT_Y)
    x = 0.5 * _FLOOR_M + spread * (2.0 * (ray + 0.5) / plan.boxes - 1.0)
    end = uniform(random, k, _END_M[0], _END_M[1])
    goal = 0.5 * _FLOOR_M + (end if coin(random, k) else -end)
    state.things[w, box, X], state.things[w, box, Y], state.things[w, box, ANGLE] = x, y, 0.0
    state.things[w, box, VX] = (goal - x) / (plan.ticks * RULES.tick_s)


@allocating
def _place(plan, random, worlds, layout, state):
    """Walls, the agent in front of them, boxes behind them."""
    for k in range(len(worlds)):
        w = worlds[k]
        empty_world(layout, state, w, _FLOOR_M)
        middle, half = 0.5 * _FLOOR_M, 0.5 * RULES.wall_m
        layout.walls[w, 0] = (0.0, _WALL_Y - half, middle - _GAP_HALF_M, _WALL_Y + half)
        layout.walls[w, 1] = (middle + _GAP_HALF_M, _WALL_Y - half, _FLOOR_M, _WALL_Y + half)
        layout.wall_exists[w] = True
        layout.agent_exists[w, 0] = True
        state.agents[w, 0, X], state.agents[w, 0, Y], state.agents[w, 0, ANGLE] = middle, _AGENT_Y, 0.5 * math.pi
        lanes, rays = np.arange(plan.boxes), np.arange(plan.boxes)
        shuffle(random, k, lanes)
        shuffle(random, k, rays)
        for box in range(plan.boxes):
            _place_box(plan, NewWorld(random, k, layout, state, w), box, lanes[box], rays[box])


PRESETS = {"object_counting": ObjectCounting()}
"""Six boxes."""
