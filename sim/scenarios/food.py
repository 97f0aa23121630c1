"""Food: hide-and-seek in and around a room, with food outside of it that hiders eat while no seeker sees them.

    +-----------------------+
    |   *      seekers      |
    |                    *  |     the room, its doors and the boxes are those of `sim.scenarios.quadrant`;
    |           +---- ------+     food lies anywhere on the rest of the floor
    |     *     |  []       |
    |             hiders    |
    |   *       |           |
    +-----------+-----------+

A hider in a shut room is safe and hungry. Hiders are paid for what they eat on top of the pay for sight; the rules and
the original's numbers are in `sim.tasks.eating`. The original has food anywhere in its random rooms, or in the room of
its quadrant.
"""

from dataclasses import dataclass

import numpy as np

from sim.errors import UserError
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.family import Family, Payment, require
from sim.scenarios.placement import NewWorld, is_free
from sim.scenarios.quadrant import Quadrant
from sim.state import BITES, State
from sim.tasks.eating import MOST_BITES
from sim.tasks.kinds import FOOD

_TRIES = 400
_FOOD_STREAM = np.uint64(0x5851F42D4C957F2D)
"""Added to an episode's seed: where food lies does not follow from the numbers that the room is made of."""


@dataclass(frozen=True)
class Food(Family):
    """The options of this family; lengths in metres."""

    hiders: int = 2
    """Hiders, 1 to 3."""
    seekers: int = 2
    """Seekers, 1 to 3."""
    boxes: int = 1
    """Square boxes, 0 to 4, placed uniformly in the room."""
    food: int = 4
    """Places with food, 1 to 8."""
    room_m: float = 2.4
    """Inner side of the square room."""
    two_doors: float = 0.0
    """Share of episodes in which both inner walls have a door; in the rest one of them, at random."""
    ticks: int = 96
    """Length of an episode; longer than the quadrant's, to leave time for going and eating."""
    preparation_ticks: int = 24
    """Ticks at the start in which seekers stand still and nothing is paid or eaten."""
    floor_m: float = 6.0
    """Side of the square floor."""
    reward: Payment = "team"
    """Who is paid for sight."""

    def __post_init__(self):
        require(1 <= self.food <= 8, "food must be 1 to 8")
        _ = self.quadrant  # checks the rest

    @property
    def quadrant(self) -> Quadrant:
        """The same world without food."""
        return Quadrant(
            hiders=self.hiders,
            seekers=self.seekers,
            boxes=self.boxes,
            room_m=self.room_m,
            two_doors=self.two_doors,
            ticks=self.ticks,
            preparation_ticks=self.preparation_ticks,
            floor_m=self.floor_m,
        )

    @property
    def task(self) -> int:
        return FOOD

    @property
    def mirrored_doors(self) -> tuple[int, ...]:
        return self.quadrant.mirrored_doors

    @property
    def slots(self) -> Slots:
        return self.quadrant.slots._replace(food=self.food)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        self.quadrant.place(seeds, worlds, layout, state)
        if not _scatter(self.room_m, self.floor_m, seeds + _FOOD_STREAM, worlds, layout, state):
            raise UserError(f"scenario '{self.short_text()}' has no room for its food; give it a larger floor")


@compiled
def _scatter(room_m, floor_m, random, worlds, layout, state):
    """Puts food anywhere outside of the room where an agent has room to stand; False if no place was found."""
    left, top = floor_m - room_m - RULES.wall_m, room_m + RULES.wall_m
    for k in range(len(worlds)):
        w = worlds[k]
        world = NewWorld(random, k, layout, state, w)
        for food in range(layout.food_exists.shape[1]):
            layout.food_exists[w, food] = False
            for _ in range(_TRIES):
                x, y = uniform(random, k, 0.0, floor_m), uniform(random, k, 0.0, floor_m)
                outside = x < left or y > top
                if outside and is_free(world, x, y, RULES.agent_radius_m, 0, 0):
                    layout.food[w, food] = (x, y)
                    layout.food_exists[w, food] = True
                    break
            if not layout.food_exists[w, food]:
                return False
        state.food[w] = 0.0
        state.food[w, :, BITES] = MOST_BITES
    return True


PRESETS = {"food": Food()}
"""Two against two, one box, four places with food."""
