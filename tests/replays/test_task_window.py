"""Games in which nobody seeks, in the window: what an agent observes, and what stands where seekers would."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.film.caption import caption
from replays.film.facts import ALONE, UNDECIDED, facts_of
from replays.film.film import Film
from replays.film.labels import NOTHING, QUIET
from replays.format.recording import Recorder, Recording
from replays.video import export
from replays.viewer.film.scoreboard import draw_scoreboard, summary
from replays.viewer.gallery.tiles import who_plays
from tests.games import started

NAMES = ["lock_and_return-told", "sequential_lock", "blueprint", "shelter", "object_counting", "food"]


def recorded(text: str, ticks: int = 6) -> Recording:
    game = started(text, 1)
    recorder = Recorder(game, seed=0, hiders="idle", seekers="idle", hashes={})
    for _ in range(ticks):
        actions = np.zeros((1, game.slots.agents, 3), np.int8)
        game.tick(actions)
        recorder.add(game, actions)
    return recorder.finish()


def test_what_is_told_of_sites_pillars_and_food_is_where_they_are():
    for name in NAMES:
        recording = recorded(name)
        layout, slots = recording.layout, recording.header.slots
        for agent in range(slots.hiders):
            about = Film(recording, name).observed(3, agent)
            assert np.allclose(np.reshape(about.sites, (-1, 4)), layout.sites[0][layout.site_observed[0]], atol=1e-5)
            assert np.allclose(np.reshape(about.pillars, (-1, 3)), layout.pillars[0], atol=1e-5)
            for x, y, share in about.food:
                assert share == 1.0 and np.abs(layout.food[0] - (x, y)).sum(1).min() < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_every_game_is_shown(name: str, tmp_path: Path):
    film = Film(recorded(name), name)
    surface = pygame.Surface((320, 700))
    for agent in (None, 0):
        surface.fill((0, 0, 0))
        draw_scoreboard(surface, surface.get_rect(), film, "1 of 1", 3.5, agent)
        assert len(np.unique(pygame.surfarray.array3d(surface))) > 20
    alone = name != "food"
    assert ("paid" in summary(film, "1 of 1", 3.5)) == alone
    assert caption(film, 5)[0].startswith("Paid") == alone
    assert film.recording.header.outcome["hidden"] is None
    export(film.recording, tmp_path / "still.png", 3)
    assert (tmp_path / "still.png").stat().st_size > 5000


@pytest.mark.parametrize("name", NAMES)
def test_in_the_gallery_nobody_is_said_to_seek_where_nobody_does(name: str):
    facts = facts_of(recorded(name))
    alone = name != "food"
    assert facts.outcome == (ALONE if alone else UNDECIDED)
    assert who_plays(Path("film.npz"), facts._replace(hiders="solver")) == (
        "solver" if alone else "solver against idle"
    )
    assert facts.strategies == ((NOTHING,) if alone else (QUIET,))


def test_that_a_task_is_done_is_said():
    film = Film(recorded("blueprint"), "blueprint")
    film.recording.states.task_done[5:] = True
    assert caption(film, 4)[0].startswith("Paid") and caption(film, 5)[0].startswith("Done: paid -0.4")


def test_what_was_paid_adds_up():
    film = Film(recorded("shelter", 10), "shelter")
    assert film.paid_so_far[0] == 0.0 and len(film.paid_so_far) == 11
    assert film.paid_so_far[-1] == pytest.approx(film.recording.reward.sum(), rel=1e-5) and film.paid_so_far[-1] < 0.0
