"""The chosen tile comes alive: its recording plays once, small and fast, then the thumbnail is back."""

from pathlib import Path

import pygame

from replays.recording import Recording, read
from replays.viewer.gallery_shelf import draw_moment
from sim.errors import UserError

_WAIT_S = 0.4
"""How long a tile is chosen before it moves: whoever passes by is not disturbed."""
_TICKS_PER_S = 20.0
_LONGEST_S = 8.0
_MOST_BYTES = 2**20
"""Larger files would take longer to read than a frame may last."""


class Preview:
    """Plays at most one recording at a time."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._waited = 0.0
        self._time = 0.0
        self._recording: Recording | None = None
        self._over = True

    @property
    def moving(self) -> bool:
        """Whether time must pass: something is awaited or plays."""
        return not self._over

    def choose(self, path: Path | None) -> None:
        """Turns to another recording, or to none."""
        if path != self._path:
            self._path, self._recording, self._waited, self._time, self._over = path, None, 0.0, 0.0, path is None

    def advance(self, seconds: float) -> bool:
        """Lets real time pass; returns whether there is something new to draw."""
        if self._over or self._path is None:
            return False
        if self._recording is None:
            self._waited += seconds
            if self._waited >= _WAIT_S:
                self._recording = _small(self._path)
                self._over = self._recording is None
            return False
        ticks = self._recording.header.ticks
        self._time += seconds * max(_TICKS_PER_S, ticks / _LONGEST_S)
        if self._time >= ticks:
            self._over, self._recording = True, None
        return True

    def picture(self, path: Path, side: int) -> pygame.Surface | None:
        """What plays of this recording, `side` pixels wide and high; None if it does not play."""
        if path != self._path or self._recording is None:
            return None
        picture = pygame.Surface((side, side))
        draw_moment(picture, self._recording, self._time)
        return picture


def _small(path: Path) -> Recording | None:
    """A recording that is quickly read, else nothing."""
    try:
        return read(path) if path.stat().st_size <= _MOST_BYTES else None
    except (OSError, UserError):
        return None
