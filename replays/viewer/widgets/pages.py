"""Messages over the picture."""

import pygame
from pygame import Rect

from replays.viewer.widgets.theme import FAINT, NORMAL, SMALL, card, px, wrap, write
from sim.render.palette import HIDER, INK, SEEKER, WHITE, mix
from sim.render.text import label

PUT_AWAY = "Any key puts this away."
DROP = "Drop a recording on the window to open it."
"""The last line of a message."""
_MOST_TOAST_LINES = 2


def draw_message(surface: pygame.Surface, area: Rect, message: str, foot: str = PUT_AWAY) -> None:
    """Draws a message in the middle of `area`; `foot` says what the user can do."""
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
    """Draws a short message near the top of `area`, in smaller letters where it would need many lines."""
    edge, room = px(16), max(min(area.width - px(24), px(620)), px(80)) - 2 * px(16)
    height = NORMAL if len(wrap(text, NORMAL, room)) <= _MOST_TOAST_LINES else SMALL
    lines, step = wrap(text, height, room), px(height + 3)
    widest = max(label(line, px(height), INK).get_width() for line in lines)
    sheet = Rect(0, 0, widest + 2 * edge, len(lines) * step + edge)
    sheet.midtop = (area.centerx, area.top + min(px(40), area.height // 12))
    card(surface, sheet, mix(WHITE, HIDER, 0.08))
    for row, line in enumerate(lines):
        middle = sheet.top + edge // 2 + row * step + step // 2
        write(surface, line, (sheet.centerx, middle), height, INK, "center")
