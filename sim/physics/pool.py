"""The pymunk objects of many worlds, and where compiled kernels find their structs."""

import weakref

import numpy as np

from sim.climb import RAMP_SIDES
from sim.layout import Slots
from sim.physics import chipmunk
from sim.physics.bodies import World
from sim.physics.chipmunk import Chipmunk
from sim.physics.drive import Drive, drive
from sim.physics.spaces import Spaces, clear
from sim.physics.walls import OUTER_WALLS
from sim.rules import Rules
from sim.state import FREE


class Pool:
    """The pymunk objects of N worlds, and the addresses of their structs in `spaces`.

    Nothing but the kernels adds to these spaces; the pymunk objects live as long as the pool and are never touched.
    """

    def __init__(self, worlds: int, slots: Slots, rules: Rules):
        owners = [World(slots, rules) for _ in range(worlds)]
        self.chipmunk: Chipmunk = chipmunk.find()
        self.spaces = _addresses(owners, slots)
        weakref.finalize(self, _take_apart, self.chipmunk, self.spaces, drive(rules), owners)


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


def _take_apart(c: Chipmunk, spaces: Spaces, push: Drive, owners: list[World]) -> None:
    """Empties the spaces while everything in them is alive: pymunk frees its objects in any order.

    Those of a game that never began are empty. For them nothing is compiled or loaded: memory may be short.
    """
    if spaces.agents_in.any():
        for w in range(len(owners)):
            clear(c, spaces, push, w)
    owners.clear()
