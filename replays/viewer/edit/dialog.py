"""Asking for a file: a line to write its name in, and the files to choose from."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.viewer.widgets.fitting import write_fitting
from replays.viewer.widgets.text_line import TextLine
from replays.viewer.widgets.theme import FAINT, LARGE, NORMAL, SMALL, SOFT, card, px, wrap, write
from sim.render.palette import INK

_WIDTH, _PAD, _TITLE, _FIELD, _ROW, _LINE = 520, 20, 34, 34, 28, 20
_MOST_LETTERS = 400


class FileDialog(TextLine):
    """The text that is written, and which of the choices is marked; None is the text itself."""

    def __init__(self, title: str, text: str, choices: Sequence[Path] = ()) -> None:
        super().__init__(text, _MOST_LETTERS)
        self.title = title
        self.note = ""
        """What is said of it, under the text."""
        self.marked: int | None = None
        self._choices = list(choices)

    @property
    def choices(self) -> list[Path]:
        """The files whose name has what is written in it."""
        return [path for path in self._choices if self.text.lower() in path.name.lower()]

    @property
    def answer(self) -> str:
        """What is asked for: the marked file, else the text, else the only file that it may mean."""
        choices = self.choices
        if self.marked is not None and self.marked < len(choices):
            return str(choices[self.marked])
        return str(choices[0]) if self.text and len(choices) == 1 else self.text

    def handle(self, event: pygame.Event) -> None:
        """Writes, or goes through the choices."""
        if event.type == pygame.KEYDOWN and event.key in (pygame.K_UP, pygame.K_DOWN):
            self._mark(1 if event.key == pygame.K_DOWN else -1)
            return
        before = self.text
        super().handle(event)
        if self.text != before:
            self.marked = None

    def press(self, place: tuple[int, int], surface: Rect) -> bool:
        """Marks the choice under the mouse; returns whether there is one."""
        for number, row in enumerate(self._rows(surface)):
            if row.collidepoint(place):
                self.marked = number
                return True
        return False

    def draw(self, surface: pygame.Surface) -> None:
        """Draws it in the middle of the window."""
        sheet, pad = self._sheet(surface.get_rect()), px(_PAD)
        card(surface, sheet)
        left, width = sheet.left + pad, sheet.width - 2 * pad
        title = write(surface, self.title, (left, sheet.top + px(12)), LARGE, INK)
        room = width - title.width - px(16)
        hint = "Enter: yes · Esc: no"
        write_fitting(surface, hint, (sheet.right - pad, title.centery), SMALL, room, FAINT, "midright")
        self.draw_field(surface, Rect(left, sheet.top + px(12 + _TITLE), width, px(_FIELD)))
        top = sheet.top + px(12 + _TITLE + _FIELD + 8)
        for line in self._note_lines(width):
            top = write(surface, line, (left, top), SMALL).bottom + px(3)
        for number, (path, row) in enumerate(zip(self.choices, self._rows(surface.get_rect()), strict=False)):
            if number == self.marked:
                pygame.draw.rect(surface, SOFT, row.inflate(px(12), 0), border_radius=px(6))
            write_fitting(surface, path.name, row.midleft, NORMAL, row.width, INK, "midleft")

    def _mark(self, steps: int) -> None:
        last = len(self.choices) - 1
        if last >= 0:
            self.marked = min(max((-1 if self.marked is None else self.marked) + steps, 0), last)

    def _note_lines(self, width: int) -> list[str]:
        return wrap(self.note, SMALL, width) if self.note else []

    def _note_height(self, width: int) -> int:
        return len(self._note_lines(width)) * px(_LINE)

    def _sheet(self, window: Rect) -> Rect:
        wide = min(px(_WIDTH), window.width - px(_PAD))
        noted = self._note_height(wide - 2 * px(_PAD))
        room = (window.height - px(2 * _PAD + 12 + _TITLE + _FIELD + 8) - noted) // px(_ROW)
        rows = max(min(len(self.choices), room, 12), 0)
        height = px(12 + _TITLE + _FIELD + 14) + noted + rows * px(_ROW) + (px(8) if rows else 0)
        sheet = Rect(0, 0, wide, height)
        sheet.center = window.center
        return sheet

    def _rows(self, window: Rect) -> list[Rect]:
        """Where the choices that have room stand."""
        sheet = self._sheet(window)
        top = sheet.top + px(12 + _TITLE + _FIELD + 8) + self._note_height(sheet.width - 2 * px(_PAD))
        count = max((sheet.bottom - px(8) - top) // px(_ROW), 0)
        left, width = sheet.left + px(_PAD), sheet.width - 2 * px(_PAD)
        return [Rect(left, top + row * px(_ROW), width, px(_ROW)) for row in range(count)]
