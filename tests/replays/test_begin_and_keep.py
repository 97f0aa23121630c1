"""Games begin, again too, are left, and nothing played is ever lost."""

import itertools
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.format.recording import Recording, read, write
from replays.session import begin
from replays.viewer.film.viewer import Viewer
from replays.viewer.modes.play import start_scene
from replays.viewer.modes.scene import Scene
from sim.scenario import scenario_from_text
from sim.state import ANGLE, X, Y
from tests.replays.acting import TICK, Statues, live, picture, play_context, pose, press, tick_by_tick, wait


def test_escape_goes_back_to_the_film_and_keeps_what_was_played(playing: Viewer, episode: Recording, tmp_path: Path):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 7)
    played = live(playing).session.episode.played
    press(playing, pygame.K_ESCAPE)
    assert playing.mode is None and playing.running
    assert playing.title == "film.npz - hideseek" and playing.playback.time == TICK
    (kept,) = (tmp_path / "played").iterdir()
    assert playing.paths == [tmp_path / "film.npz", kept]
    recording = read(kept)
    assert (recording.header.ticks, recording.header.seed) == (played, 5)
    assert recording.values is None, "of its beginning nothing is known"
    assert (recording.header.hiders, recording.header.seekers) == ("statues, and you", "stones")
    assert {"hidden", "win", "soft_prep", "robust_end"} <= recording.header.outcome.keys()
    for old, new in zip(episode.states, recording.states, strict=True):
        np.testing.assert_array_equal(new[: TICK + 1], old[: TICK + 1])
    assert recording.states.agents[-1, 0, Y] > episode.states.agents[TICK, 0, Y] + 0.3
    press(playing, pygame.K_PAGEDOWN)
    assert playing.film is not None and playing.film.recording.header.ticks == played


def test_nothing_is_kept_where_nothing_was_played(playing: Viewer, tmp_path: Path):
    press(playing, pygame.K_ESCAPE)
    assert not (tmp_path / "played").exists() and len(playing.paths) == 1


def test_j_keeps_now_and_only_what_is_new(playing: Viewer, tmp_path: Path):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 3)
    press(playing, pygame.K_j, pygame.K_j)
    assert len(list((tmp_path / "played").iterdir())) == 1
    tick_by_tick(playing, 3)
    press(playing, pygame.K_ESCAPE)
    ticks = sorted(read(file).header.ticks for file in (tmp_path / "played").iterdir())
    assert ticks[1] == ticks[0] + 3


@pytest.mark.parametrize("way", ["close", "again", "drop"])
def test_however_you_leave_it_is_kept(playing: Viewer, quiet: Path, tmp_path: Path, way: str):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 4)
    if way == "close":
        playing.handle(pygame.Event(pygame.QUIT))
        assert not playing.running
    elif way == "again":
        press(playing, pygame.K_PLUS, pygame.K_RETURN)
        wait(playing)
        assert playing.playback.speed == 1, "the speed you chose stays"
        assert live(playing).session.episode.played == TICK
        np.testing.assert_allclose(pose(playing)[[X, Y]], (4.0, 4.5), atol=1e-6)
    else:
        playing.handle(pygame.Event(pygame.DROPFILE, file=str(quiet)))
        assert playing.mode is None
    (kept,) = (tmp_path / "played").iterdir()
    assert read(kept).header.ticks == TICK + 4


def test_where_nothing_can_be_kept_it_is_said(playing: Viewer, tmp_path: Path):
    (tmp_path / "played").write_text("a file where the folder should be")
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 2)
    press(playing, pygame.K_j)
    assert playing.message is not None and "nothing is kept" in playing.message
    press(playing, pygame.K_SPACE)
    assert live(playing).session.episode.played > TICK, "and the game is still there"


def test_without_teams_films_can_only_be_watched(quiet: Path):
    viewer = Viewer([quiet], tick=TICK)
    for key in (pygame.K_x, pygame.K_w):
        calm = picture(Viewer([quiet], tick=TICK))
        press(viewer, key)
        assert viewer.mode is None and (picture(viewer) != calm).any()


def test_a_world_that_is_not_known_here_is_told(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "odd.npz")
    viewer = Viewer([tmp_path / "odd.npz"], tick=3, play_context=play_context(tmp_path))
    press(viewer, pygame.K_x)
    wait(viewer)
    assert viewer.mode is None and viewer.message is not None and "not played on" in viewer.message


