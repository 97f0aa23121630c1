"""The line at the lower edge of the gallery in which the user writes the name of a group of episodes."""

from pathlib import Path

import pygame
from pygame import Rect

from replays.format.header import clean
from replays.unnamed import MOST_LETTERS
from replays.viewer.gallery.groups import EpisodeGroup
from replays.viewer.gallery.layout import PAD
from replays.viewer.widgets.fitting import first_parts, write_fitting
from replays.viewer.widgets.theme import FAINT, LINE, NORMAL, SMALL, card, px
from sim.render.palette import INK, PAPER
from sim.render.text import label

_HINT = "Enter keeps · Esc leaves · an empty line takes the name away"
_HEIGHT, _FIELD_TOP, _FIELD_HEIGHT = 80, 38, 32
"""Sizes here are those of the plain design, before `px`."""
_INSET = 10
_CARET_AT = 0.7
"""So far to the right the caret goes before a text that is too long moves to the left, as a share of the field."""


class NameLine:
    """The text, and the caret as the number of letters before it."""

    def __init__(self, recording: Path, group: EpisodeGroup) -> None:
        """Begins with the present name of the group that a recording belongs to."""
        self.recording, self.group = recording, group
        self.text = group.name or ""
        self.caret = len(self.text)
        self._listening = False

    def ignore_letter(self) -> None:
        """Ignores the letter of the last key: it did something else, and its TEXTINPUT comes in the same frame."""
        self._listening = False

    def advance(self) -> None:
        """Begins another frame."""
        self._listening = True

    def handle(self, event: pygame.Event) -> None:
        """Writes, deletes or moves the caret, as an event asks for."""
        if event.type == pygame.TEXTINPUT and self._listening:
            self._write(event.text)
        elif event.type == pygame.KEYDOWN:
            self._listening = True
            self._press_key(event.key)

    def draw(self, surface: pygame.Surface) -> None:
        """Draws which group it is, the text and the caret at the lower edge; of a long text what is at the caret."""
        title = f"Name of group {self.group.number} of {self.group.count}"
        (width, height), pad = surface.get_size(), px(PAD)
        strip = Rect(0, height - px(_HEIGHT), width, px(_HEIGHT))
        pygame.draw.rect(surface, PAPER, strip)
        pygame.draw.line(surface, LINE, strip.topleft, strip.topright)
        row = strip.top + px(_FIELD_TOP) // 2
        left = write_fitting(surface, title, (pad, row), NORMAL, width // 2 - pad, INK, "midleft").right + px(16)
        room = width - pad - left
        hint = first_parts(_HINT, SMALL, room)
        write_fitting(surface, hint, (width - pad, row), SMALL, room, FAINT, "midright")
        field = Rect(pad, strip.top + px(_FIELD_TOP), width - 2 * pad, px(_FIELD_HEIGHT))
        card(surface, field)
        self._draw_text(surface.subsurface(field.inflate(-2 * px(_INSET), -2 * px(4)).clip(surface.get_rect())))

    def _draw_text(self, field: pygame.Surface) -> None:
        letters = label(self.text, px(NORMAL), INK)
        before = label(self.text[: self.caret], px(NORMAL), INK).get_width() if self.caret else 0
        width, height = field.get_size()
        thick = max(px(2), 1)
        hidden = max(letters.get_width() + thick - width, 0)
        shift = -min(max(before - round(_CARET_AT * width), 0), hidden)
        field.blit(letters, letters.get_rect(midleft=(shift, height // 2)))
        pygame.draw.rect(field, INK, Rect(before + shift, 0, thick, height))

    def _write(self, text: str) -> None:
        added = clean(text)[: MOST_LETTERS - len(self.text)]
        self.text = self.text[: self.caret] + added + self.text[self.caret :]
        self.caret += len(added)

    def _press_key(self, key: int) -> None:
        if key == pygame.K_BACKSPACE and self.caret:
            self.caret -= 1
            self._delete()
        elif key == pygame.K_DELETE:
            self._delete()
        elif key == pygame.K_LEFT:
            self.caret = max(self.caret - 1, 0)
        elif key == pygame.K_RIGHT:
            self.caret = min(self.caret + 1, len(self.text))
        elif key == pygame.K_HOME:
            self.caret = 0
        elif key == pygame.K_END:
            self.caret = len(self.text)

    def _delete(self) -> None:
        self.text = self.text[: self.caret] + self.text[self.caret + 1 :]
