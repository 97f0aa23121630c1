"""What in a drawn world cannot be, in words: each problem names the items it is about.

First comes what is wrong with an item by itself, then what two items do to each other, at last whether everything finds
room together. What may overlap in some starts is no problem, as starts are drawn until nothing does; a problem is what
overlaps in all of them, as far as `ATTEMPTS` draws tell.
"""

import dataclasses
import itertools
import math
from typing import NamedTuple

import numpy as np

from sim.layout import empty_layout
from sim.rules import RULES, SIDES
from sim.scenarios.drawn.drawing import ATTEMPTS, Drawing, in_words, placed_items, plan_of
from sim.scenarios.drawn.items import Box, Item, Wall
from sim.scenarios.drawn.placing import ALL_PLACED, draw_worlds
from sim.state import empty_state

_ROUNDING_M = 1e-6


class Problem(NamedTuple):
    """One thing that cannot be."""

    items: tuple[Item, ...]
    """What it is about; nothing if something is missing."""
    text: str
    """A sentence without a full stop."""


def problems(world: Drawing) -> list[Problem]:
    """All that keeps a world from being played; nothing if starts can be placed."""
    found = [
        Problem((), f"there is no {side[:-1]}; a world needs a hider and a seeker")
        for side in SIDES
        if not getattr(world, side)
    ]
    for number, wall in enumerate(world.walls):
        found += _of_wall(world, Item("walls", number), wall)
    if any(item.items for item in found):
        return found  # with such walls nothing can be placed
    alone = {item: _alone(world, item) for item in placed_items(world)}
    found += [problem for problem in alone.values() if problem]
    fitting = [item for item, problem in alone.items() if problem is None]
    found += [
        Problem(pair, f"{in_words(world, pair[0])} and {in_words(world, pair[1])} overlap")
        for pair in itertools.combinations(fitting, 2)
        if _always_near(world, *pair) and not _fits(_with_only(world, *pair))
    ]
    return found or _together(world)


def _of_wall(world: Drawing, item: Item, wall: Wall) -> list[Problem]:
    """What is wrong with a wall and its doors."""
    found = []
    long_x, long_y = (0.0, wall.length_m.low) if wall.upright else (wall.length_m.low, 0.0)
    if max(wall.at.x0 + long_x, wall.at.y0 + long_y) > world.floor_m + _ROUNDING_M:
        found.append(Problem((item,), f"{in_words(world, item)} reaches beyond the floor"))
    doors = [item._replace(door=number) for number in range(len(wall.doors))]
    for door, place_of in zip(doors, wall.doors, strict=True):
        half = 0.5 * place_of.width_m.low
        lowest, highest = half - _ROUNDING_M, wall.length_m.high - half + _ROUNDING_M
        if place_of.at_m.high < lowest or place_of.at_m.low > highest:
            found.append(Problem((door,), f"{in_words(world, door)} reaches beyond the end of the wall"))
    for one, other in itertools.combinations(doors, 2):
        first, second = wall.doors[one.door or 0], wall.doors[other.door or 0]
        farthest = max(first.at_m.high - second.at_m.low, second.at_m.high - first.at_m.low)
        if farthest < 0.5 * (first.width_m.low + second.width_m.low) - _ROUNDING_M:
            found.append(Problem((one, other), f"{in_words(world, one)} and {in_words(world, other)} overlap"))
    return found


def _alone(world: Drawing, item: Item) -> Problem | None:
    """What keeps an item from its place, if nothing but the walls is there."""
    alone = _with_only(world, item)
    if _fits(alone):
        return None
    name = in_words(world, item)
    if not _fits(dataclasses.replace(alone, walls=())):
        return Problem((item,), f"{name} reaches beyond the floor")
    for number, wall in enumerate(world.walls):
        if not _fits(dataclasses.replace(alone, walls=(wall,))):
            other = Item("walls", number)
            return Problem((item, other), f"{name} and {in_words(world, other)} overlap")
    return Problem((item,), f"{name} finds no room between the walls")


def _always_near(world: Drawing, one: Item, other: Item) -> bool:
    """Whether two items are so near each other in all starts that they might overlap in all of them."""
    a, b = (getattr(world, item.kind)[item.number].at for item in (one, other))
    farthest = math.hypot(max(a.x1 - b.x0, b.x1 - a.x0), max(a.y1 - b.y0, b.y1 - a.y0))
    return farthest < _reach(world, one) + _reach(world, other)


def _reach(world: Drawing, item: Item) -> float:
    """From the middle of an item to the farthest point it may have."""
    match getattr(world, item.kind)[item.number]:
        case Box(length_m=length, width_m=width):
            return 0.5 * math.hypot(length.high, (width or length).high)
        case _ if item.kind == "ramps":
            return 0.5 * math.hypot(RULES.ramp_length_m, RULES.ramp_width_m)
    return RULES.agent_radius_m


def _together(world: Drawing) -> list[Problem]:
    """What finds no room although each item and each pair of them does."""
    failed = _failed(world)
    items = placed_items(world)
    if failed == ALL_PLACED:
        return []
    if failed < 0:
        return [Problem((), "the walls and their doors do not fit")]
    return [Problem((items[failed],), f"{in_words(world, items[failed])} finds no free place beside the others")]


def _with_only(world: Drawing, *items: Item) -> Drawing:
    """The world with its walls and the given items."""
    return dataclasses.replace(
        world,
        **{
            kind: tuple(one for i, one in enumerate(getattr(world, kind)) if Item(kind, i) in items)
            for kind in ("boxes", "ramps", "agents")
        },
    )


def _fits(world: Drawing) -> bool:
    return _failed(world) == ALL_PLACED


def _failed(world: Drawing) -> int:
    """What `draw_worlds` says of one start."""
    layout, state = empty_layout(1, world.slots), empty_state(1, world.slots)
    return draw_worlds(plan_of(world), np.zeros(1, np.uint64), np.arange(1), layout, state, ATTEMPTS)
