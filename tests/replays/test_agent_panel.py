"""Choosing an agent, and what the window says about what it sees, observes and expects."""

import dataclasses
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.format.recording import Recording, write
from replays.strategies.catalogue import names
from replays.viewer.film.agent_view import decode_observation, observation
from replays.viewer.film.viewer import Viewer
from sim.game import Game
from sim.layout import Slots
from sim.scenario import scenario_from_text
from sim.schema import observation_size
from tests.replays.acting import mouse, now, picture, pixel, press

SHIFT = pygame.KMOD_LSHIFT


def test_tab_and_clicks_select_an_agent_and_escape_leaves_it(viewer: Viewer):
    nobody = picture(viewer)
    press(viewer, pygame.K_TAB)
    assert viewer.world_view.selected == 0 and (picture(viewer) != nobody)[viewer.panes.side.left :].any()
    press(viewer, pygame.K_TAB, mod=SHIFT)
    press(viewer, pygame.K_TAB, mod=SHIFT)
    assert viewer.world_view.selected == 2
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        mouse(viewer, kind, pixel(viewer, 2.0, 4.0))
    assert viewer.world_view.selected == 1
    press(viewer, pygame.K_ESCAPE)
    assert viewer.world_view.selected is None and viewer.running
    np.testing.assert_array_equal(picture(viewer), nobody)
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running


def test_the_panel_shows_what_the_agent_observed():
    """The observation is the very one that the game hands out, in preparation and after it."""
    from replays.format.recording import Recorder

    game = Game(scenario_from_text("quadrant-two-boxes"), 1)
    game.reset(np.array([5], np.uint64))
    random, handed = np.random.default_rng(0), [game.observation[0].copy()]
    recorder = Recorder(game, seed=5, hiders="a", seekers="b", hashes={})
    for _ in range(game.scenario.ticks):
        actions = random.integers(0, (9, 3, 4), game.actions.shape, np.int8)
        game.tick(actions)
        recorder.add(actions)
        handed.append(game.observation[0].copy())
    recording = recorder.finish()
    for tick in (0, 23, 24, 40, 64):
        np.testing.assert_allclose(observation(recording, tick), handed[tick], atol=1e-6)
    asleep = decode_observation(recording, 3, 2)
    assert not asleep.agents and not asleep.things and not asleep.lidar.any() and len(asleep.unknown) == 5
    for tick in range(30, 60, 5):
        for agent in range(4):
            about, state = decode_observation(recording, tick, agent), recording.states
            assert about.place == pytest.approx(tuple(state.agents[tick, agent, :2]), abs=1e-5)
            assert {body.number for body in about.agents} == set(recording.seen[tick, agent].nonzero()[0].tolist())
            for body in about.things:
                assert body.pose[:2] == pytest.approx(tuple(state.things[tick, body.number, :2]), abs=1e-5)
    assert handed[0].shape == (4, observation_size(Slots(2, 2, 2, 0, 4, 2)))


def test_the_value_curve_follows_the_recording(viewer: Viewer, recording: Recording, tmp_path: Path):
    press(viewer, pygame.K_TAB)
    header = dataclasses.replace(recording.header, outcome=dict.fromkeys(names(), False))
    write(dataclasses.replace(recording, values=None, header=header), tmp_path / "none.npz")
    without = Viewer([tmp_path / "none.npz"], tick=0)
    press(without, pygame.K_TAB)
    side = viewer.panes.side
    lower = (slice(side.left, side.right), slice(side.bottom - 80, side.bottom - 10))
    assert (picture(viewer)[lower] != picture(without)[lower]).any()
    early = picture(viewer)[lower]
    viewer.playback.seek(18)
    assert (picture(viewer)[lower] != early).any()


def test_fog_hides_what_a_team_does_not_see(viewer: Viewer):
    viewer.playback.seek(10)
    seeker, own = (pixel(viewer, 5.0, 5.0), pixel(viewer, *now(viewer).state.agents[0, 0, :2]))
    clear = picture(viewer)
    press(viewer, pygame.K_f)
    assert "hiders" in viewer.note
    fogged = picture(viewer)
    assert fogged[seeker].tolist() != clear[seeker].tolist(), "no hider sees the seeker"
    assert np.abs(fogged[own] - clear[own]).max() < 4
    press(viewer, pygame.K_f)
    assert picture(viewer)[seeker].tolist() == clear[seeker].tolist()
    press(viewer, pygame.K_f)
    viewer.advance(10.0)
    np.testing.assert_array_equal(picture(viewer), clear)
    press(viewer, pygame.K_TAB)
    for _ in range(3):
        press(viewer, pygame.K_f)
    assert viewer.world_view.fog == 3
    press(viewer, pygame.K_ESCAPE)
    assert viewer.world_view.fog == 0
