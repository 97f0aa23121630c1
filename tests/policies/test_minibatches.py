"""What PPO's gradient steps are taken from: single ticks of agents that exist, a share of them mirrored."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import torch

from policies.learning.symmetry import Mirror
from tests.policies.bandits import SMALL, bandit, bandit_learner


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_so_much_of_each_minibatch_is_learnt_from_in_the_mirror(share: float):
    learner = bandit_learner(replace(SMALL, mirrored_share=share, epochs=1, minibatch=64, learning_rate=0.0))
    seen: list[int] = []

    def image(rows: torch.Tensor) -> torch.Tensor:
        seen.append(rows.shape[-3] if rows.dim() == 4 else len(rows))
        return rows

    rows = SimpleNamespace(of=image)
    learner.mirror = cast(Mirror, SimpleNamespace(observation=rows, global_state=rows, actions=lambda taken: taken))
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    learner.improve_actor(samples, batch)
    learner.improve_critic(samples, batch)
    assert seen == [32 * share] * 8, "four steps of 32 worlds for the actor, and as many for the critic"


def test_without_a_memory_single_ticks_are_drawn_not_whole_rows_of_worlds():
    learner = bandit_learner(replace(SMALL, epochs=2, minibatch=64))
    pieces = [bandit(learner.actor, seed) for seed in (0, 10, 20)]
    fields = ("inputs", "actions", "log_probs", "rewards", "global_state")
    samples = pieces[0]._replace(**{name: torch.cat([getattr(one, name) for one in pieces]) for name in fields})
    learner.improve_actor(samples, learner.estimate_advantages(samples))
    steps = {int(state["step"]) for state in learner.actor_optimiser.state.values()}
    assert steps == {2 * 3 * 128 * 2 // 64}


def test_a_minibatch_without_any_agent_teaches_nothing():
    learner = bandit_learner(replace(SMALL, minibatch=1, epochs=1))
    samples = bandit(learner.actor, 0)
    exist = torch.zeros(samples.rewards.shape, dtype=torch.bool)
    exist[0, :2] = True
    samples = samples._replace(exist=exist, rewards=torch.ones_like(samples.rewards))
    batch = learner.estimate_advantages(samples)
    figures = learner.improve_actor(samples, batch) | learner.improve_critic(samples, batch)
    assert all(np.isfinite(figure) for figure in figures.values())
    assert all(weights.isfinite().all() for weights in learner.actor.parameters())
