"""On every screen, at the sizes of window that people have, no text is cut, leaves its surface or lies over another."""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pygame
import pytest

from replays.film.facts import of_run
from replays.film.film import Film
from replays.label_writer import LabelWriter
from replays.questions import Question, Statement, clip_of, pair
from replays.session import begin
from replays.viewer.film import viewer as viewers
from replays.viewer.film.viewer import Viewer
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.toolbar import chips
from replays.viewer.modes import overlays
from replays.viewer.modes.play import Live
from replays.viewer.modes.scene import Scene, Score
from replays.viewer.rank.ranking import Ranking
from replays.viewer.rank.screen import RankScreen
from replays.viewer.screens import Screens
from replays.viewer.training.run import WatchedRun
from replays.viewer.training.screen import TrainingScreen
from replays.viewer.widgets import theme
from sim.scenario import scenario_from_text
from tests.replays.acting import TICK, Statues, lift, live, mouse, pass_time, picture, play_context, press, wait
from tests.replays.screening import add_lines, beside, film, film_of, gallery, gallery_of

SIZES = {
    "640x480": (640, 480, 1.0),
    "800x600": (800, 600, 1.0),
    "1280x800": (1280, 800, 1.0),
    "1920x1080": (1920, 1080, 1.0),
    "first window, scale 2": (1824, 1026, 2.0),
    "1920x1080, scale 2": (1920, 1080, 2.0),
}


class Text(NamedTuple):
    """A line of text as it was written."""

    words: str
    area: pygame.Rect
    """In pixels of the surface that all its parents are parts of."""
    surface: pygame.Surface


