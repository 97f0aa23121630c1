"""The gallery's upper and lower edge: what is shown and how it can be changed, and what the keys do."""

from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.gallery.filters import NAMES, Filters
from replays.viewer.gallery.layout import PAD
from replays.viewer.widgets.fitting import first_parts, fits, height_that_fits, write_fitting
from replays.viewer.widgets.theme import FAINT, HUGE, LINE, NORMAL, SMALL, card, px, shorten, write
from sim.render.palette import INK, PAPER, WHITE, mix
from sim.render.portrait import draw_portrait
from sim.render.text import label
from sim.rules import HIDERS, SEEKERS

TOP_HEIGHT, BOTTOM_HEIGHT = 104, 32
"""Sizes here are those of the plain design, before `px`."""
_CHIP_HEIGHT, _CHIP_TOP = 30, 62
_CHIP_LETTERS = (NORMAL, SMALL, 14)
_LONGEST_CHOICE = 240


class Chip(NamedTuple):
    """A small button that names a choice and, when pressed, takes the next."""

    area: Rect
    key: int
    """pygame's number of the key that does the same."""
    sign: str
    """That key as printed."""
    text: str
    on: bool
    """It differs from what is usual."""
    height: int
    """Of its letters."""


def chips(width: int, texts: list[tuple[int, str, str, bool]]) -> list[Chip]:
    """The row of chips for key, sign, text and whether it is on, in the largest letters with which all of them fit.

    What has no room even in small letters is left to its key.
    """
    row: list[Chip] = []
    for height in _CHIP_LETTERS:
        row, left = [], px(PAD)
        for key, sign, text, on in texts:
            wide = label(text, px(height), INK).get_width() + label(sign, px(SMALL), FAINT).get_width() + px(34)
            row.append(Chip(Rect(left, px(_CHIP_TOP), wide, px(_CHIP_HEIGHT)), key, sign, text, on, height))
            left = row[-1].area.right + px(8)
        if left <= width - px(PAD) + px(8):
            return row
    return [chip for chip in row if chip.area.right <= width - px(PAD)]


def choice_chips(width: int, filters: Filters, arrangement: str) -> list[Chip]:
    """The chips for how recordings are grouped and which are shown."""
    texts = [(pygame.K_a, "A", f"by {arrangement}", False)]
    for number, name in enumerate(NAMES, start=1):
        asked = getattr(filters, name)
        texts.append((pygame.K_0 + number, str(number), _short(asked) if asked else f"any {name}", asked is not None))
    if filters.any:
        texts.append((pygame.K_0, "0", "show all", False))
    return chips(width, texts)


def _short(asked: str) -> str:
    """The beginning of a choice: names that people gave may be long."""
    room = px(_LONGEST_CHOICE)
    return asked if fits(asked, NORMAL, room) else shorten(asked, NORMAL, room)


def count_text(shown: int, there: int, missing: int) -> str:
    """How many recordings are shown, or how many have been read."""
    if missing:
        return f"reading {there - missing} of {there}"
    noun = "recording" if there == 1 else "recordings"
    return f"{there} {noun}" if shown == there else f"{shown} of {there} {noun}"


def hint_text(marked: int, in_group: bool) -> str:
    """What can be done next; `marked` recordings are marked, and the chosen one may be in a group of episodes."""
    if marked > 1:
        return f"Enter shows the {marked} marked side by side · Esc takes the marks away"
    if marked:
        return "One is marked: mark another with S or the right mouse button to see them side by side"
    plays = "Enter or a click plays · F1 all keys"
    names = "N names the group · " if in_group else ""
    return f"{plays} · {names}S marks for side by side · drop files or folders here"


def draw_top(surface: pygame.Surface, row: list[Chip], count: str, hover: tuple[int, int] | None) -> None:
    """Title, chips, and at the right how much is shown."""
    width, pad, middle = surface.get_width(), px(PAD), px(34)
    pygame.draw.rect(surface, PAPER, Rect(0, 0, width, px(TOP_HEIGHT)))
    draw_portrait(surface, (pad + px(14), middle), px(12), HIDERS)
    draw_portrait(surface, (pad + px(48), middle), px(12), SEEKERS)
    title = write(surface, "Recordings", (pad + px(74), middle), HUGE, INK, "midleft")
    room = max(width - pad - title.right - px(20), 0)
    if fits(count, height_that_fits(count, NORMAL, room), room):
        write_fitting(surface, count, (width - pad, middle + px(2)), NORMAL, room, FAINT, "midright")
    for chip in row:
        warm = hover is not None and chip.area.collidepoint(hover)
        card(surface, chip.area, INK if chip.on else mix(WHITE, INK, 0.06) if warm else WHITE)
        middle = chip.area.centery
        sign = write(surface, chip.sign, (chip.area.left + px(12), middle), SMALL, FAINT, "midleft")
        write(surface, chip.text, (sign.right + px(8), middle), chip.height, WHITE if chip.on else INK, "midleft")


def draw_bottom(surface: pygame.Surface, text: str) -> None:
    """One line on what can be done."""
    (width, height), deep, pad = surface.get_size(), px(BOTTOM_HEIGHT), px(PAD)
    strip = Rect(0, height - deep, width, deep)
    pygame.draw.rect(surface, PAPER, strip)
    pygame.draw.line(surface, LINE, strip.topleft, strip.topright)
    room = width - 2 * pad
    write_fitting(surface, first_parts(text, SMALL, room), (pad, strip.centery), SMALL, room, FAINT, "midleft")
