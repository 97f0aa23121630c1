"""Files of every kind that the programs read, as a stranger might send them: damaged, nested, lying, of odd types.

    python -m tests.policies.hostile_files --files 100000

Reading one gives a result or one clear line (UserError); it takes less than a second of the processor's time and little
memory; nothing is executed, and nothing is written outside of the file's own folder. What breaks that is printed, and
the file is left where it says.
"""

import argparse
import faulthandler
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pygame
import torch
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console

from policies.agents.folders import checkpoints
from policies.agents.team import load, save
from policies.evaluation.report import metric_lines
from policies.learning.checkpoint import restore_checkpoint
from policies.learning.config import TrainConfig
from policies.learning.limits import Limits
from policies.learning.run_folder import STATE, resumed
from policies.learning.run_metrics import known_onsets, truncate_metrics
from policies.learning.train import RunOptions, train
from policies.learning.trainer import Trainer
from replays import labels
from replays.film.facts import facts_of, facts_to_text
from replays.format.metrics import read_metrics
from replays.format.recording import read
from replays.label_writer import LabelWriter
from replays.questions import clip_of, pair
from replays.viewer import settings as window_settings
from replays.viewer.gallery.loader import SIDE, Cache, draw_moment
from replays.viewer.modes.best_times import best_time
from sim.errors import UserError
from sim.rules import HIDERS
from sim.scenario import full_text, scenario_from_text
from sim.scenarios import drawn
from sim.scenarios.drawn.file import read_file
from sim.scenarios.drawn.world import place as place_world
from sim.schema import observation_size
from tests.policies.hostile_content import (
    NESTED,
    as_arrays,
    as_json,
    as_lines,
    as_lines_of_text,
    as_picture,
    as_weights,
    damaged,
    picture,
)

SCENARIO = scenario_from_text("quadrant:ticks=10,preparation_ticks=4")
CONFIG = TrainConfig(worlds=4, minibatch=64, hidden=(8,), snapshot_steps=100, checkpoint_steps=100)
PER_UPDATE = CONFIG.worlds * SCENARIO.ticks * SCENARIO.slots.agents
TRAP = Path(drawn.__file__).parents[1] / "traps" / "two-rooms.toml"
MOST_CPU_S = 1.0
MOST_MIB = 500
HANGS_S = 60
A_ROUND = 500
SLOW_AND_LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
"""What hypothesis is not to complain about."""


class Kind(NamedTuple):
    """One kind of file."""

    path: Path
    read: Callable[[], object]
    """Reads the file at `path`, and uses what it finds."""
    content: st.SearchStrategy[bytes]


# Which files are read, and how.


def kinds(place: Path) -> dict[str, Kind]:
    """Every kind of file, with good ones in a folder and settings in the user's."""
    run, console = place / "run", Console(file=StringIO())
    train(CONFIG, SCENARIO, run, RunOptions(Limits(steps=2 * PER_UPDATE), threads=1), console)
    film, other = sorted((run / "replays").glob("*.npz"))[:2]
    film = film.rename(place / "film.npz")
    drawing = place / "world.toml"
    shutil.copy(TRAP, drawing)

    def start() -> None:
        world = read_file(drawing)
        assert scenario_from_text(full_text(world)) == world
        place_world(world, 0)

    return {
        **_of_runs(place, run),
        **_of_recordings(place, film, other),
        **_of_users(),
        "drawn world": begin(drawing, start, lambda good: as_lines_of_text(good) | damaged(good) | NESTED),
    }


def begin(path: Path, use: Callable[[], object], make: Callable[[bytes], st.SearchStrategy[bytes]]) -> Kind:
    return Kind(path, use, make(path.read_bytes()))


def _of_runs(place: Path, run: Path) -> dict[str, Kind]:
    trainer = Trainer(CONFIG, SCENARIO, torch.device("cpu"), 1)
    team, checkpoint, metrics = place / "team", place / "checkpoint", run / "metrics.jsonl"
    save(team, trainer.teams())
    shutil.copytree(checkpoints(run)[-1], checkpoint)

    def use_team() -> None:
        found = load(team, HIDERS)
        found.act(np.zeros((1, observation_size(found.slots)), np.float32))

    def follow() -> None:
        content = metrics.read_bytes()
        known_onsets(run)
        read_metrics(metrics, ["hidden", "robust_end"])
        metric_lines(run)
        truncate_metrics(run, PER_UPDATE)
        metrics.write_bytes(content)

    return {
        "team card": begin(team / "team.json", use_team, as_json),
        "team weights": begin(team / "weights.safetensors", use_team, lambda good: as_weights(good) | damaged(good)),
        "trainer state": begin(
            checkpoint / STATE,
            lambda: restore_checkpoint(trainer, checkpoint),
            lambda good: as_weights(good) | damaged(good),
        ),
        "run config": begin(run / "config.json", lambda: resumed(run), as_json),
        "metrics": begin(metrics, follow, as_lines),
    }


