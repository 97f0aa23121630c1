"""The line at the lower edge of the gallery in which the user writes the name of a group of episodes."""

from pathlib import Path

import pygame
from pygame import Rect

from replays.unnamed import MOST_LETTERS
from replays.viewer.gallery.groups import EpisodeGroup
from replays.viewer.gallery.layout import PAD
from replays.viewer.widgets.fitting import first_parts, write_fitting
from replays.viewer.widgets.text_line import TextLine
from replays.viewer.widgets.theme import FAINT, LINE, NORMAL, SMALL, px
from sim.render.palette import INK, PAPER

_HINT = "Enter keeps · Esc leaves · an empty line takes the name away"
_HEIGHT, _FIELD_TOP, _FIELD_HEIGHT = 80, 38, 32
"""Sizes here are those of the plain design, before `px`."""


class NameLine(TextLine):
    """The name, and which group it is for."""

    def __init__(self, recording: Path, group: EpisodeGroup) -> None:
        """Begins with the present name of the group that a recording belongs to."""
        super().__init__(group.name or "", MOST_LETTERS)
        self.recording, self.group = recording, group

    def draw(self, surface: pygame.Surface) -> None:
        """Draws which group it is, and the text, at the lower edge."""
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
        self.draw_field(surface, Rect(pad, strip.top + px(_FIELD_TOP), width - 2 * pad, px(_FIELD_HEIGHT)))
