"""How soon the viewer shows something, and how smoothly, measured without a screen so that machines can be compared.

SDL's dummy driver draws every pixel and shows none; a real screen adds only the wait for its next refresh.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pygame

from policies.bench import editor
from policies.bench.busy_recording import TICKS, busy_recording
from policies.bench.document import FrameTimes, GalleryTimes, ViewerSpeed
from replays.format.recording import write
from replays.viewer.compare.screen import SideBySide
from replays.viewer.film.viewer import Viewer
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.requests import Compare
from replays.viewer.screens import Screens

_STARTS = 5
_FEWEST_FRAMES = 200
_FRAMES_PER_SECOND = 60
_SIZE = (1280, 720)
"""Of the window, in pixels."""
_GALLERY = 500
"""Recordings in the gallery that is scrolled."""
_SCROLL_FRAMES = range(60, 601)
_PARTS = 8
"""Measurements that share the time: jumps, their memory, three numbers of panes, the gallery, and two of the editor."""

_START = """
import sys, time
from pathlib import Path
import pygame
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.screens import Screens
screens = Screens([Path(sys.argv[1])], RecordingLoader(Cache()), None, 0)
pygame.display.init()
window = pygame.display.set_mode((1280, 720), pygame.RESIZABLE)
screens.size = window.get_size()
screens.draw(window)
pygame.display.flip()
print(time.time())
"""


def measure(seconds: float) -> ViewerSpeed:
    """Times of a viewer that watches 240 ticks of three against three with nine boxes.

    It takes `seconds`, or as long as the smallest sample of each measurement.
    """
    with _no_screen(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "busy.npz"
        write(busy_recording(), path)
        first_frame = _first_frame_ms(path)
        viewer = Viewer([path])
        pygame.display.init()
        try:
            screen = pygame.display.set_mode(_SIZE, pygame.RESIZABLE)
            viewer.size = _SIZE
            jumps = iter(np.random.default_rng(0).integers(0, TICKS + 1, 10**7))
            each = seconds / _PARTS
            seeks = _times_ms(lambda: _jump(viewer, screen, int(next(jumps))), each)
            growth, jumped = _growth_mib(lambda: _jump(viewer, screen, int(next(jumps))), each)
            panes = {"1": _spread(_times_ms(lambda: _next_frame(viewer, screen), each))}
            for count in (2, 4):
                several = SideBySide(Compare([path] * count, [path]), _SIZE)
                panes[str(count)] = _spread(_times_ms(partial(_next_frame, several, screen), each))
            gallery = _gallery(path, Path(folder), screen, each)
            drawing = editor.measure(screen, 2 * each)
        finally:
            pygame.display.quit()
    return {
        "first_frame_ms": first_frame,
        "seek_ms_p99": float(np.percentile(seeks, 99)),
        "seek_growth_mib": growth,
        "seek_growth_jumps": jumped,
        "panes": panes,
        "gallery": gallery,
        "editor": drawing,
    }


def _spread(spent: np.ndarray) -> FrameTimes:
    return {"frame_ms_p50": float(np.percentile(spent, 50)), "frame_ms_p99": float(np.percentile(spent, 99))}


def _gallery(path: Path, folder: Path, screen: pygame.Surface, seconds: float) -> GalleryTimes:
    """Frame times of scrolling through many recordings: before their thumbnails are made, and after."""
    many = folder / "many"
    many.mkdir()
    for number in range(_GALLERY):
        shutil.copy(path, many / f"{number:04}.npz")
    loader = RecordingLoader(Cache(folder / "thumbnails"))
    screens = Screens(sorted(many.glob("*.npz")), loader)
    screens.size = _SIZE
    frames = min(max(round(seconds / 2 * _FRAMES_PER_SECOND), _SCROLL_FRAMES[0]), _SCROLL_FRAMES[-1])
    first = _scroll_ms(screens, screen, frames)
    loader.wait(60)
    again = _scroll_ms(screens, screen, frames)
    loader.close()
    return {**_spread(first), "frame_ms_p99_known": float(np.percentile(again, 99))}


def _scroll_ms(screens: Screens, screen: pygame.Surface, frames: int) -> np.ndarray:
    """Milliseconds of each frame, sixty a second, while the wheel is turned down and up again."""
    spent = []
    for frame in range(frames):
        notches = -1 if frame < 2 * frames // 3 else 2
        started = time.perf_counter()
        screens.handle(pygame.Event(pygame.MOUSEWHEEL, x=0, y=notches))
        screens.advance(1 / _FRAMES_PER_SECOND)
        screens.draw(screen)
        pygame.display.flip()
        spent.append((time.perf_counter() - started) * 1000)
        time.sleep(max(1 / _FRAMES_PER_SECOND - spent[-1] / 1000, 0.0))
    return np.array(spent)


def _growth_mib(work: Callable[[], None], seconds: float) -> tuple[float, int]:
    """Memory growth of the process from a tenth of `seconds` seconds of calls to their end, and the number of calls."""
    held, calls, begun = [], 0, time.perf_counter()
    for until, fewest in ((seconds / 10, _FEWEST_FRAMES), (seconds, 2 * _FEWEST_FRAMES)):
        while calls < fewest or time.perf_counter() - begun < until:
            work()
            calls += 1
        held.append(_held_mib())
    return held[1] - held[0], calls


def _held_mib() -> float:
    """Memory of this process; 0 on systems without /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


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


def _first_frame_ms(path: Path) -> float:
    """Median of several starts of a fresh process, after one that fills the caches."""
    root = str(Path(__file__).resolve().parents[2])
    spent = []
    for _ in range(_STARTS + 1):
        begun = time.time()
        command = [sys.executable, "-c", _START, str(path)]
        output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout
        spent.append(float(output.split()[-1]) - begun)
    return statistics.median(spent[1:]) * 1000


def _times_ms(work: Callable[[], None], seconds: float) -> np.ndarray:
    """Milliseconds of each of many calls, after sixty calls to warm up."""
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


def _next_frame(viewer: Viewer | SideBySide, screen: pygame.Surface) -> None:
    viewer.playback.playing = True
    viewer.advance(1 / _FRAMES_PER_SECOND)
    if not viewer.playback.playing:
        viewer.playback.seek(0)
    viewer.draw(screen)
    pygame.display.flip()
