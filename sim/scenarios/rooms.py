"""Random rooms with doors between them, many boxes, ramps, agents anywhere: the original's full game.

    +-----------+-----------+
    |    ==     |      s    |    one to four rooms: a wall through one of them, again and again, and
    |  h     /               |    a door wherever two rooms share enough of a wall
    |           +--- -------+
    +-- --------+    []     |    three to nine boxes, at least three of them elongated (1.65 x 0.15 m),
    |    []     |  __       |    and two ramps, all of which can be locked
    |  s           | |  h   |
    +-----------+-----------+    one to three hiders against one to three seekers

Sizes are the original's (`RandomWalls`, `hide_and_seek_full.jsonnet`): a floor of 6 m, rooms of 1.2 m at least, doors
of 0.4 m, boxes of 0.5 m, 240 ticks of which 96 are preparation. Unlike there, outer walls are an option rather
than random in every episode, and team mates need not start side by side. Things keep clear of doors, so that no door is
shut at the start.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.jit import allocating, compiled
from sim.layout import Layout, Slots
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.family import require, require_within
from sim.scenarios.placement import NewWorld
from sim.scenarios.populated import RandomPopulation, draw_count
from sim.state import State

_FAILURES = 10
"""Attempts to put up walls that do not fit, as in the original."""
_SLIVER_M = 0.001
"""A piece of wall shorter than this is left out."""


@dataclass(frozen=True)
class Rooms(RandomPopulation):
    """The options of this family, after those of every `RandomPopulation`."""

    rooms: int = 4
    """Most rooms, 1 to 6."""
    fewest_rooms: int = 1
    """Fewest rooms; now and then no place for another wall is found, and there are fewer."""
    least_room_m: float = 1.2
    """No room is narrower."""
    door_m: float = 0.4
    """Width of a door."""

    def __post_init__(self):
        super().__post_init__()
        require(1 <= self.rooms <= 6, "rooms must be 1 to 6")
        require(self.fewest_rooms >= 1, "fewest_rooms must be 1 or more")
        require_within(self, "least_room_m", 0.6, self.square_m, "square_m")
        require_within(self, "door_m", 0.35, self.least_room_m - 0.2, "least_room_m - 0.2")

    @property
    def slots(self) -> Slots:
        doors = most_doors(self.rooms)
        walls = doors + self.rooms - 1  # each door cuts a wall into one piece more
        return Slots(self.hiders, self.seekers, self.boxes, self.ramps, walls, doors)

    def build(self, random: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Puts up walls and doors in the chosen worlds; `random` is uint64 [chosen world]."""
        house = _House(
            rooms=self.rooms,
            fewest_rooms=min(self.fewest_rooms, self.rooms),
            low_m=self.low_m,
            high_m=self.low_m + self.square_m,
            least_room_m=self.least_room_m,
            door_m=self.door_m,
            wall_m=RULES.wall_m,
        )
        _build(house, random, worlds, layout, state)


def most_doors(rooms: int) -> int:
    """How many pairs of rooms can share a wall at most, among the rectangles of a larger rectangle."""
    return max(rooms - 1, 2 * rooms - 3, 3 * rooms - 7)


class _House(NamedTuple):
    """What the kernels below need of the options."""

    rooms: int
    fewest_rooms: int
    low_m: float
    high_m: float
    least_room_m: float
    door_m: float
    wall_m: float


@allocating
def _split(house, random, k, rooms, count, walls, across):
    """Puts wall number count - 1 through one of the first `count` rooms; False if it does not fit there.

    `across` [wall] is the axis (0 for x, 1 for y) from one side of a wall to the other. Rooms and walls are
    x0, y0, x1, y1.
    """
    room = draw_count(random, k, 0, count - 1)
    axis = draw_count(random, k, 0, 1)
    low, high = rooms[room, axis], rooms[room, axis + 2]
    if high - low < 2.0 * house.least_room_m + house.wall_m:
        return False
    at = uniform(random, k, low + house.least_room_m, high - house.least_room_m - house.wall_m)
    wall = walls[count - 1]
    wall[:] = rooms[room]
    wall[axis], wall[axis + 2] = at, at + house.wall_m
    rooms[count] = rooms[room]
    rooms[room, axis + 2] = wall[axis]
    rooms[count, axis] = wall[axis + 2]
    across[count - 1] = axis
    return True


