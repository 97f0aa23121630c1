"""A person plays on from a film: what keys do to the agent, and what the window shows."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.viewer.film.viewer import LEAST_SIZE, Viewer
from replays.viewer.film.watching import FIRST_SIZE
from replays.viewer.modes import keycard
from replays.viewer.modes.play import LIVE_KEYS, Live
from sim.state import ANGLE, FREE, X, Y
from tests.replays.acting import (
    TICK,
    Statues,
    lift,
    live,
    pass_time,
    picture,
    play_context,
    pose,
    press,
    tick_by_tick,
    wait,
)


def test_time_waits_for_the_first_step(playing: Viewer):
    pass_time(playing, 1.0)
    assert (live(playing).session.episode.played, playing.playback.time) == (TICK, TICK)
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
        seen.append(live(playing).session.human)
    assert seen == [1, 2, 3, None, 0]
    press(playing, pygame.K_TAB)
    before = pose(playing, 1)
    press(playing, pygame.K_DOWN)
    tick_by_tick(playing, 2)
    assert pose(playing, 1)[Y] < before[Y] - 0.05


def test_the_past_can_be_looked_at_and_the_game_goes_on_where_it_was(playing: Viewer):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 6)
    press(playing, pygame.K_p)
    played, before = live(playing).session.episode.played, pose(playing)
    playing.playback.seek(3)
    pass_time(playing, 0.5)
    assert playing.playback.time == 3 and live(playing).session.episode.played == played
    press(playing, pygame.K_p)
    pass_time(playing, 0.5)
    np.testing.assert_array_equal(pose(playing), before)
    pass_time(playing, 6.0)
    assert live(playing).session.episode.played > played


def test_it_ends_with_the_episode_and_says_who_won(playing: Viewer):
    press(playing, pygame.K_UP)
    pass_time(playing, 20.0)
    take = live(playing).session.episode
    assert take.over and playing.playback.time == take.ticks == 60 and not playing.playback.playing
    shown = picture(playing)
    playing.playback.seek(59)
    assert (picture(playing) != shown).any()
    assert live(playing).result[0].startswith("The seekers win: hidden 0%")
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


@pytest.mark.parametrize(("size", "more"), [((1120, 760), True), ((800, 600), True), ((1280, 1200), False)])
def test_a_card_that_leaves_keys_out_says_how_many(
    playing: Viewer, size: tuple[int, int], more: bool, monkeypatch: pytest.MonkeyPatch
):
    texts: list[str] = []
    monkeypatch.setattr(keycard, "write", lambda surface, text, *_, **__: texts.append(text))
    playing.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
    picture(playing)
    shown = sum(key.name in texts for key in LIVE_KEYS)
    assert (f"{len(LIVE_KEYS) - shown} more keys" in texts) == more == (shown < len(LIVE_KEYS))


def test_who_stands_in_is_said_on_the_card_or_where_there_is_none(playable: Viewer, quiet: Path, tmp_path: Path):
    press(playable, pygame.K_x)
    wait(playable)
    assert Statues.note in live(playable).lines and not playable.note
    small = Viewer([quiet], tick=TICK, play_context=play_context(tmp_path))
    small.handle(pygame.Event(pygame.VIDEORESIZE, w=400, h=400, size=(400, 400)))
    press(small, pygame.K_x)
    wait(small)
    assert small.note.startswith(Statues.note) and "F1" in small.note


def test_letters_with_control_do_not_walk(playing: Viewer):
    before = pose(playing)
    press(playing, pygame.K_s, mod=pygame.KMOD_CTRL)
    pass_time(playing, 1.0)
    np.testing.assert_array_equal(pose(playing), before)


def test_no_key_does_two_things_and_the_films_keys_rest():
    numbers = [number for key in LIVE_KEYS for number in key.keys]
    assert len(set(numbers)) == len(numbers) and Live.alone


def test_a_window_that_stalls_goes_on_with_the_game(playing: Viewer):
    press(playing, pygame.K_RIGHT)
    for stall_s in (0.4, 3.0):
        played = live(playing).session.episode.played
        playing.advance(stall_s)
        assert live(playing).session.episode.played <= played + 2, "nothing is made up for"
        pass_time(playing, 0.5)
        assert playing.playback.playing and live(playing).session.episode.played > played
