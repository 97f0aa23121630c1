"""What a drawn world is made of: plain frozen dataclasses, one for each table of its file.

Every place is an `Area`, every size and angle a `Range`: a start draws one value from each, all equally likely. An area
of one point and a range of one number leave nothing to draw. Lengths in metres, the floor's corner at the origin.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from sim.rules import RULES

Side = Literal["hider", "seeker"]
Locker = Literal["hiders", "seekers", "nobody"]

PASSABLE_M = 2.0 * RULES.agent_radius_m
"""No agent fits through a narrower opening: it is a window."""
MOST_FLOOR_M = 40.0
"""Side of the largest floor; recordings hold no larger one."""
MOST_ITEMS = {"hiders": 12, "seekers": 12, "boxes": 24, "ramps": 12, "doors": 30, "walls": 30}
"""Recordings hold no more."""
_ROUND_DEG = 360.0


class Area(NamedTuple):
    """The corners of an upright rectangle; a point if they are the same."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def point(cls, x: float, y: float) -> "Area":
        """The area of one point."""
        return cls(x, y, x, y)

    @property
    def is_point(self) -> bool:
        return self.x0 == self.x1 and self.y0 == self.y1

    @property
    def middle(self) -> tuple[float, float]:
        return 0.5 * (self.x0 + self.x1), 0.5 * (self.y0 + self.y1)


class Range(NamedTuple):
    """All numbers from `low` to `high`; a fixed number if they are the same."""

    low: float
    high: float

    @classmethod
    def fixed(cls, value: float) -> "Range":
        """The range of one number."""
        return cls(value, value)

    @property
    def is_fixed(self) -> bool:
        return self.low == self.high

    @property
    def middle(self) -> float:
        return 0.5 * (self.low + self.high)


class Item(NamedTuple):
    """The place of an item in a drawn world."""

    kind: Literal["walls", "boxes", "ramps", "agents"]
    number: int
    """Which of its kind, as they stand in the file."""
    door: int | None = None
    """Which door of a wall; None for the wall itself, and for everything else."""


ANY_ANGLE_DEG = Range(0.0, _ROUND_DEG)


@dataclass(frozen=True)
class Door:
    """An opening in a wall. If it is too narrow for agents, it is a window, and observations do not list it."""

    at_m: Range
    """Where its middle is, along the wall from where the wall begins."""
    width_m: Range
    """From one side to the other."""

    def __post_init__(self) -> None:
        check_range("at_m", self.at_m, 0.0, MOST_FLOOR_M)
        check_range("width_m", self.width_m, 0.05, MOST_FLOOR_M)

    @property
    def is_window(self) -> bool:
        """Whether no agent ever fits through."""
        return self.width_m.high < PASSABLE_M


@dataclass(frozen=True)
class Wall:
    """An inner wall, 0.1 m thick. Its line goes right or up from where it begins.

    The wall reaches half of its thickness beyond both ends of the line, so that walls whose lines meet close the
    corner; what would lie beyond the floor is cut off.
    """

    at: Area
    """Where its line begins: the left or lower end."""
    length_m: Range
    """Length of its line."""
    upright: bool = False
    """Whether it goes up (along y) rather than right (along x)."""
    doors: tuple[Door, ...] = ()
    """Its openings."""

    def __post_init__(self) -> None:
        check_area("at", self.at)
        check_range("length_m", self.length_m, 0.0, MOST_FLOOR_M)
        check_kind("upright", self.upright, bool)
        check_items("doors", self.doors, Door)


@dataclass(frozen=True)
class Box:
    """A box, square or elongated."""

    at: Area
    """Where its middle is."""
    length_m: Range
    """Along its own x."""
    width_m: Range | None = None
    """Along its own y; None makes it square."""
    angle_deg: Range = ANY_ANGLE_DEG
    """Counter-clockwise."""
    lockable: bool = True
    """Whether it can be locked."""
    locked_by: Locker | None = None
    """The team that has locked it when the episode starts; what is locked by nobody can never be unlocked."""

    def __post_init__(self) -> None:
        check_area("at", self.at)
        check_range("length_m", self.length_m, 0.05, 10.0)
        if self.width_m is not None:
            check_range("width_m", self.width_m, 0.05, 10.0)
        check_range("angle_deg", self.angle_deg, -_ROUND_DEG, _ROUND_DEG)
        check_kind("lockable", self.lockable, bool)
        check_choice("locked_by", self.locked_by, (*get_args(Locker), None))


