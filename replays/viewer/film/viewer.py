"""The viewer without its window: takes pygame's events, and draws what is watched on any surface."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.film.event_markers import LEGEND
from replays.session import PlayContext
from replays.viewer.film.film_view import buttons_of, draw_film, draw_pointed
from replays.viewer.film.mouse import Grip, Mouse
from replays.viewer.film.timeline import draw_seconds
from replays.viewer.film.watching import Watching
from replays.viewer.keys import KEYS
from replays.viewer.modes import launch
from replays.viewer.modes.mode import Mode
from replays.viewer.settings import Settings
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.help_page import draw_help
from replays.viewer.widgets.pages import DROP, draw_message, draw_toast
from replays.viewer.widgets.panes import Panes, arrange
from sim.errors import UserError

LEAST_SIZE = (360, 320)


class Viewer(Watching):
    """Plays recordings. `mode` is what has taken over the keys, if anything has."""

    keys = KEYS
    help_tail = (
        "Drag the time line to seek, with Shift to loop; turn the wheel over the floor to zoom, drag to move it."
    )
    legend = LEGEND

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
        """The panes before a mode makes room for its card; the toolbar gives way to modes that need its place."""
        hiders, mode = len(self.film.hiders) if self.film else 0, self.mode
        panes = arrange(self.size, hiders, self.panels or mode is not None, toolbar=mode is None or not mode.alone)
        if mode and not mode.alone and not mode.card_area(panes).width:
            return arrange(self.size, hiders)
        return panes

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
        if mode.hint and not mode.card_area(self._whole_panes).width:
            self.say(mode.hint)

    def leave_mode(self) -> None:
        """Back to the film; what was played is kept."""
        mode, self.mode = self.mode, None
        if mode:
            mode.leave()

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        mode = self.mode
        if mode:
            seconds = min(seconds, mode.longest_s)
            self.stale |= mode.busy
            mode.advance(seconds)
        if self.moving and mode is self.mode:
            self.playback.advance(seconds)
            self.stale = True
        self.let_note_fade(seconds)

    def play_on(self) -> None:
        """The user plays an agent, from the moment shown."""
        launch.play_on(self)

    def what_if(self) -> None:
        """The user changes the world at the moment shown."""
        launch.what_if(self)

    def export(self) -> None:
        """The user chooses a part of the film, or a picture, to write."""
        launch.export(self)

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type in (pygame.KEYDOWN, pygame.KEYUP) and event.key in (pygame.K_LSHIFT, pygame.K_RSHIFT):
            self._shift = event.type == pygame.KEYDOWN
            return
        if event.type == pygame.WINDOWFOCUSLOST:
            self._shift = False
        elif event.type == pygame.WINDOWLEAVE:
            self.mouse.leave()
        if event.type == pygame.QUIT:
            self.leave_mode()
            self.running = False
        elif event.type == pygame.VIDEORESIZE:
            self.size, self.stale = (max(event.w, LEAST_SIZE[0]), max(event.h, LEAST_SIZE[1])), True
        elif event.type == pygame.DROPFILE:
            self.open(Path(event.file))
            self.stale = True
        elif event.type != pygame.MOUSEMOTION and self._handled_by_mode(event):
            self.stale = True
        else:
            super().handle(event)

    def message_area(self, surface: pygame.Surface) -> Rect:
        """The world's pane."""
        return self.panes.world

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws the film, what a mode adds to it, and what the mouse points at."""
        panes, film, mode = self.panes, self.film, self.mode
        if film:
            draw_film(self, surface, panes, film, self.mouse.at)
            if mode is None and panes.track.width:  # a mode covers what is still to come
                draw_seconds(surface, panes.track, film, self.playback.time)
        if mode:
            mode.draw(surface, self._whole_panes)
        if film:
            draw_pointed(self, surface, panes, film, self.mouse)
        if self.note:
            draw_toast(surface, panes.world, self.note)
        if not (film or mode or self.message):
            draw_message(surface, panes.world, "Nothing is open.", DROP)

    def draw_help(self, surface: pygame.Surface) -> None:
        """Draws the help page of the mode, or of the film."""
        if self.mode:
            draw_help(surface, self.mode.keys, self.mode.help_tail, self.mode.legend)
        else:
            super().draw_help(surface)

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Follows the mouse."""
        return self.mouse.move(place)

    def press(self, place: tuple[int, int]) -> None:
        """Presses a button, or what lies under the mouse."""
        for button in self.buttons:
            if button.area.collidepoint(place):
                self.press_key(button.key.keys[0])
                return
        self.mouse.press(place, self._shift)

    def release(self, place: tuple[int, int]) -> None:
        """Lets go of what was pressed."""
        self.mouse.release(place)

    def turn_wheel(self, notches: int) -> None:
        """Over the floor the wheel zooms, elsewhere it goes through the ticks."""
        at = self.mouse.at
        if at and self.panes.world.collidepoint(at):
            self.zoom(notches, at)
        else:
            self.playback.step(-notches)

    def _handled_by_mode(self, event: pygame.Event) -> bool:
        """A message is put away first; then a mode may take the event."""
        return self.put_message_away(event) or (self.mode is not None and self.mode.handle(event))
