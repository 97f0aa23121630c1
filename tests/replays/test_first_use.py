"""Somebody who never saw the project types `hideseek watch`: what is shown, and what it says."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from policies.commands.window import _to_watch
from replays.film.caption import caption
from replays.viewer.film.watching import FIRST_SIZE
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.gallery.screen import Gallery
from replays.viewer.gallery.tiles import picture_area
from replays.viewer.screens import Screens
from sim.render.palette import PAPER


def test_first_sight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A tile named for door blocking in the first frame; Enter plays it; within ten seconds the caption says who
    blocked the door.
    """
    monkeypatch.chdir(tmp_path)
    loader = RecordingLoader(Cache(tmp_path / "thumbnails"))
    _, recordings, number, tick = _to_watch("")
    screens = Screens(recordings, loader, tick, number)
    screens.size = FIRST_SIZE
    surface = pygame.Surface(FIRST_SIZE)
    screens.draw(surface)
    gallery = screens.screen
    assert isinstance(gallery, Gallery) and gallery.chosen is not None
    first = gallery.sheet.tiles[0]
    area = gallery.area_of(first.path)
    assert (first.group, first.path) == ("Door blocked", gallery.chosen)
    assert area is not None and surface.get_rect().contains(area)
    words = surface.subsurface(picture_area(area).move(0, area.width).clip(area))
    assert len(np.unique(pygame.surfarray.array2d(words))) > 10, "its name is written there"
    assert surface.get_at(picture_area(area).center)[:3] != PAPER

    screens.handle(pygame.Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="", scancode=0))
    assert screens.film is not None and screens.screen is screens.film and screens.film.path == first.path
    said = []
    for _ in range(600):
        screens.advance(1 / 60)
        viewer = screens.film.viewer
        assert viewer.film is not None
        said.append(caption(viewer.film, viewer.playback.tick)[0])
    assert any(line.startswith("Hider 1 blocks the door with box 0") for line in said)
    loader.close()
