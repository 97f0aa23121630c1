"""Tooltips lie on top of everything and inside the window, and say the whole of what is cut."""

from pathlib import Path

import pygame
import pytest

from replays.film.facts import of_run
from replays.viewer.film import timeline
from replays.viewer.gallery import screen as gallery_screen
from replays.viewer.gallery.layout import Tile
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.key_tables import KEY_TABLES
from replays.viewer.screens import Screens
from replays.viewer.widgets import theme
from tests.replays.acting import mouse, picture
from tests.replays.screening import area_of, film, film_of, gallery, gallery_of

SIZES = [(640, 480, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1920, 1080, 1.0), (1920, 1080, 2.0), (640, 480, 2.0)]
LONG = "hiders that were trained overnight with a small entropy bonus, " * 3 + "and a large network"


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[pygame.Rect]:
    """Where every tooltip lies, and nothing else that is drawn on a card."""
    found: list[pygame.Rect] = []
    real = theme.draw_tooltip

    def draw(surface: pygame.Surface, *args):
        with monkeypatch.context() as inside:
            inside.setattr(theme, "card", lambda _, area: found.append(area.copy()))
            real(surface, *args)

    for module in (timeline, gallery_screen):
        monkeypatch.setattr(module, "draw_tooltip", draw)
    return found


def long_named(run: Path) -> Path:
    return run.rename(run.with_name(LONG))


def point(screens: Screens, place: tuple[int, int]) -> None:
    mouse(screens, pygame.MOUSEMOTION, place)
    picture(screens)


def reveal(screens: Screens, tile: Tile) -> None:
    gallery(screens)._view.reveal(tile)
    for _ in range(120):
        screens.advance(1 / 60)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("corner", ["topleft", "topright", "bottomleft", "bottomright"])
def test_a_long_tooltip_is_wrapped_inside_the_window(
    size: tuple[int, int, float], corner: str, monkeypatch: pytest.MonkeyPatch
):
    cards, widths, real = [], [], theme.label
    monkeypatch.setattr(theme, "card", lambda _, area: cards.append(area.copy()))
    monkeypatch.setattr(theme, "label", lambda *args: (letters := real(*args), widths.append(letters.get_width()))[0])
    theme.set_scale(size[2])
    surface = pygame.Surface(size[:2])
    theme.draw_tooltip(surface, ["Short", LONG], getattr(surface.get_rect(), corner))
    assert surface.get_rect().contains(cards[0])
    lines = theme.wrap(LONG, theme.SMALL, cards[0].width)
    assert " ".join(lines) == LONG and cards[0].height >= (1 + len(lines)) * theme.px(19)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_tooltip_of_the_time_line_lies_above_the_training_time_line(
    run: Path, loader: RecordingLoader, size: tuple[int, int, float], cards: list[pygame.Rect]
):
    theme.set_scale(size[2])
    screens = film_of(run, loader)
    screens.size = size[:2]
    strip, panes = film(screens).strip, film(screens).viewer.panes
    for x in (panes.track.left, panes.track.right - 1):
        for y in (panes.markers.centery, panes.timeline.bottom - 1):
            point(screens, (x, y))
    assert len(cards) == 4
    assert all(pygame.Rect(0, 0, size[0], strip.top).contains(card) for card in cards)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_cut_title_of_the_gallery_says_its_whole_text_inside_the_window(
    run: Path, loader: RecordingLoader, size: tuple[int, int, float], cards: list[pygame.Rect], monkeypatch
):
    theme.set_scale(size[2])
    screens = gallery_of(long_named(run) / "replays", loader, size[:2])
    said, drawn = [], gallery_screen.draw_tooltip
    monkeypatch.setattr(
        gallery_screen, "draw_tooltip", lambda surface, lines, *more: (said.extend(lines), drawn(surface, lines, *more))
    )
    tiles = gallery(screens).sheet.tiles
    for tile in (tiles[0], tiles[-1]):
        reveal(screens, tile)
        point(screens, area_of(screens, tile.path).clip(gallery(screens)._view.area).center)
    assert len(cards) == 2 and all(pygame.Rect(0, 0, *size[:2]).contains(card) for card in cards)
    assert all(line.startswith(LONG) for line in said)


def test_no_tooltip_speaks_of_the_page_that_only_the_help_is():
    """The words of the help page are those of the tooltips too."""
    assert not [key for keys in KEY_TABLES.values() for key in keys if "this page" in key.help]


def test_a_tile_that_is_not_cut_has_no_tooltip_and_leaving_a_tile_takes_it_away(
    run: Path, folder: Path, loader: RecordingLoader, cards: list[pygame.Rect]
):
    screens = gallery_of(folder, loader)
    gallery(screens).add(of_run(long_named(run)))
    loader.wait(100)
    screens.advance(1.0)
    tiles = gallery(screens).sheet.tiles
    short = next(tile for tile in tiles if tile.path.parent == folder)
    point(screens, area_of(screens, short.path).center)
    assert not cards
    long = next(tile for tile in tiles if tile.path.parent != folder)
    reveal(screens, long)
    area = area_of(screens, long.path)
    point(screens, area.center)
    assert len(cards) == 1
    mouse(screens, pygame.MOUSEMOTION, (area.left - 3, area.centery))
    assert screens.stale
    picture(screens)
    assert len(cards) == 1


def test_a_file_that_cannot_be_read_says_all_of_why(run: Path, folder: Path, loader: RecordingLoader, cards: list):
    (folder / f"{LONG}.npz").write_bytes(b"no recording")
    screens = gallery_of(folder, loader)
    broken = gallery(screens).sheet.tiles[-1]
    reveal(screens, broken)
    point(screens, area_of(screens, broken.path).center)
    assert len(cards) == 1
