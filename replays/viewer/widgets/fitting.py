"""Text that is written smaller, rather than cut, where it has little room."""

import pygame

from replays.viewer.widgets.theme import LARGE, NORMAL, SMALL, px, write
from sim.render.palette import INK, Colour
from sim.render.text import label

_HEIGHTS = (LARGE, NORMAL, SMALL, 14, 12, 10, 8, 6, 5)
_LEAST_PIXELS = 10
"""Smaller letters cannot be read; on dense screens these are the small ones of the plain design."""
_SEPARATOR = " · "


def write_fitting(
    surface: pygame.Surface,
    text: str,
    place: tuple[int, int],
    height: int,
    width: int,
    colour: Colour = INK,
    anchor: str = "topleft",
) -> pygame.Rect:
    """Writes one line in letters of this height, or of the next lower one with which it fits into `width` pixels.

    Text that fits with none of them is cut, as in `theme.write`.
    """
    return write(surface, text, place, height_that_fits(text, height, width), colour, anchor, width)


def first_parts(text: str, height: int, width: int) -> str:
    """As many of the parts between dots as fit into a line, and at least the first."""
    parts = text.split(_SEPARATOR)
    while len(parts) > 1 and not fits(_SEPARATOR.join(parts), height, width):
        parts.pop()
    return _SEPARATOR.join(parts)


def height_that_fits(text: str, height: int, width: int) -> int:
    """This height of letters, or the next lower one with which a text fits; the lowest legible one if none does."""
    lower = [other for other in _HEIGHTS if other < height and px(other) >= _LEAST_PIXELS]
    return next((other for other in (height, *lower) if fits(text, other, width)), lower[-1] if lower else height)


def fits(text: str, height: int, width: int) -> bool:
    """Whether a line in letters of this height is at most so many pixels wide."""
    return label(text, px(height), INK).get_width() <= width
