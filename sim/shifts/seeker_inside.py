"""Seeker inside: the first seeker starts in the room, anywhere free, looking anywhere, if it takes part."""

from typing import Any

from sim.jit import compiled
from sim.scenarios.placement import NewWorld, move_agent
from sim.shifts.shift import Shift, Start, needs


def suits(world: Any) -> None:
    """Raises ValueError if a scenario has no room in a corner."""
    needs(hasattr(world, "room_m"), "seeker-inside needs a world with a room: quadrant")


def place(start: Start) -> None:
    """Puts the seekers into the room. Where it is too full, a seeker stays outside."""
    _place(start.random, start.worlds, start.layout, start.state, start.scenario.hiders, start.scenario.room_m)


@compiled
def _place(random, worlds, layout, state, seeker, room_m):
    for k in range(len(worlds)):
        w, side = worlds[k], layout.floor[worlds[k]]
        if layout.agent_exists[w, seeker]:
            move_agent(NewWorld(random, k, layout, state, w), seeker, (side - room_m, 0.0, side, room_m))


SHIFT = Shift(
    "seeker-inside",
    "a seeker starts in the room",
    suits=suits,
    place=place,
    order=1,
    contradicts=("no-seekers",),
)
