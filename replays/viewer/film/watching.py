"""What is watched and how: recordings, the clock, the view of the floor, and everything a key can do to them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pygame

from replays.annotate import searched
from replays.film.facts import siblings
from replays.film.film import Film, no_event_text
from replays.film.opening import comes_at, opens_at
from replays.film.playback import Playback
from replays.format.recording import read
from replays.live_episode import scenario_of
from replays.viewer.compare.choice import pair
from replays.viewer.film.viewport import STEP
from replays.viewer.film.world_view import WorldView
from replays.viewer.requests import Compare, Edit
from replays.viewer.screen import ScreenBase
from replays.viewer.settings import Settings
from replays.viewer.widgets.panes import Panes, arrange
from replays.viewer.widgets.theme import px
from sim.errors import UserError
from sim.render.canvas import Camera
from sim.rules import RULES

FIRST_SIZE = (1120, 800)
_NOTE_S = 5.0
"""How long a note stays."""
_PAN = {pygame.K_LEFT: (1, 0), pygame.K_RIGHT: (-1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
"""Which way the picture moves, in columns and rows."""
_PAN_PIXELS = 60


class Watching(ScreenBase):
    """Recordings that are watched.

    `film` is what is shown (None before anything was opened), `playback` where we are in it, `world_view` how the
    floor is shown, `note` what a key has just done.
    """

    def __init__(self, paths: Sequence[Path], number: int, settings: Settings | None) -> None:
        super().__init__()
        self._settings = settings or Settings()
        self.paths = list(paths)
        self.number = number
        self.film: Film | None = None
        self.playback = Playback(ticks=0, pace=self._settings.pace)
        self.world_view = WorldView(self._settings.cones, self._settings.sight_lines, self._settings.trails)
        self.panels = True
        self.note = ""
        self.size = FIRST_SIZE
        self._note_left = 0.0

    @property
    def panes(self) -> Panes:
        """Where everything lies at the present size."""
        return arrange(self.size, len(self.film.hiders) if self.film else 0, self.panels)

    @property
    def path(self) -> Path | None:
        """The file of what is watched, if it has one."""
        return self.paths[self.number] if self.film and self.paths else None

    @property
    def place_text(self) -> str:
        """Which of the opened recordings is shown."""
        name, count = self.film.name if self.film else "", len(self.paths)
        return f"{name}  ({self.number + 1} of {count})" if count > 1 else name

    @property
    def title(self) -> str:
        """What the window is called."""
        return f"{self.film.name} - hideseek" if self.film else "hideseek"

    @property
    def settings(self) -> Settings:
        """What is worth remembering until the next time."""
        view = self.world_view
        return dataclasses.replace(
            self._settings,
            cones=view.cones,
            sight_lines=view.sight_lines,
            trails=view.trails,
            pace=self.playback.pace,
        )

    def open(self, path: Path) -> None:
        """Opens one more recording and shows it; one that cannot be read leaves a message."""
        try:
            self.show(path)
        except UserError as error:
            self.message = str(error)
            return
        if path not in self.paths:
            self.paths.append(path)
        self.number = self.paths.index(path)
        self.playback.playing = True

    def show(self, path: Path) -> None:
        """Shows a recording from its start, paused.

        Raises:
            UserError: it cannot be read.
        """
        recording = searched(read(path))
        self.leave_mode()
        self.film = Film(recording, path.name)
        self.playback = Playback(ticks=recording.header.ticks, pace=self.playback.pace)
        self.message = None
        if self.world_view.selected not in self.film.agents:
            self.world_view.select(None)

    def leave_mode(self) -> None:
        """Back to the film, if something else has taken over the keys."""

    def add(self, path: Path) -> None:
        """One more recording to watch, after the one shown."""
        self.paths.insert(self.number + 1, path)

    def to_recording(self, steps: int) -> None:
        """Shows the next or previous recording that can be read, round and round; names one that cannot."""
        problem = None
        for away in range(1, len(self.paths)):
            number = (self.number + away * steps) % len(self.paths)
            try:
                self.show(self.paths[number])
            except UserError as error:
                problem = problem or str(error)
            else:
                self.number, self.playback.playing = number, True
                break
        self.message = problem

    def to_event(self, direction: int, every: bool = False) -> None:
        """Pauses at the next or previous strategy, door or seal; with `every`, at any event."""
        tick = self.film.next_event(self.playback.time, direction, every) if self.film else None
        if tick is not None:
            self.go_to(tick)
        elif self.film:
            self.say(no_event_text(direction, every))

    def to_strategy(self, title: str) -> None:
        """Goes to a little before a strategy comes, by its title, and says when that is; nowhere if it does not."""
        comes = comes_at(self.film, title) if self.film else None
        if comes is not None and opens_at(comes):
            self.playback.seek(opens_at(comes))
            self.say(f"{title} at {comes * RULES.tick_s:.1f} s; Home goes to the start")

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
        self.world_view.cones = not self.world_view.cones

    def toggle_sight_lines(self) -> None:
        """Shows or hides lines of who sees whom."""
        self.world_view.sight_lines = not self.world_view.sight_lines

    def toggle_trails(self) -> None:
        """Shows or hides where agents came from."""
        self.world_view.trails = not self.world_view.trails

    def toggle_rays(self) -> None:
        """Shows or hides the selected agent's lidar; selects the first agent if none is selected."""
        if self.film:
            self._select_any(self.film)
        self.world_view.rays = not self.world_view.rays

    def toggle_panels(self) -> None:
        """Shows only the picture, or everything."""
        self.panels = not self.panels
        self.say("" if self.panels else "M shows the panels again")

    def next_fog(self) -> None:
        """Shows everything, what one team sees, or what the selected agent sees."""
        self.say(self.world_view.next_fog())

    def select_next(self, steps: int) -> None:
        """Selects another agent, or none."""
        if self.film:
            self.world_view.select_next(self.film, steps)

    def follow(self) -> None:
        """Keeps the selected agent (the first, if none is selected) in the middle, or lets it go."""
        if self.film:
            self._select_any(self.film)
            self.world_view.viewport.follow()

    def zoom(self, steps: int, place: tuple[int, int] | None = None) -> None:
        """Zooms in or out, around a place in the window or the middle of the picture."""
        if self.film:
            self.world_view.zoom(STEP**steps, place, self.panes.world, self.film)

    def pan_by_key(self) -> None:
        """Moves the picture towards the arrow that was pressed."""
        if self.film:
            columns, rows = (px(_PAN_PIXELS) * way for way in _PAN[self.pressed])
            self.world_view.pan(columns, rows, self.panes.world, self.film)

    def copy(self) -> None:
        """Copies what `hideseek watch` takes to open this moment again."""
        if not self.path:
            return
        link = f"{self.path}#tick={self.playback.tick}"
        try:
            pygame.scrap.put_text(link)
        except pygame.error:
            self.message = f"The clipboard cannot be used here. This moment is: {link}"
            return
        self.say(f"Copied {link}")

    def say(self, note: str) -> None:
        """Shows for a short while what has been done."""
        self.note, self._note_left, self.stale = note, _NOTE_S, True

    def camera(self, panes: Panes) -> Camera:
        """Where the world lies in the window."""
        if not self.film:
            raise ValueError("nothing is shown")
        return self.world_view.camera(panes.world, self.film, self.playback.time)

    def compare(self) -> None:
        """Asks for this recording beside another one of its run, or of those that were opened."""
        if self.path is None:
            return
        choices = siblings(self.path) or self.paths
        if self.path not in choices:
            self.tell("This recording is no longer among those of its run, which training thins out.")
            return
        paths = pair(self.path, choices)
        if paths:
            self.ask(Compare(paths, choices, self.playback.time))
        else:
            self.tell("There is no other recording here to show beside this one.")

    def edit_world(self) -> None:
        """Asks for the editor with this world: its drawing if it was drawn, else how this episode began."""
        from sim.scenarios.drawn.file import name_of  # what draws is not needed to watch
        from sim.scenarios.drawn.from_start import drawing_of_start

        if self.film is None:
            return
        recording = self.film.recording
        try:
            scenario = scenario_of(recording)
            name = name_of(Path(self.film.world))
            world = drawing_of_start(scenario, recording.layout, recording.states, name)
        except UserError as error:
            self.tell(str(error))
            return
        self.ask(Edit(world))

    def step_back(self) -> bool:
        """Leaves the selected agent."""
        if self.world_view.selected is None:
            return False
        self.world_view.select(None)
        return True

    def let_note_fade(self, seconds: float) -> None:
        """Lets real time pass for the note."""
        if self.note:
            self._note_left -= seconds
            if self._note_left <= 0:
                self.note, self.stale = "", True

    def _select_any(self, film: Film) -> None:
        if self.world_view.selected is None:
            self.world_view.select_next(film, 1)