def _of_recordings(place: Path, film: Path, other: Path) -> dict[str, Kind]:
    label_file = place / "labels.jsonl"
    writer = LabelWriter(label_file)
    for choice in ("left", "right", "equal"):
        writer.add("Which?", pair(clip_of(film, 0, 2), clip_of(other, 0, 2)), choice, 1.0)
    writer.close()
    cache = Cache(place / "cache")
    facts, thumbnail = facts_to_text(facts_of(read(film))), cache._place(other)
    thumbnail.write_bytes(picture(facts, (SIDE, SIDE)))
    surface = pygame.Surface((SIDE, SIDE))

    def show() -> None:
        found = read(film)
        facts_of(found)
        draw_moment(surface, found, found.header.ticks / 2)

    def look() -> None:
        cache.facts(other)
        cache.picture(other)

    return {
        "recording": begin(film, show, lambda good: as_arrays(good) | damaged(good)),
        "labels": begin(label_file, lambda: labels.read(label_file), as_lines),
        "thumbnail": begin(thumbnail, look, lambda good: as_picture(facts) | damaged(good)),
    }


def _of_users() -> dict[str, Kind]:
    window_settings.save(window_settings.Settings())
    folder = window_settings._path().parent
    (folder / "best-times.json").write_text('{"quadrant": 3.5}')
    return {
        "window settings": begin(folder / "window.json", window_settings.load, as_json),
        "best times": begin(folder / "best-times.json", lambda: best_time("quadrant"), as_json),
    }


# What reading must not do.

FORBIDDEN = (
    "ctypes.dlopen",
    "exec",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "pickle.find_class",
    "socket.connect",
    "subprocess.Popen",
)
CHANGES = ("os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate")


class Guard:
    """Notes what a block does that it must not, by Python's audit events; one guard for the whole process."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.noted: list[str] = []
        sys.addaudithook(self._audit)

    @contextmanager
    def watching(self, folder: Path) -> Iterator[None]:
        """Files may be written in this folder alone."""
        self.folder, self.noted = folder, []
        try:
            yield
        finally:
            self.folder = None
        assert not self.noted, self.noted

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None:
            return
        written = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if event in FORBIDDEN:
            self.noted.append(f"{event} {arguments}"[:200])
        elif written or event in CHANGES:
            names = [name for name in arguments[:2] if isinstance(name, str | bytes | os.PathLike)]
            names = names[:1] if event == "open" else names
            if not all(Path(os.fsdecode(name)).absolute().is_relative_to(self.folder) for name in names):
                self.noted.append(f"{event} {arguments}"[:200])


@contextmanager
def no_hang() -> Iterator[None]:
    """Ends the process with its stack on standard error where the block takes a minute."""
    faulthandler.dump_traceback_later(HANGS_S, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def read_hostile(kind: Kind, content: bytes, guard: Guard) -> tuple[bool, float]:
    """Whether a file was read or refused, and how many seconds of the processor's time that took."""
    kind.path.write_bytes(content)
    begun = time.process_time()
    try:
        with guard.watching(kind.path.parent):
            kind.read()
        return True, time.process_time() - begun
    except UserError:
        return False, time.process_time() - begun


def attack(kind: Kind, count: int, number: int, guard: Guard) -> Counter[str]:
    """Reads `count` hostile files; returns how many were read and refused, and the slowest in milliseconds."""
    good, counts = kind.path.read_bytes(), Counter()
    kind.read()  # what the first reader imports and compiles is not the file's doing

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=SLOW_AND_LARGE,
    )
    @given(kind.content)
    def each(content: bytes) -> None:
        with no_hang():
            fine, seconds = read_hostile(kind, content, guard)
        counts["read" if fine else "refused"] += 1
        counts["slowest_ms"] = max(counts["slowest_ms"], round(seconds * 1000))
        assert seconds < MOST_CPU_S, f"{seconds:.1f} s"

    each()
    kind.path.write_bytes(good)
    return counts


def in_rounds(kind: Kind, count: int, number: int, guard: Guard) -> Counter[str]:
    """The same for many files: hypothesis keeps all that it drew in a round, 1.4 GiB of 4,000 trainer states."""
    counts, slowest = Counter(), 0
    for start in range(0, count, A_ROUND):
        counts += attack(kind, min(A_ROUND, count - start), number * 10**6 + start, guard)
        slowest = max(slowest, counts.pop("slowest_ms", 0))
    counts["slowest_ms"] = slowest
    return counts


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="hostile-"))
    os.environ["XDG_CONFIG_HOME"] = str(place / "user")
    guard, found = Guard(), kinds(place)
    begun = peak_mib()
    for name, kind in found.items():
        print(name, dict(in_rounds(kind, options.files // len(found), options.seed, guard)), flush=True)
    assert peak_mib() - begun < MOST_MIB, f"{peak_mib() - begun:.0f} MiB"
    print(f"{peak_mib() - begun:.0f} MiB more than before")
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
