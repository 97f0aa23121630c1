"""What stands in a world that somebody drew, and the plan by which it is placed.

`sim.scenarios.drawn.problems` says what in it cannot be; `sim.scenarios.drawn.world` makes it a scenario.
"""

import functools
import math
import re
from dataclasses import dataclass

import numpy as np

from sim.errors import UserError
from sim.layout import Slots
from sim.rules import RULES, SIDES
from sim.scenarios.drawn.items import (
    MOST_FLOOR_M,
    MOST_ITEMS,
    Agent,
    Box,
    Item,
    Locker,
    Ramp,
    Range,
    RoomFor,
    Wall,
    check_choice,
    check_count,
    check_items,
    check_kind,
    check_number,
)
from sim.scenarios.drawn.placing import Plan
from sim.scenarios.family import Payment
from sim.state import FIXED_BY_NOBODY, HIDERS_LOCK, SEEKERS_LOCK

_NAME = re.compile(r"\w[\w '().-]{0,59}")
"""A name may stand in file names and in the text of a scenario."""
_MOST_QUESTION = 300
_ONLY_ITS_OWN = RoomFor()
_SINGULAR = {"hiders": "hider", "seekers": "seeker", "boxes": "box", "ramps": "ramp", "walls": "wall", "doors": "door"}
ATTEMPTS = 100
"""Attempts to place everything before it counts as impossible; an attempt draws each place a hundred times."""
LOCKS: dict[Locker | None, int] = {
    None: 0,
    "hiders": HIDERS_LOCK,
    "seekers": SEEKERS_LOCK,
    "nobody": FIXED_BY_NOBODY,
}
"""What `State.lock` is for each `locked_by`."""


@dataclass(frozen=True)
class Drawing:
    """A family of starts: one for every draw of its areas and ranges. Things and agents are numbered as they stand."""

    name: str
    """What it is called: letters, digits, spaces and - _ . ' ( ), at most 60."""
    question: str = ""
    """What it is to find out, in a sentence."""
    floor_m: float = 6.0
    """Side of the square floor."""
    ticks: int = 120
    """Length of an episode."""
    preparation_ticks: int = 48
    """Ticks at the start in which seekers stand still and nothing is paid."""
    reward: Payment = "team"
    """Who is paid for sight."""
    walls: tuple[Wall, ...] = ()
    """Inner walls, with their doors."""
    boxes: tuple[Box, ...] = ()
    """Square and elongated boxes."""
    ramps: tuple[Ramp, ...] = ()
    """Ramps."""
    agents: tuple[Agent, ...] = ()
    """Hiders and seekers, in any order."""
    room_for: RoomFor = _ONLY_ITS_OWN
    """Room in observations for more entities than there are."""

    def __post_init__(self) -> None:
        check_kind("name", self.name, str)
        if not _NAME.fullmatch(self.name):
            raise ValueError("name must be 1 to 60 letters, digits, spaces and - _ . ' ( ), a letter or digit first")
        check_kind("question", self.question, str)
        if len(self.question) > _MOST_QUESTION or not self.question.isprintable():
            raise ValueError(f"question must be one line of at most {_MOST_QUESTION} letters")
        check_number("floor_m", self.floor_m, 2.0, MOST_FLOOR_M)
        check_count("ticks", self.ticks, 1, 10_000)
        check_count("preparation_ticks", self.preparation_ticks, 0, self.ticks - 1)
        check_choice("reward", self.reward, ("team", "individual", "team_mean"))
        for name, kind in (("walls", Wall), ("boxes", Box), ("ramps", Ramp), ("agents", Agent)):
            check_items(name, getattr(self, name), kind)
        check_kind("room_for", self.room_for, RoomFor)
        for name, most in MOST_ITEMS.items():
            count = sum(len(wall.doors) for wall in self.walls) if name == "doors" else self._count(name)
            if count > most:
                raise ValueError(f"there may be {most} {name} at most, not {count}")

    def _count(self, name: str) -> int:
        """How many entities of a kind stand in the file."""
        match name:
            case "hiders" | "seekers":
                return sum(agent.side == name[:-1] for agent in self.agents)
            case "doors":
                return sum(not door.is_window for wall in self.walls for door in wall.doors)
            case _:
                return len(getattr(self, name))

    @property
    def hiders(self) -> int:
        return self._count("hiders")

    @property
    def seekers(self) -> int:
        return self._count("seekers")

    @property
    def slots(self) -> Slots:
        """How many entities its worlds have room for."""
        kinds = ("hiders", "seekers", "boxes", "ramps", "doors")
        counts = {name: max(self._count(name), getattr(self.room_for, name)) for name in kinds}
        return Slots(**counts, walls=sum(1 + len(wall.doors) for wall in self.walls))

    @property
    def story(self) -> str:
        """Its question, and what stands in it."""
        counts = {name: self._count(name) for name in (*SIDES, "boxes", "ramps", "walls", "doors")}
        named = {name: _SINGULAR[name] if count == 1 else name for name, count in counts.items() if count}
        stands = ", ".join(f"{counts[name]} {word}" for name, word in named.items())
        return f"{self.question or self.name}\n\n{self.floor_m:g} x {self.floor_m:g} m: {stands}"

    def check_sides(self) -> None:
        """Raises UserError unless there is a hider and a seeker."""
        for side in SIDES:
            if not self._count(side):
                raise UserError(f"drawn world '{self.name}' has no {side}; it needs a hider and a seeker")


