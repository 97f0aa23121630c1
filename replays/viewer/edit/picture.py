"""The walls and doors of a drawn world as the renderer takes them, in the middle of all that they may be."""

from collections.abc import Collection

from replays.viewer.edit.shapes import Shape, shape_of
from sim.layout import Layout, Slots, empty_layout
from sim.scenarios.drawn.items import Item
from sim.scenarios.drawn.world import DrawnWorld

Bar = tuple[float, float, float, float]


def ground_of(world: DrawnWorld, without: Collection[Item]) -> Layout:
    """A layout of one world with floor, walls and doors alone; some walls may be left out."""
    walls = [Item("walls", number) for number in range(len(world.walls))]
    bars = [bars_of(world, wall) for wall in walls if wall not in without]
    pieces = [bar for pieces, _ in bars for bar in pieces]
    doors = [bar for _, doors in bars for bar in doors]
    layout = empty_layout(1, Slots(0, 0, 0, 0, walls=len(pieces), doors=len(doors)))
    layout.floor[0] = world.floor_m
    for table, exists, rows in (
        (layout.walls, layout.wall_exists, pieces),
        (layout.doors, layout.door_exists, doors),
    ):
        if rows:
            table[0], exists[0] = rows, True
    return layout


def bars_of(world: DrawnWorld, wall: Item) -> tuple[list[Bar], list[Bar]]:
    """The pieces of a wall and its openings, each x0, y0, x1, y1; what lies beyond the floor is cut off."""
    thing, whole = world.walls[wall.number], _bar(shape_of(world, wall))
    along, most = int(thing.upright), world.floor_m
    doors = sorted(
        (_bar(shape_of(world, wall._replace(door=number))) for number in range(len(thing.doors))),
        key=lambda bar: bar[along],
    )
    start, pieces = whole[along], []
    for door in doors:
        pieces.append(_part(whole, along, start, door[along]))
        start = max(start, door[along + 2])
    pieces.append(_part(whole, along, start, whole[along + 2]))
    inside = [(max(x0, 0.0), max(y0, 0.0), min(x1, most), min(y1, most)) for x0, y0, x1, y1 in pieces]
    return [bar for bar in inside if bar[0] < bar[2] and bar[1] < bar[3]], doors


def _bar(shape: Shape) -> Bar:
    return shape.x - shape.half_x, shape.y - shape.half_y, shape.x + shape.half_x, shape.y + shape.half_y


def _part(bar: Bar, along: int, low: float, high: float) -> Bar:
    """The part of a bar between two numbers on an axis."""
    return (low, bar[1], high, bar[3]) if along == 0 else (bar[0], low, bar[2], high)
