"""The viewer without its window: takes pygame's events, and draws what is watched on any surface."""

from collections.abc import Sequence
from pathlib import Path

import pygame

from replays.session import PlayContext
from replays.viewer.film.film_view import buttons_of, draw_film, draw_pointed
from replays.viewer.film.mouse import Grip, Mouse
from replays.viewer.film.watching import Watching
from replays.viewer.keys import KEYS, Key, key_for
from replays.viewer.modes.mode import Mode
from replays.viewer.settings import Settings
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.event_markers import LEGEND
from replays.viewer.widgets.help_page import draw_help
from replays.viewer.widgets.pages import DROP, draw_message, draw_toast
from replays.viewer.widgets.panes import Panes, arrange
from sim.errors import UserError
from sim.render.palette import PAPER

LEAST_SIZE = (360, 320)
_HELP_TAIL = "Drag the time line to seek, with Shift to loop; turn the wheel over the floor to zoom, drag it to move."


class Viewer(Watching):
    """Plays recordings. `mode` is what has taken over the keys, if anything has."""

    def __init__(
        self,
        paths: Sequence[Path],
        tick: int | None = None,
        number: int = 0,
        settings: Settings | None = None,
        play_context: PlayContext | None = None,
    ) -> None:
        """Opens one of `paths` (by its `number`) at a tick, or plays it from the start; as the user likes it.

        `play_context` finds living teams to play on with; without one films can only be watched.

        Raises:
            UserError: that recording cannot be read, or has no such tick.
        """
        super().__init__(paths, number, settings)
        self.mode: Mode | None = None
        self.play_context = play_context
        self.mouse = Mouse(self)
        self._shift = False
        if not self.paths:
            return
        self.show(self.paths[number])
        if tick is None:
            self.playback.playing = True
        elif 0 <= tick <= self.playback.ticks:
            self.playback.seek(tick)
        else:
            raise UserError(f"{self.paths[number]}: has no tick {tick}; choose one from 0 to {self.playback.ticks}")

    @property
    def panes(self) -> Panes:
        """Where everything lies at the present size."""
        return self.mode.arrange(self._whole_panes) if self.mode and self.film else self._whole_panes

    @property
    def _whole_panes(self) -> Panes:
        """The panes without what a mode needs; while it plays or changes the world, all panels but the toolbar."""
        alone = self.mode is not None and self.mode.alone
        hiders = len(self.film.hiders) if self.film else 0
        return arrange(self.size, hiders, self.panels or self.mode is not None, toolbar=not alone)

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.playback.playing and self.mouse.grip not in (Grip.TIME, Grip.RANGE)

    @property
    def buttons(self) -> list[Button]:
        """All buttons that have room."""
        return buttons_of(self, self.panes)

    def show(self, path: Path) -> None:
        """Shows a recording from its start, paused.

        Raises:
            UserError: it cannot be read.
        """
        super().show(path)
        self.mouse.grip = Grip.NOTHING

    def enter(self, mode: Mode) -> None:
        """Lets a mode take over the keys; the one before puts everything back first."""
        self.leave_mode()
        self.mode = mode

    def leave_mode(self) -> None:
        """Back to the film; what was played is kept."""
        mode, self.mode = self.mode, None
        if mode:
            mode.leave()

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        mode = self.mode
        if mode:
            self.stale |= mode.busy
            mode.advance(seconds)
        if self.moving and mode is self.mode:
            self.playback.advance(seconds)
            self.stale = True
        self.let_note_fade(seconds)

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type == pygame.MOUSEMOTION:
            self.stale |= self.mouse.move(event.pos)
            return
        if event.type in (pygame.KEYDOWN, pygame.KEYUP) and event.key in (pygame.K_LSHIFT, pygame.K_RSHIFT):
            self._shift = event.type == pygame.KEYDOWN
            return
        if event.type == pygame.WINDOWFOCUSLOST:
            self._shift = False
        if event.type == pygame.QUIT:
            self.leave_mode()
            self.running = False
        elif event.type == pygame.VIDEORESIZE:
            self.size = (max(event.w, LEAST_SIZE[0]), max(event.h, LEAST_SIZE[1]))
        elif self.put_message_away(event) or (self.mode and self.mode.handle(event)):
            pass
        elif event.type == pygame.KEYDOWN:
            self._do(key_for(KEYS, event.key, event.mod), event.key)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._press(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self.mouse.release(event.pos)
        elif event.type == pygame.MOUSEWHEEL and event.y:
            self._turn_wheel(event.y)
        elif event.type == pygame.DROPFILE:
            self.open(Path(event.file))
        elif event.type not in (pygame.WINDOWEXPOSED, pygame.WINDOWLEAVE):
            return
        if event.type == pygame.WINDOWLEAVE:
            self.mouse.leave()
        self.stale = True

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        surface.fill(PAPER)
        panes, film, mode = self.panes, self.film, self.mode
        if film:
            draw_film(self, surface, panes, film, self.mouse.at)
        if mode:
            mode.draw(surface, self._whole_panes)
        if film:
            draw_pointed(self, surface, panes, film, self.mouse)
        if self.note:
            draw_toast(surface, panes.world, self.note)
        if self.message:
            draw_message(surface, panes.world, self.message)
        elif not film and not mode:
            draw_message(surface, panes.world, "Nothing is open.", DROP)
        if self.help:
            tail = mode.help_tail if mode else _HELP_TAIL
            draw_help(surface, mode.keys if mode else KEYS, tail, LEGEND)
        self.stale = False

    def _do(self, key: Key | None, number: int) -> None:
        if key:
            self.pressed = number
            key.action(self)

    def _press(self, place: tuple[int, int]) -> None:
        if self.help:
            self.help = False
            return
        for button in self.buttons:
            if button.area.collidepoint(place):
                self._do(button.key, button.key.keys[0])
                return
        self.mouse.press(place, self._shift)

    def _turn_wheel(self, steps: int) -> None:
        """Over the floor the wheel zooms, elsewhere it goes through the ticks."""
        at = self.mouse.at
        if at and self.panes.world.collidepoint(at):
            self.zoom(steps, at)
        else:
            self.playback.step(-steps)
