"""Choosing an agent, and what the window says about what it sees, observes and expects."""

import dataclasses
from pathlib import Path
from typing import ClassVar

import numpy as np
import pygame
import pytest

from replays.film import film as film_module
from replays.film.agent_view import summary_text, visible_text
from replays.film.film import Film
from replays.format.recording import Recorder, Recording, write
from replays.live_episode import Changes, changed
from replays.strategies.catalogue import names
from replays.viewer.film import agent_panel
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


def played(text: str, ticks: int) -> tuple[Recording, list[np.ndarray]]:
    """Random play, and what the game let the agents observe from tick to tick."""
    game = Game(scenario_from_text(text), 1)
    game.reset(np.array([5], np.uint64))
    random, handed = np.random.default_rng(0), [game.observation[0].copy()]
    recorder = Recorder(game, seed=5, hiders="a", seekers="b", hashes={})
    for _ in range(ticks):
        actions = random.integers(0, (9, 3, 4), game.actions.shape, np.int8)
        game.tick(actions)
        recorder.add(game, actions)
        handed.append(game.observation[0].copy())
    return recorder.finish(), handed


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("quadrant-two-boxes", 64),
        ("quadrant", 40),
        ("quadrant+blind-seekers", 64),
        ("quadrant-ramp+swapped-looks", 80),
        ("quadrant+seekers-stop", 64),
        ("quadrant+long", 50),
        ("quadrant+more-agents", 64),
        ("rooms:outer_walls=false", 60),
        ("food", 30),
    ],
)
def test_the_panel_shows_the_observation_that_the_game_handed_out(text: str, ticks: int):
    """In preparation and after it, where the scenario is shifted, and where the episode was left early."""
    recording, handed = played(text, ticks)
    film = Film(recording, text)
    for tick in range(ticks + 1):
        assert not film.shown(tick).estimated
        np.testing.assert_allclose(film.shown(tick).observation, handed[tick], atol=1e-6)
        np.testing.assert_array_equal(film.sight(tick).agents[0], recording.seen[tick])


def test_bodies_lie_where_the_recording_has_them():
    recording, handed = played("quadrant-two-boxes", 64)
    film = Film(recording, "")
    asleep = film.observed(3, 2)
    assert not asleep.agents and not asleep.things and not asleep.lidar.any() and len(asleep.unknown) == 5
    for tick in range(30, 60, 5):
        for agent in range(4):
            about, state = film.observed(tick, agent), recording.states
            assert about.place == pytest.approx(tuple(state.agents[tick, agent, :2]), abs=1e-5)
            assert {body.number for body in about.agents} == set(recording.seen[tick, agent].nonzero()[0].tolist())
            for body in about.things:
                assert body.pose[:2] == pytest.approx(tuple(state.things[tick, body.number, :2]), abs=1e-5)
    assert handed[0].shape == (4, observation_size(Slots(2, 2, 2, 0, 4, 2)))


@pytest.mark.parametrize(
    "changes", [{"scenario": "of-another-version"}, {"scenario": "quadrant-ramp"}, {"preparation_ticks": 10}]
)
def test_of_an_unknown_world_the_observation_is_estimated_and_the_panel_says_so(
    changes: dict, monkeypatch: pytest.MonkeyPatch
):
    recording, handed = played("quadrant", 64)
    film = Film(dataclasses.replace(recording, header=dataclasses.replace(recording.header, **changes)), "")
    texts: list[str] = []
    monkeypatch.setattr(agent_panel, "write", lambda surface, text, *_, **__: texts.append(text))
    surface = pygame.Surface((330, 700))
    for known, shown in ((False, film), (True, Film(recording, ""))):
        texts.clear()
        agent_panel.draw_agent_panel(surface, surface.get_rect(), shown, 0, 40.0)
        assert any("Estimated" in text for text in texts) != known
        assert summary_text(shown.observed(40, 0), recording, 40).endswith("estimated") != known
    for tick in (5, 12, 30, 40):
        assert film.shown(tick).estimated
        if "preparation_ticks" not in changes:
            np.testing.assert_allclose(film.shown(tick).observation, handed[tick], atol=1e-6)
            assert (film.shown(tick).seen.headings == Film(recording, "").shown(tick).seen.headings).all()


def test_an_estimate_takes_who_was_seen_from_the_recording():
    recording, _ = played("quadrant+blind-seekers", 64)
    film = Film(dataclasses.replace(recording, header=dataclasses.replace(recording.header, scenario="unknown")), "")
    assert not any(film.sight(tick).agents[0, 2:].any() for tick in range(65))


def test_a_moment_that_no_game_can_enter_is_estimated():
    recording, _ = played("quadrant", 30)
    recording.states.agents[12, 0, 0] = -0.5
    film = Film(recording, "")
    assert [film.shown(tick).estimated for tick in (11, 12, 13)] == [False, True, False]


def test_a_thing_that_was_taken_away_is_not_said_to_take_part():
    recording, _ = played("quadrant-two-boxes", 30)
    later = changed(recording, 20, Changes(removed=frozenset({1})))
    assert "box 1" in Film(later, "").observed(19, 2).unknown + visible_text(
        Film(later, "").observed(19, 2), later.header.slots
    )
    about = Film(later, "").observed(20, 2)
    assert "box 1" not in about.unknown + visible_text(about, later.header.slots)


def test_probes_read_no_estimate(monkeypatch: pytest.MonkeyPatch):
    recording, _ = played("quadrant", 30)

    class Plain:
        scores: ClassVar[dict] = {}

        def read(self, numbers: np.ndarray) -> dict:
            return {"box": numbers}

    monkeypatch.setattr(film_module, "readings_of", lambda _: Plain())
    unknown = dataclasses.replace(recording, header=dataclasses.replace(recording.header, scenario="unknown"))
    assert Film(recording, "").read_inside(28, 0) is not None and Film(unknown, "").read_inside(28, 0) is None


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
