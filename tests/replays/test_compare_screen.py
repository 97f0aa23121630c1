"""Several recordings on one clock."""

import shutil
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.film.facts import of_run
from replays.film.film import Film
from replays.format.recording import Recording
from replays.strategies.catalogue import strategies
from replays.viewer.compare import pane, timeline
from replays.viewer.compare.choice import spread
from replays.viewer.compare.screen import SideBySide
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.keys import SIDE_KEYS
from replays.viewer.requests import Compare
from sim.render.canvas import fit
from sim.render.palette import WALL
from sim.rules import RULES
from tests.replays.acting import click, picture, press
from tests.replays.screening import beside, film, film_of, gallery, gallery_of


def test_s_shows_two_then_four_then_one(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=4, tick=9)
    press(screens, pygame.K_s)
    paths = of_run(run)
    assert beside(screens).paths == [paths[0], paths[4]] and beside(screens).playback.time == 9
    press(screens, pygame.K_s)
    assert beside(screens).paths == [paths[0], paths[1], paths[3], paths[4]] == spread(paths)
    assert beside(screens).playback.time == 9
    press(screens, pygame.K_s)
    assert film(screens).path == paths[4] and film(screens).viewer.playback.time == 9


def test_what_was_recorded_meanwhile_stays_among_four(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=4, tick=9)
    press(screens, pygame.K_s)
    newest = Path(shutil.copy(of_run(run)[4], run / "replays" / "000006000000.npz"))
    press(screens, pygame.K_d)
    assert beside(screens).paths[1] == newest
    press(screens, pygame.K_s)
    assert len(beside(screens).paths) == 4 and beside(screens).paths[3] == newest


def test_what_training_has_thinned_away_meanwhile_is_not_shown_beside_another(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=3, tick=9)
    shown = of_run(run)[3]
    shown.unlink()
    press(screens, pygame.K_s)
    assert film(screens).path == shown and "no longer" in (film(screens).viewer.message or "")


def test_four_side_by_side_keep_the_two_that_were(run: Path, folder: Path, loader: RecordingLoader):
    paths = [*sorted(folder.glob("*.npz")), *of_run(run)]
    for kept in ([paths[1], paths[6]], paths[1:5], [paths[8]]):
        four = spread(paths, kept)
        assert set(kept) <= set(four) and len(set(four)) == 4 and four == sorted(four, key=paths.index)
    screens = film_of(run, loader, number=2)
    press(screens, pygame.K_s, pygame.K_s)
    assert of_run(run)[2] in beside(screens).paths and len(beside(screens).paths) == 4
    assert spread(paths[:8], [paths[0], paths[7]]) == [paths[k] for k in (0, 2, 5, 7)], "no neighbours of those"
    assert spread(paths[:3], paths[:1]) == paths[:3], "fewer than four are all shown"
    assert paths[1] in spread(paths, paths[1:2]) and paths[1] not in spread(paths)


@pytest.mark.parametrize("size", [(800, 600), (1120, 760), (1280, 800), (1920, 1080)])
def test_four_stand_two_by_two_and_use_the_window(run: Path, loader: RecordingLoader, size: tuple[int, int]):
    screens = film_of(run, loader)
    screens.size = size
    press(screens, pygame.K_s)
    assert len({pane.top for pane in beside(screens).panes}) == 1, "two beside each other"
    press(screens, pygame.K_s)
    four, window = beside(screens), pygame.Rect(0, 0, *size)
    assert len({pane.top for pane in four.panes}) == len({pane.left for pane in four.panes}) == 2
    assert all(window.contains(pane) and pane.bottom <= four.bottom.top for pane in four.panes)
    assert sum(pane.height for pane in four.panes[::2]) > 0.85 * four.bottom.top


@pytest.mark.parametrize("size", [(800, 600), (1280, 800)])
@pytest.mark.parametrize("names", [("door-blocked", "fort"), ("door-blocked", "fort", "over-wall", "shelter")])
def test_every_floor_is_whole(names: tuple[str, ...], size: tuple[int, int]):
    paths = [Path(__file__).parents[2] / "replays" / "gallery" / f"{name}.npz" for name in names]
    shown = SideBySide(Compare(paths, paths), size)
    pixels = picture(shown)
    for area, one in zip(shown.panes, shown.films, strict=True):
        world, floor = area.copy(), float(one.recording.layout.floor[0])
        world.height, world.bottom = area.height - pane.HEADER_HEIGHT, area.bottom
        camera, wall, middle = fit(world, floor), RULES.wall_m / 2, 0.3 * floor
        for place in ((-wall, middle), (floor + wall, middle), (middle, -wall), (middle, floor + wall)):
            column, row = map(round, camera.point(*place))
            around = pixels[column - 2 : column + 3, row - 2 : row + 3].astype(int)
            assert (np.abs(around - WALL).max(axis=-1) < 40).any(), "the wall on each of the four sides"


