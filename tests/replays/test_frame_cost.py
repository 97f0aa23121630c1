"""A frame is drawn from what a tick already knows: nothing is parsed, seen or observed again."""

from collections import Counter
from pathlib import Path

import pygame
import pytest

import sim.scenario
from replays.film import film as film_module
from replays.viewer.film.viewer import Viewer
from sim.render import draw
from tests.replays.acting import pixel, press


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """How often each costly function was called, wherever a frame might call it."""
    counted: Counter = Counter()
    film_module._world_name.cache_clear()
    for module, name in (
        (sim.scenario, "scenario_from_text"),
        (film_module, "shown_at"),
        (draw, "look"),
    ):
        real = getattr(module, name)

        def count(*args, _real=real, _name=name):
            counted[_name] += 1
            return _real(*args)

        monkeypatch.setattr(module, name, count)
    return counted


def draw_frames(viewer: Viewer, frames: int) -> None:
    """Draws `frames` frames between tick 12 and tick 13 while the mouse moves over the floor."""
    surface = pygame.Surface(viewer.size)
    for frame in range(frames):
        viewer.playback.seek(12 + frame / frames)
        at = pixel(viewer, 1.0 + 0.1 * frame, 4.0)
        viewer.handle(pygame.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
        viewer.draw(surface)


def test_thirty_frames_of_a_tick_ask_once_what_was_shown(viewer: Viewer, calls: Counter):
    press(viewer, pygame.K_TAB, pygame.K_v, *[pygame.K_f] * 3)
    assert viewer.world_view.selected == 0 and viewer.world_view.fog == 3 and viewer.world_view.rays
    draw_frames(viewer, 30)
    assert calls["shown_at"] == 1 and calls["look"] == 0 and calls["scenario_from_text"] <= 1
    viewer.playback.seek(13)
    viewer.draw(pygame.Surface(viewer.size))
    assert calls["shown_at"] == 2, "and of the next tick anew"


def test_without_panel_and_fog_no_frame_asks_what_was_shown(viewer: Viewer, calls: Counter):
    draw_frames(viewer, 30)
    assert calls["look"] == calls["shown_at"] == 0 and calls["scenario_from_text"] <= 1


def test_a_moment_is_worked_out_once_for_a_frame(viewer: Viewer, path: Path, monkeypatch: pytest.MonkeyPatch):
    real, count = film_module.moment, []
    monkeypatch.setattr(film_module, "moment", lambda *args: (count.append(args[1]), real(*args))[1])
    draw_frames(viewer, 10)
    assert len(count) == len(set(count)), "no time twice"
