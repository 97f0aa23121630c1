"""How items of a drawn world are turned, made larger or smaller, and given areas; see `edits`."""

import dataclasses
import math
from collections.abc import Callable, Iterable
from typing import Any

from replays.viewer.edit.edits import LEAST_M, point_at, rounded, set_numbers, slid, with_thing
from replays.viewer.edit.shapes import area_of, has_any_angle, shape_of, thing_of
from sim.scenarios.drawn.items import Area, Box, Door, Item, Range, Wall
from sim.scenarios.drawn.world import DrawnWorld

_MOST_BOX_M = 10.0
_AREA_M = 1.0
"""Side of an area that a place is turned into."""


def turn(world: DrawnWorld, items: Iterable[Item], degrees: float) -> DrawnWorld:
    """The world with items turned to the left, each around its middle; a wall turns by a right angle."""

    def turned(thing: Any) -> Any:
        if isinstance(thing, Wall):
            return _turned_wall(thing, world.floor_m)
        if isinstance(thing, Door):
            return thing
        if has_any_angle(thing):
            return dataclasses.replace(thing, angle_deg=Range.fixed(0.0))
        low, high = thing.angle_deg
        whole = 360.0 * math.floor((low + degrees) / 360.0)
        low, high = _tenth(low + degrees - whole), _tenth(high + degrees - whole)
        return dataclasses.replace(thing, angle_deg=Range(low, high) if high <= 360.0 else Range(low - 360, high - 360))

    return _each(world, items, turned)


def turn_to(world: DrawnWorld, item: Item, degrees: float) -> DrawnWorld:
    """The world with one item at an angle."""
    thing = thing_of(world, item)
    if isinstance(thing, Wall | Door):
        return world
    return with_thing(world, item, dataclasses.replace(thing, angle_deg=Range.fixed(_tenth(degrees % 360.0))))


def toggle_angle(world: DrawnWorld, items: Iterable[Item]) -> DrawnWorld:
    """The world with items that may look anywhere, or one way if they might."""

    def toggled(thing: Any) -> Any:
        if isinstance(thing, Wall | Door):
            return thing
        angle = Range.fixed(0.0) if has_any_angle(thing) else Range(0.0, 360.0)
        return dataclasses.replace(thing, angle_deg=angle)

    return _each(world, items, toggled)


def lengthen(world: DrawnWorld, items: Iterable[Item], length: float, width: float) -> DrawnWorld:
    """The world with items longer and wider by so much; their areas, where they have one. Ramps and agents stay."""
    for item in items:
        thing, area = thing_of(world, item), area_of(world, item)
        if not area.is_point and not isinstance(thing, Door | Wall):
            x, y = area.middle
            half_x = 0.5 * max(area.x1 - area.x0 + length, 0.0)
            half_y = 0.5 * max(area.y1 - area.y0 + width, 0.0)
            world = set_area(world, item, Area(x - half_x, y - half_y, x + half_x, y + half_y))
        elif isinstance(thing, Box):
            shape = shape_of(world, item)
            world = set_size(world, item, 2 * shape.half_x + length, 2 * shape.half_y + width)
        elif isinstance(thing, Wall):
            world = with_thing(world, item, _long(thing, thing.length_m.middle + length, world.floor_m))
        elif isinstance(thing, Door):
            world = set_size(world, item, thing.width_m.middle + length, 0.0)
    return world


def set_size(world: DrawnWorld, item: Item, length: float, width: float) -> DrawnWorld:
    """The world with a box of another length and width, or a door of another width (its `length` here)."""
    thing = thing_of(world, item)
    length, width = (rounded(min(max(side, LEAST_M), _MOST_BOX_M)) for side in (length, width))
    if isinstance(thing, Box):
        sides = {"length_m": Range.fixed(length), "width_m": None if length == width else Range.fixed(width)}
        return with_thing(world, item, dataclasses.replace(thing, **sides))
    if isinstance(thing, Door):
        wall = world.walls[item.number]
        wide = dataclasses.replace(thing, width_m=Range.fixed(min(length, max(wall.length_m.low, LEAST_M))))
        return with_thing(world, item, slid(wide, wall, 0.0))
    return world


def set_ends(world: DrawnWorld, item: Item, low: float, high: float) -> DrawnWorld:
    """The world with a wall from one number to another on its axis."""
    wall = thing_of(world, item)
    if not isinstance(wall, Wall):
        return world
    low, high = min(max(low, 0.0), world.floor_m), min(max(high, 0.0), world.floor_m)
    x, y = wall.at.middle
    begin = (x, min(low, high)) if wall.upright else (min(low, high), y)
    long = dataclasses.replace(wall, at=point_at(*begin), length_m=Range.fixed(rounded(max(abs(high - low), LEAST_M))))
    return with_thing(world, item, _with_doors_inside(long))


