"""Nothing is cut, and nothing lies over another thing, at the sizes of window that people have."""

from pathlib import Path

import pygame
import pytest

from replays.film.event_markers import LEGEND
from replays.viewer.edit.keys import EDIT_KEYS
from replays.viewer.film import scoreboard
from replays.viewer.film.viewer import Viewer
from replays.viewer.keys import GALLERY_KEYS, KEYS, SIDE_KEYS
from replays.viewer.modes import overlays
from replays.viewer.modes.export import Exporting
from replays.viewer.modes.overlays import you_tag
from replays.viewer.modes.play import LIVE_KEYS, Live
from replays.viewer.modes.what_if import WHAT_IF_KEYS, WhatIf
from replays.viewer.widgets import theme
from replays.viewer.widgets.fitting import first_lines, fits, height_that_fits, last_part
from replays.viewer.widgets.help_page import lay_out
from replays.viewer.widgets.panes import Panes
from replays.viewer.widgets.toolbar import tools
from tests.replays.acting import click, mouse, picture, press

SIZES = [(640, 480, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1920, 1080, 1.0), (1920, 1080, 2.0), (640, 480, 2.0)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}@{size[2]:g}")
def size(request: pytest.FixtureRequest):
    """Of a window, in pixels; letters are drawn in the scale that belongs to it."""
    width, height, scale = request.param
    theme.set_scale(scale)
    return width, height


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that had to be cut."""
    found: list[str] = []
    real = theme.shorten
    monkeypatch.setattr(theme, "shorten", lambda text, *more: (found.append(text), real(text, *more))[1])
    return found


@pytest.mark.parametrize("most", range(-2, 8))
def test_a_text_in_few_lines_is_cut_in_the_last_of_them(most: int):
    text = "Sees hider 1, seeker 2, box 0 (in its hands), box 1 (locked by the others), ramp 0 and ramp 1"
    whole, lines = theme.wrap(text, theme.SMALL, 150), first_lines(text, theme.SMALL, 150, most)
    assert len(lines) == min(max(most, 0), len(whole)) and lines[:-1] == whole[: len(lines)][:-1]
    assert all(fits(line, theme.SMALL, 150) for line in lines) and len(whole) < 7
    assert not lines or lines[-1].endswith("...") == (len(lines) < len(whole))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_letters_are_as_large_as_their_room_allows_and_never_too_small_to_read(scale: float):
    theme.set_scale(scale)
    text = "quadrant-block-closer against quadrant-block"
    found = [height_that_fits(text, theme.SMALL, width) for width in range(0, theme.px(400), 5)]
    assert found == sorted(found) and max(found) == theme.SMALL and theme.px(min(found)) == 12
    assert set(found) == set(range(min(found), theme.SMALL + 1)), "no step is left out"


def test_of_a_long_file_name_the_end_can_be_read(viewer: Viewer, path: Path, monkeypatch: pytest.MonkeyPatch):
    long = path.with_name("you-against-quadrant-block-closer-in-another-world-played-12.npz")
    said: list[tuple[str, int]] = []
    real = scoreboard.write
    monkeypatch.setattr(scoreboard, "write", lambda *m, **k: (said.append((m[1], m[3])), real(*m, **k))[1])
    resize(viewer, (1280, 800))
    viewer.open(path.rename(long))
    picture(viewer)
    (name,) = (words for words, height in said if words.endswith("played-12.npz  (2 of 2)") and height == 15)
    assert name.startswith("...") and fits(name, 15, viewer.panes.side.width - 28)
    assert last_part("film.npz", theme.SMALL, 200) == "film.npz"


def test_both_teams_are_named_in_letters_of_one_height(viewer: Viewer, monkeypatch: pytest.MonkeyPatch):
    real, said = scoreboard.write_fitting, {}
    monkeypatch.setattr(scoreboard, "write_fitting", lambda *m: (said.update({m[1]: m[3]}), real(*m))[1])
    monkeypatch.setattr(scoreboard, "team_text", lambda name, side: f"{side} of 81.1 M steps")
    resize(viewer, (800, 600))
    picture(viewer)
    assert said["hiders of 81.1 M steps"] == said["seekers of 81.1 M steps"] < theme.LARGE


@pytest.mark.parametrize("width", [150, 296, 600])
def test_a_banner_leaves_air_beside_it(monkeypatch: pytest.MonkeyPatch, width: int):
    sheets: list[pygame.Rect] = []
    monkeypatch.setattr(overlays, "card", lambda surface, area: sheets.append(area.copy()))
    area = pygame.Rect(20, 8, width, 317)
    overlays.draw_banner(pygame.Surface((640, 480)), area, ["The seekers win: hidden 0% of the time", "Enter"], None)
    assert area.inflate(-48, 0).contains(sheets[0])


def resize(viewer: Viewer, size: tuple[int, int]) -> None:
    viewer.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))


def parts(panes: Panes) -> list[pygame.Rect]:
    return [part for part in panes if part.width and part.height]


def test_parts_of_the_window_are_inside_it_and_beside_each_other(viewer: Viewer, size: tuple[int, int]):
    resize(viewer, size)
    window, found = pygame.Rect(0, 0, *size), parts(viewer.panes)
    for number, part in enumerate(found):
        assert window.contains(part)
        assert part.collidelist(found[:number]) < 0
    for number, button in enumerate(viewer.buttons):
        assert window.contains(button.area)
        assert button.area.collidelist([other.area for other in viewer.buttons[:number]]) < 0


def test_a_window_of_a_common_size_has_all_tools(viewer: Viewer):
    for width, height, scale in (*SIZES[:5], (1216, 760, 2.0)):
        theme.set_scale(scale)
        resize(viewer, (width, height))
        assert len(tools(viewer.panes.toolbar)) == 8


@pytest.mark.parametrize("width", [760, 800, 1120, 1280])
def test_a_common_window_has_a_button_for_everything_that_is_shown_or_hidden(viewer: Viewer, width: int):
    resize(viewer, (width, 600))
    shown = {button.key.name for button in viewer.buttons}
    assert shown >= set("FCLT"), "fog, cones, lines, trails"
    assert (shown >= set("IO")) == (width > 760) and ("I" in shown) == ("O" in shown)


def test_no_text_of_a_film_is_cut(viewer: Viewer, size: tuple[int, int], cut: list[str]):
    resize(viewer, size)
    for tick in (0, 4, 13):
        viewer.playback.seek(tick)
        picture(viewer)
    press(viewer, pygame.K_TAB)
    picture(viewer)
    assert cut == []


@pytest.mark.parametrize("keys", [KEYS, LIVE_KEYS, WHAT_IF_KEYS, GALLERY_KEYS, SIDE_KEYS, EDIT_KEYS], ids=len)
def test_every_key_and_sign_is_on_the_help_page(size: tuple[int, int], keys):
    page = lay_out(size, keys, "A line on what the mouse does, which may be long and is wrapped then.", LEGEND)
    rows = [row for column in page.columns for row in column]
    assert [row.name for row in rows] == [key.name for key in keys] + [kind for kind, _ in LEGEND]
    assert [" ".join(row.lines) for row in rows] == [key.help for key in keys] + [words for _, words in LEGEND]
    lines = max(sum(len(row.lines) for row in column) for column in page.columns) + len(page.tail)
    assert lines * 1.25 * page.letters + 2.5 * page.letters <= size[1]
    assert len(page.columns) * page.column_width + 2 * page.letters <= size[0] and page.letters >= 9


@pytest.mark.parametrize("keys", [LIVE_KEYS, KEYS, SIDE_KEYS], ids=len)
def test_signs_have_columns_of_their_own_where_there_is_room(keys):
    page = lay_out((1120, 760), keys, "A line on what the mouse does.", LEGEND)
    assert len(page.columns) > 1
    assert all(len({row.sign for row in column}) == 1 for column in page.columns)


def test_only_what_shows_events_explains_signs_and_says_that_nothing_is_lost():
    assert Live.legend == LEGEND and "what was played is kept" in Live.help_tail
    for mode in (WhatIf, Exporting):
        assert not mode.legend and "played" not in mode.help_tail


def test_no_key_of_a_card_is_cut(playing: Viewer, size: tuple[int, int], cut: list[str]):
    resize(playing, size)
    picture(playing)
    press(playing, pygame.K_ESCAPE, pygame.K_w)
    picture(playing)
    press(playing, pygame.K_ESCAPE, pygame.K_e)
    picture(playing)
    assert cut == []


def test_every_row_of_events_is_inside_the_card_and_whole(viewer: Viewer, cut: list[str]):
    from replays.viewer.film.scoreboard import event_rows

    assert viewer.film is not None
    for tick in range(21):
        rows, side = event_rows(viewer.film, viewer.panes.side, tick), viewer.panes.side
        assert rows and all(side.contains(area) for area, _ in rows)
        assert [area.top for area, _ in rows[1:]] == [area.bottom for area, _ in rows[:-1]]
        assert len(rows) == len(viewer.film.events), "there is room for all"


@pytest.mark.parametrize("place", [(400, 2), (400, 598), (2, 300), (798, 300), (2, 2), (400, 300)])
def test_the_tag_of_the_played_agent_stays_inside(place: tuple[int, int]):
    area = pygame.Rect(0, 0, 800, 600)
    tag, _ = you_tag(area, *place, 25.0)
    assert area.contains(tag)
    assert not tag.collidepoint(place) or place[0] in (2, 798)


def test_m_leaves_the_picture_alone(viewer: Viewer):
    press(viewer, pygame.K_m)
    assert viewer.panes.world == pygame.Rect(0, 0, *viewer.size) and viewer.buttons == [] and "M" in viewer.note
    picture(viewer)
    click(viewer, (5, viewer.size[1] - 5))
    assert viewer.playback.time == 0
    press(viewer, pygame.K_m)
    assert viewer.panes.track.width and viewer.buttons


def test_tooltips_lie_above_everything_a_mode_draws(playing: Viewer, monkeypatch: pytest.MonkeyPatch):
    drawn: list[str] = []
    from replays.viewer.film import film_view, timeline

    mode = playing.mode
    assert mode is not None
    real = mode.draw
    monkeypatch.setattr(mode, "draw", lambda *args: (drawn.append("mode"), real(*args)))
    monkeypatch.setattr(timeline, "draw_tooltip", lambda *_: drawn.append("tooltip"))
    monkeypatch.setattr(film_view, "draw_tooltip", lambda *_: drawn.append("tooltip"))
    mouse(playing, pygame.MOUSEMOTION, playing.panes.track.center)
    picture(playing)
    assert drawn == ["mode", "tooltip"]


@pytest.mark.parametrize("corner", ["topleft", "topright", "bottomleft", "bottomright"])
def test_tooltips_lie_inside_the_window(size: tuple[int, int], corner: str, monkeypatch: pytest.MonkeyPatch):
    cards: list[pygame.Rect] = []
    monkeypatch.setattr(theme, "card", lambda surface, area: cards.append(area.copy()))
    surface = pygame.Surface(size)
    theme.draw_tooltip(surface, ["Door blocked", "by hider 1 with box 0"], getattr(surface.get_rect(), corner))
    assert len(cards) == 1 and surface.get_rect().contains(cards[0])


def test_b_and_n_name_the_event_they_go_to(viewer: Viewer, monkeypatch: pytest.MonkeyPatch):
    from replays.viewer.film import film_view

    said: list[str] = []
    real = film_view.write_fitting
    monkeypatch.setattr(
        film_view, "write_fitting", lambda surface, text, *a, **k: (said.append(text), real(surface, text, *a, **k))[1]
    )
    assert viewer.film is not None
    for key in [pygame.K_n] * 9 + [pygame.K_b] * 9:
        press(viewer, key)
        said.clear()
        picture(viewer)
        here = [viewer.film.words(event) for event in viewer.film.events if event.tick == viewer.playback.tick]
        assert any(words in said[0] for words in here)
