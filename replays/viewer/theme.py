"""Colours, letters and small shapes of the viewer's own parts."""

from functools import lru_cache

import pygame

from sim.drawing.canvas import SUPER, label
from sim.drawing.palette import INK, PAPER, WHITE, Colour, mix

PANEL: Colour = WHITE
LINE: Colour = mix(PAPER, INK, 0.14)
SOFT: Colour = mix(PAPER, INK, 0.07)
FAINT: Colour = mix(PAPER, INK, 0.5)

SMALL, NORMAL, LARGE, HUGE = 15, 18, 22, 40
"""Heights of letters in pixels."""


def write(
    surface: pygame.Surface,
    text: str,
    place: tuple[int, int],
    height: int = NORMAL,
    colour: Colour = INK,
    anchor: str = "topleft",
    width: int | None = None,
) -> pygame.Rect:
    """Writes one line with its `anchor` (a corner or side of a pygame Rect) at a place; returns what it covers.

    Text wider than `width` pixels is cut, with an ellipsis.
    """
    letters = label(text, height, colour)
    if width is not None and letters.get_width() > width:
        letters = label(shorten(text, height, width), height, colour)
    area = letters.get_rect(**{anchor: place})
    surface.blit(letters, area)
    return area


def shorten(text: str, height: int, width: int) -> str:
    """The longest beginning of a text that fits into `width` pixels with an ellipsis."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if label(text[:middle].rstrip() + "...", height, INK).get_width() <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "..." if low else ""


def card(surface: pygame.Surface, rect: pygame.Rect, colour: Colour = PANEL) -> None:
    """A sheet with round corners and a thin edge."""
    surface.blit(_card(rect.size, colour), rect)


@lru_cache(maxsize=64)
def _card(size: tuple[int, int], colour: Colour) -> pygame.Surface:
    large = pygame.Surface((size[0] * SUPER, size[1] * SUPER), pygame.SRCALPHA)
    rect = large.get_rect()
    large.fill((*LINE, 0))
    pygame.draw.rect(large, LINE, rect, border_radius=8 * SUPER)
    pygame.draw.rect(large, colour, rect.inflate(-2 * SUPER, -2 * SUPER), border_radius=7 * SUPER)
    return pygame.transform.smoothscale(large, size)
