"""A person plays rounds: the clock waits, the score is kept, the best time is remembered."""

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pygame
import pytest

from policies.window.playing import scene
from replays.film.film import Film
from replays.format.recording import Recording
from replays.session import begin
from replays.viewer.film.viewer import Viewer
from replays.viewer.modes import best_times
from replays.viewer.modes import play as play_module
from replays.viewer.modes.best_times import best_time, keep_best_time
from replays.viewer.modes.play import start_scene
from replays.viewer.modes.scene import Scene, Score
from sim.scenario import scenario_from_text
from tests.replays.acting import Statues, live, pass_time, picture, play_context, press, wait


@pytest.fixture
def game(tmp_path: Path) -> Viewer:
    """Statues in short episodes; hider 0 is played."""
    scenario, seeds = scenario_from_text("quadrant:ticks=20,preparation_ticks=8"), itertools.count(7)
    viewer = Viewer([], play_context=play_context(tmp_path))

    def start():
        return begin(scenario, Statues(), next(seeds))

    scene = Scene(start, "game", "game", 0, None, 0, False, tmp_path / "played", fog=True, score=Score("statues"))
    start_scene(viewer, scene)
    wait(viewer)
    return viewer


@pytest.fixture
def banners(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was said over the picture, frame by frame."""
    found: list[list[str]] = []
    real = play_module.draw_banner

    def draw_banner(surface: pygame.Surface, area: pygame.Rect, texts: list[str], avoided: pygame.Rect | None) -> None:
        found.append(list(texts))
        real(surface, area, texts, avoided)

    monkeypatch.setattr(play_module, "draw_banner", draw_banner)
    return found


@pytest.mark.parametrize("key", [pygame.K_RETURN, pygame.K_UP, pygame.K_SPACE, pygame.K_g, pygame.K_y])
def test_a_key_begins_the_game_and_the_window_says_so(game: Viewer, banners: list[list[str]], key: int):
    picture(game)
    assert banners == [["Press a key to begin"]]
    pass_time(game, 0.5)
    assert live(game).session.episode.played == 0
    press(game, key)
    pass_time(game, 0.5)
    assert live(game).session.episode.played > 0
    banners.clear()
    picture(game)
    assert banners == []


def test_keys_that_only_change_the_view_do_not_begin(game: Viewer):
    press(game, pygame.K_c, pygame.K_o, pygame.K_PERIOD, pygame.K_TAB, pygame.K_F1, pygame.K_F1)
    pass_time(game, 0.5)
    assert live(game).session.episode.played == 0


def test_rounds_are_counted_and_the_best_time_is_remembered(game: Viewer, banners: list[list[str]]):
    for rounds in (1, 2):
        press(game, pygame.K_RETURN)
        pass_time(game, 6.0)
        assert live(game).session.episode.over
        score = live(game).scene.score
        assert score is not None and score.rounds == rounds
        picture(game)
        assert banners[-1][-1] == "Enter plays again" and score.text in banners[-1]
        press(game, pygame.K_RETURN)
        wait(game)
    assert live(game).scene.score is score and score.best_s == best_time("statues")


def finished(recording: Recording, seen_ticks: int) -> Film:
    """The episode of 12 play ticks, in `seen_ticks` of which a hider is seen."""
    seen = np.zeros_like(recording.seen)
    seen[9 : 9 + seen_ticks, 2, 1] = True
    return Film(dataclasses.replace(recording, seen=seen), "")


@pytest.mark.parametrize(("hider", "seconds", "won"), [(True, 0.9, 1), (False, 0.3, 0)])
def test_a_hiders_time_is_hidden_and_a_seekers_is_seen(recording: Recording, hider: bool, seconds: float, won: int):
    score = Score("somebody")
    score.add(finished(recording, 3), hider)
    assert score.best_s == pytest.approx(seconds) and (score.rounds, score.won) == (1, won)
    assert score.text == f"You {won} : {1 - won} they, best {seconds:.1f} s"


def test_only_a_better_time_is_kept(recording: Recording):
    for seen, best in ((3, 0.9), (9, 0.9), (1, 1.1)):
        Score("somebody").add(finished(recording, seen), hider=True)
        assert best_time("somebody") == pytest.approx(best)
    assert best_time("another") is None


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{", "[]", '{"a": "x", "b": NaN, "c": -1}', f'{{"a": {10**400}}}', "\xff"]
)
def test_damaged_best_times_count_as_missing(text: str):
    file = best_times._path()
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode("latin-1"))
    assert all(best_time(name) is None for name in "abc")
    keep_best_time("a", 2.0)
    assert best_time("a") == 2.0


def test_in_a_game_of_its_own_the_banner_says_what_there_is_to_do(tmp_path: Path, banners: list[list[str]]):
    viewer = Viewer([], play_context=play_context(tmp_path))
    scenario = scenario_from_text("lock_and_return:ticks=5")
    made = scene(scenario, "hider", "idle", "idle", 0, tmp_path)
    start_scene(viewer, made)
    wait(viewer)
    picture(viewer)
    (banner,) = banners
    assert banner[0] == "Press a key to begin" and "lock it, and come back" in banner[1]
    assert not any("they" in line for line in live(viewer).lines)
    press(viewer, pygame.K_SPACE)
    pass_time(viewer, 3.0)
    assert live(viewer).result == ["Paid 0.0 in all"]
