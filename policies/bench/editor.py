"""How smoothly the editor draws: a thing dragged among sixty, and twelve starts played together beside it."""

import time
from collections.abc import Callable

import numpy as np
import pygame

from policies.bench.document import EditorSpeed, EditorTimes
from policies.window.drawn_worlds import load_teams
from replays.viewer.edit.document import Document
from replays.viewer.edit.games import ManyGames
from replays.viewer.edit.new_world import first_world
from replays.viewer.edit.screen import EditScreen
from sim.scenarios.drawn.items import Agent, Area, Box, Ramp, Range, Side, Wall
from sim.scenarios.drawn.world import DrawnWorld

_FLOOR_M = 12.0
_COLUMNS = 10
_FRAME_S = 1 / 60
_STRIP = 12


def full_world() -> DrawnWorld:
    """Sixty things on a floor of 12 m: 24 boxes, 12 ramps, 12 hiders and 12 seekers; and twelve walls."""

    def place(number: int) -> Area:
        row, column = divmod(number, _COLUMNS)
        return Area.point(0.8 + 1.15 * column, 1.0 + 2.0 * row)

    def agent(number: int, side: Side) -> Agent:
        return Agent(side, place(number), Range.fixed(15.0 * (number % 24)))

    return DrawnWorld(
        "full",
        floor_m=_FLOOR_M,
        walls=tuple(Wall(Area.point(1.0 * k, 2.0 * (k % 6)), Range.fixed(0.8)) for k in range(12)),
        boxes=tuple(Box(place(k), Range.fixed(0.5), None, Range.fixed(15.0 * k)) for k in range(24)),
        ramps=tuple(Ramp(place(24 + k), Range.fixed(15.0 * k)) for k in range(12)),
        agents=(*(agent(36 + k, "hider") for k in range(12)), *(agent(48 + k, "seeker") for k in range(12))),
    )


def measure(window: pygame.Surface, seconds: float) -> EditorSpeed:
    """Milliseconds of frames while a box is dragged about, and while twelve starts are played by scripted teams."""
    document = Document(full_world())
    try:
        return {"drag": _drag(document, window, seconds / 2), "strip": _strip(window, seconds / 2)}
    finally:
        document.close()


def _drag(document: Document, window: pygame.Surface, seconds: float) -> EditorTimes:
    screen = EditScreen(document, window.get_size())
    turn = iter(np.linspace(0.0, 1000.0, 10**6))
    start = screen.camera.point(*document.world.boxes[11].at.middle)
    _mouse(screen, pygame.MOUSEBUTTONDOWN, start)

    def frame() -> None:
        angle = next(turn) * 60.0
        _mouse(screen, pygame.MOUSEMOTION, (start[0] + 90 * np.cos(angle), start[1] + 90 * np.sin(angle)))
        screen.advance(_FRAME_S)
        screen.draw(window)
        pygame.display.flip()

    return _spread(frame, seconds)


def _strip(window: pygame.Surface, seconds: float) -> EditorTimes:
    teams, scenario = load_teams("builder", "chaser", first_world(), 0)
    games = ManyGames(scenario, teams, 0, _STRIP)

    def frame() -> None:
        games.advance(_FRAME_S)
        games.draw(window, pygame.Rect(640, 40, 620, 560))
        pygame.display.flip()

    return _spread(frame, seconds)


def _mouse(screen: EditScreen, kind: int, place: tuple[float, float]) -> None:
    at = round(place[0]), round(place[1])
    if kind == pygame.MOUSEBUTTONDOWN:
        screen.handle(pygame.Event(kind, pos=at, button=1))
    else:
        screen.handle(pygame.Event(kind, pos=at, rel=(0, 0), buttons=(1, 0, 0)))


def _spread(frame: Callable[[], None], seconds: float) -> EditorTimes:
    for _ in range(30):
        frame()
    spent, begun = [], time.perf_counter()
    while len(spent) < 200 or time.perf_counter() - begun < seconds:
        before = time.perf_counter(), time.thread_time()
        frame()
        spent.append((time.perf_counter() - before[0], time.thread_time() - before[1]))
    passed, used = 1000 * np.array(spent).T
    return {
        "frame_ms_p50": float(np.percentile(passed, 50)),
        "frame_ms_p99": float(np.percentile(passed, 99)),
        "cpu_ms_p50": float(np.percentile(used, 50)),
        "cpu_ms_p99": float(np.percentile(used, 99)),
    }
