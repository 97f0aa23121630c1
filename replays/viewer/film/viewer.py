"""The viewer without its window: takes pygame's events, keeps what is shown, and draws it on any surface."""

from collections.abc import Sequence
from pathlib import Path

import pygame

from replays.annotate import with_doors
from replays.format.recording import read
from replays.session import PlayContext
from replays.viewer.film.film import Film
from replays.viewer.film.film_view import draw_film
from replays.viewer.film.mouse import Grip, Mouse
from replays.viewer.film.playback import Playback
from replays.viewer.film.viewport import STEP
from replays.viewer.film.world_view import WorldView
from replays.viewer.keys import KEYS, Key, key_for
from replays.viewer.modes.launch import export, take_over, what_if
from replays.viewer.modes.mode import Mode
from replays.viewer.modes.play import Scene, start_scene
from replays.viewer.requests import ScreenRequest
from replays.viewer.settings import Settings
from replays.viewer.widgets.controls import Button, buttons
from replays.viewer.widgets.pages import DROP, draw_help, draw_message, draw_toast
from replays.viewer.widgets.panes import Panes, arrange
from replays.viewer.widgets.theme import px
from sim.errors import UserError
from sim.render.canvas import Camera
from sim.render.palette import PAPER

FIRST_SIZE = (1120, 800)
LEAST_SIZE = (360, 320)
_NOTE_S = 5.0
"""How long a note tells what a key has done."""
_PAN = {pygame.K_LEFT: (1, 0), pygame.K_RIGHT: (-1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
"""Which way the picture moves, in columns and rows."""
_PAN_PIXELS = 60
_HELP_TAIL = "Drag the time line to seek, with Shift to loop; turn the wheel over the floor to zoom, drag it to move."


class Viewer:
    """Plays recordings.

    `film` is what is watched (None before anything was opened), `playback` where we are in it, `stage` how the floor
    is shown, `message` what is wrong until a key or click puts that away, `note` what has been done, for a short while,
    `mode` what has taken over the keys, `stale` whether the picture must be drawn anew, `running` whether the user
    wants to go on, `pressed` pygame's number of the last key.
    """

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
        self._settings = settings or Settings()
        self.paths = list(paths)
        self.number = number
        self.film: Film | None = None
        self.playback = Playback(ticks=0, pace=self._settings.pace)
        self.stage = WorldView(self._settings.cones, self._settings.sight_lines, self._settings.trails)
        self.help, self.panels = False, True
        self.message: str | None = None
        self.note = ""
        self.mode: Mode | None = None
        self.play_context = play_context
        self.stale, self.running = True, True
        self.wish: ScreenRequest | None = None
        self.size = FIRST_SIZE
        self.pressed = 0
        self._note_left = 0.0
        self._shift = False
        self.mouse = Mouse(self)
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
        return arrange(self.size, len(self.film.hiders) if self.film else 0, self.panels)

    @property
    def path(self) -> Path | None:
        """The file of what is watched, if it has one."""
        return self.paths[self.number] if self.film and self.paths else None

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.playback.playing and self.mouse.grip not in (Grip.TIME, Grip.RANGE)

    @property
    def title(self) -> str:
        """What the window is called."""
        return f"{self.film.name} - hideseek" if self.film else "hideseek"

    @property
    def settings(self) -> Settings:
        """What is worth remembering until the next time."""
        stage = self.stage
        return Settings(stage.cones, stage.sight_lines, stage.trails, self.playback.pace, self._settings.scale)

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
            self.go_to(tick)

    def go_to(self, tick: int) -> None:
        """Pauses at a tick."""
        self.playback.playing = False
        self.playback.seek(tick)

    def to_play_phase(self) -> None:
        """Goes to the end of preparation."""
        if self.film:
            self.playback.seek(self.film.recording.header.preparation_ticks)

    def toggle_cones(self) -> None:
        """Shows or hides what agents see."""
        self.stage.cones = not self.stage.cones

    def toggle_sight_lines(self) -> None:
        """Shows or hides lines of who sees whom."""
        self.stage.sight_lines = not self.stage.sight_lines

    def toggle_trails(self) -> None:
        """Shows or hides where agents came from."""
        self.stage.trails = not self.stage.trails

    def toggle_rays(self) -> None:
        """Shows or hides the selected agent's lidar; where nobody is selected, the first agent is."""
        if self.film and self.stage.selected is None:
            self.stage.select_next(self.film, 1)
        self.stage.rays = not self.stage.rays

    def toggle_help(self) -> None:
        """Shows or hides the help page."""
        self.help = not self.help

    def ask(self, wish: ScreenRequest) -> None:
        """Asks the window for another screen."""
        self.wish = wish

    def toggle_panels(self) -> None:
        """Gives all of the window's width to the picture, or takes it back."""
        self.panels = not self.panels

    def next_fog(self) -> None:
        """Shows everything, what one team sees, or what the selected agent sees."""
        self.say(self.stage.next_fog())

    def select_next(self, steps: int) -> None:
        """Selects another agent, or nobody."""
        if self.film:
            self.stage.select_next(self.film, steps)

    def follow(self) -> None:
        """Keeps the selected agent in the middle, or lets it go; where nobody is selected, the first agent is."""
        if self.film and self.stage.selected is None:
            self.stage.select_next(self.film, 1)
        if self.film:
            self.stage.lens.follow()

    def zoom(self, steps: int, place: tuple[int, int] | None = None) -> None:
        """Zooms in or out, around a place in the window or the middle of the picture."""
        if self.film:
            self.stage.zoom(STEP**steps, place, self.panes.world, self.film)

    def pan_by_key(self) -> None:
        """Moves the picture towards the arrow that was pressed."""
        if self.film:
            columns, rows = (px(_PAN_PIXELS) * way for way in _PAN[self.pressed])
            self.stage.pan(columns, rows, self.panes.world, self.film)

    def copy(self) -> None:
        """Copies what `hideseek watch` takes to open this moment again."""
        if not self.path:
            return
        link = f"{self.path}#tick={self.playback.tick}"
        try:
            pygame.scrap.put_text(link)
        except pygame.error:
            self.message = f"nothing can be copied here; this is what would have been: {link}"
            return
        self.say(f"Copied {link}")

    def say(self, note: str) -> None:
        """Says for a short while what has been done."""
        self.note, self._note_left, self.stale = note, _NOTE_S, True

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

    def enter(self, mode: Mode) -> None:
        """Lets a mode take over the keys; the one before puts everything back first."""
        self.leave_mode()
        self.mode = mode

    def leave_mode(self) -> None:
        """Back to the film; what was played is kept."""
        mode, self.mode = self.mode, None
        if mode:
            mode.leave()

    def add(self, path: Path) -> None:
        """One more recording to watch, after the one shown."""
        self.paths.insert(self.number + 1, path)

    def camera(self, panes: Panes) -> Camera:
        """Where the world lies in the window."""
        if not self.film:
            raise ValueError("nothing is shown")
        return self.stage.camera(panes.world, self.film, self.playback.time)

    def close(self) -> None:
        """Leaves the help page, else the selected agent, else the viewer."""
        if self.help:
            self.help = False
        elif self.stage.selected is not None:
            self.stage.select(None)
        else:
            self.running = False

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        mode = self.mode
        if mode:
            self.stale |= mode.busy
            mode.advance(seconds)
        if self.moving and mode is self.mode:
            self.playback.advance(seconds)
            self.stale = True
        if self.note:
            self._note_left -= seconds
            if self._note_left <= 0:
                self.note, self.stale = "", True

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
        elif self.message and event.type in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
            self.message = None
        elif self.mode and self.mode.handle(event):
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
        panes = self.panes
        if self.film:
            draw_film(self, surface, panes, self.film)
        if self.mode:
            self.mode.draw(surface, self._whole_panes)
        if self.note:
            draw_toast(surface, panes.world, self.note)
        if self.message:
            draw_message(surface, panes.world, self.message)
        elif not self.film and not self.mode:
            draw_message(surface, panes.world, "Nothing is open.", DROP)
        if self.help:
            mode = self.mode
            draw_help(surface, mode.keys if mode else KEYS, mode.help_tail if mode else _HELP_TAIL)
        self.stale = False

    def buttons(self, panes: Panes) -> list[Button]:
        """The row of buttons."""
        stage = self.stage
        on = {pygame.K_t: stage.trails, pygame.K_f: bool(stage.fog), pygame.K_c: stage.cones}
        return buttons(panes.controls, {**on, pygame.K_l: stage.sight_lines})

    def _show(self, path: Path) -> None:
        recording = with_doors(read(path))
        self.leave_mode()
        self.film = Film(recording, path.name)
        self.playback = Playback(ticks=recording.header.ticks, pace=self.playback.pace)
        self.message = None
        self.mouse.grip = Grip.NOTHING
        if self.stage.selected not in self.film.agents:
            self.stage.select(None)

    def _do(self, key: Key | None, number: int) -> None:
        if key:
            self.pressed = number
            key.action(self)

    def _press(self, place: tuple[int, int]) -> None:
        if self.help:
            self.help = False
            return
        for button in self.buttons(self.panes):
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
