"""What tests of the editor share: a mouse on its floor, and teams and trainings of nobody."""

import time
from pathlib import Path

import numpy as np
import pygame

from replays.session import TeamPair
from replays.viewer.edit.screen import EditScreen
from replays.viewer.screens import Screens
from sim.errors import UserError
from sim.game import Game
from sim.scenario import Scenario
from tests.replays.acting import Statues, mouse

CTRL, SHIFT = pygame.KMOD_CTRL, pygame.KMOD_SHIFT
SIZES = [(640, 480, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1920, 1080, 1.0), (1920, 1080, 2.0), (1280, 960, 2.0)]


class Crowd(Statues):
    """Statues in many worlds."""

    def act(self, game: Game) -> np.ndarray:
        return np.zeros((game.worlds, game.slots.agents, 3), np.int8)


def load(hiders: str, seekers: str, scenario: Scenario, seed: int) -> tuple[TeamPair, Scenario]:
    if hiders == "nobody":
        raise UserError("nobody is no team")
    return Crowd(), scenario


class Trained:
    """A training that ends when it is stopped."""

    def __init__(self, path: Path) -> None:
        self.folder, self.running = path.with_suffix(".run"), True

    def stop(self) -> None:
        self.running = False


def pixel(screen: EditScreen, x: float, y: float) -> tuple[int, int]:
    column, row = screen.camera.point(x, y)
    return round(column), round(row)


def drag(screen: EditScreen, first: tuple[float, float], last: tuple[float, float]) -> None:
    """The left button goes down at a place on the floor and up at another one."""
    mouse(screen, pygame.MOUSEMOTION, pixel(screen, *first))
    mouse(screen, pygame.MOUSEBUTTONDOWN, pixel(screen, *first))
    mouse(screen, pygame.MOUSEMOTION, pixel(screen, *last))
    draw(screen)
    mouse(screen, pygame.MOUSEBUTTONUP, pixel(screen, *last))


def click(screen: EditScreen, x: float, y: float) -> None:
    drag(screen, (x, y), (x, y))


def draw(screen: EditScreen | Screens) -> pygame.Surface:
    surface = pygame.Surface(screen.size)
    screen.draw(surface)
    return surface


def settle(screen: EditScreen) -> None:
    """Until problems are found and games are loaded."""
    until = time.monotonic() + 300
    while screen.problems.found is None or (screen.room and screen.room.is_loading):
        assert time.monotonic() < until
        screen.advance(0.01)
        time.sleep(0.005)


def write(screen: EditScreen, letters: str) -> None:
    screen.advance(0.01)
    screen.handle(pygame.Event(pygame.TEXTINPUT, text=letters))
