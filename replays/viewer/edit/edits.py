"""What can be done to a drawn world: each function returns another world, and changes none.

Numbers are kept to the millimetre and to the tenth of a degree, so that the file stays easy to read. A change that the
file's rules forbid, such as one ramp too many, raises ValueError in words.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any, cast

from replays.viewer.edit.shapes import (
    Thing,
    area_of,
    exists,
    thing_of,
)
from sim.scenarios.drawn.items import MOST_FLOOR_M, Agent, Area, Box, Door, Item, Ramp, Range, Side, Wall
from sim.scenarios.drawn.world import DrawnWorld

LEAST_M = 0.1
"""Nothing is made smaller in the editor."""
LEAST_FLOOR_M = 2.0
_NEW_DOOR_M = 0.5


def add(world: DrawnWorld, kind: str, thing: Wall | Box | Ramp | Agent) -> tuple[DrawnWorld, Item]:
    """The world with one more thing, and which one it is."""
    things = getattr(world, kind)
    return dataclasses.replace(world, **{kind: (*things, thing)}), Item(cast(Any, kind), len(things))


def new_wall(a: tuple[float, float], b: tuple[float, float]) -> Wall:
    """A wall from one place towards another, along the longer way."""
    upright = abs(b[1] - a[1]) > abs(b[0] - a[0])
    axis = int(upright)
    low, high = min(a[axis], b[axis]), max(a[axis], b[axis])
    begin = (a[0], low) if upright else (low, a[1])
    return Wall(Area.point(*map(rounded, begin)), Range.fixed(rounded(high - low)), upright)


def add_door(world: DrawnWorld, number: int, at_m: float) -> tuple[DrawnWorld, Item]:
    """The world with one more door, its middle `at_m` along a wall."""
    wall = world.walls[number]
    door = Door(Range.fixed(rounded(at_m)), Range.fixed(min(_NEW_DOOR_M, wall.length_m.low)))
    item = Item("walls", number, len(wall.doors))
    walled = with_thing(world, item._replace(door=None), dataclasses.replace(wall, doors=(*wall.doors, door)))
    return move(walled, [item], 0.0, 0.0), item


def new_box(x: float, y: float, length: float, width: float) -> Box:
    """A box at a place, square if its sides are equal."""
    sides = Range.fixed(rounded(length)), None if rounded(length) == rounded(width) else Range.fixed(rounded(width))
    return Box(point_at(x, y), *sides, angle_deg=Range.fixed(0.0))


def new_ramp(x: float, y: float) -> Ramp:
    """A ramp at a place, that rises to the right."""
    return Ramp(point_at(x, y), angle_deg=Range.fixed(0.0))


def new_agent(side: Side, x: float, y: float) -> Agent:
    """An agent at a place, that may look anywhere."""
    return Agent(side, point_at(x, y))


def move(world: DrawnWorld, items: Iterable[Item], dx: float, dy: float) -> DrawnWorld:
    """The world with items moved together; the floor stops them. Doors slide along their walls."""
    items = list(items)
    loose = [item for item in items if item.door is None]
    if loose:
        dx, dy = (_room_to_move(world, loose, axis, way) for axis, way in enumerate((dx, dy)))
    for item in items:
        thing = thing_of(world, item)
        if isinstance(thing, Door):
            if item._replace(door=None) not in items:
                wall = world.walls[item.number]
                world = with_thing(world, item, slid(thing, wall, dy if wall.upright else dx))
        else:
            x0, y0, x1, y1 = thing.at
            at = Area(rounded(x0 + dx), rounded(y0 + dy), rounded(x1 + dx), rounded(y1 + dy))
            world = with_thing(world, item, dataclasses.replace(thing, at=at))
    return world


def copy(world: DrawnWorld, items: Iterable[Item], away: float) -> tuple[DrawnWorld, list[Item]]:
    """The world with copies of items, so far to the right and below or, at the border, the other way; and which."""
    made: list[Item] = []
    chosen = list(items)
    for item in chosen:
        thing = thing_of(world, item)
        if isinstance(thing, Door):
            if item._replace(door=None) in chosen:
                continue  # it is copied with its wall
            wall = world.walls[item.number]
            copied = Item("walls", item.number, len(wall.doors))
            walled = dataclasses.replace(wall, doors=(*wall.doors, thing))
            world = with_thing(world, item._replace(door=None), walled)
        else:
            world, copied = add(world, item.kind, thing)
        made.append(copied)
    moved = move(world, made, away, -away)
    return (moved if moved != world else move(world, made, -away, away)), made


def delete(world: DrawnWorld, items: Iterable[Item]) -> DrawnWorld:
    """The world without items; a wall's doors go with it."""
    for item in sorted(items, key=lambda one: (one.number, -1 if one.door is None else one.door), reverse=True):
        if not exists(world, item):
            continue
        if item.door is None:
            things = getattr(world, item.kind)
            rest = things[: item.number] + things[item.number + 1 :]
            world = dataclasses.replace(world, **{item.kind: rest})
        else:
            wall = world.walls[item.number]
            doors = wall.doors[: item.door] + wall.doors[item.door + 1 :]
            world = with_thing(world, item._replace(door=None), dataclasses.replace(wall, doors=doors))
    return world