@pytest.fixture(params=SIZES.values(), ids=list(SIZES))
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Of a window, in pixels; letters are drawn in the scale that belongs to it."""
    theme.set_scale(request.param[2])
    return request.param[:2]


class Spy:
    """Remembers what is written in a frame, and what had to be cut."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.cut: list[str] = []
        self.outside: list[str] = []

    def write(self, real: Callable, surface: pygame.Surface, text: str, *args, **named) -> pygame.Rect:
        area, clip = real(surface, text, *args, **named), surface.get_clip()
        if text and clip == surface.get_rect() and not clip.contains(area):
            self.outside.append(text)
        self.texts.append(Text(text, area.clip(clip).move(surface.get_abs_offset()), surface.get_abs_parent()))
        return area

    def draw(self, screen) -> None:
        """Draws one frame."""
        for found in (self.texts, self.cut, self.outside):
            found.clear()
        screen.draw(pygame.Surface(screen.size))

    @property
    def overlapping(self) -> list[tuple[str, str]]:
        """Texts that lie over each other; letters need less room than their lines have."""
        found = []
        for number, one in enumerate(self.texts):
            inner = one.area.inflate(0, -one.area.height // 3)
            for other in self.texts[:number]:
                same = other.surface is one.surface
                if same and inner.colliderect(other.area.inflate(0, -other.area.height // 3)):
                    found.append((other.words, one.words))
        return found

    def check(self, screen) -> None:
        """Draws a frame and complains of what is wrong with it."""
        self.draw(screen)
        assert self.texts and (self.cut, self.outside, self.overlapping) == ([], [], [])


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    spy, write, shorten = Spy(), theme.write, theme.shorten
    for name, module in list(sys.modules.items()):
        if name.startswith("replays.viewer"):
            if getattr(module, "write", None) is write:
                monkeypatch.setattr(module, "write", lambda *args, **named: spy.write(write, *args, **named))
            if getattr(module, "shorten", None) is shorten:
                monkeypatch.setattr(
                    module, "shorten", lambda text, *more: (spy.cut.append(text), shorten(text, *more))[1]
                )
    return spy


def played(folder: Path, loader: RecordingLoader, fog: bool = True) -> Viewer:
    """A game from its start, that waits for the first key."""
    scenario = scenario_from_text("quadrant:ticks=40,preparation_ticks=10")
    start = Scene(
        lambda: begin(scenario, Statues(), 3),
        "game",
        "game",
        0,
        None,
        0,
        beside=False,
        kept_in=folder,
        fog=fog,
        score=Score("statues"),
    )
    screens = Screens([], loader, None, 0, None, play_context(folder))
    screens.play(start)
    wait(film(screens).viewer)
    return film(screens).viewer


def test_a_film(viewer: Viewer, size: tuple[int, int], spy: Spy):
    viewer.size = size
    for tick in (0, 4, 13, 20):
        viewer.playback.seek(tick)
        spy.check(viewer)
    for _ in range(3):
        press(viewer, pygame.K_TAB)
        spy.check(viewer)


def test_a_film_of_a_run(run: Path, loader: RecordingLoader, size: tuple[int, int], spy: Spy):
    add_lines(run, 40, first=51)
    screens = film_of(run, loader)
    screens.size = size
    spy.check(screens)
    panes = film(screens).viewer.panes
    assert bool(panes.side.width) == (size != (640, 480))
    scores = [text.area for text in spy.texts if text.area.left >= panes.side.left and panes.side.width]
    assert all(panes.side.contains(area) or area.top >= panes.caption.top for area in scores)


@pytest.mark.parametrize("key", [pygame.K_x, pygame.K_w, pygame.K_e])
@pytest.mark.parametrize("size", [(640, 480, 1.0), (800, 600, 1.0), (640, 480, 2.0)], indirect=True)
def test_a_mode_says_what_its_keys_do_or_where_they_stand(
    playable: Viewer, size: tuple[int, int], spy: Spy, monkeypatch, key: int
):
    said: list[str] = []
    monkeypatch.setattr(viewers, "draw_toast", lambda _surface, _area, text: said.append(text))
    playable.size = size
    press(playable, key)
    wait(playable)
    spy.draw(playable)
    on_card = {"Esc"} <= {text.words for text in spy.texts}
    assert on_card != any("F1 shows the keys" in text for text in said)
    assert on_card == (theme.px(1) == 1)


def test_the_banner_does_not_cover_the_agent_that_is_played(playing: Viewer, size: tuple[int, int], monkeypatch):
    banners: list[pygame.Rect] = []
    card = overlays.card
    monkeypatch.setattr(
        overlays, "card", lambda surface, area, *more: (banners.append(area.copy()), card(surface, area))
    )
    playing.size = size
    picture(playing)
    x, y = (round(column) for column in playing.camera(playing.panes).point(*live(playing).session.pose(0)[:2]))
    assert len(banners) == 1 and not banners[0].collidepoint(x, y)


def test_chips_with_long_words_are_written_smaller_instead_of_left_out():
    texts = [(pygame.K_a, "A", "by training", False), (pygame.K_1, "1", "open_field:hiders=2,seekers=2", True)]
    texts += [(pygame.K_2, "2", "Hiders win", True), (pygame.K_3, "3", "any strategy", False)]
    row = chips(640, texts)
    assert [chip.text for chip in row] == [text for _, _, text, _ in texts] and row[-1].area.right <= 640
    assert [chip.height for chip in chips(1280, texts)] == [theme.NORMAL] * 4


@pytest.mark.parametrize("arrangement", [0, 1])
def test_the_gallery(
    folder: Path, run: Path, loader: RecordingLoader, size: tuple[int, int], spy: Spy, arrangement: int
):
    (folder / "broken.npz").write_bytes(b"x" * 100)
    screens = gallery_of(folder, loader, size)
    screens._the_gallery().add(of_run(run))
    loader.wait(100)
    press(screens, *[pygame.K_a] * arrangement)
    screens.advance(1.0)
    spy.check(screens)
    press(screens, pygame.K_1, pygame.K_2, pygame.K_3)
    spy.check(screens)
    press(screens, pygame.K_3, pygame.K_3, pygame.K_3, pygame.K_3, pygame.K_3, pygame.K_s)
    spy.check(screens)


def test_a_whole_tile_of_the_gallery_is_seen_at_once(folder: Path, loader: RecordingLoader, size: tuple[int, int]):
    screens = gallery_of(folder, loader, size)
    tile = gallery(screens).sheet.tiles[0]
    area = gallery(screens).area_of(tile.path)
    assert area and pygame.Rect(0, 0, *size).contains(area)


def test_an_empty_gallery(loader: RecordingLoader, size: tuple[int, int], spy: Spy):
    screens = Screens([], loader)
    screens.size = size
    spy.check(screens)


@pytest.mark.parametrize("count", [2, 4])
def test_side_by_side(run: Path, loader: RecordingLoader, size: tuple[int, int], spy: Spy, count: int):
    screens = film_of(run, loader)
    screens.size = size
    press(screens, *[pygame.K_s] * (count // 2))
    for tick in (0, 4, 13, 20):
        beside(screens).playback.seek(tick)
        spy.check(screens)


def test_playing_from_the_start_to_the_end(tmp_path: Path, loader: RecordingLoader, size: tuple[int, int], spy: Spy):
    viewer = played(tmp_path, loader)
    viewer.size = size
    spy.check(viewer)
    press(viewer, pygame.K_RIGHT)
    lift(viewer, pygame.K_RIGHT)
    pass_time(viewer, 1.0)
    spy.check(viewer)
    assert isinstance(viewer.mode, Live)
    pass_time(viewer, 20.0)
    assert viewer.mode.session.episode.over
    spy.check(viewer)
    press(viewer, pygame.K_TAB, pygame.K_TAB, pygame.K_TAB, pygame.K_TAB)
    spy.check(viewer)


def test_a_card_with_few_rows_says_where_all_keys_stand_and_how_to_leave(tmp_path: Path, loader, spy: Spy):
    viewer = played(tmp_path, loader)
    viewer.size = (640, 480)
    spy.draw(viewer)
    said = [text.words for text in spy.texts]
    assert {"Arrows, WASD", "F1, H", "Esc"} <= set(said) and "Z" not in said


def test_without_a_panel_the_caption_says_what_the_selected_agent_does_and_sees(viewer: Viewer, spy: Spy):
    viewer.size = (640, 480)
    viewer.playback.seek(12)
    press(viewer, *[pygame.K_TAB] * 3)
    spy.check(viewer)
    assert "Seeker 0: stands still · sees hider 1, box 1, ramp 0 · estimated" in [text.words for text in spy.texts]


def test_a_world_with_options_keeps_its_name(viewer: Viewer, size: tuple[int, int], spy: Spy, monkeypatch):
    monkeypatch.setattr(Film, "world", "quadrant-ramp-by-door:ramps=2,ramp_in_door=1.0+one-ramp")
    viewer.size = size
    spy.check(viewer)
    if viewer.panes.side.width:
        height = {text.words: text.area.height for text in spy.texts}
        assert height["quadrant-ramp-by-door"] >= theme.px(theme.NORMAL)


def test_the_help_page_lies_over_the_values_of_the_training_time_line(run: Path, loader: RecordingLoader, spy: Spy):
    add_lines(run, 40, first=51)
    screens = film_of(run, loader)
    mouse(screens, pygame.MOUSEMOTION, film(screens).strip.center)
    spy.draw(screens)
    assert any(text.words.startswith("Click plays") for text in spy.texts)
    press(screens, pygame.K_F1)
    spy.draw(screens)
    assert not any(text.words.startswith("Click plays") for text in spy.texts)


@pytest.mark.parametrize("key", [pygame.K_x, pygame.K_w, pygame.K_e])
def test_the_modes_of_a_film(playable: Viewer, size: tuple[int, int], spy: Spy, key: int):
    playable.size = size
    playable.playback.seek(TICK)
    press(playable, key)
    wait(playable)
    spy.check(playable)
    if key == pygame.K_w:
        press(playable, pygame.K_r)
        spy.check(playable)
        press(playable, pygame.K_RETURN)
        wait(playable)
        spy.check(playable)


def test_live_training(run: Path, size: tuple[int, int], spy: Spy):
    add_lines(run, 40, first=51)
    screen = TrainingScreen(WatchedRun(run, lambda: True), size)
    screen.stage.wait()
    screen.advance(0.1)
    spy.check(screen)
    screen.press_key(pygame.K_a)
    spy.check(screen)


def test_ranking(run: Path, size: tuple[int, int], spy: Spy, tmp_path: Path):
    clips = [clip_of(path, 0, 10) for path in of_run(run)]
    pairs = [pair(one, other) for one, other in itertools.combinations(clips, 2)]
    question = "Which hiders stay closer together and farther away from walls, boxes and both of the seekers?"
    statement = Statement("Hiders are on the upper level", "upstairs", 1)
    more = [Question((clips[0],) * 4, (clips[1],) * 4), Question((clips[0],) * 4, statement=statement)]
    screen = RankScreen(Ranking(question, [*pairs, *more], LabelWriter(tmp_path / "labels.jsonl")), size)
    spy.check(screen)
    for _ in range(3):
        screen.switch()
        spy.check(screen)
    for choice in ("left", "equal"):
        screen.advance(1.0)
        screen.answer(choice)
        spy.check(screen)
    screen.review(-1)
    spy.check(screen)