def set_area(world: DrawnWorld, item: Item, area: Area) -> DrawnWorld:
    """The world with an item anywhere in an area; corners may be in any order, the floor cuts the area off."""
    thing = thing_of(world, item)
    if isinstance(thing, Door):
        return world
    x0, x1 = sorted(rounded(min(max(x, 0.0), world.floor_m)) for x in (area.x0, area.x1))
    y0, y1 = sorted(rounded(min(max(y, 0.0), world.floor_m)) for y in (area.y0, area.y1))
    return with_thing(world, item, dataclasses.replace(thing, at=Area(x0, y0, x1, y1)))


def resize_floor(world: DrawnWorld, floor_m: float) -> DrawnWorld:
    """The world with a floor of another side; what lies on its right or upper edge, or ends there, goes with the edge.

    So a wall along the edge stays there, and a room that the edge closes stays closed. A wall with an area or a free
    length keeps its place, and so does one that would become too short.
    """
    resized = set_numbers(world, floor_m=floor_m)
    walls = tuple(_with_edge(wall, world.floor_m, resized.floor_m) for wall in world.walls)
    return dataclasses.replace(resized, walls=walls)


def toggle_area(world: DrawnWorld, items: Iterable[Item]) -> DrawnWorld:
    """The world with places turned into areas around them, and areas into the places in their middle."""
    for item in items:
        thing = thing_of(world, item)
        if isinstance(thing, Door):
            world = with_thing(world, item, _toggled_door(thing, world.walls[item.number]))
            continue
        (x, y), half = thing.at.middle, 0.5 * _AREA_M
        along = thing.length_m.high if isinstance(thing, Wall) else 0.0
        most_x, most_y = (world.floor_m - along * (isinstance(thing, Wall) and thing.upright == up) for up in (0, 1))
        if thing.at.is_point:
            area = Area(x - half, y - half, min(x + half, max(most_x, x)), min(y + half, max(most_y, y)))
        else:
            area = Area.point(x, y)
        world = set_area(world, item, area)
    return world


def _each(world: DrawnWorld, items: Iterable[Item], change: Callable[[Any], Any]) -> DrawnWorld:
    for item in items:
        world = with_thing(world, item, change(thing_of(world, item)))
    return world


def _toggled_door(door: Door, wall: Wall) -> Door:
    middle, half, room = door.at_m.middle, 0.5 * door.width_m.high, wall.length_m.low
    if not door.at_m.is_fixed:
        return dataclasses.replace(door, at_m=Range.fixed(rounded(middle)))
    low, high = max(middle - 0.5 * _AREA_M, half), min(middle + 0.5 * _AREA_M, room - half)
    return dataclasses.replace(door, at_m=Range(rounded(min(low, middle)), rounded(max(high, middle))))


def _turned_wall(wall: Wall, floor: float) -> Wall:
    """A wall that goes the other way through its middle, moved so that it lies on the floor."""
    half, area = 0.5 * wall.length_m.middle, wall.at
    shift = (-half, half) if wall.upright else (half, -half)
    along = int(not wall.upright)
    most = [floor, floor]
    most[along] = max(floor - wall.length_m.high, 0.0)
    x0, x1 = (rounded(min(max(x + shift[0], 0.0), most[0])) for x in (area.x0, area.x1))
    y0, y1 = (rounded(min(max(y + shift[1], 0.0), most[1])) for y in (area.y0, area.y1))
    return dataclasses.replace(wall, at=Area(x0, y0, x1, y1), upright=not wall.upright)


def _with_edge(wall: Wall, old: float, new: float) -> Wall:
    """A wall after the floor's right and upper edge has moved from one number to another."""
    if not (wall.at.is_point and wall.length_m.is_fixed):
        return wall
    begin, length, along = list(wall.at.middle), wall.length_m.middle, int(wall.upright)
    if rounded(begin[1 - along]) == rounded(old):
        begin[1 - along] = new
    if rounded(begin[along] + length) == rounded(old):
        length = new - begin[along]
    if length < LEAST_M:
        return wall
    fixed = Range.fixed(rounded(length))
    return _with_doors_inside(dataclasses.replace(wall, at=point_at(*begin), length_m=fixed))


def _long(wall: Wall, length: float, floor: float) -> Wall:
    begin = wall.at[3] if wall.upright else wall.at[2]
    fixed = Range.fixed(rounded(max(min(length, floor - begin), LEAST_M)))
    return _with_doors_inside(dataclasses.replace(wall, length_m=fixed))


def _with_doors_inside(wall: Wall) -> Wall:
    return dataclasses.replace(wall, doors=tuple(slid(door, wall, 0.0) for door in wall.doors))


def _tenth(degrees: float) -> float:
    return round(degrees, 1) + 0.0