def set_numbers(world: DrawnWorld, **numbers: float) -> DrawnWorld:
    """The world with other `ticks`, `preparation_ticks` or `floor_m`, each within what it may be.

    The others stay, but the preparation is always shorter than the episode.
    """
    changed: dict[str, Any] = {}
    if "floor_m" in numbers:
        changed["floor_m"] = rounded(min(max(numbers["floor_m"], LEAST_FLOOR_M), MOST_FLOOR_M))
    if "ticks" in numbers:
        changed["ticks"] = int(min(max(numbers["ticks"], 10), 10_000))
    if "ticks" in numbers or "preparation_ticks" in numbers:
        preparation = numbers.get("preparation_ticks", world.preparation_ticks)
        changed["preparation_ticks"] = int(min(max(preparation, 0), changed.get("ticks", world.ticks) - 1))
    return dataclasses.replace(world, **changed)


def with_thing(world: DrawnWorld, item: Item, thing: Thing) -> DrawnWorld:
    """The world with another thing in the place of one."""
    if item.door is not None:
        wall = world.walls[item.number]
        doors = (*wall.doors[: item.door], thing, *wall.doors[item.door + 1 :])
        item, thing = item._replace(door=None), dataclasses.replace(wall, doors=cast(Any, doors))
    things = getattr(world, item.kind)
    changed = (*things[: item.number], thing, *things[item.number + 1 :])
    return dataclasses.replace(world, **{item.kind: changed})


def _room_to_move(world: DrawnWorld, items: Iterable[Item], axis: int, way: float) -> float:
    """So much of a way along an axis as the floor lets all items go."""
    lows, highs = zip(*(_span(world, item, axis) for item in items), strict=True)
    return min(max(way, min(-min(lows), 0.0)), max(world.floor_m - max(highs), 0.0))


def _span(world: DrawnWorld, item: Item, axis: int) -> tuple[float, float]:
    """The lowest and highest number of a thing's place on an axis; a wall's whole line counts."""
    thing, area = thing_of(world, item), area_of(world, item)
    along = thing.length_m.high if isinstance(thing, Wall) and thing.upright == bool(axis) else 0.0
    return area[axis], area[axis + 2] + along


def slid(door: Door, wall: Wall, way: float) -> Door:
    """A door moved along its wall, as far as the wall goes."""
    half = 0.5 * door.width_m.high
    low, high = door.at_m
    way = max(min(way, wall.length_m.low - half - high), half - low) if wall.length_m.low >= 2 * half else 0.0
    return dataclasses.replace(door, at_m=Range(rounded(max(low + way, 0.0)), rounded(max(high + way, 0.0))))


def point_at(x: float, y: float) -> Area:
    return Area.point(rounded(x), rounded(y))


def rounded(length: float) -> float:
    """Rounded to the millimetre, never -0."""
    return round(length, 3) + 0.0


GRIDS_M = (0.25, 0.1, 0.5, 0.0)
"""Steps of the grid; 0 is none."""


def snap(length: float, step: float) -> float:
    """The nearest multiple of a step; with a step of 0 the nearest centimetre."""
    step = step or 0.01
    return rounded(round(length / step) * step)


def wall_reach(world: DrawnWorld, item: Item) -> tuple[float, float]:
    """The lowest and the highest end of a wall's line on its axis."""
    wall = thing_of(world, item)
    if not isinstance(wall, Wall):
        raise ValueError(f"{item} is no wall")
    begin = wall.at.middle[int(wall.upright)]
    return begin, begin + wall.length_m.middle
