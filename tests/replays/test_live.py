"""A person plays on from a film: what keys do to the agent, and that nothing played is ever lost."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.recording import Recording, read, write
from replays.session import begin
from replays.viewer.live import LIVE_KEYS, Live, Scene
from replays.viewer.viewer import FIRST_SIZE, LEAST_SIZE, Viewer
from sim.scenario import scenario_from_text
from sim.state import ANGLE, FREE, VX, X, Y
from tests.replays.acting import Statues, lift, pass_time, picture, press, studio, wait

TICK = 20


@pytest.fixture
def path(episode: Recording, tmp_path: Path) -> Path:
    write(episode, tmp_path / "film.npz")
    return tmp_path / "film.npz"


@pytest.fixture
def viewer(path: Path, tmp_path: Path) -> Viewer:
    return Viewer([path], tick=TICK, studio=studio(tmp_path))


def live(viewer: Viewer) -> Live:
    assert isinstance(viewer.mode, Live)
    return viewer.mode


@pytest.fixture
def playing(viewer: Viewer) -> Viewer:
    """Hider 0 has been taken over, and nothing was pressed yet."""
    press(viewer, pygame.K_x)
    wait(viewer)
    assert live(viewer).session.you == 0
    return viewer


def pose(viewer: Viewer, agent: int = 0) -> np.ndarray:
    return live(viewer).session.pose(agent).copy()


def tick_by_tick(viewer: Viewer, ticks: int):
    """Lets so many more ticks be played."""
    wanted = live(viewer).session.take.played + ticks
    while live(viewer).session.take.played < wanted:
        viewer.advance(1 / 60)


def test_time_waits_for_the_first_step(playing: Viewer):
    pass_time(playing, 1.0)
    assert (live(playing).session.take.played, playing.playback.time) == (TICK, TICK)
    press(playing, pygame.K_UP)
    pass_time(playing, 1.0)
    assert playing.playback.time == pytest.approx(TICK + 5, abs=0.2), "at half speed"


@pytest.mark.parametrize(
    ("keys", "way"),
    [
        ([pygame.K_RIGHT], (1, 0)),
        ([pygame.K_UP], (0, 1)),
        ([pygame.K_LEFT], (-1, 0)),
        ([pygame.K_DOWN], (0, -1)),
        ([pygame.K_w], (0, 1)),
        ([pygame.K_a], (-1, 0)),
        ([pygame.K_s], (0, -1)),
        ([pygame.K_d], (1, 0)),
        ([pygame.K_UP, pygame.K_LEFT], (-1, 1)),
        ([pygame.K_DOWN, pygame.K_RIGHT], (1, -1)),
        ([pygame.K_KP9], (1, 1)),
        ([pygame.K_KP1], (-1, -1)),
        ([pygame.K_LEFT, pygame.K_RIGHT], (0, 0)),
    ],
)
def test_keys_walk_the_way_they_point(playing: Viewer, keys: list[int], way: tuple[int, int]):
    before, others = pose(playing), [pose(playing, agent) for agent in (1, 2, 3)]
    press(playing, *keys)
    tick_by_tick(playing, 2)
    moved = (pose(playing) - before)[[X, Y]]
    np.testing.assert_array_equal(np.sign(np.round(moved, 3)), way)
    for agent, other in enumerate(others, start=1):
        np.testing.assert_allclose(pose(playing, agent), other, atol=1e-6)


def test_walking_ends_when_the_key_comes_up_or_the_window_is_left(playing: Viewer):
    for stop in (
        lambda: lift(playing, pygame.K_UP),
        lambda: playing.handle(pygame.Event(pygame.WINDOWFOCUSLOST)),
    ):
        press(playing, pygame.K_UP)
        tick_by_tick(playing, 2)
        stop()
        tick_by_tick(playing, 10)
        resting = pose(playing)
        tick_by_tick(playing, 1)
        np.testing.assert_allclose(pose(playing), resting, atol=1e-3)


def test_a_tap_counts_for_one_tick(playing: Viewer):
    start = pose(playing)[Y]
    press(playing, pygame.K_UP)
    lift(playing, pygame.K_UP)
    tick_by_tick(playing, 8)
    assert 0.05 < pose(playing)[Y] - start < 0.4


def test_turning_with_q_and_e(playing: Viewer):
    for key, sign in ((pygame.K_q, 1), (pygame.K_e, -1)):
        before = pose(playing)[ANGLE]
        press(playing, key)
        tick_by_tick(playing, 2)
        assert sign * (pose(playing)[ANGLE] - before) > 0.2
        lift(playing, key)
        tick_by_tick(playing, 8)


def test_you_look_where_you_walk_unless_told_otherwise(playing: Viewer):
    press(playing, pygame.K_LEFT)
    tick_by_tick(playing, 15)
    assert np.cos(pose(playing)[ANGLE]) < -0.9
    lift(playing, pygame.K_LEFT)
    press(playing, pygame.K_v, pygame.K_RIGHT)
    tick_by_tick(playing, 10)
    assert np.cos(pose(playing)[ANGLE]) < -0.9


def test_space_grabs_and_lets_go_and_f_locks(playing: Viewer):
    session = live(playing).session
    assert session.lock(0) == 1 and "box 0, locked by your team" in live(playing).lines[0]
    press(playing, pygame.K_SPACE)
    tick_by_tick(playing, 1)
    assert (session.held(0), session.lock(0)) == (0, 0), "grabbing it opens your team's lock"
    assert live(playing).lines[0] == "You hold box 0."
    press(playing, pygame.K_SPACE)
    tick_by_tick(playing, 1)
    assert session.held(0) == FREE
    tick_by_tick(playing, 1)
    press(playing, pygame.K_f)
    tick_by_tick(playing, 1)
    assert session.lock(0) == 1
    assert playing.film is not None
    kinds = [event.kind for event in playing.film.recording.events if event.tick > TICK and event.agent == 0]
    assert kinds == ["unlock", "grab", "release", "lock"]


def test_tab_goes_through_everybody_and_nobody(playing: Viewer):
    seen = []
    for _ in range(5):
        press(playing, pygame.K_TAB)
        seen.append(live(playing).session.you)
    assert seen == [1, 2, 3, None, 0]
    press(playing, pygame.K_TAB)
    before = pose(playing, 1)
    press(playing, pygame.K_DOWN)
    tick_by_tick(playing, 2)
    assert pose(playing, 1)[Y] < before[Y] - 0.05


def test_escape_goes_back_to_the_film_and_keeps_what_was_played(playing: Viewer, episode: Recording, tmp_path: Path):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 7)
    played = live(playing).session.take.played
    press(playing, pygame.K_ESCAPE)
    assert playing.mode is None and playing.running
    assert playing.title == "film.npz - hideseek" and playing.playback.time == TICK
    (kept,) = (tmp_path / "played").iterdir()
    assert playing.paths == [tmp_path / "film.npz", kept]
    recording = read(kept)
    assert (recording.header.ticks, recording.header.seed) == (played, 5)
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
def test_however_you_leave_it_is_kept(playing: Viewer, path: Path, tmp_path: Path, way: str):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 4)
    if way == "close":
        playing.handle(pygame.Event(pygame.QUIT))
        assert not playing.running
    elif way == "again":
        press(playing, pygame.K_PLUS, pygame.K_RETURN)
        wait(playing)
        assert playing.playback.speed == 1, "the speed you chose stays"
        assert live(playing).session.take.played == TICK
        np.testing.assert_allclose(pose(playing)[[X, Y]], (4.0, 4.5), atol=1e-6)
    else:
        playing.handle(pygame.Event(pygame.DROPFILE, file=str(path)))
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
    assert live(playing).session.take.played > TICK, "and the game is still there"


def test_the_past_can_be_looked_at_and_the_game_goes_on_where_it_was(playing: Viewer):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 6)
    press(playing, pygame.K_p)
    played, before = live(playing).session.take.played, pose(playing)
    playing.playback.seek(3)
    pass_time(playing, 0.5)
    assert playing.playback.time == 3 and live(playing).session.take.played == played
    press(playing, pygame.K_p)
    pass_time(playing, 0.5)
    np.testing.assert_array_equal(pose(playing), before)
    pass_time(playing, 6.0)
    assert live(playing).session.take.played > played


def test_it_ends_with_the_episode_and_says_who_won(playing: Viewer):
    press(playing, pygame.K_UP)
    pass_time(playing, 20.0)
    take = live(playing).session.take
    assert take.over and playing.playback.time == take.ticks == 60 and not playing.playback.playing
    shown = picture(playing)
    playing.playback.seek(59)
    assert (picture(playing) != shown).any()
    assert live(playing)._result().startswith("The seekers win: hidden 0%")
    press(playing, pygame.K_ESCAPE)


@pytest.mark.parametrize("size", [FIRST_SIZE, LEAST_SIZE, (1280, 720), (800, 600), (500, 1400), (2000, 500)])
def test_it_can_be_drawn_at_every_size(playing: Viewer, size: tuple[int, int]):
    playing.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
    alone = picture(playing)
    press(playing, pygame.K_b)
    assert (picture(playing) != alone).any()
    press(playing, pygame.K_F1)
    picture(playing)
    press(playing, pygame.K_ESCAPE)
    assert live(playing) and not playing.help, "Escape puts the help page away first"


def test_who_stands_in_is_said_on_the_card_or_where_there_is_none(viewer: Viewer, path: Path, tmp_path: Path):
    press(viewer, pygame.K_x)
    wait(viewer)
    assert Statues.note in live(viewer).lines and not viewer.note
    small = Viewer([path], tick=TICK, studio=studio(tmp_path))
    small.handle(pygame.Event(pygame.VIDEORESIZE, w=400, h=400, size=(400, 400)))
    press(small, pygame.K_x)
    wait(small)
    assert small.note == Statues.note


def test_letters_with_control_do_not_walk(playing: Viewer):
    before = pose(playing)
    press(playing, pygame.K_s, mod=pygame.KMOD_CTRL)
    pass_time(playing, 1.0)
    np.testing.assert_array_equal(pose(playing), before)


def test_no_key_does_two_things_and_the_films_keys_rest():
    numbers = [number for key in LIVE_KEYS for number in key.keys]
    assert len(set(numbers)) == len(numbers) and Live.alone


def test_without_teams_films_can_only_be_watched(path: Path):
    viewer = Viewer([path], tick=TICK)
    for key in (pygame.K_x, pygame.K_w):
        calm = picture(Viewer([path], tick=TICK))
        press(viewer, key)
        assert viewer.mode is None and (picture(viewer) != calm).any()


def test_a_world_that_is_not_known_here_is_told(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "odd.npz")
    viewer = Viewer([tmp_path / "odd.npz"], tick=3, studio=studio(tmp_path))
    press(viewer, pygame.K_x)
    wait(viewer)
    assert viewer.mode is None and viewer.message is not None and "not played on" in viewer.message


@pytest.mark.parametrize(
    ("column", "number", "told"), [(X, 150.0, "beyond the floor"), (VX, 1e9, "moves as none"), (ANGLE, 1e9, "as none")]
)
def test_a_forged_body_is_refused(episode: Recording, tmp_path: Path, column: int, number: float, told: str):
    episode = read_copy(episode, tmp_path)
    episode.states.agents[TICK, 2, column] = number
    write(episode, tmp_path / "forged.npz")
    viewer = Viewer([tmp_path / "forged.npz"], tick=TICK, studio=studio(tmp_path))
    for key in (pygame.K_x, pygame.K_w):
        press(viewer, key)
        wait(viewer)
        assert viewer.mode is None and viewer.message is not None and told in viewer.message
        viewer.message = None


def read_copy(episode: Recording, folder: Path) -> Recording:
    write(episode, folder / "copy.npz")
    return read(folder / "copy.npz")


def test_at_the_end_there_is_nothing_to_take_over(path: Path, tmp_path: Path):
    viewer = Viewer([path], tick=40, studio=studio(tmp_path))
    press(viewer, pygame.K_x)
    assert viewer.mode is None and viewer.note


def test_escape_while_it_begins_again_goes_back_to_the_film(playing: Viewer, episode: Recording):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 5)
    press(playing, pygame.K_RETURN, pygame.K_ESCAPE)
    assert playing.mode is None and playing.film is not None and playing.film.name == "film.npz"
    np.testing.assert_array_equal(playing.film.recording.states.agents, episode.states.agents)


def test_a_game_in_which_nothing_was_played_can_begin_again(tmp_path: Path):
    scenario = scenario_from_text("quadrant")
    viewer = Viewer([], studio=studio(tmp_path))
    viewer.play(Scene(lambda: begin(scenario, Statues(), 1), "", "", 0, None, 0, False, tmp_path, fog=False))
    for _ in range(2):
        wait(viewer)
        assert live(viewer).session.take.played == 0 and viewer.running
        press(viewer, pygame.K_RETURN)
    picture(viewer)


def test_a_game_from_the_start_is_kept_and_shown_when_left(tmp_path: Path):
    scenario, seeds = scenario_from_text("quadrant"), iter((7, 8))
    scene = Scene(
        lambda: begin(scenario, Statues(), next(seeds)),
        "game",
        "game",
        2,
        None,
        0,
        beside=False,
        kept_in=tmp_path,
        fog=False,
    )
    viewer = Viewer([], studio=studio(tmp_path))
    viewer.play(scene)
    picture(viewer)
    wait(viewer)
    assert live(viewer).session.you == 2
    press(viewer, pygame.K_UP)
    tick_by_tick(viewer, 5)
    press(viewer, pygame.K_RETURN)
    wait(viewer)
    assert live(viewer).session.take.header.seed == 8
    press(viewer, pygame.K_UP)
    tick_by_tick(viewer, 5)
    press(viewer, pygame.K_ESCAPE)
    assert len(list(tmp_path.iterdir())) == 2 and viewer.running and viewer.film is not None
    assert viewer.film.recording.header.seekers == "stones, and you" and viewer.film.recording.header.seed == 8
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running


def test_leaving_a_game_that_never_began_closes_the_window(tmp_path: Path):
    scene = Scene(
        lambda: begin(scenario_from_text("quadrant"), Statues(), 1),
        "",
        "",
        0,
        None,
        0,
        beside=False,
        kept_in=tmp_path,
        fog=False,
    )
    viewer = Viewer([], studio=studio(tmp_path))
    viewer.play(scene)
    wait(viewer)
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running and not list(tmp_path.iterdir())
