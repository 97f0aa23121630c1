"""What the user chose, sizes of the window, and its letters."""

from pathlib import Path

import pygame
import pytest

from replays.viewer import settings
from replays.viewer.app import open_window, watch, with_size
from replays.viewer.film.viewer import Viewer
from replays.viewer.settings import Settings
from replays.viewer.widgets import theme
from replays.viewer.widgets.time_axis import x_of
from sim.errors import UserError
from tests.replays.acting import mouse, picture, press


def test_what_the_user_chose_is_remembered(path: Path):
    pygame.display.init()
    for key in (pygame.K_c, pygame.K_6, pygame.K_q):
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))
    watch([path], scale=1.25)
    kept = settings.load()
    assert kept == Settings(cones=False, pace=5, scale=1.25)
    assert theme.px(100) == 125


def test_a_size_that_the_screen_forced_is_not_kept_and_one_that_the_user_chose_is():
    before = Settings(width=1280, height=800)
    assert with_size(before, (760, 570), (760, 570)) == before
    assert with_size(Settings(), (1120, 760), (1120, 760)) == Settings(), "on a larger screen it opens larger"
    assert with_size(before, (760, 570), (700, 500)) == Settings(width=700, height=500)


def test_a_window_that_was_made_tiny_opens_with_room_for_its_buttons(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [(1280, 800)])
    monkeypatch.setattr(pygame.display, "set_mode", lambda size, _: asked.append(tuple(size)))
    for size in ((500, 320), (900, 700), (4000, 3000)):
        open_window(size)
    assert asked == [(640, 480), (900, 700), (1216, 760)]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"width": -3, "height": 1e9}',
        "",
        "{",
        "[]",
        '{"cones": 3, "pace": 99, "scale": "big"}',
        '{"scale": NaN}',
        '{"pace": true}',
        "\xff",
    ],
)
def test_a_broken_settings_file_is_ignored(text: str):
    file = settings._path()
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode("latin-1"))
    assert settings.load() == Settings()
    settings.save(Settings(trails=False))
    assert settings.load() == Settings(trails=False)


@pytest.mark.parametrize("scale", [0.1, 9.0, float("nan")])
def test_a_size_nobody_could_read_is_refused(scale: float):
    with pytest.raises(UserError, match="--scale"):
        settings.settings_in_use(scale)


@pytest.mark.parametrize("scale", [0.75, 2.0])
def test_at_any_scale_everything_has_its_place(viewer: Viewer, scale: float):
    plain = viewer.panes
    theme.set_scale(scale)
    viewer.handle(pygame.Event(pygame.VIDEORESIZE, w=round(1120 * scale), h=round(800 * scale), size=(0, 0)))
    panes = viewer.panes
    assert panes.side.width == pytest.approx(plain.side.width * scale, abs=2)
    for key in (pygame.K_TAB, pygame.K_i, pygame.K_F1):
        press(viewer, key)
        picture(viewer)
    press(viewer, pygame.K_F1)
    for button in viewer.buttons:
        assert panes.controls.contains(button.area) or panes.toolbar.contains(button.area)
    mouse(viewer, pygame.MOUSEBUTTONDOWN, (x_of(panes.track, 20, 10), panes.track.centery))
    assert viewer.playback.time == pytest.approx(10, abs=0.1)


def test_the_picture_alone_takes_the_whole_width(viewer: Viewer):
    before = viewer.panes.world.width
    press(viewer, pygame.K_m)
    assert viewer.panes.side.width == 0 and viewer.panes.world.width > before
    picture(viewer)


def test_every_letter_comes_from_the_bundled_font(viewer: Viewer, monkeypatch: pytest.MonkeyPatch):
    from sim.render import text as letters

    asked = []
    real = pygame.font.Font
    monkeypatch.setattr(pygame.font, "Font", lambda name, size: (asked.append(name), real(name, size))[1])
    letters._font.cache_clear()
    letters.label.cache_clear()
    picture(viewer)
    assert asked and all(Path(name).name == "DejaVuSans.ttf" and Path(name).exists() for name in asked)
    assert (Path(asked[0]).parent / "LICENSE.txt").read_text("utf-8").count("Bitstream") > 3
