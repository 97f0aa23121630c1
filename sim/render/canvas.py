"""Smooth drawing with pygame's plain shapes: where a world lies on a surface, and stamps.

Nothing here needs a display: surfaces are plain memory.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pygame

from sim.render.palette import Colour
from sim.render.text import label

SUPER = 3
"""Stamps are drawn this many times too large, and shrunk."""

MARGIN_M = 0.22
"""Space around the floor for its border."""

Point = tuple[float, float]


class Camera(NamedTuple):
    """Where a square floor lies on a surface; x to the right, y upwards."""

    left: float
    """Pixel column of x = 0."""
    bottom: float
    """Pixel row of y = 0."""
    scale: float
    """Pixels in a metre."""

    def point(self, x: float, y: float) -> Point:
        """The pixel, fractions included, at which a place in metres lies."""
        return self.left + x * self.scale, self.bottom - y * self.scale

    def points(self, places: np.ndarray) -> list[Point]:
        """`point` for each row of [n, 2]."""
        return [self.point(x, y) for x, y in places.tolist()]

    def place(self, column: float, row: float) -> Point:
        """The place in metres that lies at a pixel; the inverse of `point`."""
        return (column - self.left) / self.scale, (self.bottom - row) / self.scale


def fit(rect: pygame.Rect, floor_m: float) -> Camera:
    """The camera that shows a whole floor, and its border, in the middle of `rect`."""
    scale = max(min(rect.width, rect.height), 1) / (floor_m + 2 * MARGIN_M)
    return Camera(rect.centerx - scale * floor_m / 2, rect.centery + scale * floor_m / 2, scale)


class Stamp:
    """A small see-through picture with smooth edges, drawn SUPER times too large and shrunk onto its target.

    Coordinates are the target's pixels. Shapes overwrite what they cover, so a translucent one comes first.
    """

    def __init__(self, target: pygame.Surface, points: Sequence[Point], margin: float) -> None:
        """A stamp large enough for what the target shows of these points and `margin` pixels around them."""
        self._target, self._area = target, _shown(target, points, margin)
        self._surface = pygame.Surface((self._area.width * SUPER, self._area.height * SUPER), pygame.SRCALPHA)

    def polygon(self, colour: Colour, points: Sequence[Point], alpha: float = 1.0) -> None:
        """A filled polygon."""
        pygame.draw.polygon(self._surface, _premultiplied(colour, alpha), [self._inside(*point) for point in points])

    def disc(self, colour: Colour, centre: Point, radius: float, alpha: float = 1.0) -> None:
        """A filled disc."""
        pygame.draw.circle(self._surface, _premultiplied(colour, alpha), self._inside(*centre), radius * SUPER)

    def ring(self, colour: Colour, centre: Point, radius: float, width: float, alpha: float = 1.0) -> None:
        """A circle of the given outer radius."""
        thick = max(1, round(width * SUPER))
        pygame.draw.circle(
            self._surface, _premultiplied(colour, alpha), self._inside(*centre), radius * SUPER, width=thick
        )

    def line(self, colour: Colour, a: Point, b: Point, width: float) -> None:
        """A line with round ends."""
        length = math.dist(a, b)
        if length > 0:
            across = ((a[1] - b[1]) / length * width / 2, (b[0] - a[0]) / length * width / 2)
            sides = [(p[0] + s * across[0], p[1] + s * across[1]) for p, s in ((a, 1), (b, 1), (b, -1), (a, -1))]
            self.polygon(colour, sides)
        self.disc(colour, a, width / 2)
        self.disc(colour, b, width / 2)

    def text(self, text: str, colour: Colour, centre: Point, height: float) -> None:
        """Upright text around a point."""
        letters = label(text, max(round(height * SUPER), 4), colour)
        self._surface.blit(letters.premul_alpha(), letters.get_rect(center=self._inside(*centre)))

    def lay(self) -> None:
        """Shrinks the stamp and lays it on its target."""
        small = pygame.transform.smoothscale(self._surface, self._area.size)
        self._target.blit(small, self._area, special_flags=pygame.BLEND_PREMULTIPLIED)

    def _inside(self, x: float, y: float) -> tuple[int, int]:
        # Rounded down here, since pygame rounds towards zero: what is cut off must not change what is left.
        return math.floor((x - self._area.left) * SUPER), math.floor((y - self._area.top) * SUPER)


def fill_translucent(target: pygame.Surface, colour: Colour, points: Sequence[Point], alpha: float) -> None:
    """Lays a translucent polygon on the target, by way of a surface no larger than what is shown of the polygon."""
    area = _shown(target, points, 1)
    veil = pygame.Surface(area.size, pygame.SRCALPHA)
    inside = [(math.floor(x) - area.left, math.floor(y) - area.top) for x, y in points]
    pygame.draw.polygon(veil, _premultiplied(colour, alpha), inside)
    target.blit(veil, area, special_flags=pygame.BLEND_PREMULTIPLIED)


def _shown(target: pygame.Surface, points: Sequence[Point], margin: float) -> pygame.Rect:
    """The part of the target that may be drawn on and lies within `margin` pixels of the box around some points."""
    columns, rows = [x for x, _ in points], [y for _, y in points]
    left, top = math.floor(min(columns) - margin), math.floor(min(rows) - margin)
    size = (math.ceil(max(columns) + margin) - left, math.ceil(max(rows) + margin) - top)
    return pygame.Rect((left, top), size).clip(target.get_clip())


def _premultiplied(colour: Colour, alpha: float) -> tuple[int, int, int, int]:
    red, green, blue = (round(channel * alpha) for channel in colour)
    return red, green, blue, round(255 * alpha)
