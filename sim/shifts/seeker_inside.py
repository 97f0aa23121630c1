"""Seeker inside: the first seeker starts in the room, anywhere free, looking anywhere."""

from typing import Any

from sim.jit import compiled
from sim.scenarios.placement import NewWorld, place_agent
from sim.shifts.shift import Shift, Start, needs


def options(scenario: Any) -> Any:
    """The scenario as it is. Raises ValueError if it has no room in a corner."""
    needs(hasattr(scenario, "room_m"), "seeker-inside needs a world with a room: quadrant")
    return scenario


def place(start: Start) -> None:
    """Puts the seekers into the room. Where it is too full, a seeker stays outside."""
    _place(start.random, start.worlds, start.layout, start.state, start.scenario.hiders, start.scenario.room_m)


@compiled
def _place(random, worlds, layout, state, seeker, room_m):
    for k in range(len(worlds)):
        side = layout.floor[worlds[k]]
        place_agent(NewWorld(random, k, layout, state, worlds[k]), seeker, (side - room_m, 0.0, side, room_m))


SHIFT = Shift("seeker-inside", "a seeker starts in the room", options, place)
