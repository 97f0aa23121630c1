"""Sheets over the picture: the help page, and messages."""

from collections.abc import Sequence

import pygame
from pygame import Rect

from replays.viewer.keys import Key
from replays.viewer.theme import FAINT, LARGE, NORMAL, SMALL, card, write
from sim.drawing.canvas import label
from sim.drawing.palette import HIDER, INK, PAPER, SEEKER, WHITE, mix

_ROW = 25


def draw_help(surface: pygame.Surface, keys: Sequence[Key]) -> None:
    """A table of keys, in as many columns as the window is too low for one."""
    window = surface.get_rect()
    rows = max(min(len(keys), (window.height - 130) // _ROW), 1)
    columns = -(-len(keys) // rows)
    width = min(430 * columns, window.width - 24)
    area = Rect(0, 0, width, rows * _ROW + 92)
    area.center = window.center
    _dim(surface)
    card(surface, area)
    write(surface, "Keys", (area.left + 24, area.top + 18), LARGE)
    for number, key in enumerate(keys):
        left = area.left + 24 + number // rows * (width - 24) // columns
        top = area.top + 50 + number % rows * _ROW
        write(surface, key.name, (left, top), NORMAL, INK)
        write(surface, key.help, (left + 110, top), NORMAL, FAINT, width=(width - 24) // columns - 120)
    tail = "Drag the time line to seek; drop a recording on the window to open it."
    write(surface, tail, (area.left + 24, area.bottom - 30), SMALL, FAINT, width=width - 48)


def draw_message(surface: pygame.Surface, area: Rect, message: str) -> None:
    """A message in the middle of `area`, in as many lines as it needs."""
    width = max(min(area.width - 40, 560), 80)
    lines = wrap(message, NORMAL, width - 48)
    sheet = Rect(0, 0, width, len(lines) * 24 + 66)
    sheet.center = area.center
    card(surface, sheet)
    pygame.draw.rect(surface, SEEKER, Rect(sheet.left + 1, sheet.top + 12, 4, sheet.height - 24))
    for row, line in enumerate(lines):
        write(surface, line, (sheet.left + 24, sheet.top + 18 + row * 24), NORMAL)
    write(surface, "Drop a recording on the window to open it.", (sheet.left + 24, sheet.bottom - 32), SMALL, FAINT)


def draw_toast(surface: pygame.Surface, area: Rect, text: str) -> None:
    """A short message near the top of `area`, in as many lines as it needs."""
    width = max(min(area.width - 24, 620), 80)
    lines = wrap(text, NORMAL, width - 32)
    widest = max(label(line, NORMAL, INK).get_width() for line in lines)
    sheet = Rect(0, 0, widest + 32, len(lines) * 22 + 16)
    sheet.midtop = (area.centerx, area.top + 40)
    card(surface, sheet, mix(WHITE, HIDER, 0.08))
    for row, line in enumerate(lines):
        write(surface, line, (sheet.centerx, sheet.top + 19 + row * 22), NORMAL, INK, "center")


def wrap(text: str, height: int, width: int) -> list[str]:
    """A text in lines of at most `width` pixels; words that are wider are broken."""
    lines = [""]
    for word in text.split():
        while word:
            joined = f"{lines[-1]} {word}".strip()
            if label(joined, height, INK).get_width() <= width:
                lines[-1], word = joined, ""
            elif lines[-1]:
                lines.append("")
            else:
                cut = max(next(n for n in range(len(word), 0, -1) if n == 1 or _fits(word[:n], height, width)), 1)
                lines[-1], word = word[:cut], word[cut:]
                lines.append("")
    return [line for line in lines if line]


def _fits(text: str, height: int, width: int) -> bool:
    return label(text, height, INK).get_width() <= width


def _dim(surface: pygame.Surface) -> None:
    veil = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
    veil.fill((*PAPER, 170))
    surface.blit(veil, (0, 0))
