"""What several documents have in common."""

from typing import Literal, TypedDict

Side = Literal["hiders", "seekers"]
SIDES: tuple[Side, Side] = ("hiders", "seekers")
"""In the order of team numbers."""


class Interval(TypedDict):
    """A mean with its 95 % interval, from `low` to `high`, all in the unit of what was measured."""

    mean: float
    low: float
    high: float
