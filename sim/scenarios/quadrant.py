"""A room in a corner of the floor, one or two doors, boxes: the smallest world in which building pays.

    +-----------------------+
    |                       |
    |        seekers        |
    |                       |
    |           +---- ------+    the room's two inner walls; one or both have a door
    |           |  []       |    at a random place; the boxes start in the room
    |             hiders    |
    |           |           |
    +-----------+-----------+

Boxes are wider than a door, so one in front of it shuts it, and locked there it stays shut. A ramp leads over the
walls. Unless `ramps_lock` it cannot be locked: hiders must take it where seekers do not reach it.
"""

from dataclasses import dataclass

import numpy as np

from sim.layout import Layout, Slots
from sim.rules import RULES
from sim.scenarios.attempts import NewWorlds, place_worlds, plan_from
from sim.scenarios.family import Family, Payment, require, require_within
from sim.scenarios.quadrant_start import attempt
from sim.scenarios.quadrant_walls import PIER_M, Plan
from sim.state import State
from sim.tasks.kinds import HIDE_AND_SEEK


@dataclass(frozen=True)
class Quadrant(Family):
    """The options of this family; lengths in metres."""

    hiders: int = 2
    """Hiders, 1 to 3."""
    seekers: int = 2
    """Seekers, 1 to 3."""
    boxes: int = 1
    """Square boxes, 0 to 4, placed uniformly in the room. With one, shutting the door is all that helps; with two,
    hiders learn to wall themselves off in a corner instead."""
    ramps: int = 0
    """Ramps, 0 to 2, placed uniformly on the floor."""
    ramp_near_m: float = 0.0
    """The middle of each ramp lies at most this far from that of a door; 0 is anywhere."""
    ramp_in_door: float = 0.0
    """Share of episodes in which the first ramp starts in a doorway and lies along the way through, either end first.
    Locked there with its high side outwards it shuts the door; with the low edge outwards it leads in."""
    ramps_lock: bool = False
    """Whether ramps can be locked. In the original's quadrant they cannot, in its larger game they can."""
    room_m: float = 2.4
    """Inner side of the square room."""
    door_m: float = 0.5
    """Width of a door."""
    box_m: float = 0.775
    """Side of a box; it must be wider than a door to shut it."""
    door_clear_m: float = 0.3
    """Boxes and ramps start at least this far from the middle of every door. With 0 and two boxes, 10 to 13 % of
    episodes start with the door shut, and then hiders build nothing."""
    two_doors: float = 0.0
    """Share of episodes in which both inner walls have a door; in the rest one of them, at random."""
    three_doors: bool = False
    """Whether one of the inner walls, at random, has two doors and the other one. Agents observe a row more for it."""
    hiders_anywhere: bool = False
    """Whether hiders start anywhere on the floor rather than in the room."""
    seeker_near_m: float = 0.8
    """Seekers start outside the room, at least this far from a door..."""
    seeker_far_m: float = 1.4
    """...and at most this far."""
    ticks: int = 64
    """Length of an episode."""
    preparation_ticks: int = 24
    """Ticks at the start in which seekers stand still and nothing is paid."""
    floor_m: float = 6.0
    """Side of the square floor."""
    reward: Payment = "team"
    """Who is paid for sight."""

    def __post_init__(self):
        require(1 <= self.hiders <= 3, "hiders must be 1 to 3")
        require(1 <= self.seekers <= 3, "seekers must be 1 to 3")
        require(0 <= self.boxes <= 4, "boxes must be 0 to 4")
        require(0 <= self.ramps <= 2, "ramps must be 0 to 2")
        require(self.ramp_near_m == 0.0 or 0.8 <= self.ramp_near_m <= 20.0, "ramp_near_m must be 0, or 0.8 to 20")
        require(0.0 <= self.ramp_in_door <= 1.0, "ramp_in_door must be 0 to 1")
        wide = self.ramp_in_door == 0.0 or self.door_m >= RULES.ramp_width_m + 0.1
        require(wide, f"door_m must be at least {RULES.ramp_width_m + 0.1:g} for ramp_in_door")
        require_within(self, "preparation_ticks", 1, self.ticks - 1, "ticks - 1")
        require(self.ticks <= 10_000, "ticks must be at most 10000")
        require(3.0 <= self.floor_m <= 20.0, "floor_m must be 3 to 20")
        require_within(self, "room_m", 1.0, self.floor_m - 1.5, "floor_m - 1.5")
        require_within(self, "door_m", 0.35, self.room_m - 0.2, "room_m - 0.2")
        require_within(self, "box_m", 0.1, 0.4 * self.room_m, "0.4 * room_m")
        require_within(self, "door_clear_m", 0.0, 0.2 * self.room_m, "0.2 * room_m")
        require(0.0 <= self.two_doors <= 1.0, "two_doors must be 0 to 1")
        least_m = 2.0 * self.door_m + PIER_M
        require(
            self.room_m >= least_m or not self.three_doors,
            f"room_m must be at least {least_m:g} (2 * door_m + {PIER_M}) for three_doors",
        )
        below_m = self.seeker_far_m - 0.2
        near = f"seeker_near_m must be at least 0.3 and below {below_m:g} (seeker_far_m - 0.2)"
        require(0.3 <= self.seeker_near_m < below_m, near)

    @property
    def task(self) -> int:
        return HIDE_AND_SEEK

    @property
    def mirrored_doors(self) -> tuple[int, ...]:
        return (1, 0, 2) if self.three_doors else (1, 0)

    @property
    def slots(self) -> Slots:
        walls, doors = (5, 3) if self.three_doors else (4, 2)
        return Slots(self.hiders, self.seekers, boxes=self.boxes, ramps=self.ramps, walls=walls, doors=doors)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        new = NewWorlds(seeds.copy(), worlds, layout, state)
        place_worlds(attempt, self, plan_from(self, Plan), new, "its boxes, ramps and agents")


