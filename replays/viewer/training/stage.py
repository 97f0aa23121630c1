"""The recording that the live training screen plays: the newest again and again, or an earlier one that was chosen."""

import threading
from pathlib import Path

from replays.annotate import searched
from replays.film.film import Film
from replays.film.playback import Playback
from replays.format.recording import read
from sim.errors import UserError

_REST_S = 1.2
"""How long the last moment stands before an episode begins again."""


class Stage:
    """Plays one recording of a run. `chosen` is the one that the user wants to see; None follows the newest."""

    def __init__(self) -> None:
        self.film: Film | None = None
        self.path: Path | None = None
        self.chosen: Path | None = None
        self.playback = Playback(ticks=0)
        self.paused = False
        self._recordings: list[Path] = []
        self._unreadable: set[Path] = set()
        self._rested = 0.0
        self._loading: _Loading | None = None

    def offer(self, recordings: list[Path]) -> None:
        """These are the run's recordings now; the newest takes over when the present pass is over."""
        self._recordings = recordings
        if self.film is None and self._loading is None:
            self._load_wanted()

    def choose(self, path: Path | None) -> None:
        """Plays this recording from its start, or the newest."""
        self.chosen, self.paused = path, False
        self._unreadable.discard(path or Path())
        self._load_wanted()

    def step(self, steps: int) -> None:
        """Chooses an earlier or later recording; the latest of them follows training again."""
        here = self.chosen or self.path
        if here is None or not self._recordings:
            return
        before = sum(path < here for path in self._recordings)
        number = before + steps if here in self._recordings or steps < 0 else before + steps - 1
        number = max(number, 0)
        self.choose(self._recordings[number] if number < len(self._recordings) - 1 else None)

    def toggle(self) -> None:
        """Pauses, or goes on."""
        self.paused = not self.paused

    def advance(self, seconds: float) -> bool:
        """Lets real time pass; returns whether another picture is to be seen."""
        if self._loading is not None and self._loading.done:
            self._take(self._loading)
            return True
        if self.film is None or self.paused:
            return False
        if self.playback.playing:
            self.playback.advance(seconds)
            return True
        self._rested += seconds
        if self._rested < _REST_S or self._loading is not None:
            return False
        self._load_wanted()
        if self._loading is None:
            self._begin()
        return True

    def wait(self) -> None:
        """Until a recording that is being read has been read."""
        if self._loading is not None:
            self._loading.join()

    def _wanted(self) -> Path | None:
        """The chosen recording, or the newest that can be read."""
        if self.chosen is not None and self.chosen not in self._unreadable:
            return self.chosen
        return next((path for path in reversed(self._recordings) if path not in self._unreadable), None)

    def _load_wanted(self) -> None:
        wanted = self._wanted()
        if wanted is None or (self._loading is not None and self._loading.path == wanted):
            return
        if wanted == self.path:
            self._loading = None
            if self.chosen is not None or self.playback.time == self.playback.ticks:
                self._begin()
            return
        self._loading = _Loading(wanted)
        self._loading.start()

    def _take(self, loaded: "_Loading") -> None:
        self._loading = None
        if loaded.film is None:  # thinned away meanwhile, or damaged: the one before goes on
            self._unreadable.add(loaded.path)
            if self.chosen == loaded.path:
                self.chosen = None
            if self.film is None:
                self._load_wanted()
            return
        self.film, self.path = loaded.film, loaded.path
        self._begin()

    def _begin(self) -> None:
        self._rested = 0.0
        if self.film is not None:
            self.playback = Playback(ticks=self.film.recording.header.ticks, playing=True, pace=self.playback.pace)


class _Loading(threading.Thread):
    """Reads a recording aside, so that no frame waits for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="recording", daemon=True)
        self.path = path
        self.film: Film | None = None

    @property
    def done(self) -> bool:
        """It has been read, or cannot be."""
        return not self.is_alive()

    def run(self) -> None:
        """In the thread."""
        try:
            self.film = Film(searched(read(self.path)), self.path.name)
        except UserError:
            return
