"""Sheets over the picture: the help page, and messages."""

from collections.abc import Sequence

import pygame
from pygame import Rect

from replays.viewer.keys import Key
from replays.viewer.widgets.theme import FAINT, LARGE, NORMAL, SMALL, card, px, wrap, write
from sim.render.palette import HIDER, INK, PAPER, SEEKER, WHITE, mix
from sim.render.text import label

PUT_AWAY = "Any key puts this away."
DROP = "Drop a recording on the window to open it."
"""Feet of messages."""

_ROW, _COLUMN, _NAME = 25, 400, 126


def draw_help(surface: pygame.Surface, keys: Sequence[Key], tail: str) -> None:
    """A table of keys, in as many columns as the window is too low for one, and a line on what the mouse does."""
    window = surface.get_rect()
    step, pad = px(_ROW), px(24)
    rows = max(min(len(keys), (window.height - px(130)) // step), 1)
    columns = -(-len(keys) // rows)
    rows = -(-len(keys) // columns)
    width = min(px(_COLUMN) * columns + pad, window.width - pad)
    area = Rect(0, 0, width, rows * step + px(92))
    area.center = window.center
    _dim(surface)
    card(surface, area)
    write(surface, "Keys", (area.left + pad, area.top + px(16)), LARGE)
    column = (width - pad) // columns
    for number, key in enumerate(keys):
        left, top = area.left + pad + number // rows * column, area.top + px(52) + number % rows * step
        write(surface, key.name, (left, top), NORMAL, INK, width=px(_NAME) - px(8))
        write(surface, key.help, (left + px(_NAME), top), NORMAL, FAINT, width=column - px(_NAME) - px(14))
    write(surface, tail, (area.left + pad, area.bottom - px(31)), SMALL, FAINT, width=width - 2 * pad)


def draw_message(surface: pygame.Surface, area: Rect, message: str, foot: str = PUT_AWAY) -> None:
    """A message in the middle of `area`, in as many lines as it needs; `foot` says what the user can do."""
    width = max(min(area.width - px(40), px(560)), px(80))
    step, pad = px(24), px(24)
    lines = wrap(message, NORMAL, width - 2 * pad)
    sheet = Rect(0, 0, width, len(lines) * step + px(66 if foot else 36))
    sheet.center = area.center
    card(surface, sheet)
    pygame.draw.rect(surface, SEEKER, Rect(sheet.left + 1, sheet.top + px(12), px(4), sheet.height - pad))
    for row, line in enumerate(lines):
        write(surface, line, (sheet.left + pad, sheet.top + px(18) + row * step), NORMAL)
    write(surface, foot, (sheet.left + pad, sheet.bottom - px(32)), SMALL, FAINT, width=width - 2 * pad)


def draw_toast(surface: pygame.Surface, area: Rect, text: str) -> None:
    """A short message near the top of `area`, in as many lines as it needs."""
    edge, step = px(16), px(22)
    lines = wrap(text, NORMAL, max(min(area.width - px(24), px(620)), px(80)) - 2 * edge)
    widest = max(label(line, px(NORMAL), INK).get_width() for line in lines)
    sheet = Rect(0, 0, widest + 2 * edge, len(lines) * step + edge)
    sheet.midtop = (area.centerx, area.top + px(40))
    card(surface, sheet, mix(WHITE, HIDER, 0.08))
    for row, line in enumerate(lines):
        write(surface, line, (sheet.centerx, sheet.top + px(19) + row * step), NORMAL, INK, "center")


def _dim(surface: pygame.Surface) -> None:
    veil = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
    veil.fill((*PAPER, 170))
    surface.blit(veil, (0, 0))
