"""A side that loses for long starts over, once, and remembers that it did."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from policies.learning.checkpoint import restore_checkpoint, save_checkpoint
from policies.learning.config import TrainConfig
from policies.learning.restarts import Restarts
from policies.learning.trainer import Trainer
from sim.rules import HIDERS, SEEKERS
from tests.policies.training import SCENARIO, TINY

ALWAYS = replace(TINY, restart_below=0.5, restart_steps=1)


def trainer_of(config: TrainConfig) -> Trainer:
    return Trainer(config, SCENARIO, torch.device("cpu"), 1)


def weights(trainer: Trainer, side: int) -> torch.Tensor:
    return torch.cat([value.flatten().clone() for value in trainer.learners[side].actor.state_dict().values()])


def test_a_side_is_due_when_it_has_lost_for_long_and_not_again_before_its_time():
    restarts, due = Restarts((HIDERS, SEEKERS), 0.25, 1000), {}
    for update in range(100):
        restarts.record(0.9)
        due[update] = restarts.due(100 * update)
    when = [update for update, sides in due.items() if sides]
    assert all(due[update] == [SEEKERS] for update in when) and restarts.count == [0, len(when)]
    assert when[0] > 10, "a few updates say little"
    assert len(when) > 2 and min(np.diff(when)) >= 10


@pytest.mark.parametrize(("hidden", "side"), [(0.1, HIDERS), (0.9, SEEKERS), (0.5, None)])
def test_who_loses_is_who_starts_over(hidden: float, side: int | None):
    restarts = Restarts((HIDERS, SEEKERS), 0.25, 1)
    for _ in range(100):
        restarts.record(hidden)
    assert restarts.due(1000) == ([] if side is None else [side])


def test_a_frozen_side_never_starts_over():
    restarts = Restarts((HIDERS,), 0.25, 1)
    for _ in range(100):
        restarts.record(0.9)
    assert restarts.due(1000) == [] and restarts.count == [0, 0]


def test_nobody_starts_over_by_default():
    restarts = Restarts((HIDERS, SEEKERS), TrainConfig().restart_below, 1)
    for _ in range(1000):
        restarts.record(1.0)
    assert restarts.due(10**12) == []


def test_the_loser_gets_new_networks_and_optimisers_and_the_winner_keeps_its_own():
    trainer = trainer_of(ALWAYS)
    with ThreadPoolExecutor(1) as executor:
        trainer.update(executor)
        before = [weights(trainer, side) for side in (HIDERS, SEEKERS)]
        trainer.restarts.won = [0.9, 0.1]
        trainer._restart_losers()
    assert torch.equal(weights(trainer, HIDERS), before[HIDERS])
    assert not torch.equal(weights(trainer, SEEKERS), before[SEEKERS])
    assert not trainer.learners[SEEKERS].actor_optimiser.state_dict()["state"]
    assert trainer.learners[HIDERS].actor_optimiser.state_dict()["state"]


def test_a_new_start_is_not_the_first_one():
    trainer = trainer_of(ALWAYS)
    first = weights(trainer, SEEKERS)
    trainer.updates, trainer.restarts.won = 1, [0.9, 0.1]
    trainer._restart_losers()
    assert not torch.equal(weights(trainer, SEEKERS), first)


def test_a_resumed_run_starts_over_at_the_same_update(tmp_path: Path):
    trainer, again = trainer_of(ALWAYS), trainer_of(ALWAYS)
    trainer.restarts.won, trainer.restarts.last, trainer.restarts.count = [0.7, 0.3], [5, 6], [1, 2]
    with ThreadPoolExecutor(1) as executor:
        line = trainer.update(executor)
    assert [line[side]["restarts"] for side in ("hiders", "seekers")] == trainer.restarts.count
    save_checkpoint(trainer, tmp_path)
    restore_checkpoint(again, tmp_path)
    assert vars(again.restarts) == vars(trainer.restarts)
