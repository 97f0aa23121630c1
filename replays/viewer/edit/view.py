"""How the editor draws the floor: the world as in a film, and over it what is selected and what is impossible."""

from collections.abc import Sequence

import numpy as np
import pygame
from pygame import Rect

from replays.viewer.edit.hit import Grip, Handle, Place, handles_of
from replays.viewer.edit.picture import bars_of, ground_of
from replays.viewer.edit.shapes import Shape, area_of, corners, has_any_angle, items_of, shape_of, thing_of
from replays.viewer.widgets.theme import SMALL, card, px, wrap
from sim.layout import Layout
from sim.render.bodies import AgentStyle, draw_agent, draw_thing
from sim.render.canvas import Camera, Point, Stamp, fill_translucent
from sim.render.ground import lay_ground
from sim.render.palette import (
    BOX,
    FLOOR,
    HIDER,
    INK,
    PAPER,
    RAMP,
    SEEKER,
    THRESHOLD_LINE,
    WALL,
    WALL_LIGHT,
    WHITE,
    Colour,
    mix,
)
from sim.render.text import label
from sim.rules import HIDERS, RULES, SEEKERS
from sim.scenarios.drawn.drawing import LOCKS, in_words
from sim.scenarios.drawn.items import Agent, Box, Item, Ramp, Wall
from sim.scenarios.drawn.problems import Problem
from sim.scenarios.drawn.world import DrawnWorld

WRONG: Colour = (196, 28, 60)
"""What is impossible. Not the seekers' colour, and darker than it for those who cannot tell the two apart."""
_LEAST_GRID_PIXELS = 7
_MOST_LABELS = 5
_LABEL_WIDTH = 210


