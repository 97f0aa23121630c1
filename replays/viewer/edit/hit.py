"""What lies under the mouse: handles of what is selected, items, and areas."""

import math
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from replays.viewer.edit.edits import snap, wall_reach
from replays.viewer.edit.reshape import set_area, set_ends, set_size, turn_to
from replays.viewer.edit.shapes import (
    Shape,
    area_of,
    corners,
    items_of,
    shape_of,
    thing_of,
    to_own,
    to_world,
)
from sim.geometry import distance_to_rectangle
from sim.scenarios.drawn.items import Agent, Area, Box, Door, Item, Wall
from sim.scenarios.drawn.world import DrawnWorld

Place = tuple[float, float]

TURN_STEP_DEG = 15.0
_TURN_HANDLE_M = 0.3
"""How far the handle for turning is from the edge of what it turns."""


class Grip(Enum):
    """What a handle changes."""

    CORNER = auto()
    """A box's size; the opposite corner stays."""
    END = auto()
    """Where a wall or a door ends; the other end stays."""
    TURN = auto()
    AREA = auto()
    """A corner of an area; the opposite corner stays."""


class Handle(NamedTuple):
    """Something that can be dragged to change an item."""

    item: Item
    grip: Grip
    number: int
    """Which corner or end."""
    place: Place


def handles_of(world: DrawnWorld, item: Item) -> list[Handle]:
    """The handles of an item, those on top last."""
    thing, shape, area = thing_of(world, item), shape_of(world, item), area_of(world, item)
    found = []
    if not area.is_point and not isinstance(thing, Door):
        found += [Handle(item, Grip.AREA, k, place) for k, place in enumerate(_area_corners(area))]
    if isinstance(thing, Box):
        found += [Handle(item, Grip.CORNER, k, place) for k, place in enumerate(corners(shape))]
    if isinstance(thing, Wall | Door):
        upright = thing.upright if isinstance(thing, Wall) else world.walls[item.number].upright
        half = (shape.half_y if upright else shape.half_x) - (0.05 if isinstance(thing, Wall) else 0.0)
        ends = (-half, half)
        places = [(shape.x, shape.y + end) if upright else (shape.x + end, shape.y) for end in ends]
        found += [Handle(item, Grip.END, k, place) for k, place in enumerate(places)]
    else:
        found.append(Handle(item, Grip.TURN, 0, to_world(shape, shape.half_x + _TURN_HANDLE_M, 0.0)))
    return found


def handle_at(world: DrawnWorld, items: Iterable[Item], place: Place, near_m: float) -> Handle | None:
    """The handle of one of some items that is nearest to a place, if one is near."""
    found = [handle for item in items for handle in handles_of(world, item)]
    best = min(reversed(found), key=lambda handle: math.dist(handle.place, place), default=None)
    return best if best and math.dist(best.place, place) <= near_m else None


def item_at(world: DrawnWorld, place: Place, near_m: float) -> Item | None:
    """The topmost item at a place, else the smallest area around it."""
    for item in reversed(list(items_of(world))):
        if distance_to(world, item, place) <= near_m:
            return item
    areas = [(item, area_of(world, item)) for item in items_of(world) if item.door is None]
    around = [(item, area) for item, area in areas if area.x0 <= place[0] <= area.x1 and area.y0 <= place[1] <= area.y1]
    return min(around, key=lambda one: _size(one[1]), default=(None, None))[0]


def wall_at(world: DrawnWorld, place: Place, near_m: float) -> Item | None:
    """The nearest wall to a place, if one is near."""
    walls = [Item("walls", number) for number in range(len(world.walls))]
    best = min(walls, key=lambda item: distance_to(world, item, place), default=None)
    return best if best and distance_to(world, best, place) <= near_m else None


def items_within(world: DrawnWorld, a: Place, b: Place) -> list[Item]:
    """The items whose middle is in an upright rectangle; doors come with their walls."""
    (x0, x1), (y0, y1) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    shapes = [(item, shape_of(world, item)) for item in items_of(world) if item.door is None]
    return [item for item, shape in shapes if x0 <= shape.x <= x1 and y0 <= shape.y <= y1]


def distance_to(world: DrawnWorld, item: Item, place: Place) -> float:
    """Metres from a place to the surface of an item; 0 inside."""
    shape = shape_of(world, item)
    if isinstance(thing_of(world, item), Agent):
        return max(math.dist(place, (shape.x, shape.y)) - shape.half_x, 0.0)
    return float(distance_to_rectangle(*place, (shape.x, shape.y, shape.angle), shape.half_x, shape.half_y))


def drag_handle(world: DrawnWorld, handle: Handle, place: Place, step: float) -> DrawnWorld:
    """The world with a handle dragged to a place on a grid; with a step of 0 on a fine one."""
    match handle.grip:
        case Grip.CORNER:
            return _drag_corner(world, handle, place, step)
        case Grip.END:
            return _drag_end(world, handle, place, step)
        case Grip.TURN:
            shape = shape_of(world, handle.item)
            degrees = math.degrees(math.atan2(place[1] - shape.y, place[0] - shape.x))
            fine = TURN_STEP_DEG if step else 1.0
            return turn_to(world, handle.item, round(degrees / fine) * fine)
        case Grip.AREA:
            opposite = _area_corners(area_of(world, handle.item))[(handle.number + 2) % 4]
            return set_area(world, handle.item, Area(snap(place[0], step), snap(place[1], step), *opposite))


def _drag_corner(world: DrawnWorld, handle: Handle, place: Place, step: float) -> DrawnWorld:
    shape = shape_of(world, handle.item)
    fixed = corners(shape)[(handle.number + 2) % 4]
    x, y = to_own(Shape(*fixed, shape.angle, 0.0, 0.0), *place)
    length, width = snap(abs(x), step), snap(abs(y), step)
    sized = set_size(world, handle.item, length, width)
    after = shape_of(sized, handle.item)
    own = (math.copysign(after.half_x, x), math.copysign(after.half_y, y))
    middle = to_world(Shape(*fixed, shape.angle, 0.0, 0.0), *own)
    area, (old_x, old_y) = area_of(world, handle.item), (shape.x, shape.y)
    dx, dy = middle[0] - old_x, middle[1] - old_y
    if not area.is_point:
        return sized
    return set_area(sized, handle.item, Area.point(area.x0 + dx, area.y0 + dy))


def _drag_end(world: DrawnWorld, handle: Handle, place: Place, step: float) -> DrawnWorld:
    item, thing = handle.item, thing_of(world, handle.item)
    if isinstance(thing, Wall):
        ends = list(wall_reach(world, item))
        ends[handle.number] = snap(place[int(thing.upright)], step)
        return set_ends(world, item, ends[0], ends[1])
    shape, upright = shape_of(world, item), world.walls[item.number].upright
    middle = shape.y if upright else shape.x
    half = abs(place[int(upright)] - middle)
    return set_size(world, item, 2 * snap(half, 0.5 * step), 0.0)


def _area_corners(area: Area) -> list[Place]:
    return [(area.x1, area.y1), (area.x0, area.y1), (area.x0, area.y0), (area.x1, area.y0)]


def _size(area: Area) -> float:
    return (area.x1 - area.x0) * (area.y1 - area.y0)