def test_a_stage_of_a_run_that_began_with_trained_teams_says_so(run: Path, loader: RecordingLoader):
    (run / "config.json").write_text('{"start": "quadrant-block"}')
    screens = film_of(run, loader, number=3)
    press(screens, pygame.K_s)
    assert [facts.begun for facts in beside(screens).facts] == ["from quadrant-block"] * 2
    press(screens, pygame.K_d)
    assert beside(screens).facts[1].begun == "from quadrant-block"


def test_s_goes_back_to_where_two_were_marked(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_s, pygame.K_RIGHT, pygame.K_s, pygame.K_RETURN, pygame.K_s)
    assert gallery(screens).marked
    (key,) = (key for key in SIDE_KEYS if key.name == "S")
    assert key.help == "four side by side, else back"


def test_side_by_side_all_panes_follow_one_clock(
    run: Path, folder: Path, loader: RecordingLoader, recording: Recording
):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_s, pygame.K_RIGHT, pygame.K_s, pygame.K_RETURN)
    both = beside(screens)
    press(screens, pygame.K_HOME)
    at_start = picture(screens)
    press(screens, pygame.K_END)
    at_end = picture(screens)
    for area in both.panes:
        inside = (slice(area.left, area.right), slice(area.top + 50, area.bottom))
        assert (at_start[inside] != at_end[inside]).any()
    press(screens, pygame.K_HOME, pygame.K_SPACE)
    both.playback.playing = True
    screens.advance(0.5)
    assert both.playback.time == 5
    press(screens, pygame.K_n, pygame.K_n, mod=pygame.KMOD_SHIFT)
    assert both.playback.time == 7, "the seal of one after the lock of both"
    for end, key, said in (
        (pygame.K_END, pygame.K_n, "No later event."),
        (pygame.K_HOME, pygame.K_b, "No earlier event."),
    ):
        press(screens, end)
        press(screens, key, mod=pygame.KMOD_SHIFT)
        assert both.message == said
        press(screens, end)
    press(screens, pygame.K_p)
    assert both.playback.time == 8
    click(screens, (640, both.bottom.top + 40))
    assert both.playback.time == pytest.approx(10, abs=0.3)


def test_side_by_side_a_pane_is_chosen_taken_through_training_and_watched(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=4, tick=9)
    press(screens, pygame.K_s, pygame.K_TAB, pygame.K_d, pygame.K_d)
    paths = of_run(run)
    assert beside(screens).paths == [paths[2], paths[4]] and beside(screens).playback.time == 9
    click(screens, beside(screens).panes[1].center)
    press(screens, pygame.K_a)
    assert beside(screens).paths == [paths[2], paths[3]]
    press(screens, pygame.K_RETURN)
    assert film(screens).path == paths[3]
    press(screens, pygame.K_ESCAPE)
    assert beside(screens).paths == [paths[2], paths[3]]


def test_both_time_lines_tell_of_the_same_ticks(recording: Recording):
    """The state after the last tick is a moment without a tick."""
    recording.seen[:] = False
    recording.seen[10:12, 2, 0] = recording.seen[18:, 2, 1] = True
    shown = Film(recording, "")
    assert shown.seen_spans == [[(10, 12)], [(18, 20)]] and shown.somebody_seen == [(10, 12), (18, 20)]
    recording.seen[18:20] = False
    shown = Film(recording, "")
    assert shown.seen_spans == [[(10, 12)], []] and shown.somebody_seen == [(10, 12)]


def test_titles_have_letters_of_one_height(run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch):
    screens = film_of(run, loader, number=4, tick=9)
    press(screens, pygame.K_s)
    both = beside(screens)
    both.facts[0] = both.facts[0]._replace(hiders="a-team-with-a-very-long-name", seekers="another-team-like-that")
    both.paths[0] = Path("film.npz")
    heights: list[int] = []
    monkeypatch.setattr(pane, "write_fitting", lambda *m: heights.append(m[3]) or pygame.Rect(m[2], (9, 9)))
    screens.handle(pygame.Event(pygame.VIDEORESIZE, w=640, h=480, size=(640, 480)))
    picture(screens)
    assert len(heights) == 2 and len(set(heights)) == 1 and heights[0] < pane.LARGE


def test_a_row_shows_every_strategy_that_is_not_common():
    rare = {strategy.kind for strategy in strategies() if strategy.rank < 100}
    assert rare <= set(timeline._SHOWN) and not {"grab", "spotted", "box moved"} & set(timeline._SHOWN)
