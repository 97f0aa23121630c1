"""A frame is drawn from what a tick already knows: nothing is parsed, seen or observed again."""

from collections import Counter
from pathlib import Path

import pygame
import pytest

from replays.film import film as film_module
from replays.viewer.film.viewer import Viewer
from tests.replays.acting import draw_frames, press


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
