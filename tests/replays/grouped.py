"""A run whose episodes form groups that nobody has named, and the gallery that shows them."""

import dataclasses
from pathlib import Path

import pygame

from replays.film.facts import of_run, recordings_in
from replays.format.recording import Recording, write
from replays.unnamed import MOST_LETTERS, group_folder, groups_of
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.screens import Screens
from tests.replays.acting import press
from tests.replays.screening import gallery

UNNAMED = "Nobody has named this yet"
STEPS = (2_500_000, 2_500_000, 16_056_320)
"""When the groups came up."""


def grouped(run: Path, recording: Recording) -> Path:
    """Two recordings of a run, and its three groups, two of them from the same time; the last has two recordings."""
    for path in of_run(run)[:3]:
        path.unlink()
    header = dataclasses.replace(recording.header, hashes={"hiders": "a", "seekers": "b"})
    for number, steps in enumerate(STEPS):
        folder = group_folder(run, steps, number)
        folder.mkdir(parents=True)
        for place in (1, 2)[: 1 + number // 2]:
            own = dataclasses.replace(header, seed=10 * number + place)
            write(dataclasses.replace(recording, header=own), folder / f"{place}.npz")
    return run


def gallery_on(place: Path, loader: RecordingLoader) -> Screens:
    screens = Screens(recordings_in(place), loader, places=[place])
    screens.size = (1280, 720)
    loader.wait(100)
    screens.advance(1.0)
    return screens


def choose(screens: Screens, path: Path) -> None:
    gallery(screens).show(path)
    for _ in range(120):
        screens.advance(1 / 60)


def on_last_group(run: Path, loader: RecordingLoader) -> Screens:
    """The gallery of such a run; the first recording of its last group is chosen."""
    screens = gallery_on(run, loader)
    choose(screens, groups_of(run)[-1] / "1.npz")
    return screens


def write_text(screens: Screens, text: str) -> None:
    """Each letter as SDL sends it: the key, then what it writes."""
    for letter in text:
        press(screens, pygame.K_UNKNOWN)
        screens.handle(pygame.Event(pygame.TEXTINPUT, text=letter))


def name(screens: Screens, text: str) -> None:
    """Names the chosen group as a person does; the letter of N comes in the same frame as N."""
    press(screens, pygame.K_n)
    screens.handle(pygame.Event(pygame.TEXTINPUT, text="n"))
    screens.advance(1 / 60)
    press(screens, *[pygame.K_BACKSPACE] * MOST_LETTERS)
    write_text(screens, text)
    press(screens, pygame.K_RETURN)


def headings(screens: Screens) -> dict[str, list[str]]:
    """The recordings under each heading, as FOLDER/FILE."""
    found = gallery(screens).sheet.headings
    return {
        heading.group.title: [f"{path.parent.name}/{path.name}" for path in heading.group.paths] for heading in found
    }


def members(run: Path, *numbers: int) -> list[str]:
    """The recordings of groups, group by group."""
    groups = [groups_of(run)[number] for number in numbers]
    return [f"{group.name}/{path.name}" for group in groups for path in sorted(group.glob("*.npz"))]