@compiled
def _divide(house, random, k, rooms, walls, across):
    """Divides the square until there are as many rooms as were drawn, or it fails too often; returns their number."""
    rooms[0] = (house.low_m, house.low_m, house.high_m, house.high_m)
    wanted, count, failures = draw_count(random, k, house.fewest_rooms, house.rooms), 1, 0
    while count < wanted and failures < _FAILURES:
        if _split(house, random, k, rooms, count, walls, across):
            count += 1
        else:
            failures += 1
    return count


@allocating
def _open_doors(house, world, rooms, wall, axis, doors):
    """A door at a random place wherever two rooms share enough of a wall; takes the number of doors so far, and
    returns the new one.
    """
    random, k, layout, w = world.random, world.k, world.layout, world.w
    along = 1 - axis
    for one in range(len(rooms)):
        for other in range(len(rooms)):
            if rooms[one, axis + 2] == wall[axis] and rooms[other, axis] == wall[axis + 2]:
                first = max(rooms[one, along], rooms[other, along])
                last = min(rooms[one, along + 2], rooms[other, along + 2])
                if last - first >= house.door_m:
                    door = layout.doors[w, doors]
                    door[:] = wall
                    door[along] = uniform(random, k, first, last - house.door_m)
                    door[along + 2] = door[along] + house.door_m
                    layout.door_exists[w, doors] = True
                    doors += 1
    return doors


@allocating
def _raise(wall, axis, layout, w, first_door, doors, pieces):
    """Builds the pieces of a wall between its doors, first_door..doors-1; takes the number of pieces so far, and
    returns the new one.
    """
    along = 1 - axis
    start = wall[along]
    for _ in range(first_door, doors + 1):
        end, following = wall[along + 2], wall[along + 2]
        for door in range(first_door, doors):
            if start <= layout.doors[w, door, along] < end:
                end, following = layout.doors[w, door, along], layout.doors[w, door, along + 2]
        if end - start > _SLIVER_M:
            piece = layout.walls[w, pieces]
            piece[:] = wall
            piece[along], piece[along + 2] = start, end
            layout.wall_exists[w, pieces] = True
            pieces += 1
        start = following
    return pieces


@allocating
def _build(house, random, worlds, layout, state):
    """Walls and doors of the worlds, which are empty."""
    rooms, walls = np.zeros((house.rooms, 4)), np.zeros((house.rooms, 4))
    across = np.zeros(house.rooms, np.int64)
    for k in range(len(worlds)):
        world = NewWorld(random, k, layout, state, worlds[k])
        count = _divide(house, random, k, rooms, walls, across)
        doors, pieces = 0, 0
        for wall in range(count - 1):
            first_door = doors
            doors = _open_doors(house, world, rooms[:count], walls[wall], across[wall], doors)
            pieces = _raise(walls[wall], across[wall], layout, worlds[k], first_door, doors, pieces)


PRESETS = {
    "rooms": Rooms(),
    "rooms-full": Rooms(fewest_hiders=3, fewest_seekers=3, fewest_boxes=9),
    "rooms-small": Rooms(
        hiders=1,
        seekers=1,
        boxes=4,
        fewest_boxes=4,
        rooms=2,
        fewest_rooms=2,
        ramps=0,
        fewest_ramps=0,
        square_m=4.0,
        ticks=160,
        preparation_ticks=72,
    ),
}
"""The original's counts, the most of everything in every episode (three against three, nine boxes, two ramps), and one
against one in two rooms with four boxes: there random hiders end softly sealed in 2 % of 1,000 episodes, in `rooms` in
0.3 %.
"""
