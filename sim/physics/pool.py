"""The pymunk objects of many worlds, and where `sim.physics.compiled` finds their structs.

Making them takes longer than playing an episode. So a pool that is no longer used leaves its objects to the next one of
as many worlds with the same slots, which plays in them as in new ones: a space is emptied before a world is placed.
"""

import weakref
from collections import deque
from typing import NamedTuple

import numpy as np

from sim.climb import RAMP_SIDES
from sim.layout import Slots
from sim.physics import chipmunk
from sim.physics.bodies import World
from sim.physics.chipmunk import Chipmunk
from sim.physics.compiled import Drive, Spaces, clear, drive
from sim.physics.walls import OUTER_WALLS
from sim.rules import Rules
from sim.state import FREE

_MOST_SPARE_WORLDS = 256
"""Objects of more worlds than that are not kept. Those of a world take 12 kB."""


class _Kind(NamedTuple):
    """Pools of a kind can use each other's objects."""

    worlds: int
    slots: Slots
    rules: Rules


class _Objects:
    """The pymunk objects of the worlds of a pool, and their addresses."""

    def __init__(self, kind: _Kind):
        self.kind = kind
        self.owners = [World(kind.slots, kind.rules) for _ in range(kind.worlds)]
        self.spaces = _addresses(self.owners, kind.slots)


_spare: deque[_Objects] = deque(maxlen=8)
"""Of pools that are gone; their spaces are empty."""


class Pool:
    """The pymunk objects of N worlds, and the addresses of their structs in `spaces`.

    Nothing but the kernels adds to these spaces; the pymunk objects live as long as the pool and are never touched.
    """

    def __init__(self, worlds: int, slots: Slots, rules: Rules):
        kind = _Kind(worlds, slots, rules)
        objects = _take_spare(kind) or _Objects(kind)
        self.chipmunk: Chipmunk = chipmunk.find()
        self.spaces = objects.spaces
        weakref.finalize(self, _give_back, self.chipmunk, drive(rules), objects)


def _take_spare(kind: _Kind) -> _Objects | None:
    """Spare objects of a kind, which are spare no longer."""
    for objects in list(_spare):
        if objects.kind == kind:
            try:
                _spare.remove(objects)
            except ValueError:  # another thread has taken them
                continue
            return objects
    return None


def _addresses(owners: list[World], slots: Slots) -> Spaces:
    """Where the structs of these worlds' objects are; nothing is in a space yet."""

    def table(name: str) -> np.ndarray:
        rows = [[chipmunk.address_of(item) for item in getattr(owner, name)] for owner in owners]
        return np.array(rows, np.int64).reshape(len(rows), -1)

    worlds = len(owners)
    return Spaces(
        space=np.array([chipmunk.address_of(owner.space) for owner in owners], np.int64),
        walls=table("walls"),
        agent_bodies=table("agent_bodies"),
        agent_shapes=table("agent_shapes"),
        thing_bodies=table("thing_bodies"),
        thing_shapes=table("thing_shapes"),
        ramp_sides=table("ramp_sides"),
        pivots=table("pivots"),
        gears=table("gears"),
        walls_in=np.zeros((worlds, OUTER_WALLS + slots.walls), bool),
        agents_in=np.zeros((worlds, slots.agents), bool),
        things_in=np.zeros((worlds, slots.things), bool),
        ramp_sides_in=np.zeros((worlds, slots.ramps * RAMP_SIDES), bool),
        upstairs=np.zeros((worlds, slots.agents), bool),
        joined=np.full((worlds, slots.agents), FREE, np.int8),
        fixed=np.zeros((worlds, slots.things), bool),
    )


def _give_back(c: Chipmunk, push: Drive, objects: _Objects) -> None:
    """Empties the spaces while everything in them is alive: pymunk frees its objects in any order."""
    for w in range(objects.kind.worlds):
        clear(c, objects.spaces, push, w)
    if objects.kind.worlds <= _MOST_SPARE_WORLDS:
        _spare.append(objects)
