"""How soon the viewer shows something, and how smoothly: all without a screen, so that machines compare.

SDL's dummy driver draws every pixel and shows none; what a real screen adds is its own waiting.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pygame

from replays.recording import Recorder, write
from replays.viewer.viewer import FIRST_SIZE, Viewer
from sim.game import Game
from sim.rules import ACTION_SIZES
from sim.scenario import Scenario

_STARTS = 5
_FEWEST_FRAMES = 200
_FRAMES_PER_SECOND = 60

_START = """
import sys, time
from pathlib import Path
import pygame
from replays.viewer.viewer import FIRST_SIZE, Viewer
viewer = Viewer([Path(sys.argv[1])])
pygame.display.init()
viewer.draw(pygame.display.set_mode(FIRST_SIZE, pygame.RESIZABLE))
pygame.display.flip()
print(time.time())
"""


def measure(scenario: Scenario, seconds: float) -> dict[str, object]:
    """Times of a viewer that watches a random episode of the scenario.

    Returns:
        first_frame_ms: from the start of a fresh process to its first frame, median; seek_ms_p99: a jump to
        any tick until it is drawn; panes: by number of recordings side by side, frame_ms_p50 and
        frame_ms_p99 of drawing while playing.
    """
    with _no_screen(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.npz"
        _record(scenario, path)
        first_frame = _first_frame_ms(path)
        viewer = Viewer([path])
        pygame.display.init()
        try:
            screen = pygame.display.set_mode(FIRST_SIZE, pygame.RESIZABLE)
            jumps = iter(np.random.default_rng(0).integers(0, scenario.ticks + 1, 10**7))
            seeks = _times_ms(lambda: _jump(viewer, screen, int(next(jumps))), seconds / 2)
            frames = _times_ms(lambda: _next_frame(viewer, screen), seconds / 2)
        finally:
            pygame.display.quit()
    return {
        "first_frame_ms": first_frame,
        "seek_ms_p99": float(np.percentile(seeks, 99)),
        "panes": {"1": {f"frame_ms_p{share}": float(np.percentile(frames, share)) for share in (50, 99)}},
    }


@contextmanager
def _no_screen() -> Iterator[None]:
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SDL_VIDEODRIVER"]
        else:
            os.environ["SDL_VIDEODRIVER"] = before


def _record(scenario: Scenario, path: Path) -> None:
    game, random = Game(scenario, 1), np.random.default_rng(0)
    game.reset(np.zeros(1, np.uint64))
    recorder = Recorder(game, seed=0, hiders="random", seekers="random", hashes={})
    for _ in range(scenario.ticks):
        actions = random.integers(0, ACTION_SIZES, game.actions.shape, np.int8)
        game.tick(actions)
        recorder.add(actions)
    write(recorder.finish(), path)


def _first_frame_ms(path: Path) -> float:
    """Of several starts of a fresh process, after one that fills the caches."""
    root = str(Path(__file__).resolve().parent.parent)
    spent = []
    for _ in range(_STARTS + 1):
        begun = time.time()
        command = [sys.executable, "-c", _START, str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout
        spent.append(float(told.split()[-1]) - begun)
    return statistics.median(spent[1:]) * 1000


def _times_ms(work: Callable[[], None], seconds: float) -> np.ndarray:
    """Milliseconds of each of many calls, after a few that warm up."""
    for _ in range(_FRAMES_PER_SECOND):
        work()
    spent: list[float] = []
    begun = time.perf_counter()
    while len(spent) < _FEWEST_FRAMES or time.perf_counter() - begun < seconds:
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    return np.array(spent)


def _jump(viewer: Viewer, screen: pygame.Surface, tick: int) -> None:
    viewer.playback.seek(tick)
    viewer.draw(screen)
    pygame.display.flip()


def _next_frame(viewer: Viewer, screen: pygame.Surface) -> None:
    viewer.playback.playing = True
    viewer.advance(1 / _FRAMES_PER_SECOND)
    if not viewer.playback.playing:
        viewer.playback.seek(0)
    viewer.draw(screen)
    pygame.display.flip()
