"""What does not move: floor, walls and doors, drawn once and kept."""

from functools import lru_cache

import numpy as np
import pygame

from sim.layout import Layout
from sim.render.canvas import Camera, fit
from sim.render.palette import (
    FLOOR,
    FLOOR_LINE,
    INK,
    PAPER,
    THRESHOLD,
    THRESHOLD_LINE,
    WALL,
    WALL_LIGHT,
    mix,
)
from sim.rules import RULES

_SUPER = 2
_OUT_OF_BOUNDS = mix(FLOOR, INK, 0.22)
"""The margin of the floor."""

Bars = tuple[tuple[float, float, float, float], ...]


def lay_ground(target: pygame.Surface, camera: Camera, layout: Layout, world: int) -> None:
    """Covers the whole target with the picture of an empty world."""
    walls, doors = layout.walls[world][layout.wall_exists[world]], layout.doors[world][layout.door_exists[world]]
    floor, margin = float(layout.floor[world]), float(layout.out_of_bounds_margin_m[world])
    if camera == fit(target.get_rect(), floor):
        target.blit(_whole(target.get_size(), floor, margin, _bars(walls), _bars(doors)), (0, 0))
    else:
        _paint(target, camera, floor, margin, _bars(walls), _bars(doors), 1)


def _bars(rows: np.ndarray) -> Bars:
    return tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in rows.tolist())


@lru_cache(maxsize=8)
def _whole(size: tuple[int, int], floor: float, margin: float, walls: Bars, doors: Bars) -> pygame.Surface:
    """The whole floor, drawn too large and shrunk; kept and shared, so do not draw on it."""
    large = pygame.Surface((size[0] * _SUPER, size[1] * _SUPER))
    _paint(large, fit(large.get_rect(), floor), floor, margin, walls, doors, _SUPER)
    return pygame.transform.smoothscale(large, size)


def _paint(
    large: pygame.Surface, camera: Camera, floor: float, margin: float, walls: Bars, doors: Bars, least: int
) -> None:
    """Draws the ground with lines at least `least` pixels wide."""
    large.fill(PAPER)
    border = RULES.wall_m
    pygame.draw.rect(
        large,
        WALL,
        _rect(camera, (-border, -border, floor + border, floor + border)),
        border_radius=round(border * camera.scale),
    )
    pygame.draw.rect(large, FLOOR if margin == 0 else _OUT_OF_BOUNDS, _rect(camera, (0, 0, floor, floor)))
    pygame.draw.rect(large, FLOOR, _rect(camera, (margin, margin, floor - margin, floor - margin)))
    for metre in range(1, int(np.ceil(floor))):
        _line(large, camera, FLOOR_LINE, (metre, 0), (metre, floor), 0.012, least)
        _line(large, camera, FLOOR_LINE, (0, metre), (floor, metre), 0.012, least)
    _shade(large, camera, floor)
    for door in doors:
        _door(large, camera, door, least)
    drop = 0.03
    for x0, y0, x1, y1 in walls:
        shadow = _rect(camera, (x0 + 0.7 * drop, y0 - drop, x1 + 0.7 * drop, y1 - drop))
        pygame.draw.rect(large, mix(FLOOR, INK, 0.14), shadow.clip(_rect(camera, (0, 0, floor, floor))))
    for wall in walls:
        pygame.draw.rect(large, WALL, _rect(camera, wall))
    for x0, y0, x1, y1 in walls:
        inset = min(0.025, (x1 - x0) / 4, (y1 - y0) / 4)
        pygame.draw.rect(large, WALL_LIGHT, _rect(camera, (x0 + inset, y0 + inset, x1 - inset, y1 - inset)))


def _shade(large: pygame.Surface, camera: Camera, floor: float) -> None:
    """The shadow of the border along its upper and left side."""
    depth = 0.03
    for bar in ((0, floor - depth, floor, floor), (0, 0, 0.7 * depth, floor)):
        pygame.draw.rect(large, mix(FLOOR, INK, 0.14), _rect(camera, bar))


def _door(large: pygame.Surface, camera: Camera, door: tuple[float, float, float, float], least: int) -> None:
    """A threshold: a worn strip of floor with a line on either side."""
    x0, y0, x1, y1 = door
    pygame.draw.rect(large, THRESHOLD, _rect(camera, door))
    if x1 - x0 > y1 - y0:
        sides = (((x0, y0), (x1, y0)), ((x0, y1), (x1, y1)))
    else:
        sides = (((x0, y0), (x0, y1)), ((x1, y0), (x1, y1)))
    for a, b in sides:
        _line(large, camera, THRESHOLD_LINE, a, b, 0.016, least)


def _rect(camera: Camera, bar: tuple[float, float, float, float]) -> pygame.Rect:
    (left, bottom), (right, top) = camera.point(bar[0], bar[1]), camera.point(bar[2], bar[3])
    left, top = round(left), round(top)
    return pygame.Rect(left, top, round(right) - left, round(bottom) - top)


def _line(
    large: pygame.Surface,
    camera: Camera,
    colour: tuple[int, int, int],
    a: tuple[float, float],
    b: tuple[float, float],
    width_m: float,
    least: int,
) -> None:
    pygame.draw.line(large, colour, camera.point(*a), camera.point(*b), max(least, round(width_m * camera.scale)))
