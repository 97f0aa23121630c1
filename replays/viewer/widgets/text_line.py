"""A line of text that the user writes: letters, a caret that goes through them, and all of them selected or none."""

import pygame
from pygame import Rect

from replays.format.header import clean
from replays.viewer.widgets.theme import NORMAL, card, px
from sim.render.palette import HIDER, INK, WHITE, mix
from sim.render.text import label

_INSET = 10
_CARET_AT = 0.7
"""So far to the right the caret goes before a text that is too long moves to the left, as a share of the field."""


_MOVES = (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_HOME, pygame.K_END)
_SELECTION = mix(WHITE, HIDER, 0.3)


class TextLine:
    """The text, and the caret as the number of letters before it. What is written replaces a text that is selected."""

    def __init__(self, text: str, most_letters: int) -> None:
        """Begins with a text that is selected."""
        self.text = text
        self.caret = len(text)
        self.selected = bool(text)
        self._most_letters = most_letters
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
            self._press_key(event.key, event.mod)

    def draw_field(self, surface: pygame.Surface, field: Rect) -> None:
        """Draws the text and the caret on a card; of a long text what is at the caret."""
        card(surface, field)
        inside = surface.subsurface(field.inflate(-2 * px(_INSET), -2 * px(4)).clip(surface.get_rect()))
        letters = label(self.text, px(NORMAL), INK)
        before = label(self.text[: self.caret], px(NORMAL), INK).get_width() if self.caret else 0
        width, height = inside.get_size()
        if self.selected:
            pygame.draw.rect(inside, _SELECTION, Rect(0, 0, letters.get_width(), height))
        thick = max(px(2), 1)
        hidden = max(letters.get_width() + thick - width, 0)
        shift = -min(max(before - round(_CARET_AT * width), 0), hidden)
        inside.blit(letters, letters.get_rect(midleft=(shift, height // 2)))
        pygame.draw.rect(inside, INK, Rect(before + shift, 0, thick, height))

    def _write(self, text: str) -> None:
        self._delete_selected()
        added = clean(text)[: self._most_letters - len(self.text)]
        self.text = self.text[: self.caret] + added + self.text[self.caret :]
        self.caret += len(added)

    def _press_key(self, key: int, held: int) -> None:
        if key == pygame.K_a and held & (pygame.KMOD_CTRL | pygame.KMOD_META):
            self.selected, self.caret = bool(self.text), len(self.text)
        elif key in (pygame.K_BACKSPACE, pygame.K_DELETE) and self.selected:
            self._delete_selected()
        else:
            self._move_or_delete(key)

    def _move_or_delete(self, key: int) -> None:
        if key in _MOVES:
            self.selected = False
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

    def _delete_selected(self) -> None:
        if self.selected:
            self.text, self.caret, self.selected = "", 0, False

    def _delete(self) -> None:
        self.text = self.text[: self.caret] + self.text[self.caret + 1 :]
