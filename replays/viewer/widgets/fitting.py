"""Text that is written smaller, rather than cut, where it has little room."""

import pygame

from replays.viewer.widgets.theme import LARGE, NORMAL, SMALL, px, write
from sim.render.palette import INK, Colour
from sim.render.text import label

_HEIGHTS = (LARGE, NORMAL, SMALL, 14, 12, 10)
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
    return write(surface, text, place, _height_that_fits(text, height, width), colour, anchor, width)


def first_parts(text: str, height: int, width: int) -> str:
    """As many of the parts between dots as fit into a line, and at least the first."""
    parts = text.split(_SEPARATOR)
    while len(parts) > 1 and not _fits(_SEPARATOR.join(parts), height, width):
        parts.pop()
    return _SEPARATOR.join(parts)


def _height_that_fits(text: str, height: int, width: int) -> int:
    lower = [other for other in _HEIGHTS if other <= height]
    return next((other for other in lower if _fits(text, other, width)), lower[-1])


def _fits(text: str, height: int, width: int) -> bool:
    return label(text, px(height), INK).get_width() <= width
