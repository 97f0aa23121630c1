"""Zooming, dragging and following: where the floor lies in the window."""

import numpy as np
import pygame
import pytest

from replays.viewer.film.viewer import Viewer
from replays.viewer.settings import Settings
from tests.replays.acting import drag, mouse, now, picture, pixel, press

SHIFT = pygame.KMOD_LSHIFT


def test_the_wheel_zooms_around_the_mouse_and_0_shows_all(viewer: Viewer):
    whole, place = picture(viewer), pixel(viewer, 4.5, 2.0)
    mouse(viewer, pygame.MOUSEMOTION, place)
    for _ in range(5):
        viewer.handle(pygame.Event(pygame.MOUSEWHEEL, x=0, y=1))
    assert viewer.world_view.viewport.zoom == pytest.approx(1.25**5)
    assert pixel(viewer, 4.5, 2.0) == pytest.approx(place, abs=2)
    viewer.handle(pygame.Event(pygame.WINDOWLEAVE))
    assert (picture(viewer) != whole).any()
    press(viewer, pygame.K_0)
    np.testing.assert_array_equal(picture(viewer), whole)
    for _ in range(20):
        press(viewer, pygame.K_PERIOD)
    assert viewer.world_view.viewport.zoom == 8
    for _ in range(20):
        press(viewer, pygame.K_COMMA)
    np.testing.assert_array_equal(picture(viewer), whole)


def test_the_floor_is_dragged_and_moved_by_keys(viewer: Viewer):
    press(viewer, pygame.K_PERIOD)
    before, middle = pixel(viewer, 3.0, 3.0), viewer.panes.world.center
    drag(viewer, middle, (middle[0] + 40, middle[1] - 25))
    assert pixel(viewer, 3.0, 3.0) == pytest.approx((before[0] + 40, before[1] - 25), abs=2)
    assert viewer.world_view.selected is None, "a drag is no click"
    before = pixel(viewer, 3.0, 3.0)
    press(viewer, pygame.K_UP, mod=SHIFT)
    assert pixel(viewer, 3.0, 3.0) == pytest.approx((before[0], before[1] + 60), abs=2)
    assert viewer.playback.pace == Settings().pace, "the arrow alone would be faster"


def test_z_keeps_the_selected_agent_in_the_middle(viewer: Viewer):
    press(viewer, pygame.K_z)
    assert viewer.world_view.selected == 0 and viewer.world_view.viewport.zoom > 2
    world = viewer.panes.world
    for tick in (3, 12.5):
        viewer.playback.seek(tick)
        x, y = now(viewer).state.agents[0, 0, :2]
        assert pixel(viewer, x, y) == pytest.approx(world.center, abs=2)
    press(viewer, pygame.K_z)
    viewport = viewer.world_view.viewport
    assert not viewport.following and viewport.zoom == 1 and viewport.middle is None, "as it was before"
    press(viewer, pygame.K_z, pygame.K_PERIOD, pygame.K_z)
    assert not viewport.following and viewport.zoom > 2.5, "the user has zoomed"


def test_trails_lead_to_where_agents_are(viewer: Viewer):
    viewer.playback.seek(15)
    assert viewer.film is not None
    trails = viewer.film.trails(15, now(viewer).state.agents[0])
    np.testing.assert_allclose(trails[-1], viewer.film.recording.states.agents[15, :, :2])
    with_trails, place = picture(viewer), pixel(viewer, 1.2, 1.0)
    press(viewer, pygame.K_t)
    around = (slice(place[0] - 8, place[0] + 8), slice(place[1] - 4, place[1] + 4))
    assert (picture(viewer) != with_trails)[around].any()
