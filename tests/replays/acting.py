"""How a person uses the viewer in tests: keys and clicks as pygame sends them, and time that passes."""

import time
from pathlib import Path

import numpy as np
import pygame

from replays.format.recording import Recorder, Recording
from replays.interpolation import Moment, moment
from replays.session import PlayContext
from replays.viewer.compare.screen import SideBySide
from replays.viewer.film.viewer import Viewer
from replays.viewer.modes.mode import Waiting
from replays.viewer.modes.play import Live
from replays.viewer.rank.screen import RankScreen
from replays.viewer.screen import ScreenBase
from replays.viewer.screens import Screens
from replays.viewer.training.screen import TrainingScreen
from sim.game import Game
from sim.scenario import Scenario, scenario_from_text
from sim.state import ANGLE, X, Y

FRAME_S = 1 / 60
TICK = 20
"""Where tests take over in the quiet episode."""


class Statues:
    """Teams that never do anything."""

    names: tuple[str, str] = ("statues", "stones")
    hashes: tuple[str, str] = ("", "abc")
    without: tuple[str, ...] = ()
    note: str = "Statues play for everybody."

    def reset(self) -> None:
        """Remembers nothing."""

    def act(self, game: Game) -> np.ndarray:
        return np.zeros((1, game.slots.agents, 3), np.int8)

    def expect(self, game: Game) -> np.ndarray | None:
        """The tick, for the hiders."""
        return np.array([[game.state.tick[0], np.nan]], np.float32)


def statues(recording: Recording, path: Path, scenario: Scenario) -> Statues:
    return Statues()


def play_context(folder: Path) -> PlayContext:
    return PlayContext(statues, folder / "played")


def quiet_episode(ticks: int = 40) -> Recording:
    """Statues in the default world. Hider 0 stands at 4 m, 4.5 m and looks along +x at box 0, which the hiders have
    locked, 0.2 m before it; box 1 is far away.
    """
    game = Game(scenario_from_text("quadrant:boxes=2,ticks=60,preparation_ticks=10"), 1)
    game.reset(np.zeros(1, np.uint64))
    layout, state = game.snapshot()
    layout.wall_exists[:] = False
    half = layout.thing_half[0, 0, 0]
    state.agents[0, :, [X, Y]] = np.array([(4.0, 4.5), (1.0, 5.0), (1.0, 1.0), (2.0, 1.0)]).T
    state.agents[0, :, ANGLE] = 0.0
    state.things[0, :2, :3] = [(4.0 + 0.15 + 0.2 + half, 4.5, 0.0), (3.0, 2.0, 0.3)]
    state.lock[0, 0] = 1
    game.restore(layout, state)
    recorder = Recorder(game, seed=5, hiders="statues", seekers="stones", hashes={})
    for _ in range(ticks):
        actions = np.zeros((1, game.slots.agents, 3), np.int8)
        game.tick(actions)
        recorder.add(game, actions)
    return recorder.finish()


def press(viewer: ScreenBase | Screens, *keys: int, mod: int = 0) -> None:
    """Keys go down, one after the other."""
    for key in keys:
        viewer.handle(pygame.Event(pygame.KEYDOWN, key=key, mod=mod, unicode="", scancode=0))


def lift(viewer: Viewer | ScreenBase, key: int) -> None:
    viewer.handle(pygame.Event(pygame.KEYUP, key=key, mod=0, unicode="", scancode=0))


def mouse(viewer: ScreenBase | Screens, kind: int, place: tuple[float, float], button: int = 1) -> None:
    """The mouse moves to a place in the window, or a button goes down or up there."""
    at = round(place[0]), round(place[1])
    if kind == pygame.MOUSEMOTION:
        viewer.handle(pygame.Event(kind, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
    else:
        viewer.handle(pygame.Event(kind, pos=at, button=button))


def click(viewer: ScreenBase | Screens, place: tuple[float, float], button: int = 1) -> None:
    """The mouse goes there first."""
    for kind in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        mouse(viewer, kind, place, button)


def drag(viewer: Viewer, first: tuple[float, float], last: tuple[float, float]) -> None:
    for kind, place in ((pygame.MOUSEMOTION, first), (pygame.MOUSEBUTTONDOWN, first), (pygame.MOUSEMOTION, last)):
        mouse(viewer, kind, place)
    mouse(viewer, pygame.MOUSEBUTTONUP, last)


def pass_time(viewer: Viewer, seconds: float) -> None:
    """Frame by frame, as the window does it."""
    for _ in range(round(seconds / FRAME_S)):
        viewer.advance(FRAME_S)


def wait(viewer: Viewer) -> None:
    """Until what is got ready aside is ready."""
    until = time.monotonic() + 300
    while isinstance(viewer.mode, Waiting):
        assert time.monotonic() < until
        viewer.advance(FRAME_S)
        time.sleep(0.005)


def picture(viewer: Viewer | RankScreen | TrainingScreen | SideBySide | Screens) -> np.ndarray:
    """uint8 [x, y, 3]"""
    surface = pygame.Surface(viewer.size)
    viewer.draw(surface)
    return pygame.surfarray.array3d(surface)


def now(viewer: Viewer) -> Moment:
    """The moment of the film that the window shows."""
    assert viewer.film is not None
    return moment(viewer.film.recording, viewer.playback.time)


def pixel(viewer: Viewer, x: float, y: float) -> tuple[int, int]:
    """Where a place in metres is in the window."""
    column, row = viewer.camera(viewer.panes).point(x, y)
    return round(column), round(row)


def live(viewer: Viewer) -> Live:
    """The game that is played in the window."""
    assert isinstance(viewer.mode, Live)
    return viewer.mode


def pose(viewer: Viewer, agent: int = 0) -> np.ndarray:
    return live(viewer).session.pose(agent).copy()


def tick_by_tick(viewer: Viewer, ticks: int) -> None:
    """Lets `ticks` more ticks be played."""
    wanted = live(viewer).session.episode.played + ticks
    while live(viewer).session.episode.played < wanted:
        viewer.advance(FRAME_S)


def draw_frames(viewer: Viewer, frames: int) -> None:
    """Draws `frames` frames between tick 12 and tick 13 while the mouse moves over the floor."""
    surface = pygame.Surface(viewer.size)
    for frame in range(frames):
        viewer.playback.seek(12 + frame / frames)
        at = pixel(viewer, 1.0 + 0.1 * frame, 4.0)
        viewer.handle(pygame.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
        viewer.draw(surface)
