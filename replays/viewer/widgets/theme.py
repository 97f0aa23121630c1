"""Colours, letters and small shapes of the viewer's own parts."""

from collections.abc import Sequence
from functools import lru_cache

import pygame

from replays.film import colours
from sim.render.canvas import SUPER
from sim.render.palette import INK, Colour
from sim.render.text import label

PANEL, LINE, SOFT, FAINT = colours.PANEL, colours.LINE, colours.SOFT, colours.FAINT

SMALL, NORMAL, LARGE, HUGE = 16, 19, 23, 40
"""Heights of lines of letters, before `px`."""

_WIDEST_TOOLTIP = 460

_scale = 1.0


def set_scale(scale: float) -> None:
    """Makes letters, buttons and gaps `scale` times as large, for dense screens."""
    global _scale
    _scale = scale


def px(length: float) -> int:
    """A length of the plain design in whole pixels of this screen."""
    return round(length * _scale)


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
    letters = label(text, px(height), colour)
    if width is not None and letters.get_width() > width:
        letters = label(shorten(text, height, width), px(height), colour)
    area = letters.get_rect(**{anchor: place})
    surface.blit(letters, area)
    return area


def shorten(text: str, height: int, width: int) -> str:
    """The longest beginning of a text that fits into `width` pixels with an ellipsis."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if label(text[:middle].rstrip() + "...", px(height), INK).get_width() <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "..." if low else ""


def wrap(text: str, height: int, width: int) -> list[str]:
    """A text in lines of at most `width` pixels; words that are wider are broken."""
    lines = [""]
    for word in text.split():
        while word:
            joined = f"{lines[-1]} {word}".strip()
            if _fits(joined, height, width):
                lines[-1], word = joined, ""
            elif lines[-1]:
                lines.append("")
            else:
                cut = max(next(n for n in range(len(word), 0, -1) if n == 1 or _fits(word[:n], height, width)), 1)
                lines[-1], word = word[:cut], word[cut:]
                lines.append("")
    return [line for line in lines if line]


def draw_tooltip(surface: pygame.Surface, lines: Sequence[str], place: tuple[int, int]) -> None:
    """Draws a small card with lines of text above a place, inside the surface; long lines are wrapped."""
    inside, step, pad = surface.get_rect().inflate(-px(8), -px(8)), px(19), px(10)
    width = max(min(inside.width, px(_WIDEST_TOOLTIP)) - 2 * pad, 1)
    inks = [INK, *[FAINT] * len(lines)]
    rows = [
        label(row, px(SMALL), ink) for line, ink in zip(lines, inks, strict=False) for row in wrap(line, SMALL, width)
    ]
    area = pygame.Rect(0, 0, max(text.get_width() for text in rows) + 2 * pad, step * len(rows) + pad)
    area.midbottom = place
    area.clamp_ip(inside)
    card(surface, area)
    for row, text in enumerate(rows):
        surface.blit(text, text.get_rect(midleft=(area.left + pad, area.top + pad // 2 + step * row + step // 2)))


def card(surface: pygame.Surface, rect: pygame.Rect, colour: Colour = PANEL) -> None:
    """Draws a sheet with round corners and a thin edge."""
    surface.blit(_card(rect.size, colour), rect)


@lru_cache(maxsize=64)
def _card(size: tuple[int, int], colour: Colour) -> pygame.Surface:
    large = pygame.Surface((size[0] * SUPER, size[1] * SUPER), pygame.SRCALPHA)
    rect = large.get_rect()
    large.fill((*LINE, 0))
    edge = max(px(1), 1) * SUPER
    pygame.draw.rect(large, LINE, rect, border_radius=px(8) * SUPER)
    pygame.draw.rect(large, colour, rect.inflate(-2 * edge, -2 * edge), border_radius=px(7) * SUPER)
    return pygame.transform.smoothscale(large, size)


def _fits(text: str, height: int, width: int) -> bool:
    return label(text, px(height), INK).get_width() <= width
