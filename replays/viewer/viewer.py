"""The viewer without its window: takes pygame's events, keeps what is shown, and draws it on any surface."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.events import in_words
from replays.moment import moment
from replays.recording import read
from replays.session import Studio
from replays.viewer.controls import Button, buttons, draw_controls
from replays.viewer.doing import export, take_over, what_if
from replays.viewer.film import Film
from replays.viewer.keys import BY_NUMBER, KEYS
from replays.viewer.live import Scene, start_scene
from replays.viewer.mode import Mode
from replays.viewer.pages import draw_help, draw_message, draw_toast
from replays.viewer.panes import Panes, arrange
from replays.viewer.playback import Playback
from replays.viewer.scoreboard import draw_scoreboard, event_rows, summary
from replays.viewer.theme import FAINT, LARGE, SMALL, write
from replays.viewer.timeline import draw_timeline, event_at, time_at
from sim.draw import Options, draw
from sim.drawing.canvas import Camera, fit
from sim.drawing.palette import INK, PAPER
from sim.errors import UserError

FIRST_SIZE = (1120, 800)
LEAST_SIZE = (360, 320)
_TOAST_S = 6.0


class Viewer:
    """Plays recordings.

    `film` is what is watched (None before anything was opened), `playback` where we are in it, `message` what is
    wrong until a key or click puts that away, `mode` what has taken over the keys, `stale` whether the picture must be
    drawn anew, `running` whether the user wants to go on.
    """

    def __init__(self, paths: Sequence[Path], tick: int | None = None, number: int = 0, studio: Studio | None = None):
        """Opens one of `paths` (by its `number`) at a tick, or plays it from the start.

        `studio` finds living teams to play on with; without one films can only be watched.

        Raises:
            UserError: that recording cannot be read, or has no such tick.
        """
        self.paths = list(paths)
        self.number = number
        self.film: Film | None = None
        self.playback = Playback(ticks=0)
        self.cones, self.sight_lines, self.help = True, True, False
        self.message: str | None = None
        self.mode: Mode | None = None
        self.studio = studio
        self._toast, self._toast_left = "", 0.0
        self.stale, self.running = True, True
        self.size = FIRST_SIZE
        self._scrubbing = False
        self._mouse: tuple[int, int] | None = None
        if not self.paths:
            return
        self._show(self.paths[number])
        if tick is None:
            self.playback.playing = True
        elif 0 <= tick <= self.playback.ticks:
            self.playback.seek(tick)
        else:
            raise UserError(f"{self.paths[number]}: has no tick {tick}; choose one from 0 to {self.playback.ticks}")

    @property
    def panes(self) -> Panes:
        """Where everything lies at the present size."""
        panes = self._whole_panes
        return self.mode.arrange(panes) if self.mode and self.film else panes

    @property
    def _whole_panes(self) -> Panes:
        return arrange(self.size, len(self.film.hiders) if self.film else 0)

    def camera(self, panes: Panes) -> Camera:
        """Where the world lies in its pane."""
        area = panes.world.clip(Rect((0, 0), self.size))
        return fit(area, float(self.film.recording.layout.floor[0]) if self.film else 1.0)

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.playback.playing and not self._scrubbing

    @property
    def title(self) -> str:
        """What the window is called."""
        return f"{self.film.name} - hideseek" if self.film else "hideseek"

    def open(self, path: Path) -> None:
        """Opens one more recording and shows it; one that cannot be read leaves a message."""
        try:
            self._show(path)
        except UserError as error:
            self.message = str(error)
            return
        if path not in self.paths:
            self.paths.append(path)
        self.number = self.paths.index(path)
        self.playback.playing = True

    def to_recording(self, steps: int) -> None:
        """Shows the next or previous recording that can be read, round and round; tells of one that cannot."""
        told = None
        for away in range(1, len(self.paths)):
            number = (self.number + away * steps) % len(self.paths)
            try:
                self._show(self.paths[number])
            except UserError as error:
                told = told or str(error)
            else:
                self.number, self.playback.playing = number, True
                break
        self.message = told

    def to_event(self, direction: int) -> None:
        """Pauses at the next or previous event."""
        tick = self.film.next_event(self.playback.time, direction) if self.film else None
        if tick is not None:
            self.playback.playing = False
            self.playback.seek(tick)

    def to_play_phase(self) -> None:
        """Goes to the end of preparation."""
        if self.film:
            self.playback.seek(self.film.recording.header.preparation_ticks)

    def toggle_cones(self) -> None:
        """Shows or hides what agents see."""
        self.cones = not self.cones

    def toggle_sight_lines(self) -> None:
        """Shows or hides lines of who sees whom."""
        self.sight_lines = not self.sight_lines

    def toggle_help(self) -> None:
        """Shows or hides the help page."""
        self.help = not self.help

    def take_over(self) -> None:
        """The user plays an agent, from the moment shown."""
        take_over(self)

    def what_if(self) -> None:
        """Changes the world at the moment shown, and lets it go on."""
        what_if(self)

    def export(self) -> None:
        """Writes a part of the film, or a picture."""
        export(self)

    def play(self, scene: Scene) -> None:
        """Plays an episode from its start."""
        start_scene(self, scene)

    def leave_mode(self) -> None:
        """Back to the film; what was played is kept."""
        mode, self.mode = self.mode, None
        if mode:
            mode.leave()

    def add(self, path: Path) -> None:
        """One more recording to watch, after the one shown."""
        self.paths.insert(self.number + 1, path)

    def say(self, text: str) -> None:
        """Shows a short message for a while."""
        self._toast, self._toast_left, self.stale = text, _TOAST_S, True

    def close(self) -> None:
        """Leaves the help page, else the viewer."""
        if self.help:
            self.help = False
        else:
            self.running = False

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        if self._toast:
            self._toast_left -= seconds
            if self._toast_left <= 0:
                self._toast, self.stale = "", True
        mode = self.mode
        if mode:
            self.stale |= mode.busy
            mode.advance(seconds)
        if self.moving and mode is self.mode:
            self.playback.advance(seconds)
            self.stale = True

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type == pygame.MOUSEMOTION:
            self._move_mouse(event.pos)
            return
        if event.type == pygame.QUIT:
            self.leave_mode()
            self.running = False
        elif event.type == pygame.VIDEORESIZE:
            self.size = (max(event.w, LEAST_SIZE[0]), max(event.h, LEAST_SIZE[1]))
        elif self.message and event.type in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
            self.message = None
        elif self.mode and self.mode.handle(event):
            pass
        elif event.type == pygame.KEYDOWN and event.key in BY_NUMBER:
            BY_NUMBER[event.key].action(self)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._press(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._scrubbing = False
        elif event.type == pygame.MOUSEWHEEL and event.y:
            self.playback.step(-event.y)
        elif event.type == pygame.DROPFILE:
            self.open(Path(event.file))
        elif event.type not in (pygame.WINDOWEXPOSED, pygame.WINDOWLEAVE):
            return
        if event.type == pygame.WINDOWLEAVE:
            self._mouse = None
        self.stale = True

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        surface.fill(PAPER)
        panes = self.panes
        if self.film:
            self._draw_film(surface, panes, self.film)
        if self.mode:
            self.mode.draw(surface, self._whole_panes)
        if self._toast:
            draw_toast(surface, panes.world, self._toast)
        message = self.message or ("" if self.film or self.mode else "Nothing is open.")
        if message:
            draw_message(surface, panes.world, message)
        if self.help:
            draw_help(surface, self.mode.keys if self.mode else KEYS)
        self.stale = False

    def _show(self, path: Path) -> None:
        recording = read(path)
        self.leave_mode()
        self.film = Film(recording, path.name)
        pace = self.playback.pace
        self.playback = Playback(ticks=recording.header.ticks, pace=pace)
        self.message, self._scrubbing = None, False

    def _place(self) -> str:
        """Which of the opened recordings is shown."""
        name = self.film.name if self.film else ""
        return f"{name}  ({self.number + 1} of {len(self.paths)})" if len(self.paths) > 1 else name

    def _buttons(self, panes: Panes) -> list[Button]:
        return buttons(panes.controls, self.cones, self.sight_lines)

    def _over_timeline(self, panes: Panes, place: tuple[int, int]) -> bool:
        return panes.markers.unionall([panes.track, panes.ribbons]).inflate(16, 0).collidepoint(place)

    def _move_mouse(self, place: tuple[int, int]) -> None:
        """Scrubs while dragging; otherwise only what lies under the mouse now or did so before needs drawing."""
        panes = self.panes
        before, self._mouse = self._mouse, place
        if self._scrubbing:
            self.playback.seek(time_at(panes.track, self.playback.ticks, place[0]))
            self.stale = True
        lively = [panes.controls, panes.markers.unionall([panes.track, panes.ribbons]).inflate(16, 0)]
        if any(area.collidepoint(at) for area in lively for at in (before, place) if at):
            self.stale = True

    def _press(self, place: tuple[int, int]) -> None:
        panes = self.panes
        if self.help:
            self.help = False
            return
        for button in self._buttons(panes):
            if button.area.collidepoint(place):
                button.key.action(self)
                return
        if not self.film:
            return
        if panes.markers.collidepoint(place) and (event := event_at(self.film, panes, place[0])):
            self.playback.playing = False
            self.playback.seek(event.tick)
        elif self._over_timeline(panes, place):
            self._scrubbing = True
            self.playback.seek(time_at(panes.track, self.playback.ticks, place[0]))
        for area, event in event_rows(self.film, panes.side, self.playback.tick):
            if area.collidepoint(place):
                self.playback.playing = False
                self.playback.seek(event.tick)
                return

    def _draw_film(self, surface: pygame.Surface, panes: Panes, film: Film) -> None:
        recording, time = film.recording, self.playback.time
        now = moment(recording, time)
        options = Options(cones=self.cones, sight_lines=self.sight_lines, preparation=now.preparation)
        draw(surface, panes.world, recording.header.slots, recording.layout, now.state, now.seen, 0, options)
        draw_scoreboard(surface, panes.side, film, self._place(), time)
        hover = self._mouse[0] if self._mouse and self._over_timeline(panes, self._mouse) else None
        self._draw_caption(surface, panes, film)
        draw_timeline(surface, panes, film, time, hover)
        draw_controls(surface, self._buttons(panes), self.playback, self._mouse)

    def _draw_caption(self, surface: pygame.Surface, panes: Panes, film: Film) -> None:
        """The present event in words; in a narrow window, beside the score."""
        area, slots = panes.caption, film.recording.header.slots
        words = "  ·  ".join(in_words(event, slots) for event in film.last_events(self.playback.tick))
        if panes.side.width:
            write(surface, words, (panes.world.centerx, area.centery), LARGE, INK, "center", area.width)
            return
        score = summary(film, self._place(), self.playback.time)
        write(surface, words or score, area.midleft, SMALL, INK if words else FAINT, "midleft", area.width)
