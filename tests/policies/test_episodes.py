"""Nothing is trained in an episode that a team is judged by: the honesty of every figure rests on this."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from policies.agents.players import player
from policies.evaluation.match import MatchOptions, play
from policies.learning.episodes import FIRST_TRAINED, RECORDED, recorded_seed, training_seeds
from policies.learning.trainer import Trainer
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from tests.policies.training import SCENARIO, TINY, go

MANY = 100_000
"""Episodes of an evaluation: more than anybody plays."""


def test_no_episode_is_trained_recorded_and_judged():
    worlds, updates = 256, 200
    trained = {seed for update in range(updates) for seed in training_seeds(7, update, worlds).tolist()}
    judged = set(episode_seeds(7, 0, MANY).tolist())
    assert len(trained) == worlds * updates and not trained & judged
    assert recorded_seed(7) not in trained | judged
    assert FIRST_TRAINED > 10**6 and FIRST_TRAINED + 2**33 < RECORDED


def test_the_episodes_of_a_seed_stay_the_same():
    """From version to version, so that a run goes on with starts that it has not met."""
    assert training_seeds(7, 3, 2).tolist() == [454554674380499920, 11468409621658662519]
    assert training_seeds(7, 3, 2).tolist() == episode_seeds(7, 2**40 + 6, 2).tolist()
    assert [recorded_seed(7)] == episode_seeds(7, 2**41, 1).tolist()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The seeds of all episodes that games start, reset by reset."""
    found: list[list[int]] = []
    reset = Game.reset

    def noted(self, seeds, *args, **named):
        found.append(np.asarray(seeds).tolist())
        return reset(self, seeds, *args, **named)

    monkeypatch.setattr(Game, "reset", noted)
    return found


def test_a_run_starts_no_episode_twice_and_none_that_is_judged(tmp_path: Path, started: list[list[int]]):
    go(tmp_path, 5)
    go(tmp_path, 9)
    batches = [seeds for seeds in started if len(seeds) == TINY.worlds]
    trained = [seed for seeds in batches for seed in seeds]
    assert len(batches) == 9 and len(set(trained)) == len(trained)
    recorded = {seeds[0] for seeds in started if len(seeds) == 1} - {0}  # 0: kernels are tried out
    assert recorded == {recorded_seed(TINY.seed)}
    for seed in range(5):
        assert not {*trained, *recorded} & set(episode_seeds(seed, 0, MANY).tolist())


def test_a_match_is_judged_by_the_first_episodes_of_its_seed(started: list[list[int]]):
    sides = player("idle", HIDERS, SCENARIO, 0), player("idle", SEEKERS, SCENARIO, 0)
    episodes = play(SCENARIO, *sides, MatchOptions(20, seed=3))
    assert episodes.seed.tolist() == episode_seeds(3, 0, 20).tolist()
    judged = [seed for seeds in started for seed in seeds]
    assert judged[:20] == episode_seeds(3, 0, 20).tolist() and set(judged) <= set(episode_seeds(3, 0, MANY).tolist())


def test_seeds_of_runs_differ():
    def begun(seed: int) -> tuple[torch.Tensor, ...]:
        trainer = Trainer(replace(TINY, seed=seed), SCENARIO, torch.device("cpu"), 1)
        return tuple(next(learner.actor.parameters()).detach() for learner in trainer.learners)

    (hiders, seekers), again, others = begun(0), begun(0), begun(1)
    assert torch.equal(hiders, again[0]) and torch.equal(seekers, again[1])
    assert not torch.equal(hiders, seekers) and not torch.equal(hiders, others[0])
    assert not set(training_seeds(0, 0, 1000).tolist()) & set(training_seeds(1, 0, 1000).tolist())
