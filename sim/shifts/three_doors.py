"""Three doors: the room of a quadrant has one door in one wall and two in the other.

Agents observe the third door as well. So only teams with a pooled or attention network, which take any number of rows,
can play there; a team of another network is refused with the number of doors that it knows.
"""

import dataclasses
from typing import Any

from sim.shifts.shift import Shift, needs


def options(scenario: Any) -> Any:
    """The scenario with three doors. Raises ValueError if that is no option of it, or the room too small."""
    needs(hasattr(scenario, "three_doors"), "three-doors needs a world with a room: quadrant")
    return dataclasses.replace(scenario, three_doors=True)


SHIFT = Shift("three-doors", "the room has three doors", options)