def placed_items(world: Drawing) -> list[Item]:
    """All that is placed on the floor: boxes, ramps and agents, in the order in which they are numbered."""
    return [Item(kind, i) for kind in ("boxes", "ramps", "agents") for i in range(len(getattr(world, kind)))]


def in_words(world: Drawing, item: Item) -> str:
    """What an item is called in a sentence: "box 0", "hider 1", "door 0 of wall 2"."""
    if item.kind == "agents":
        side = world.agents[item.number].side
        return f"{side} {sum(agent.side == side for agent in world.agents[: item.number])}"
    name = f"{_SINGULAR[item.kind]} {item.number}"
    return name if item.door is None else f"door {item.door} of {name}"


@functools.lru_cache(maxsize=256)
def plan_of(world: Drawing) -> Plan:
    """The world as the arrays that are placed; agents keep the order of the file."""
    slots = world.slots
    door_slots = iter(range(slots.doors))
    walls = [(*wall.at, *wall.length_m, wall.upright) for wall in world.walls]
    doors = [
        (number, *door.at_m, *door.width_m, -1 if door.is_window else next(door_slots))
        for number, wall in enumerate(world.walls)
        for door in wall.doors
    ]
    boxes = [_thing(box, box.length_m, box.width_m or Range.fixed(-1.0), slot) for slot, box in enumerate(world.boxes)]
    ramp_m = Range.fixed(RULES.ramp_length_m), Range.fixed(RULES.ramp_width_m)
    ramps = [_thing(ramp, *ramp_m, slot) for slot, ramp in enumerate(world.ramps, slots.boxes)]
    next_slot = {"hider": iter(range(slots.hiders)), "seeker": iter(range(slots.hiders, slots.agents))}
    agents = [(*agent.at, *_radians(agent.angle_deg), next(next_slot[agent.side])) for agent in world.agents]
    return Plan(_rows(walls, 7), _rows(doors, 6), _rows([*boxes, *ramps], 13), _rows(agents, 7), world.floor_m)


def _thing(item: Box | Ramp, length_m: Range, width_m: Range, slot: int) -> tuple[float, ...]:
    return (*item.at, *_radians(item.angle_deg), *length_m, *width_m, item.lockable, LOCKS[item.locked_by], slot)


def _radians(angle_deg: Range) -> tuple[float, float]:
    return math.radians(angle_deg.low), math.radians(angle_deg.high)


def _rows(rows: list[tuple[float, ...]], width: int) -> np.ndarray:
    return np.array(rows, np.float64).reshape(len(rows), width)
