"""What if tells the truth: what the user changed is an event of its own, and no agent did it."""

import dataclasses
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.events import CHANGE_KINDS, KINDS, NOBODY, Event, since_last_change, with_changes
from replays.film.facts import facts_of
from replays.film.film import Film
from replays.format.recording import Recorder, Recording, read, write
from replays.viewer.film.viewer import Viewer
from replays.viewer.modes.play import Live
from replays.wording import in_words
from sim.game import Game
from sim.scenario import scenario_from_text
from tests.replays.acting import live, pass_time, play_context, press, tick_by_tick, wait

DOOR = 1
SHIPPED = Path(__file__).parents[2] / "replays" / "gallery" / "door-blocked.npz"


@pytest.fixture(scope="module")
def blocked() -> Recording:
    """The shipped film in which hider 1 blocks the door with box 0."""
    return read(SHIPPED)


@pytest.fixture
def kept(blocked: Recording, tmp_path: Path) -> Recording:
    """The box is taken away at tick 35, and what goes on is kept."""
    write(blocked, tmp_path / "film.npz")
    viewer = Viewer([tmp_path / "film.npz"], tick=35, play_context=play_context(tmp_path))
    press(viewer, pygame.K_w, pygame.K_r, pygame.K_RETURN)
    wait(viewer)
    pass_time(viewer, 1.5)
    press(viewer, pygame.K_ESCAPE)
    (path,) = (tmp_path / "played").iterdir()
    return read(path)


def test_the_box_is_taken_away_by_the_user_and_by_no_agent(kept: Recording):
    assert kept.header.ticks > 42
    changed = [event for event in kept.events if event.kind in CHANGE_KINDS]
    assert changed == [Event(35, "taken away", NOBODY, 0, DOOR)]
    film = Film(kept, "")
    assert film.words(changed[0]) == "Box 0 was taken away here: the door is open again"
    assert [event for event in kept.events if event.tick >= 35 and event.kind == "door open again"] == []
    assert film.shut_doors(34) and not film.shut_doors(35)


def test_the_film_is_marked_as_changed_and_shows_no_blocked_door(kept: Recording):
    assert kept.header.outcome["changed"] is True and kept.header.outcome["door_blocked"] is False
    assert "played_by" not in kept.header.outcome
    assert "Door blocked" not in facts_of(kept).strategies


def test_what_agents_did_before_is_still_told(kept: Recording, blocked: Recording):
    before = [event for event in blocked.events if event.tick < 35]
    assert [event for event in kept.events if event.tick < 35] == before


def test_a_changed_film_that_is_played_on_stays_changed(kept: Recording, tmp_path: Path):
    write(kept, tmp_path / "changed.npz")
    viewer = Viewer([tmp_path / "changed.npz"], tick=38, play_context=play_context(tmp_path))
    press(viewer, pygame.K_x)
    wait(viewer)
    press(viewer, pygame.K_UP)
    tick_by_tick(viewer, 4)
    again = live(viewer).session.episode.recording()
    assert again.header.outcome["changed"] is True and again.header.outcome["played_by"] == "you"
    assert [event for event in again.events if event.kind in CHANGE_KINDS] == [Event(35, "taken away", NOBODY, 0, DOOR)]


def test_what_is_only_played_on_is_not_changed(playing: Viewer):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 2)
    outcome = live(playing).session.episode.recording().header.outcome
    assert "changed" not in outcome and outcome["played_by"] == "you"


def test_an_opened_lock_is_told_as_such(recording: Recording):
    event = Event(4, "lock opened", NOBODY, 0, NOBODY)
    assert in_words(event, recording.header.slots) == "The lock of box 0 was opened here"


def test_changes_take_the_place_of_what_they_cause():
    change = Event(5, "taken away", NOBODY, 0, NOBODY)
    caused = [Event(5, "release", 1, 0, NOBODY), Event(5, "door open again", 1, 0, 2)]
    others = [Event(5, "release", 1, 1, NOBODY), Event(6, "unlock", 0, 0, NOBODY)]
    assert with_changes([*caused, *others], [change]) == [change._replace(other=2), *others]
    assert since_last_change([Event(2, "grab", 0, 0, NOBODY), change, *others]) == [change, *others]
    assert since_last_change(others) == others
    opened = Event(6, "lock opened", NOBODY, 1, NOBODY)
    assert since_last_change([change, *others, opened]) == [others[1], opened], "either change counts"


def test_files_name_kinds_of_changes_only_where_they_occur(recording: Recording, tmp_path: Path):
    """So that recordings without changes are the bytes they always were."""
    write(recording, tmp_path / "plain.npz")
    plain = np.load(tmp_path / "plain.npz")["header"].tobytes().decode()
    assert not any(kind in plain for kind in CHANGE_KINDS)
    event = Event(5, "taken away", NOBODY, 1, NOBODY)
    changed = dataclasses.replace(recording, events=(event,))
    write(changed, tmp_path / "changed.npz")
    assert read(tmp_path / "changed.npz").events == (event,)
    assert KINDS[-2:] == CHANGE_KINDS


@pytest.mark.parametrize("key", [pygame.K_x, pygame.K_w])
def test_a_world_without_things_plays_on(key: int, tmp_path: Path):
    game = Game(scenario_from_text("quadrant:boxes=0"), 1)
    game.reset(np.array([1], np.uint64))
    recorder = Recorder(game, seed=1, hiders="statues", seekers="stones", hashes={})
    for _ in range(10):
        actions = np.zeros((1, game.slots.agents, 3), np.int8)
        game.tick(actions)
        recorder.add(game, actions)
    write(recorder.finish(), tmp_path / "empty.npz")
    viewer = Viewer([tmp_path / "empty.npz"], tick=5, play_context=play_context(tmp_path))
    viewer.draw(pygame.Surface(viewer.size))
    press(viewer, key)
    wait(viewer)
    viewer.draw(pygame.Surface(viewer.size))
    press(viewer, pygame.K_r, pygame.K_u, pygame.K_RETURN)
    wait(viewer)
    assert isinstance(viewer.mode, Live)
    press(viewer, pygame.K_UP)
    pass_time(viewer, 1.0)
    viewer.draw(pygame.Surface(viewer.size))
    assert viewer.mode.session.episode.played > 5
