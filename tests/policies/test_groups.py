"""Learning without a critic: advantages within a group, and a policy that finds what pays."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from policies.agents.action_distribution import LOGITS, divergence
from policies.agents.critic import Critic
from policies.agents.networks import MlpActor, initialise
from policies.learning.groups import GroupLearner, group_advantages
from policies.learning.objective import ReferenceKL
from policies.learning.samples import Samples
from sim.rules import ACTION_SIZES
from tests.policies.bandits import CPU, SMALL, bandit, seeded


def learner(config=SMALL, group: int = 16) -> GroupLearner:
    actor, critic = MlpActor(6, config.hidden), Critic(5, 2, config.hidden)
    initialise(actor, 0.01, seeded())
    initialise(critic, 1.0, seeded(1))
    made = GroupLearner(actor, critic, config, None, CPU, group=group)
    made.actor_generator.manual_seed(1)
    return made


def test_an_advantage_is_the_distance_from_the_group_s_mean_in_its_spread():
    paid = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [1.0], [0.0]])
    found = group_advantages(paid, 4).squeeze(-1).numpy()
    np.testing.assert_allclose(found[:4], [1, -1, -1, 1], atol=1e-6)
    rare = np.array([1, 1, 1, 0]) - 0.75
    np.testing.assert_allclose(found[4:], rare / rare.std(), atol=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1])
def test_a_group_that_agrees_has_no_advantages(value: float):
    assert not group_advantages(torch.full((32, 2), value), 16).any()


def paid_in_second_half(samples: Samples) -> Samples:
    """Nothing is paid in the first 64 worlds, 1 to all agents of every fourth world after them."""
    rewards = torch.zeros_like(samples.rewards)
    rewards[:, 64::4] = 1.0
    return samples._replace(rewards=rewards)


def test_what_pays_is_found_without_a_critic():
    one = learner()
    critic = {name: tensor.clone() for name, tensor in one.critic.state_dict().items()}
    for update in range(60):
        samples = bandit(one.actor, 3 * update)
        samples = samples._replace(rewards=(samples.rewards > 0).float())
        one.improve_actor(samples, one.estimate_advantages(samples))
        assert one.improve_critic(samples, one.estimate_advantages(samples)) == {}
        one.update_normalisers(samples)
    assert (bandit(one.actor, 1000).rewards > 0).float().mean() > 0.9
    assert all(torch.equal(critic[name], tensor) for name, tensor in one.critic.state_dict().items())


def test_groups_that_agree_are_counted_and_teach_nothing():
    """A step from all samples is the step from those of the other groups."""
    one, other = learner(replace(SMALL, epochs=1)), learner(replace(SMALL, epochs=1))
    samples = paid_in_second_half(bandit(one.actor, 5))
    figures = one.improve_actor(samples, one.estimate_advantages(samples))
    half = Samples(*(part[:, 64:] for part in samples[:5]), moments=samples.moments)
    also = other.improve_actor(half, other.estimate_advantages(half))
    assert figures.pop("groups_skipped") == 0.5 and also.pop("groups_skipped") == 0.0
    assert figures == also
    for mine, its in zip(one.actor.parameters(), other.actor.parameters(), strict=True):
        assert torch.equal(mine, its)


def test_where_all_groups_agree_nothing_changes():
    one = learner()
    before = [parameter.clone() for parameter in one.actor.parameters()]
    samples = bandit(one.actor, 5)._replace(rewards=torch.ones(1, 128, 2))
    figures = one.improve_actor(samples, one.estimate_advantages(samples))
    assert figures["groups_skipped"] == 1.0 and figures["entropy"] == pytest.approx(sum(np.log(ACTION_SIZES)), abs=0.05)
    assert all(torch.equal(mine, was) for mine, was in zip(one.actor.parameters(), before, strict=True))


def test_divergence_is_that_of_torch():
    logits, other = torch.randn(2, 50, LOGITS, generator=seeded()).unbind(0)
    wanted = torch.zeros(50)
    for one, two in zip(logits.split(ACTION_SIZES, -1), other.split(ACTION_SIZES, -1), strict=True):
        parts = (torch.distributions.Categorical(logits=part) for part in (one, two))
        wanted += torch.distributions.kl_divergence(*parts)
    torch.testing.assert_close(divergence(logits, other), wanted)
    assert not divergence(logits, logits).any()


def test_a_leash_keeps_the_actor_near_the_other():
    """What pays is the same; the heavier the penalty, the less far the actor goes for it."""
    apart = []
    for weight in (0.0, 0.3, 3.0):
        one = learner()
        other = MlpActor(6, SMALL.hidden)
        other.load_state_dict(one.actor.state_dict())
        one.reference = ReferenceKL(other, weight)
        for update in range(20):
            samples = bandit(one.actor, 3 * update)
            figures = one.improve_actor(samples, one.estimate_advantages(samples))
            one.update_normalisers(samples)
        apart.append(figures["kl"])
        assert one.actor.normaliser.count == 0, "both read the same inputs"
    assert apart[0] > apart[1] > 2 * apart[2] > 0
