"""Scrolling of a sheet that is higher than the window, and its scroll bar."""

import math

import pygame
from pygame import Rect

from replays.viewer.widgets.theme import LINE, px
from sim.render.palette import INK, PAPER, mix

_GLIDE_PER_S = 14.0
_WHEEL_PIXELS = 110
_BAR_WIDTH = 8
_LEAST_BAR = 40


class Scrolling:
    """`place` is the row of the sheet that stands at the top of the window."""

    def __init__(self) -> None:
        self.place = 0.0
        self._wanted = 0.0
        self._height, self._room = 0, 1
        self._held: float | None = None

    @property
    def moving(self) -> bool:
        """Whether it is still gliding."""
        return self.place != self._wanted

    def fit(self, height: int, room: int) -> None:
        """Sets the height of the sheet, and how much of it the window shows, in pixels."""
        self._height, self._room = height, room
        self.place, self._wanted = self._bounded(self.place), self._bounded(self._wanted)

    def jump(self, place: float) -> None:
        """Goes to a place at once."""
        self.place = self._wanted = self._bounded(place)

    def shift(self, rows: float) -> None:
        """Follows the sheet, which has moved by so many rows; what glides glides on."""
        self.place, self._wanted = self._bounded(self.place + rows), self._bounded(self._wanted + rows)

    def wheel(self, notches: float) -> None:
        """Glides by notches of the mouse's wheel, up if positive."""
        self._wanted = self._bounded(self._wanted - notches * px(_WHEEL_PIXELS))

    def reveal(self, top: int, bottom: int) -> None:
        """Glides no further than is needed to show these rows."""
        if bottom - self._wanted > self._room:
            self._wanted = self._bounded(bottom - self._room)
        if top < self._wanted:
            self._wanted = self._bounded(top)

    def advance(self, seconds: float) -> bool:
        """Lets real time pass; returns whether it moved."""
        if not self.moving:
            return False
        self.place += (self._wanted - self.place) * (1 - math.exp(-_GLIDE_PER_S * seconds))
        if abs(self._wanted - self.place) < 0.5:
            self.place = self._wanted
        return True

    def press(self, place: tuple[int, int], view: Rect) -> bool:
        """Takes hold of the bar, if it was pressed; returns whether it was."""
        bar = self._bar(view)
        if bar is None or place[0] < bar.left - px(6) or not view.collidepoint(place):
            return False
        if not bar.top <= place[1] < bar.bottom:
            self.jump((place[1] - view.top) / view.height * self._height - self._room / 2)
        self._held = place[1] / view.height * self._height - self.place
        return True

    def drag(self, row: int) -> bool:
        """Follows the mouse while the bar is held; returns whether it is."""
        if self._held is None:
            return False
        self.jump(row / self._room * self._height - self._held)
        return True

    def release(self) -> None:
        """Lets go of the bar."""
        self._held = None

    def draw(self, surface: pygame.Surface, view: Rect) -> None:
        """Draws the bar at the right of `view`, if there is more than it shows."""
        bar = self._bar(view)
        if bar is not None:
            pygame.draw.rect(surface, LINE, Rect(bar.left, view.top, bar.width, view.height), border_radius=px(4))
            pygame.draw.rect(surface, mix(PAPER, INK, 0.45), bar, border_radius=px(4))

    def _bounded(self, place: float) -> float:
        return min(max(place, 0.0), float(max(self._height - self._room, 0)))

    def _bar(self, view: Rect) -> Rect | None:
        if self._height <= self._room:
            return None
        long = max(round(view.height * self._room / self._height), min(px(_LEAST_BAR), view.height))
        way = (view.height - long) * self.place / (self._height - self._room)
        return Rect(view.right - px(_BAR_WIDTH + 4), view.top + round(way), px(_BAR_WIDTH), long)