@pytest.mark.parametrize(("column", "number", "message"), [(X, 6.9, "beyond the floor"), (ANGLE, 9e4, "moves as none")])
def test_a_forged_body_is_refused(episode: Recording, tmp_path: Path, column: int, number: float, message: str):
    episode = read_copy(episode, tmp_path)
    episode.states.agents[TICK, 2, column] = number
    write(episode, tmp_path / "forged.npz")
    viewer = Viewer([tmp_path / "forged.npz"], tick=TICK, play_context=play_context(tmp_path))
    for key in (pygame.K_x, pygame.K_w):
        press(viewer, key)
        wait(viewer)
        assert viewer.mode is None and viewer.message is not None and message in viewer.message
        viewer.message = None


def read_copy(episode: Recording, folder: Path) -> Recording:
    write(episode, folder / "copy.npz")
    return read(folder / "copy.npz")


def test_at_the_end_there_is_nothing_to_take_over(quiet: Path, tmp_path: Path):
    viewer = Viewer([quiet], tick=40, play_context=play_context(tmp_path))
    press(viewer, pygame.K_x)
    assert viewer.mode is None and viewer.note


def test_escape_while_it_begins_again_goes_back_to_the_film(playing: Viewer, episode: Recording):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 5)
    press(playing, pygame.K_RETURN, pygame.K_ESCAPE)
    assert playing.mode is None and playing.film is not None and playing.film.name == "film.npz"
    np.testing.assert_array_equal(playing.film.recording.states.agents, episode.states.agents)


def game_of(folder: Path, you: int = 0) -> Viewer:
    """A window on games of statues from their start; the first has seed 7, the next 8, and so on."""
    scenario, seeds = scenario_from_text("quadrant"), itertools.count(7)
    viewer = Viewer([], play_context=play_context(folder))
    start_scene(
        viewer,
        Scene(lambda: begin(scenario, Statues(), next(seeds)), "game", "game", you, None, 0, False, folder, fog=False),
    )
    return viewer


def test_a_game_in_which_nothing_was_played_can_begin_again(tmp_path: Path):
    viewer = game_of(tmp_path)
    for _ in range(2):
        wait(viewer)
        assert live(viewer).session.episode.played == 0 and viewer.running
        press(viewer, pygame.K_RETURN)
    picture(viewer)


def test_a_game_from_the_start_is_kept_and_shown_when_left(tmp_path: Path):
    viewer = game_of(tmp_path, you=2)
    picture(viewer)
    wait(viewer)
    assert live(viewer).session.human == 2
    ticks = live(viewer).session.episode.header.preparation_ticks + 1
    press(viewer, pygame.K_UP)
    tick_by_tick(viewer, ticks)
    press(viewer, pygame.K_RETURN)
    wait(viewer)
    assert live(viewer).session.episode.header.seed == 8
    press(viewer, pygame.K_UP)
    tick_by_tick(viewer, ticks)
    press(viewer, pygame.K_ESCAPE)
    assert len(list(tmp_path.iterdir())) == 2 and viewer.running and viewer.film is not None
    assert str(tmp_path) in viewer.note, "it says where"
    recording = viewer.film.recording
    assert recording.header.seekers == "stones, and you" and recording.header.seed == 8
    expected = recording.expected_by(0)
    assert expected is not None and expected.tolist() == list(range(recording.header.ticks))
    assert recording.expected_by(2) is None
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running


def test_a_game_left_in_its_preparation_is_not_kept_unless_asked_for(tmp_path: Path):
    for asked in (False, True):
        viewer = game_of(tmp_path, you=2)
        wait(viewer)
        press(viewer, pygame.K_UP)
        tick_by_tick(viewer, 5)
        press(viewer, *[pygame.K_j] * asked, pygame.K_ESCAPE)
        assert len(list(tmp_path.iterdir())) == asked
        assert viewer.running == asked, "without a film the window closes"


def test_leaving_a_game_that_never_began_closes_the_window(tmp_path: Path):
    viewer = game_of(tmp_path)
    wait(viewer)
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running and not list(tmp_path.iterdir())
