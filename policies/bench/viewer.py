"""How soon the viewer shows something, and how smoothly: all without a screen, so that machines compare.

SDL's dummy driver draws every pixel and shows none; what a real screen adds is its own waiting.
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

from replays.annotate import with_strategies
from replays.events import find_events
from replays.format.header import FORMAT, Header
from replays.format.recording import Recording, made_by, write
from replays.viewer.compare.screen import SideBySide
from replays.viewer.film.viewer import Viewer
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.screens import Screens
from sim.layout import Layout, Slots, empty_layout
from sim.rules import ACTION_SIZES
from sim.sight import look
from sim.state import ANGLE, State, X, Y, empty_state

_STARTS = 5
_FEWEST_FRAMES = 200
_FRAMES_PER_SECOND = 60

_SIZE = (1280, 720)
"""Of the window, in pixels."""
_GALLERY = 500
"""Recordings in the gallery that is scrolled."""
_SCROLL_FRAMES = 600
_FLAT_SEEKS = 10_000

_START = """
import sys, time
from pathlib import Path
import pygame
from replays.viewer.gallery.loader import Cache
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.screens import Screens
screens = Screens([Path(sys.argv[1])], RecordingLoader(Cache()), None, 0)
pygame.display.init()
window = pygame.display.set_mode((1280, 720), pygame.RESIZABLE)
screens.size = window.get_size()
screens.draw(window)
pygame.display.flip()
print(time.time())
"""


def measure(seconds: float) -> dict[str, object]:
    """Times of a viewer that watches 240 ticks of three against three with nine boxes.

    Returns:
        first_frame_ms: from the start of a fresh process to its first frame, median; seek_ms_p99: a jump to
        any tick until it is drawn; seek_growth_mib: memory after 10,000 such jumps beyond that after 1,000 (0 where
        the system does not tell); panes: by number of recordings side by side, frame_ms_p50 and frame_ms_p99 of
        drawing while playing; gallery: frame_ms_p50 and frame_ms_p99 of scrolling through 500 recordings while
        their thumbnails are being made, and frame_ms_p99_known when all are known.
    """
    with _no_screen(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "busy.npz"
        write(busy_film(), path)
        first_frame = _first_frame_ms(path)
        viewer = Viewer([path])
        pygame.display.init()
        try:
            screen = pygame.display.set_mode(_SIZE, pygame.RESIZABLE)
            viewer.size = _SIZE
            jumps = iter(np.random.default_rng(0).integers(0, TICKS + 1, 10**7))
            seeks = _times_ms(lambda: _jump(viewer, screen, int(next(jumps))), seconds / 4)
            growth = _growth_mib(lambda: _jump(viewer, screen, int(next(jumps))))
            panes = {"1": _spread(_times_ms(lambda: _next_frame(viewer, screen), seconds / 4))}
            for count in (2, 4):
                several = SideBySide([path] * count, [path], _SIZE)
                panes[str(count)] = _spread(_times_ms(partial(_next_frame, several, screen), seconds / 4))
            gallery = _gallery(path, Path(folder), screen)
        finally:
            pygame.display.quit()
    return {
        "first_frame_ms": first_frame,
        "seek_ms_p99": float(np.percentile(seeks, 99)),
        "seek_growth_mib": growth,
        "panes": panes,
        "gallery": gallery,
    }


def _spread(spent: np.ndarray) -> dict[str, float]:
    return {f"frame_ms_p{share}": float(np.percentile(spent, share)) for share in (50, 99)}


def _gallery(path: Path, folder: Path, screen: pygame.Surface) -> dict[str, float]:
    """Frame times of scrolling through many recordings, first while nothing is known of them."""
    many = folder / "many"
    many.mkdir()
    for number in range(_GALLERY):
        shutil.copy(path, many / f"{number:04}.npz")
    shelf = RecordingLoader(Cache(folder / "thumbnails"))
    screens = Screens(sorted(many.glob("*.npz")), shelf)
    screens.size = _SIZE
    unknown = _scroll_ms(screens, screen)
    shelf.wait(60)
    known = _scroll_ms(screens, screen)
    shelf.close()
    return {**_spread(unknown), "frame_ms_p99_known": float(np.percentile(known, 99))}


def _scroll_ms(screens: Screens, screen: pygame.Surface) -> np.ndarray:
    """Milliseconds of each frame, sixty a second, while the wheel is turned down and up again."""
    spent = []
    for frame in range(_SCROLL_FRAMES):
        notches = -1 if frame < 2 * _SCROLL_FRAMES // 3 else 2
        started = time.perf_counter()
        screens.handle(pygame.Event(pygame.MOUSEWHEEL, x=0, y=notches))
        screens.advance(1 / _FRAMES_PER_SECOND)
        screens.draw(screen)
        pygame.display.flip()
        spent.append((time.perf_counter() - started) * 1000)
        time.sleep(max(1 / _FRAMES_PER_SECOND - spent[-1] / 1000, 0.0))
    return np.array(spent)


def _growth_mib(work: Callable[[], None]) -> float:
    """How much more memory the process holds after 10,000 calls than after the first 1,000."""
    held = []
    for count in (_FLAT_SEEKS // 10, _FLAT_SEEKS - _FLAT_SEEKS // 10):
        for _ in range(count):
            work()
        held.append(_held_mib())
    return held[1] - held[0]


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
    """Of several starts of a fresh process, after one that fills the caches."""
    root = str(Path(__file__).resolve().parents[2])
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


def _next_frame(viewer: Viewer | SideBySide, screen: pygame.Surface) -> None:
    viewer.playback.playing = True
    viewer.advance(1 / _FRAMES_PER_SECOND)
    if not viewer.playback.playing:
        viewer.playback.seek(0)
    viewer.draw(screen)
    pygame.display.flip()


TICKS = 240


_PREPARATION_TICKS = 96


_SLOTS = Slots(hiders=3, seekers=3, boxes=9, ramps=0, walls=6, doors=4)


_FLOOR_M = 6.0


_STEP_M, _TURN = 0.1, 0.15
"""How far a body goes in a tick, and how much it turns, at most."""


def busy_film() -> Recording:
    """240 ticks of three against three with nine boxes in four rooms, everybody and everything adrift."""
    random, layout = np.random.default_rng(0), _rooms()
    start = empty_state(1, _SLOTS)
    states = State(*(np.repeat(column, TICKS + 1, axis=0) for column in start))
    states.tick[:] = np.arange(TICKS + 1)
    for bodies in (states.agents, states.things):
        _drift(bodies, random)
    states.held[120:160, 0], states.lock[160:, 0] = 0, 1
    seen = look(_SLOTS, Layout(*(np.repeat(column, TICKS + 1, axis=0) for column in layout)), states).agents
    actions = random.integers(0, ACTION_SIZES, (TICKS, _SLOTS.agents, 3), np.int8)
    header = Header(
        format=FORMAT,
        made_by=made_by(),
        scenario="quadrant",
        ticks=TICKS,
        preparation_ticks=_PREPARATION_TICKS,
        slots=_SLOTS,
        seed=0,
        hiders="random",
        seekers="random",
        hashes={},
        outcome={},
    )
    return with_strategies(
        Recording(
            header=header,
            layout=layout,
            states=states,
            actions=actions,
            seen=seen,
            reward=np.zeros((TICKS, _SLOTS.agents), np.float32),
            values=random.normal(size=(TICKS, 2)).astype(np.float32),
            events=tuple(find_events(_SLOTS, layout, states, actions, seen)),
        )
    )


def _rooms() -> Layout:
    layout, half = empty_layout(1, _SLOTS), _FLOOR_M / 2
    layout.floor[:] = _FLOOR_M
    # A cross of walls with a door in each arm.
    layout.walls[0] = [
        (half - 0.05, 0.0, half + 0.05, 1.2),
        (half - 0.05, 1.8, half + 0.05, 4.2),
        (half - 0.05, 4.8, half + 0.05, _FLOOR_M),
        (0.0, half - 0.05, 1.2, half + 0.05),
        (1.8, half - 0.05, 4.2, half + 0.05),
        (4.8, half - 0.05, _FLOOR_M, half + 0.05),
    ]
    layout.doors[0] = [
        (half - 0.05, 1.2, half + 0.05, 1.8),
        (half - 0.05, 4.2, half + 0.05, 4.8),
        (1.2, half - 0.05, 1.8, half + 0.05),
        (4.2, half - 0.05, 4.8, half + 0.05),
    ]
    layout.wall_exists[:], layout.door_exists[:] = True, True
    layout.agent_exists[:], layout.thing_exists[:], layout.thing_lockable[:] = True, True, True
    layout.thing_half[0] = [(0.35, 0.35)] * 5 + [(0.82, 0.08)] * 4
    return layout


def _drift(bodies: np.ndarray, random: np.random.Generator) -> None:
    """Writes a random walk into float64 [tick, body, 6]; whoever meets the outer wall turns back."""
    shape = bodies.shape[:2]
    steps = random.uniform(-_STEP_M, _STEP_M, (*shape, 2))
    steps[0] = random.uniform(0.5, _FLOOR_M - 0.5, (shape[1], 2))
    walked = np.cumsum(steps, axis=0) % (2 * _FLOOR_M)
    bodies[..., [X, Y]] = np.clip(np.minimum(walked, 2 * _FLOOR_M - walked), 0.4, _FLOOR_M - 0.4)
    bodies[..., ANGLE] = np.cumsum(random.uniform(-_TURN, _TURN, shape), axis=0)
