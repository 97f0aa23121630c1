"""Rows of a colour, words and a value: the legend of curves, and the card of their values under the mouse."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.widgets.theme import FAINT, PANEL, SMALL, card, px, write
from sim.render.palette import INK, Colour
from sim.render.text import label

_CARD_ROW, _SWATCH = 20, 20
"""The height of a card's row, and the room for a colour, in pixels of the plain design."""


class ValueRow(NamedTuple):
    """One row."""

    words: str
    colour: Colour | None = None
    value: str = ""


def draw_row(surface: pygame.Surface, area: Rect, row: ValueRow, ink: Colour) -> None:
    """Draws the colour, if there is one, the words in `ink`, and the value at the right."""
    left, right = area.left, area.right
    if row.colour:
        swatch = Rect(left, area.centery - px(2), px(14), px(4))
        pygame.draw.rect(surface, row.colour, swatch, border_radius=px(2))
        left += px(_SWATCH)
    if row.value:
        right = write(surface, row.value, (right, area.centery), SMALL, INK, "midright").left - px(8)
    write(surface, row.words, (left, area.centery), SMALL, ink, "midleft", right - left)


def draw_card(surface: pygame.Surface, rows: Sequence[ValueRow], x: int, track: Rect) -> None:
    """Draws a card with rows beside a pixel column of a plot's track, inside the surface."""
    step, pad = px(_CARD_ROW), px(10)
    widest = max(
        label(f"{row.words}   {row.value}", px(SMALL), INK).get_width() + px(_SWATCH if row.colour else 0)
        for row in rows
    )
    sheet = Rect(0, 0, widest + 2 * pad, len(rows) * step + px(10))
    sheet.bottomleft = (x + px(14), track.bottom - px(8))
    if sheet.right > surface.get_width() - px(4):
        sheet.right = x - px(14)
    sheet.clamp_ip(surface.get_rect().inflate(-px(8), -px(8)))
    card(surface, sheet, PANEL)
    for number, row in enumerate(rows):
        place = Rect(sheet.left + pad, sheet.top + px(5) + number * step, sheet.width - 2 * pad, step)
        draw_row(surface, place, row, FAINT if row.colour else INK)
