"""Exporting from the window: a range of the film as mp4 or gif, or the moment shown as png, written bit by bit."""

import time
from collections.abc import Generator
from pathlib import Path

import pygame
from pygame import Rect

from replays.format.archive import free_path
from replays.format.recording import Recording
from replays.video import can_write_mp4, export_bit_by_bit
from replays.viewer.keys import Key
from replays.viewer.modes.mode import Mode, ModeHost
from replays.viewer.widgets.panes import Panes
from replays.viewer.widgets.theme import LINE, SOFT, px
from sim.errors import UserError
from sim.render.palette import HIDER

_WORK_S = 0.03
"""So long it writes between two looks at the keys."""


class Exporting(Mode):
    """Writes the range that is looped, or everything, into the current folder; the film's own keys still work."""

    alone = False

    def __init__(self, viewer: ModeHost, recording: Recording, stem: str) -> None:
        super().__init__(viewer)
        self.recording, self.stem = recording, stem
        self.done = 0.0
        self._path: Path | None = None
        self._work: Generator[float] | None = None

    @property
    def range(self) -> tuple[int, int]:
        """First and last tick that are written: the loop, or everything."""
        return self.viewer.playback.loop or (0, self.recording.header.ticks)

    @property
    def busy(self) -> bool:
        """Something is being written."""
        return self._path is not None

    @property
    def title(self) -> str:
        return "Writing ..." if self.busy else "Export"

    @property
    def lines(self) -> list[str]:
        if self._path:
            return [f"{self._path.name}: {self.done:.0%}"]
        kind = "mp4" if can_write_mp4() else "gif"
        first, last = self.range
        return [f"Ticks {first} to {last} as {kind}, or the moment shown as png."]

    def film(self) -> None:
        """Writes the range."""
        ending = ".mp4" if can_write_mp4() else ".gif"
        first, last = self.range
        self._write(f"{self.stem}-{first}-{last}", ending, first, last)

    def picture(self) -> None:
        """Writes the moment shown."""
        tick = self.viewer.playback.tick
        self._write(f"{self.stem}-{tick}", ".png", tick, tick)

    def advance(self, seconds: float) -> None:
        if not self._path or not self._work:
            return
        until = time.perf_counter() + _WORK_S
        try:
            while time.perf_counter() < until:
                self.done = next(self._work)
        except StopIteration:
            self.viewer.say(f"Written: {self._path.resolve()}")
            self._path = None
            self.viewer.leave_mode()
        except UserError as error:
            self._path = None
            self.viewer.message = str(error)

    def draw(self, surface: pygame.Surface, panes: Panes) -> None:
        super().draw(surface, panes)
        if self.busy:
            bar = Rect(panes.world.left, panes.world.top, panes.world.width, px(6))
            pygame.draw.rect(surface, SOFT, bar, border_radius=px(3))
            pygame.draw.rect(surface, LINE, bar, width=1, border_radius=px(3))
            bar.width = round(bar.width * self.done)
            pygame.draw.rect(surface, HIDER, bar, border_radius=px(3))

    def leave(self) -> None:
        """What is half written is taken away."""
        if self._work and self._path:
            self._work.close()
            self.viewer.say(f"Not written: {self._path.name}")

    def _write(self, stem: str, ending: str, first: int, last: int) -> None:
        if self._path:
            return
        path = free_path(Path(), stem, ending)
        try:
            self._work = export_bit_by_bit(self.recording, path, first, last)
        except UserError as error:
            self.viewer.message = str(error)
            return
        self._path, self.done = path, 0.0


EXPORT_KEYS: tuple[Key, ...] = (
    Key("Enter, E", (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_e), "write the film", lambda mode: mode.film()),
    Key("U", (pygame.K_u,), "write a png", lambda mode: mode.picture()),
    Key("I", (pygame.K_i,), "begin here", lambda mode: mode.viewer.playback.start_loop()),
    Key("O", (pygame.K_o,), "end here", lambda mode: mode.viewer.playback.end_loop()),
    Key("K", (pygame.K_k,), "everything", lambda mode: mode.viewer.playback.set_loop(0, 0)),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda mode: mode.viewer.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back to the film", lambda mode: mode.viewer.leave_mode()),
)
Exporting.keys = EXPORT_KEYS
