"""Scripted teams: the floor and the ceiling that learned ones are measured against.

`random` and `idle` know nothing; the others read the whole State. A player's file is imported when it is first named.
"""

from importlib import import_module
from typing import NamedTuple

from policies.scripted.base import Scripted
from sim.rules import HIDERS, SEEKERS


class PlayerKind(NamedTuple):
    """Where a scripted player stands, and what it does."""

    module: str
    """Its file in `policies.scripted`."""
    class_name: str
    description: str
    hiders_only: bool = False
    seeded: bool = False
    """Whether it takes a seed."""


PLAYERS = {
    "random": PlayerKind("base", "Random", "Every action equally likely, from a stream of its own", seeded=True),
    "idle": PlayerKind("base", "Idle", "Stands still and keeps its hands to itself"),
    "chaser": PlayerKind("chaser", "Chaser", "Runs to the nearest opponent and clears the way"),
    "evader": PlayerKind("evader", "Evader", "Flees on foot and never touches a box"),
    "builder": PlayerKind("builder", "Builder", "Shuts the doors with boxes, from inside", hiders_only=True),
    "shelterer": PlayerKind(
        "shelterer", "Shelterer", "Lays an elongated box across a corner and stays behind it", hiders_only=True
    ),
    "climber": PlayerKind("climber", "Climber", "Chases, and gets over walls by way of a ramp where it is shut out"),
    "surfer": PlayerKind("climber", "Surfer", "Chases, and rides on a box towards the others where it is shut out"),
    "solver": PlayerKind("solver", "Solver", "Does what a game asks for that is not hide-and-seek", hiders_only=True),
}
"""All scripted players by name."""
STAND_INS = {HIDERS: "evader", SEEKERS: "chaser"}
"""By side: who plays where nobody is named, or a named team cannot be found; both play in every world."""


def scripted_player(name: str, seed: int) -> Scripted:
    """A new player of one of PLAYERS; `seed` is for those that draw random numbers."""
    kind = PLAYERS[name]
    made = getattr(import_module(f"policies.scripted.{kind.module}"), kind.class_name)
    return made(seed) if kind.seeded else made()
