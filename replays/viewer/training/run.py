"""A run folder as it is while a trainer writes into it: its newest curves, its recordings, and what comes next."""

import math
import time
from collections.abc import Callable
from pathlib import Path

from replays.film.facts import agent_steps_of, of_run
from replays.film.run_start import begun_from, changes_of, config_of, world_at
from replays.format.header import clean
from replays.format.metrics import Metrics, MetricsReader
from replays.run_lock import is_locked
from replays.viewer.training.curves import NAMES, curves_of
from replays.viewer.widgets.plot import Curves
from sim.scenario import brief

_MOST_ENDED_BYTES = 200
_CHECKPOINT_STEPS = 2_000_000
"""Where the run does not say how often it records."""
_SPEED_UPDATES = 5
_QUIET_S, _QUIET_UPDATES = 60.0, 10.0
"""A trainer that wrote nothing for longer than both (the second in its own updates) has probably stopped."""


class WatchedRun:
    """What the files of a run say; `look` reads what has changed.

    `training` says whether a trainer is at work; None finds out by the run's lock, and where there is none by how old
    the newest line of metrics is.
    """

    def __init__(self, folder: Path, training: Callable[[], bool] | None = None) -> None:
        self.folder = folder.resolve()
        self.recordings: list[Path] = []
        self.curves: Curves = curves_of(Metrics(NAMES))
        self._training = training
        self._reader = MetricsReader(self.folder / "metrics.jsonl", NAMES)
        self.scenario = ""
        """The world that is trained in now, in the shortest words; empty while the run does not say."""
        self.begun = ""
        """Which trained teams the run began with, as `begun_from` says it."""
        self.ended = ""
        """Why training ended, in a few words; empty while it goes on, or where the run does not say."""
        self._locked: bool | None = None
        self._config: dict[str, object] = {}
        self._world = ""
        self._changed_at = time.monotonic()

    def look(self) -> bool:
        """Reads what has been written since the last look; returns whether anything has changed."""
        read, before = self._reader.poll(), (self.recordings, self.ended, self._locked)
        if not self._config:
            self._config = config_of(self.folder)
            self.begun = begun_from(self._config)
        if read:
            self.curves = curves_of(self._reader.metrics, changes_of(self._config))
            self._changed_at = time.monotonic()
        if (world := world_at(self._config, self.agent_steps)) != self._world:
            self._world, self.scenario = world, brief(world)
        self.recordings = of_run(self.folder)
        self.ended, self._locked = _ended(self.folder), is_locked(self.folder)
        return read or (self.recordings, self.ended, self._locked) != before

    @property
    def agent_steps(self) -> int:
        """How far training has come."""
        return self.curves.last

    @property
    def seconds(self) -> float:
        """How long training has taken."""
        seconds = self._reader.metrics.seconds
        return seconds[-1] if seconds else 0.0

    @property
    def speed(self) -> float:
        """Agent-steps a second in the last few updates; 0 while nobody knows."""
        found = [speed for speed in self._reader.metrics.speed[-_SPEED_UPDATES:] if not math.isnan(speed)]
        return len(found) / sum(1 / max(speed, 1e-9) for speed in found) if found else 0.0

    @property
    def checkpoint_steps(self) -> int:
        """Agent-steps from one recording to the next."""
        steps = self._config.get("checkpoint_steps")
        return steps if type(steps) is int and 0 < steps < 10**12 else _CHECKPOINT_STEPS

    @property
    def is_training(self) -> bool:
        """Whether a trainer is (as far as the files tell) at work."""
        if self._training is not None:
            return self._training()
        if self.ended:
            return False
        if self._locked is not None:
            return self._locked
        steps, seconds = self._reader.metrics.agent_steps, self._reader.metrics.seconds
        update_s = seconds[-1] / len(steps) if steps else 0.0
        age = _age(self.folder / "metrics.jsonl", self._changed_at)
        return age < max(_QUIET_S, _QUIET_UPDATES * update_s)

    def seconds_to_next(self) -> float | None:
        """Until the next recording is due; None while that is unknown."""
        if not self.speed or not self.is_training:
            return None
        interval = self.checkpoint_steps
        due = (self.agent_steps // interval + 1) * interval
        return (due - self.agent_steps) / self.speed

    def stage_of(self, path: Path) -> int:
        """Agent-steps after which a recording was made."""
        return agent_steps_of(path) or 0


def _age(path: Path, changed_at: float) -> float:
    """Seconds since a file was written, or, where there is none, since something changed."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return time.monotonic() - changed_at


def _ended(folder: Path) -> str:
    """Why training ended; empty where the run does not say."""
    path = folder / "ended.txt"
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return clean(file.read(_MOST_ENDED_BYTES).decode(errors="replace").partition("\n")[0])
    except OSError:
        return ""
