"""Where the items of a drawn world lie.

An item with ranges is shown in the middle of all that it may be. Lengths in metres, angles in radians.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from sim.rules import RULES
from sim.scenarios.drawn.drawing import placed_items
from sim.scenarios.drawn.items import Agent, Area, Box, Door, Item, Ramp, Wall
from sim.scenarios.drawn.world import DrawnWorld

_FULL_TURN_DEG = 360.0

Thing = Wall | Door | Box | Ramp | Agent


class Shape(NamedTuple):
    """An upright or turned rectangle; the box around an agent's disc."""

    x: float
    y: float
    angle: float
    half_x: float
    half_y: float


def items_of(world: DrawnWorld) -> Iterator[Item]:
    """Everything in a world, the lowest first: walls, their doors, boxes, ramps and agents."""
    for number, wall in enumerate(world.walls):
        yield Item("walls", number)
        yield from (Item("walls", number, door) for door in range(len(wall.doors)))
    yield from placed_items(world)


def thing_of(world: DrawnWorld, item: Item) -> Thing:
    """The table of the file that an item stands for."""
    thing = getattr(world, item.kind)[item.number]
    return thing if item.door is None else thing.doors[item.door]


def exists(world: DrawnWorld, item: Item) -> bool:
    """Whether the world has such an item."""
    things = getattr(world, item.kind)
    return item.number < len(things) and (item.door is None or item.door < len(things[item.number].doors))


def area_of(world: DrawnWorld, item: Item) -> Area:
    """Where its place may be; of a door the line that its middle may be on."""
    thing = thing_of(world, item)
    if not isinstance(thing, Door):
        return thing.at
    wall = world.walls[item.number]
    (x, y), (low, high) = wall.at.middle, thing.at_m
    return Area(x, y + low, x, y + high) if wall.upright else Area(x + low, y, x + high, y)


def shape_of(world: DrawnWorld, item: Item) -> Shape:
    """The rectangle that it covers."""
    thing, (x, y) = thing_of(world, item), area_of(world, item).middle
    thick = 0.5 * RULES.wall_m
    match thing:
        case Wall():
            half = 0.5 * thing.length_m.middle
            x, y = (x, y + half) if thing.upright else (x + half, y)
            return Shape(x, y, 0.0, *_along(thing.upright, half + thick, thick))
        case Door():
            return Shape(x, y, 0.0, *_along(world.walls[item.number].upright, 0.5 * thing.width_m.middle, thick))
        case Box():
            length = thing.length_m.middle
            width = thing.width_m.middle if thing.width_m else length
            return Shape(x, y, angle_of(thing), 0.5 * length, 0.5 * width)
        case Ramp():
            return Shape(x, y, angle_of(thing), 0.5 * RULES.ramp_length_m, 0.5 * RULES.ramp_width_m)
        case Agent():
            return Shape(x, y, angle_of(thing), RULES.agent_radius_m, RULES.agent_radius_m)


def angle_of(thing: Thing) -> float:
    """The middle of its angles; 0 where any angle will do, and of what does not turn freely."""
    if isinstance(thing, Wall | Door) or has_any_angle(thing):
        return 0.0
    return math.radians(thing.angle_deg.middle)


def has_any_angle(thing: Thing) -> bool:
    """Whether it may look anywhere."""
    return not isinstance(thing, Wall | Door) and thing.angle_deg.high - thing.angle_deg.low >= _FULL_TURN_DEG


def corners(shape: Shape) -> list[tuple[float, float]]:
    """Its corners, counter-clockwise from (+x, +y) in its own axes."""
    return [to_world(shape, sx * shape.half_x, sy * shape.half_y) for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))]


def to_world(shape: Shape, x: float, y: float) -> tuple[float, float]:
    """The place on the floor of a place in a shape's own axes."""
    cosine, sine = math.cos(shape.angle), math.sin(shape.angle)
    return shape.x + cosine * x - sine * y, shape.y + sine * x + cosine * y


def to_own(shape: Shape, x: float, y: float) -> tuple[float, float]:
    """The place in a shape's own axes of a place on the floor."""
    cosine, sine, x, y = math.cos(shape.angle), math.sin(shape.angle), x - shape.x, y - shape.y
    return cosine * x + sine * y, cosine * y - sine * x


def _along(upright: bool, along: float, across: float) -> tuple[float, float]:
    return (across, along) if upright else (along, across)
