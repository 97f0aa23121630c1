"""A person changes the world at one moment of a film, and watches it go on beside the film as it was."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.film.film import Film
from replays.format.recording import Recording, read
from replays.interpolation import moment
from replays.live_episode import AWAY, Changes, changed
from replays.session import PlayContext
from replays.viewer.film.viewer import LEAST_SIZE, Viewer
from replays.viewer.modes.mode import Waiting
from replays.viewer.modes.play import Live
from replays.viewer.modes.what_if import WHAT_IF_KEYS, WhatIf
from sim.errors import UserError
from sim.state import X, Y
from tests.replays.acting import TICK, Statues, click, pass_time, picture, play_context, press, wait


@pytest.fixture
def viewer(playable: Viewer) -> Viewer:
    """The film, paused, after W."""
    press(playable, pygame.K_w)
    return playable


def what_if(viewer: Viewer) -> WhatIf:
    assert isinstance(viewer.mode, WhatIf)
    return viewer.mode


def live(viewer: Viewer) -> Live:
    wait(viewer)
    assert isinstance(viewer.mode, Live)
    return viewer.mode


def test_a_thing_is_chosen_by_its_number_by_tab_or_by_a_click(viewer: Viewer):
    assert what_if(viewer).chosen == 0
    press(viewer, pygame.K_1)
    assert what_if(viewer).chosen == 1
    press(viewer, pygame.K_9)
    assert what_if(viewer).chosen == 1, "there is no box 9"
    press(viewer, pygame.K_TAB)
    assert what_if(viewer).chosen == 0
    assert viewer.film is not None
    x, y = viewer.film.recording.states.things[TICK, 1, [X, Y]]
    click(viewer, viewer.camera(viewer.panes).point(x + 0.2, y))
    assert what_if(viewer).chosen == 1


def test_what_is_taken_away_is_gone_from_the_picture_and_can_be_put_back(viewer: Viewer):
    before = picture(viewer)
    press(viewer, pygame.K_1, pygame.K_r)
    assert "without box 1" in what_if(viewer).lines[1]
    assert (picture(viewer) != before).any()
    press(viewer, pygame.K_r, pygame.K_0)
    np.testing.assert_array_equal(picture(viewer), before)


def test_time_stands_still_meanwhile(viewer: Viewer):
    click(viewer, viewer.panes.track.midright)
    pass_time(viewer, 0.1)
    assert viewer.playback.time == TICK


def test_only_what_is_locked_can_be_unlocked(viewer: Viewer):
    press(viewer, pygame.K_1, pygame.K_u)
    assert what_if(viewer).changes == Changes() and "not locked" in viewer.note
    press(viewer, pygame.K_0, pygame.K_u)
    assert what_if(viewer).changes.unlocked == {0}
    press(viewer, pygame.K_u)
    assert what_if(viewer).changes == Changes()


def test_escape_goes_back_to_the_film_untouched(viewer: Viewer, episode: Recording):
    press(viewer, pygame.K_r, pygame.K_ESCAPE)
    assert viewer.mode is None and viewer.film is not None
    np.testing.assert_array_equal(viewer.film.recording.states.things, episode.states.things)


def test_escape_while_it_gets_ready_leaves_the_film_untouched(viewer: Viewer, episode: Recording):
    press(viewer, pygame.K_r, pygame.K_RETURN, pygame.K_ESCAPE)
    assert viewer.mode is None and viewer.film is not None
    np.testing.assert_array_equal(viewer.film.recording.states.things, episode.states.things)


def test_where_it_cannot_go_on_the_film_is_untouched(viewer: Viewer, episode: Recording, tmp_path: Path):
    def nobody(*_: object) -> Statues:
        raise UserError("no team is here")

    what_if(viewer).play_context = PlayContext(nobody, tmp_path)
    press(viewer, pygame.K_r, pygame.K_RETURN)
    wait(viewer)
    assert viewer.mode is None and viewer.message == "no team is here" and viewer.film is not None
    np.testing.assert_array_equal(viewer.film.recording.states.things, episode.states.things)


def test_what_was_taken_away_is_not_drawn_again_while_the_teams_are_loaded(viewer: Viewer, episode: Recording):
    press(viewer, pygame.K_1, pygame.K_r, pygame.K_RETURN)
    for _ in ("the first time", "again"):
        assert isinstance(viewer.mode, Waiting) and viewer.film is not None and viewer.playback.time == TICK
        np.testing.assert_array_equal(viewer.film.recording.states.things[TICK, 1, :2], AWAY)
        live(viewer)
        press(viewer, pygame.K_RETURN)
    press(viewer, pygame.K_ESCAPE)
    assert viewer.mode is None and viewer.film is not None and viewer.playback.time == TICK
    np.testing.assert_array_equal(viewer.film.recording.states.things, episode.states.things)


def test_it_goes_on_without_the_box_and_is_kept(viewer: Viewer, episode: Recording, tmp_path: Path):
    press(viewer, pygame.K_1, pygame.K_r, pygame.K_RETURN)
    assert live(viewer).session.human is None and live(viewer).scene.name == "what if: without box 1"
    assert not live(viewer).session.game.layout.thing_exists[0, 1]
    pass_time(viewer, 1.0)
    assert live(viewer).session.episode.played > TICK + 8
    press(viewer, pygame.K_ESCAPE)
    (kept,) = (tmp_path / "played").iterdir()
    recording = read(kept)
    np.testing.assert_array_equal(recording.states.things[:TICK], episode.states.things[:TICK])
    np.testing.assert_array_equal(recording.states.things[TICK:, 1, :2], [AWAY] * (len(recording.states.tick) - TICK))
    assert recording.header.hiders == "statues", "nobody was played by hand"


def test_a_played_on_recording_without_a_box_can_be_played_on_again(viewer: Viewer, tmp_path: Path):
    press(viewer, pygame.K_1, pygame.K_r, pygame.K_RETURN)
    live(viewer)
    pass_time(viewer, 1.0)
    press(viewer, pygame.K_ESCAPE)
    (kept,) = (tmp_path / "played").iterdir()
    again = Viewer([kept], tick=TICK + 2, play_context=play_context(tmp_path))
    press(again, pygame.K_w)
    assert what_if(again).things == [0]
    press(again, pygame.K_RETURN)
    assert not live(again).session.game.layout.thing_exists[0, 1]


def test_an_opened_lock_is_open_from_that_moment_on(viewer: Viewer):
    press(viewer, pygame.K_u, pygame.K_RETURN)
    live(viewer)
    pass_time(viewer, 0.5)
    assert viewer.film is not None
    states = viewer.film.recording.states
    assert states.lock[TICK - 1, 0] == 1 and (states.lock[TICK:, 0] == 0).all()
    kinds = [event.kind for event in viewer.film.recording.events if event.tick == TICK]
    assert kinds == ["lock opened"]


def test_the_film_as_it_was_is_beside_until_b(viewer: Viewer):
    press(viewer, pygame.K_1, pygame.K_r, pygame.K_RETURN)
    assert live(viewer).beside
    viewer.playback.playing = False
    shown = picture(viewer)
    left, right = shown[: shown.shape[0] // 2], shown[shown.shape[0] // 2 :]
    press(viewer, pygame.K_b)
    assert (picture(viewer) != shown).any() and left.shape[1] == right.shape[1]
    assert viewer.panes.world.width > 1.5 * (viewer.size[0] - 264) / 2


def test_what_was_put_elsewhere_does_not_fly(episode: Recording):
    without = changed(episode, TICK, Changes(removed=frozenset({1})))
    np.testing.assert_array_equal(moment(without, TICK - 0.5).state.things[0, 1], episode.states.things[TICK - 1, 1])


@pytest.mark.parametrize("size", [LEAST_SIZE, (800, 600), (1280, 720)])
def test_it_can_be_drawn_at_every_size(viewer: Viewer, size: tuple[int, int]):
    viewer.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
    seen = [picture(viewer)]
    for key in (pygame.K_r, pygame.K_F1):
        press(viewer, key)
        seen.append(picture(viewer))
    assert (seen[0] != seen[1]).any() and (seen[1] != seen[2]).any()


def test_no_key_does_two_things():
    numbers = [number for key in WHAT_IF_KEYS for number in key.keys]
    assert len(set(numbers)) == len(numbers)


def test_at_its_end_it_is_compared_with_the_film_as_it_was(viewer: Viewer, episode: Recording):
    press(viewer, pygame.K_1, pygame.K_r, pygame.K_RETURN)
    shown = live(viewer)
    pass_time(viewer, 30.0)
    assert shown.session.episode.over
    share = Film(episode, "").hidden_share[-1]
    assert shown.result[1] == f"as it was: hidden {share:.0%}"
