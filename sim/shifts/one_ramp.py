"""One ramp: all ramps but the first are gone. Teams of a world with more can play where one ramp decides."""

from typing import Any

from sim.shifts.shift import Shift, Start, needs


def suits(world: Any) -> None:
    """Raises ValueError if a scenario has fewer than two ramps."""
    needs(world.slots.ramps > 1, "one-ramp needs two ramps or more, as quadrant-two-ramps has them")


def place(start: Start) -> None:
    """Takes the other ramps out."""
    others = slice(start.scenario.slots.boxes + 1, start.scenario.slots.things)
    start.layout.thing_exists[start.worlds, others] = False
    start.state.things[start.worlds, others] = 0.0


SHIFT = Shift("one-ramp", "only one of the ramps is there", suits=suits, place=place)
