"""Galleries and films as the window shows them, for tests that walk through screens."""

import json
from pathlib import Path

import pygame

from replays.film.facts import of_run
from replays.viewer.compare.screen import SideBySide
from replays.viewer.film.film_screen import FilmScreen
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.screen import Gallery
from replays.viewer.screens import Screens


def gallery_of(folder: Path, loader: RecordingLoader, size: tuple[int, int] = (1280, 720)) -> Screens:
    screens = Screens(sorted(folder.glob("*.npz")), loader, places=[folder])
    screens.size = size
    loader.wait(100)
    screens.advance(1.0)
    return screens


def film_of(run: Path, loader: RecordingLoader, number: int = 4, tick: int | None = 9) -> Screens:
    screens = Screens(of_run(run), loader, tick, number)
    screens.size = (1280, 720)
    return screens


def drop(screens: Screens, path: Path):
    screens.handle(pygame.Event(pygame.DROPFILE, file=str(path)))


def gallery(screens: Screens) -> Gallery:
    assert isinstance(screens.screen, Gallery)
    return screens.screen


def film(screens: Screens) -> FilmScreen:
    assert isinstance(screens.screen, FilmScreen)
    return screens.screen


def beside(screens: Screens) -> SideBySide:
    assert isinstance(screens.screen, SideBySide)
    return screens.screen


def names(screens: Screens) -> list[str]:
    return [tile.path.stem for tile in gallery(screens).sheet.tiles]


def area_of(screens: Screens, path: Path) -> pygame.Rect:
    """Where a recording's tile lies in the window."""
    area = gallery(screens).area_of(path)
    assert area is not None
    return area


def add_lines(run: Path, count: int, first: int = 1) -> None:
    """A run's trainer notes so many updates more; the number of the first is `first`."""
    with (run / "metrics.jsonl").open("a") as file:
        for k in range(first, first + count):
            line = {"agent_steps": 100_000 * k, "seconds": 2.0, "steps_per_s": 50_000.0, "hidden": 0.5, "soft_end": 0.1}
            file.write(json.dumps(line) + "\n")