PRESETS = {
    "quadrant": Quadrant(),
    "quadrant-two-boxes": Quadrant(boxes=2),
    "quadrant-large": Quadrant(
        boxes=2,
        room_m=3.0,
        box_m=0.76,
        two_doors=0.5,
        hiders_anywhere=True,
        ticks=120,
        preparation_ticks=48,
    ),
    "quadrant-ramp": Quadrant(
        ramps=1,
        room_m=3.0,
        door_m=0.75,
        box_m=1.05,
        hiders_anywhere=True,
        seeker_far_m=2.4,
        ticks=80,
        preparation_ticks=32,
    ),
    "quadrant-two-ramps": Quadrant(
        seekers=3,
        ramps=2,
        room_m=2.8,
        door_m=0.75,
        box_m=1.0,
        seeker_far_m=2.0,
        ticks=160,
        preparation_ticks=40,
        floor_m=4.8,
    ),
    "quadrant-ramp-by-door": Quadrant(
        seekers=3,
        ramps=1,
        ramp_near_m=1.2,
        ramps_lock=True,
        room_m=2.8,
        door_m=0.75,
        box_m=1.0,
        seeker_far_m=2.0,
        ticks=180,
        preparation_ticks=60,
        floor_m=4.8,
    ),
    "quadrant-original": Quadrant(
        boxes=2,
        ramps=1,
        room_m=3.0,
        door_m=0.4,
        box_m=0.5,
        door_clear_m=0.0,
        two_doors=0.5,
        hiders_anywhere=True,
        seeker_near_m=0.3,
        seeker_far_m=10.0,
        ticks=80,
        preparation_ticks=32,
    ),
}
"""The tight room of the default; the same with a second box; a larger one with one or two doors, into which hiders have
to come first, and time for it; one with a ramp that fits through its door; two in which seekers have learned to use
ramps (chosen since random ones see `builder`'s hiders from above in 7 % of their episodes); and the original
game's 3 m room, whose door is too narrow for our ramp."""
