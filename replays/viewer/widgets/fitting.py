"""Text that is written smaller where it has little room, instead of being cut."""

import pygame

from replays.viewer.widgets.theme import LARGE, NORMAL, SMALL, px, shorten, wrap, write
from sim.render.palette import INK, Colour
from sim.render.text import label

_HEIGHTS = (LARGE, NORMAL, *range(SMALL, 4, -1))
_LEAST_PIXELS = 12
"""Smaller letters cannot be read."""
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
    """Writes one line in the largest letters, up to `height`, with which it fits into `width` pixels.

    Cuts text that does not fit in the smallest letters, as `theme.write` does.
    """
    return write(surface, text, place, height_that_fits(text, height, width), colour, anchor, width)


def first_parts(text: str, height: int, width: int) -> str:
    """The first parts of a text between dots that fit into one line; at least one."""
    parts = text.split(_SEPARATOR)
    while len(parts) > 1 and not fits(_SEPARATOR.join(parts), height, width):
        parts.pop()
    return _SEPARATOR.join(parts)


def last_part(text: str, height: int, width: int) -> str:
    """A text, cut in front if it does not fit: file names are alike there."""
    return text if fits(text, height, width) else shorten(text[::-1], height, width)[::-1]


def first_lines(text: str, height: int, width: int, most: int) -> list[str]:
    """A text in at most `most` lines of at most `width` pixels; if it needs more, the last line is cut."""
    lines = wrap(text, height, width)
    if len(lines) <= most:
        return lines
    shown = lines[: max(most, 0)]
    return [*shown[:-1], shorten(f"{shown[-1]} {lines[most]}", height, width)] if shown else []


def height_that_fits(text: str, height: int, width: int) -> int:
    """The largest height of letters, up to `height`, with which a text fits; the smallest legible one if none does."""
    lower = [other for other in _HEIGHTS if other < height and px(other) >= _LEAST_PIXELS]
    return next((other for other in (height, *lower) if fits(text, other, width)), lower[-1] if lower else height)


def fits(text: str, height: int, width: int) -> bool:
    """Whether a line in letters of this height is at most `width` pixels wide."""
    return label(text, px(height), INK).get_width() <= width


def is_cut(text: str, height: int, width: int) -> bool:
    """Whether `write_fitting` has to cut a text."""
    return not fits(text, height_that_fits(text, height, width), width)
