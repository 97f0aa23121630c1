"""The help page: a table of keys and what the signs mean, in letters as large as the window allows."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.keys import Key
from replays.viewer.widgets.event_markers import draw_legend_sign
from replays.viewer.widgets.theme import NORMAL, card, px
from sim.render.palette import INK, PAPER, mix
from sim.render.text import label

_LEAST_LETTERS = 9
"""In pixels; smaller letters cannot be read."""
_MEASURED = 24
_WORDS = mix(PAPER, INK, 0.75)
"""Darker than other words beside names: letters may be small."""
_MOST_COLUMNS = 5
_WIDEST_COLUMN = 26
"""In heights of a line."""


class Row(NamedTuple):
    """A key's name or a kind of sign, and what it means in one line or more."""

    name: str
    lines: list[str]
    sign: bool


class Page(NamedTuple):
    """Rows in columns, in letters of one height."""

    letters: int
    """Height of a line of letters, in pixels."""
    columns: list[list[Row]]
    name_width: int
    column_width: int
    tail: list[str]


def draw_help(surface: pygame.Surface, keys: Sequence[Key], tail: str, legend: Sequence[tuple[str, str]] = ()) -> None:
    """Draws keys, the meaning of signs (`event_markers.LEGEND`), and a line on what the mouse does."""
    page = lay_out(surface.get_size(), keys, tail, legend)
    letters, pad = page.letters, page.letters
    step = round(1.25 * letters)
    width = len(page.columns) * page.column_width + 2 * pad
    rows = max(sum(len(row.lines) for row in column) for column in page.columns)
    area = Rect(0, 0, width, 2 * pad + step * (rows + len(page.tail)) + pad // 2)
    area.center = surface.get_rect().center
    _dim(surface)
    card(surface, area)
    for number, column in enumerate(page.columns):
        left, top = area.left + pad + number * page.column_width, area.top + pad
        for row in column:
            if row.sign:
                draw_legend_sign(surface, row.name, (left + letters, top + letters / 2), round(100 * letters / NORMAL))
            else:
                surface.blit(label(row.name, letters, INK), (left, top))
            for line in row.lines:
                surface.blit(label(line, letters, _WORDS), (left + page.name_width, top))
                top += step
    for number, line in enumerate(page.tail):
        top = area.bottom - pad - step * (len(page.tail) - number)
        surface.blit(label(line, letters, _WORDS), (area.left + pad, top))


def lay_out(size: tuple[int, int], keys: Sequence[Key], tail: str, legend: Sequence[tuple[str, str]] = ()) -> Page:
    """Lays the page out in the largest letters that fit into the window, and then in the fewest columns."""
    entries = [(key.name, key.help, False) for key in keys] + [(kind, words, True) for kind, words in legend]
    page = None
    for letters in range(px(NORMAL), _LEAST_LETTERS - 1, -1):
        step, room = round(1.25 * letters), size[0] - 3 * letters
        widest = max(_width(name, letters) for name, _, sign in entries if not sign)
        for count in range(1, _MOST_COLUMNS + 1):
            column_width = min(room // count, _WIDEST_COLUMN * letters)
            name_width = widest + letters
            if column_width - name_width < 6 * letters:
                break
            help_width = column_width - name_width - letters // 2
            rows = [Row(name, _wrap(words, letters, help_width), sign) for name, words, sign in entries]
            tail_lines = _wrap(tail, letters, count * column_width)
            most = (size[1] - 3 * letters) // step - len(tail_lines)
            columns = _fill(rows, count)
            page = Page(letters, columns, name_width, column_width, tail_lines)
            if max(sum(len(row.lines) for row in column) for column in columns) <= most:
                return page
    if page is None:
        raise ValueError("a help page needs keys, and a window")
    return page


def _fill(rows: list[Row], count: int) -> list[list[Row]]:
    """Fills at most `count` columns with the rows in their order, and makes the highest column as low as possible.

    Signs begin a column of their own if that makes none higher by more than a line.
    """
    height = -(-sum(len(row.lines) for row in rows) // count)
    while len(columns := _columns(rows, height, False)) > count:
        height += 1
    apart = _columns(rows, height + 1, True)
    return apart if len(apart) <= count else columns


def _columns(rows: list[Row], height: int, apart: bool) -> list[list[Row]]:
    """The rows in columns of at most that many lines; with `apart` keys and signs share none."""
    columns: list[list[Row]] = [[]]
    for row in rows:
        last = columns[-1]
        full = sum(len(other.lines) for other in last) + len(row.lines) > height
        if last and (full or (apart and row.sign != last[-1].sign)):
            columns.append([])
        columns[-1].append(row)
    return columns


def _wrap(text: str, letters: int, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if not lines[-1] or _width(joined, letters) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _width(text: str, letters: int) -> int:
    """Pixels, scaled from the width at one height: to write every text at every height would take seconds."""
    return math.ceil(label(text, _MEASURED, INK).get_width() * letters / _MEASURED) + 1


def _dim(surface: pygame.Surface) -> None:
    veil = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
    veil.fill((*PAPER, 170))
    surface.blit(veil, (0, 0))
