"""Worlds whose counts change, and that go on beyond what is allowed, are kept, watched and played as any other."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.film.agent_view import visible_text
from replays.film.film import Film
from replays.format.recording import Recorder, Recording, read, write
from replays.viewer.film.viewer import Viewer
from replays.viewer.modes.play import Live
from sim.game import Game
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from tests.replays.acting import lift, picture, play_context, press, wait

TEXTS = ["rooms", "open_field", "rooms:outer_walls=false"]


def episode(text: str) -> Recording:
    """Random play in a world in which somebody and something is missing."""
    game = Game(scenario_from_text(text), 1)
    seed = 0
    game.reset(np.array([seed], np.uint64))
    while game.layout.agent_exists.all() or not game.layout.agent_exists[0, 1] or game.layout.thing_exists.all():
        seed += 1
        game.reset(np.array([seed], np.uint64))
    recorder, random = Recorder(game, seed=seed, hiders="random", seekers="random", hashes={}), np.random.default_rng(0)
    for _ in range(110):
        actions = random.integers(0, ACTION_SIZES, (1, game.slots.agents, 3), np.int8)
        game.tick(actions)
        recorder.add(game, actions)
    return recorder.finish()


@pytest.fixture(params=TEXTS)
def recording(request: pytest.FixtureRequest) -> Recording:
    return episode(request.param)


def test_it_comes_back_from_its_file(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "a.npz")
    again = read(tmp_path / "a.npz")
    for one, other in zip((*recording.layout, *recording.states), (*again.layout, *again.states), strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.events == recording.events
    assert (again.layout.out_of_bounds_margin_m[0] > 0) == ("outer_walls=false" in recording.header.scenario)


def test_what_an_agent_is_told_names_those_who_are_there(recording: Recording):
    slots, layout = recording.header.slots, recording.layout
    film, everything = Film(recording, ""), layout.agent_exists.sum() - 1 + layout.thing_exists.sum()
    for agent in np.flatnonzero(layout.agent_exists[0]).tolist():
        about = film.observed(100, agent)
        assert len(about.agents) + len(about.things) + len(about.unknown) == everything
        assert len(about.doors) == layout.door_exists.sum()
        for body in about.things:
            assert (np.array(body.half) == layout.thing_half[0, body.number].astype(np.float32)).all()
        assert len(visible_text(about, slots)) == len(about.agents) + len(about.things)


def test_those_who_are_there_can_be_watched_and_played(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "film.npz")
    viewer = Viewer([tmp_path / "film.npz"], tick=100, play_context=play_context(tmp_path))
    assert len(np.unique(picture(viewer))) > 10
    press(viewer, pygame.K_x)
    wait(viewer)
    assert isinstance(viewer.mode, Live)
    session, played = viewer.mode.session, set()
    assert session.agents == np.flatnonzero(recording.layout.agent_exists[0]).tolist()
    for _ in session.agents:
        played.add(session.human)
        press(viewer, pygame.K_TAB)
        picture(viewer)
    assert played == set(session.agents) and session.human is None
    before = session.episode.played
    press(viewer, pygame.K_TAB, pygame.K_UP)
    while session.episode.played < before + 3:
        viewer.advance(1 / 60)
    lift(viewer, pygame.K_UP)
