"""Bigger: the floor is 1.5 times as long and wide, and so is the room of a quadrant; boxes and doors stay."""

import dataclasses
from typing import Any

from sim.shifts.shift import Shift, needs

TIMES = 1.5


def options(scenario: Any) -> Any:
    """The scenario with larger lengths. Raises ValueError if it cannot be so large."""
    lengths = [field.name for field in dataclasses.fields(scenario) if field.name in ("floor_m", "room_m")]
    drawn = hasattr(scenario, "walls")
    needs("floor_m" in lengths and not drawn, "bigger needs a world whose floor can be chosen: quadrant")
    return dataclasses.replace(scenario, **{name: TIMES * getattr(scenario, name) for name in lengths})


SHIFT = Shift("bigger", f"floor and room are {TIMES} times as long and wide", options)
