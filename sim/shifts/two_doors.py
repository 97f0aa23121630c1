"""Two doors: the room of a quadrant always has two."""

import dataclasses
from typing import Any

from sim.shifts.shift import Shift, needs


def options(scenario: Any) -> Any:
    """The scenario with two doors. Raises ValueError if that is no option of it."""
    needs(hasattr(scenario, "two_doors"), "two-doors needs a world with a room: quadrant")
    return dataclasses.replace(scenario, two_doors=1.0)


SHIFT = Shift("two-doors", "the room always has two doors", options, contradicts=("three-doors",))