class FloorPicture:
    """The floor with all that is not selected; kept as long as it stays the same."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._picture = pygame.Surface((1, 1))

    def draw(
        self,
        surface: pygame.Surface,
        area: Rect,
        camera: Camera,
        world: DrawnWorld,
        without: Sequence[Item],
        step: float,
    ) -> None:
        """Draws it in an area; `camera` is that of the area, `step` that of the grid."""
        doors = [item for item in without if item.door is not None]
        hidden = [*without, *(item._replace(door=None) for item in doors)]
        key = (area.size, camera, step, tuple(hidden), _rest_of(world, hidden))
        if key != self._key:
            self._key = key
            if self._picture.get_size() != area.size:
                self._picture = pygame.Surface(area.size)
            _draw_ground(self._picture, camera, world, ground_of(world, hidden), step)
            for item in items_of(world):
                if item.door is None and item not in hidden:
                    _draw_area(self._picture, camera, world, item)
            for item in items_of(world):
                if item.kind != "walls" and item not in hidden:
                    draw_item(self._picture, camera, world, item)
        surface.blit(self._picture, area)


def draw_selected(surface: pygame.Surface, camera: Camera, world: DrawnWorld, selected: Sequence[Item]) -> None:
    """Draws what is selected, above everything else, with an outline."""
    walls = {item._replace(door=None) for item in selected if item.kind == "walls"}
    for item in [*sorted(walls), *(item for item in selected if item.kind != "walls")]:
        _draw_area(surface, camera, world, item)
        draw_item(surface, camera, world, item)
    for item in selected:
        draw_outline(surface, camera, shape_of(world, item), INK)


def draw_handles(surface: pygame.Surface, camera: Camera, world: DrawnWorld, item: Item, held: Handle | None) -> None:
    """Draws the handles of the one item that is selected; the one that is held is dark."""
    shape, reach = shape_of(world, item), px(5)
    for handle in handles_of(world, item):
        x, y = camera.point(*handle.place)
        dark = held is not None and held[1:3] == handle[1:3]
        stamp = Stamp(surface, [(x, y), camera.point(shape.x, shape.y)], 2 * reach)
        if handle.grip is Grip.TURN:
            edge = camera.point(*_toward(shape, handle.place))
            stamp.line(INK, edge, (x, y), max(px(2), 1))
            stamp.disc(INK, (x, y), 1.3 * reach)
            stamp.disc(INK if dark else WHITE, (x, y), 1.3 * reach - max(px(2), 1))
        else:
            for side, colour in ((reach, INK), (reach - max(px(2), 1), INK if dark else WHITE)):
                stamp.polygon(colour, _box_points((x - side, y - side), (x + side, y + side)))
        stamp.lay()


def draw_band(surface: pygame.Surface, camera: Camera, band: tuple[Place, Place]) -> None:
    """Draws the rectangle in which everything will be selected."""
    points = _box_points(camera.point(*band[0]), camera.point(*band[1]))
    fill_translucent(surface, HIDER, points, 0.08)
    pygame.draw.aalines(surface, HIDER, True, points)


def draw_problems(surface: pygame.Surface, camera: Camera, world: DrawnWorld, found: Sequence[Problem]) -> None:
    """Marks what is impossible where it is, the first few in words."""
    taken: list[Rect] = []
    for number, problem in enumerate(found):
        shapes = [shape_of(world, item) for item in problem.items]
        for shape in shapes:
            draw_outline(surface, camera, shape, WRONG)
        if shapes and number < _MOST_LABELS:
            place = camera.point(shapes[0].x, min(y for _, y in corners(shapes[0])))
            words = problem.text[:1].upper() + problem.text[1:]
            taken.append(_draw_label(surface, words, place, taken))


def draw_item(surface: pygame.Surface, camera: Camera, world: DrawnWorld, item: Item) -> None:
    """Draws one item alone; a wall with its doors."""
    thing, shape = thing_of(world, item), shape_of(world, item)
    pose = np.array([shape.x, shape.y, shape.angle, 0.0, 0.0, 0.0])
    match thing:
        case Wall():
            _draw_wall(surface, camera, world, item)
        case Box() | Ramp():
            lock = LOCKS[thing.locked_by]
            draw_thing(surface, camera, pose, np.array([shape.half_x, shape.half_y]), isinstance(thing, Ramp), lock)
        case Agent():
            team = HIDERS if thing.side == "hider" else SEEKERS
            style = AgentStyle(name=in_words(world, item).split()[1])
            draw_agent(surface, camera, pose, team, style)
    if has_any_angle(thing):
        _draw_any_angle(surface, camera, shape)


def draw_outline(surface: pygame.Surface, camera: Camera, shape: Shape, colour: Colour) -> None:
    """A line around a shape, a little away from it."""
    away = px(4) / camera.scale
    wide = shape._replace(half_x=shape.half_x + away, half_y=shape.half_y + away)
    points = [camera.point(*place) for place in corners(wide)]
    pygame.draw.lines(surface, colour, True, points, max(px(2), 1))


def item_colour(thing: object) -> Colour:
    """The colour that stands for a kind of thing."""
    if isinstance(thing, Agent):
        return HIDER if thing.side == "hider" else SEEKER
    return BOX if isinstance(thing, Box) else RAMP if isinstance(thing, Ramp) else WALL


def _draw_ground(target: pygame.Surface, camera: Camera, world: DrawnWorld, layout: Layout, step: float) -> None:
    target.fill(PAPER)
    lay_ground(target, camera, layout, 0)
    if step * camera.scale < _LEAST_GRID_PIXELS:
        return
    colour, side = mix(FLOOR, INK, 0.3), max(px(1), 1)
    count, inside = round(world.floor_m / step), target.get_rect()
    for column in range(1, count):
        for row in range(1, count):
            place = tuple(map(round, camera.point(column * step, row * step)))
            if inside.collidepoint(place) and target.get_at(place)[:3] == FLOOR:
                target.fill(colour, (*place, side, side))


def _draw_area(surface: pygame.Surface, camera: Camera, world: DrawnWorld, item: Item) -> None:
    """The area in which an item may be, in its colour."""
    area = area_of(world, item)
    if area.is_point:
        return
    colour = item_colour(thing_of(world, item))
    points = [
        camera.point(x, y) for x, y in ((area.x0, area.y0), (area.x1, area.y0), (area.x1, area.y1), (area.x0, area.y1))
    ]
    fill_translucent(surface, colour, points, 0.1)
    for a, b in zip(points, points[1:] + points[:1], strict=True):
        _dashed(surface, mix(FLOOR, colour, 0.7), a, b)


def _dashed(surface: pygame.Surface, colour: Colour, a: Point, b: Point) -> None:
    length, dash = max(abs(b[0] - a[0]), abs(b[1] - a[1])), px(6)
    count = max(int(length / (2 * dash)), 1)
    for k in range(count):
        low, high = k / count, (k + 0.5) / count
        ends = [(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for share in (low, high)]
        pygame.draw.line(surface, colour, ends[0], ends[1], max(px(1), 1))


def _draw_wall(surface: pygame.Surface, camera: Camera, world: DrawnWorld, item: Item) -> None:
    pieces, doors = bars_of(world, item)
    for bar in pieces:
        area = _rect(camera, bar)
        pygame.draw.rect(surface, WALL, area)
        pygame.draw.rect(surface, WALL_LIGHT, area.inflate(-max(area.width // 3, 2), -max(area.height // 3, 2)))
    for bar in doors:
        pygame.draw.rect(surface, THRESHOLD_LINE, _rect(camera, bar), max(px(1), 1))


def _draw_any_angle(surface: pygame.Surface, camera: Camera, shape: Shape) -> None:
    """A ring with an arrow head: it may look anywhere."""
    centre, radius = camera.point(shape.x, shape.y), _ring(shape) * camera.scale
    width = max(px(2), 1)
    stamp = Stamp(surface, [centre], radius + px(8))
    colour = mix(FLOOR, INK, 0.55)
    for k in range(24):
        if k % 2 == 0:
            turn = [2 * np.pi * (k + share) / 24 for share in (0.0, 1.0)]
            ends = [(centre[0] + radius * np.cos(t), centre[1] - radius * np.sin(t)) for t in turn]
            stamp.line(colour, ends[0], ends[1], width)
    stamp.lay()


def _draw_label(surface: pygame.Surface, words: str, place: Point, taken: Sequence[Rect]) -> Rect:
    """Writes a problem on a card under a place, below what is written already."""
    lines = wrap(words, SMALL, px(_LABEL_WIDTH))
    texts = [label(line, px(SMALL), WRONG) for line in lines]
    pad, step = px(6), px(18)
    area = Rect(0, 0, max(text.get_width() for text in texts) + 2 * pad, step * len(texts) + pad)
    area.midtop = round(place[0]), round(place[1]) + px(8)
    area.clamp_ip(surface.get_clip())
    while (hit := area.collidelist(list(taken))) >= 0 and area.bottom < surface.get_clip().bottom:
        area.top = taken[hit].bottom + px(2)
    card(surface, area)
    for row, text in enumerate(texts):
        surface.blit(text, (area.left + pad, area.top + pad // 2 + row * step))
    return area


def _rest_of(world: DrawnWorld, without: Sequence[Item]) -> tuple[object, ...]:
    """What the picture of a world without some items depends on."""
    rest = [thing_of(world, item) for item in items_of(world) if item not in without]
    return world.floor_m, len(world.agents), *rest


def _ring(shape: Shape) -> float:
    """Radius of the ring of what may look anywhere: around an agent, on a thing."""
    is_agent = shape.half_x == shape.half_y == RULES.agent_radius_m
    return 1.55 * RULES.agent_radius_m if is_agent else max(0.7 * min(shape.half_x, shape.half_y), 0.1)


def _toward(shape: Shape, place: Place) -> Place:
    """The edge of a shape towards its handle."""
    away = np.array(place) - (shape.x, shape.y)
    length = float(np.hypot(*away))
    edge = np.array([shape.x, shape.y]) + away * (shape.half_x / max(length, 1e-9))
    return float(edge[0]), float(edge[1])


def _box_points(a: Point, b: Point) -> list[Point]:
    """The corners of an upright rectangle from one corner to the opposite one."""
    return [a, (b[0], a[1]), b, (a[0], b[1])]


def _rect(camera: Camera, bar: tuple[float, float, float, float]) -> Rect:
    (left, bottom), (right, top) = camera.point(bar[0], bar[1]), camera.point(bar[2], bar[3])
    return Rect(round(left), round(top), max(round(right) - round(left), 1), max(round(bottom) - round(top), 1))