@dataclass(frozen=True)
class Ramp:
    """A ramp, 0.9 by 0.6 m. Its angle is the direction in which it rises."""

    at: Area
    """Where its middle is."""
    angle_deg: Range = ANY_ANGLE_DEG
    """Counter-clockwise."""
    lockable: bool = True
    """Whether it can be locked."""
    locked_by: Locker | None = None
    """The team that has locked it when the episode starts; what is locked by nobody can never be unlocked."""

    def __post_init__(self) -> None:
        check_area("at", self.at)
        check_range("angle_deg", self.angle_deg, -_ROUND_DEG, _ROUND_DEG)
        check_kind("lockable", self.lockable, bool)
        check_choice("locked_by", self.locked_by, (*get_args(Locker), None))


@dataclass(frozen=True)
class Agent:
    """A hider or a seeker, a disc of 0.3 m."""

    side: Side
    """The team it plays for."""
    at: Area
    """Where it is."""
    angle_deg: Range = ANY_ANGLE_DEG
    """Where it looks to, counter-clockwise."""

    def __post_init__(self) -> None:
        check_choice("side", self.side, ("hider", "seeker"))
        check_area("at", self.at)
        check_range("angle_deg", self.angle_deg, -_ROUND_DEG, _ROUND_DEG)


@dataclass(frozen=True)
class RoomFor:
    """Entities that observations have room for, if these are more than the world has.

    A team whose network takes fixed numbers of entities plays where there is room for those numbers.
    """

    hiders: int = 0
    seekers: int = 0
    boxes: int = 0
    ramps: int = 0
    doors: int = 0

    def __post_init__(self) -> None:
        for name, count in vars(self).items():
            check_count(name, count, 0, MOST_ITEMS[name])


def check_area(name: str, area: Area) -> None:
    """Raises ValueError unless its corners are in order and on the largest floor; NaN is neither."""
    if not (isinstance(area, Area) and all(map(_is_number, area))):
        raise ValueError(f"{name} must be [x, y] or [x0, y0, x1, y1], all numbers")
    if not (0.0 <= area.x0 <= area.x1 <= MOST_FLOOR_M and 0.0 <= area.y0 <= area.y1 <= MOST_FLOOR_M):
        raise ValueError(f"{name} must be [x, y] or [x0, y0, x1, y1], from 0 to {MOST_FLOOR_M:g}, lower corner first")


def check_range(name: str, value: Range, low: float, high: float) -> None:
    """Raises ValueError unless it is in order and within [low, high]; NaN is neither."""
    if not (isinstance(value, Range) and all(map(_is_number, value))):
        raise ValueError(f"{name} must be a number or [low, high]")
    if not low <= value.low <= value.high <= high:
        raise ValueError(f"{name} must be a number or [low, high], from {low:g} to {high:g}, lower one first")


def check_number(name: str, value: float, low: float, high: float) -> None:
    """Raises ValueError unless it is a number within [low, high]."""
    if not (_is_number(value) and low <= value <= high):
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}")


def check_count(name: str, value: int, low: int, high: int) -> None:
    """Raises ValueError unless it is a whole number within [low, high]."""
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}")


def check_choice(name: str, value: object, choices: tuple) -> None:
    """Raises ValueError unless it is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be {' or '.join(repr(choice) for choice in choices if choice is not None)}")


def check_kind(name: str, value: object, kind: type) -> None:
    """Raises ValueError unless it is of a kind: a text, or yes or no."""
    if type(value) is not kind:
        raise ValueError(f"{name} must be {'true or false' if kind is bool else 'a text'}")


def check_items(name: str, items: tuple, kind: type) -> None:
    """Raises ValueError unless all are of one kind."""
    if not isinstance(items, tuple) or not all(isinstance(one, kind) for one in items):
        raise ValueError(f"{name} must be tables of their own")


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
