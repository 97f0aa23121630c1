"""The recordings of a screen, which of them is watched, and where in it one is."""

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
from replays.viewer.note_screen import NoteScreen
from replays.viewer.requests import Compare, Edit
from sim.errors import UserError
from sim.rules import RULES


class RecordingsScreen(NoteScreen):
    """`film` is what is watched (None before anything was opened), `playback` where we are in it."""

    def __init__(self, paths: Sequence[Path], number: int, pace: int) -> None:
        """Of `paths`, the one with this `number` is watched; `pace` is as in `Playback`."""
        super().__init__()
        self.paths = list(paths)
        self.number = number
        self.film: Film | None = None
        self.playback = Playback(ticks=0, pace=pace)

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
