"""Reference: torch.distributions, numpy's statistics, and the definitions. Behaviour: PPO finds what pays."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from policies.agents.action_distribution import LOGITS, likeliest, sample, score
from policies.agents.critic import Critic
from policies.agents.network_kinds import NETWORKS
from policies.agents.networks import Actor, MlpActor, RecurrentActor, initialise
from policies.agents.normaliser import Normaliser, moments
from policies.learning.config import TrainConfig
from policies.learning.ppo import Learner, new_networks
from policies.learning.samples import Samples
from sim.layout import Slots
from sim.rules import ACTION_SIZES, HIDERS
from sim.schema import global_state_size, observation_size
from tests.policies.bandits import CPU, SMALL, bandit, bandit_learner, seeded

SLOTS = Slots(hiders=2, seekers=2, boxes=2, ramps=1, walls=4, doors=2)


def test_the_normaliser_keeps_the_statistics_of_all_that_it_took_in():
    pieces = [torch.randn(count, 3, generator=seeded(count)) * 4 + 1 for count in (5, 100, 31)]
    normaliser = Normaliser(3)
    for piece in pieces:
        normaliser.absorb(*moments(piece), len(piece))
    everything = torch.cat(pieces).double().numpy()
    np.testing.assert_allclose(normaliser.mean, everything.mean(0), rtol=1e-5)
    np.testing.assert_allclose(normaliser.variance, everything.var(0), rtol=1e-5)


def test_normalised_features_have_unit_spread_and_stay_bounded():
    features = torch.randn(1000, 2, generator=seeded()) * torch.tensor([7.0, 0.0]) + 3
    normaliser = Normaliser(2)
    normaliser.absorb(*moments(features), 1000)
    out = normaliser(features)
    assert out[:, 0].std().item() == pytest.approx(1, abs=0.05)
    assert out[:, 1].abs().max() < 1e-3
    assert normaliser(torch.full((1, 2), 1e9)).abs().max() == 5


def of(returns: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, int]:
    return *moments(returns.reshape(-1, 1)), returns.numel()


def test_a_critic_predicts_the_same_when_its_units_move():
    critic = Critic(4, 2, (16,))
    initialise(critic, 1.0, seeded())
    inputs = torch.randn(50, 4, generator=seeded(1))
    critic.absorb_returns(*of(torch.randn(100, 2, generator=seeded(2))))
    before = critic.values(inputs)
    critic.absorb_returns(*of(torch.randn(100, 2, generator=seeded(3)) * 10 + 7))
    torch.testing.assert_close(critic.values(inputs), before, atol=1e-5, rtol=1e-4)


def test_targets_are_the_inverse_of_values():
    critic = Critic(4, 2, (16,))
    critic.absorb_returns(*of(torch.randn(100, 2, generator=seeded(2)) * 3 + 5))
    inputs = torch.randn(50, 4, generator=seeded(1))
    torch.testing.assert_close(critic.targets(critic.values(inputs)), critic(inputs), atol=1e-5, rtol=1e-5)


def test_sampled_actions_follow_the_softmax():
    logits = torch.randn(LOGITS, generator=seeded())
    drawn = sample(logits.expand(200_000, LOGITS), seeded(1))
    for column, part in enumerate(logits.split(ACTION_SIZES)):
        shares = torch.bincount(drawn[:, column], minlength=len(part)) / len(drawn)
        torch.testing.assert_close(shares, part.softmax(0), atol=0.005, rtol=0)


def test_score_agrees_with_torch_distributions():
    logits = torch.randn(6, 5, LOGITS, generator=seeded()) * 3
    actions = sample(logits, seeded(1))
    parts = [torch.distributions.Categorical(logits=part) for part in logits.split(ACTION_SIZES, -1)]
    log_probability, entropy = score(logits, actions)
    wanted = sum(part.log_prob(actions[..., column]) for column, part in enumerate(parts))
    torch.testing.assert_close(log_probability, wanted)
    torch.testing.assert_close(entropy, sum(part.entropy() for part in parts))


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_new_actor_takes_all_actions_about_equally_often(kind: str):
    actor, _ = new_networks(kind, SLOTS, HIDERS, (128, 128), seeded())
    inputs = actor.prepare(torch.randn(100, observation_size(SLOTS), generator=seeded(1)))
    logits, _ = actor.step(inputs, torch.zeros(100, actor.memory_size))
    for part in logits.split(ACTION_SIZES, -1):
        assert (part.softmax(-1) - 1 / part.shape[-1]).abs().max() < 0.05


def test_a_new_critic_expects_something_else_of_every_state():
    _, critic = new_networks("mlp", SLOTS, HIDERS, (128, 128), seeded())
    states = torch.randn(100, global_state_size(SLOTS), generator=seeded(1))
    assert 0.1 < critic.values(states).std() < 10


def trained_on_the_bandit(updates: int) -> tuple[Learner, list[float]]:
    """A learner, and the share of its samples that paid, update by update."""
    learner, paid = bandit_learner(), []
    for update in range(updates):
        samples = bandit(learner.actor, 10 * update)
        judgement = learner.estimate_advantages(samples)
        learner.improve_actor(samples, judgement)
        learner.improve_critic(samples, judgement)
        paid.append(float((samples.rewards > 0).float().mean()))
    return learner, paid


def test_what_pays_is_done_more_often_after_a_few_updates():
    _, paid = trained_on_the_bandit(12)
    assert paid[0] < 0.1 and paid[-1] > 3 * paid[0]


@pytest.mark.slow
def test_what_pays_is_learnt():
    learner, _ = trained_on_the_bandit(60)
    logits = learner.actor(torch.randn(200, 6, generator=seeded(5)))
    found = likeliest(logits)
    assert ((found[:, 0] == 4) & (found[:, 2] == 3)).float().mean() > 0.95


def riddle(actor: Actor, seed: int) -> Samples:
    """Episodes of three ticks; what pays in the last is move 1 or move 2, as the first input said."""
    inputs = torch.zeros(3, 64, 1, 4)
    sign = torch.randint(0, 2, (64, 1), generator=seeded(seed))
    inputs[0, ..., 0] = 2.0 * sign - 1.0
    memory, taken, scores = torch.zeros(64, 1, actor.memory_size), [], []
    with torch.no_grad():
        for tick in range(3):
            logits, memory = actor.step(inputs[tick], memory)
            taken.append(sample(logits, seeded(10 * seed + tick)))
            scores.append(score(logits, taken[-1])[0])
    rewards = torch.zeros(3, 64, 1)
    rewards[2] = (taken[2][..., 0] == 1 + sign) * 20.0
    moments = torch.zeros(2, 4).double()
    return Samples(inputs, torch.stack(taken), torch.stack(scores), rewards, inputs[:, :, 0], moments)


@pytest.mark.parametrize("kind", NETWORKS)
def test_what_is_learnt_from_reaches_back_to_the_first_tick_of_a_piece_where_there_is_a_memory(kind: str):
    actor, _ = new_networks(kind, SLOTS, HIDERS, (16,), seeded())
    inputs = torch.randn(5, 3, 2, observation_size(SLOTS), generator=seeded(1)).requires_grad_()
    episode_starts = torch.zeros(5, 3, dtype=torch.bool)
    episode_starts[0], episode_starts[2, 1] = True, True
    actor.forward_sequence(inputs, episode_starts)[-1].square().sum().backward()
    assert inputs.grad is not None
    reached = inputs.grad.flatten(2).any(-1)
    remembers = kind == "recurrent"
    assert reached[-1].all() and reached[:2, [0, 2]].all() == remembers and reached[2:4].all() == remembers
    assert not reached[:2, 1].any() and (remembers or not reached[:-1].any())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["recurrent", "mlp"])
def test_only_an_actor_with_a_memory_uses_what_it_saw_before(kind: str):
    config = replace(SMALL, network=kind)
    actor = RecurrentActor(4, config.hidden) if kind == "recurrent" else MlpActor(4, config.hidden)
    critic = Critic(4, 1, config.hidden)
    initialise(actor, 0.01, seeded())
    initialise(critic, 1.0, seeded(1))
    learner = Learner(actor, critic, config, None, CPU)
    paid = []
    for update in range(150):
        samples = riddle(actor, update)
        judgement = learner.estimate_advantages(samples)
        learner.improve_actor(samples, judgement)
        learner.improve_critic(samples, judgement)
        paid.append(float(samples.rewards[2].mean()) / 20)
    assert np.mean(paid[-20:]) > 0.9 if kind == "recurrent" else np.mean(paid[-20:]) < 0.65


def test_the_critic_learns_the_returns():
    learner = bandit_learner()
    samples = bandit(learner.actor, 0)
    samples = samples._replace(rewards=samples.global_state[..., :2] * 20)
    first = learner.estimate_advantages(samples).explained_variance
    for _ in range(40):
        learner.improve_critic(samples, learner.estimate_advantages(samples))
    assert first < 0.5 and learner.estimate_advantages(samples).explained_variance > 0.9


def test_the_value_loss_is_half_of_the_squared_errors():
    learner = bandit_learner(replace(SMALL, learning_rate=0.0, epochs=1, minibatch=1000))
    batch = learner.estimate_advantages(samples := bandit(learner.actor, 0))
    errors = learner.critic(batch.inputs) - learner.critic.targets(batch.returns)
    found = learner.improve_critic(samples, batch)["value_loss"]
    assert found == pytest.approx(0.5 * errors.square().mean().item(), rel=1e-5)


def test_normalisers_take_in_mean_and_variance():
    learner = bandit_learner()
    samples = bandit(learner.actor, 0)
    learner.update_normalisers(samples._replace(moments=torch.tensor([[3.0] * 6, [4.0] * 6]).double()))
    torch.testing.assert_close(learner.actor.normaliser.mean.float(), torch.full((6,), 3.0))
    torch.testing.assert_close(learner.actor.normaliser.variance.float(), torch.full((6,), 4.0))
    torch.testing.assert_close(learner.critic.normaliser.mean.float(), samples.global_state.mean((0, 1)))


def test_advantages_are_normalised_over_the_side():
    learner = bandit_learner()
    gains = learner.estimate_advantages(bandit(learner.actor, 0)).advantages
    assert gains.mean().abs() < 1e-6 and gains.std().item() == pytest.approx(1, abs=1e-4)


def learnt_from(samples: Samples) -> tuple[dict[str, torch.Tensor], list[float]]:
    """All weights after an update, and its figures."""
    learner = bandit_learner()
    judgement = learner.estimate_advantages(samples)
    figures = [
        *learner.improve_actor(samples, judgement).values(),
        *learner.improve_critic(samples, judgement).values(),
    ]
    learner.update_normalisers(samples)
    return {**learner.actor.state_dict(), **{f"critic.{k}": v for k, v in learner.critic.state_dict().items()}}, figures


def test_nothing_is_learnt_from_agents_that_are_not_there():
    """Whatever stands in their places."""
    samples = bandit(bandit_learner().actor, 0)
    exist = torch.rand(samples.rewards.shape, generator=seeded(3)) < 0.6
    rubbish = samples._replace(
        inputs=samples.inputs.where(exist.unsqueeze(-1), 1e3),
        actions=samples.actions.where(exist.unsqueeze(-1), 1),
        log_probs=samples.log_probs.where(exist, -50.0),
        rewards=samples.rewards.where(exist, 1e3),
    )
    (one, figures), (other, same) = (learnt_from(found._replace(exist=exist)) for found in (samples, rubbish))
    assert figures == same and all(torch.equal(one[name], other[name]) for name in one)


def test_a_mask_of_agents_that_are_all_there_changes_nothing():
    samples = bandit(bandit_learner().actor, 0)
    (one, figures), (other, same) = (
        learnt_from(samples),
        learnt_from(samples._replace(exist=torch.ones(samples.rewards.shape, dtype=torch.bool))),
    )
    assert figures == pytest.approx(same, rel=1e-4)
    for name, weights in one.items():
        torch.testing.assert_close(weights, other[name], atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize(
    ("log_ratio", "gain", "learns"), [(1, 1, False), (1, -1, True), (-1, 1, True), (-1, -1, False)]
)
def test_a_policy_that_has_moved_far_in_the_direction_of_the_gain_moves_no_further(
    log_ratio: float, gain: float, learns: bool
):
    learner = bandit_learner(replace(SMALL, entropy=0.0, epochs=1, minibatch=1000))
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    batch = batch._replace(advantages=torch.full_like(batch.advantages, gain))
    moved = samples._replace(log_probs=samples.log_probs - log_ratio)
    figures = learner.improve_actor(moved, batch)
    ratio, clip = np.exp(log_ratio), learner.config.clip
    assert figures["policy_loss"] == pytest.approx(-min(ratio * gain, np.clip(ratio, 1 - clip, 1 + clip) * gain))
    assert figures["clip_fraction"] == 1 and figures["approx_kl"] == pytest.approx(ratio - 1 - log_ratio)
    assert (figures["actor_gradient"] > 0) == learns


def test_the_entropy_bonus_makes_actions_more_even():
    learner = bandit_learner(replace(SMALL, entropy=0.1, epochs=5))
    with torch.no_grad():
        learner.actor.body[-1].bias[0] = 2.0  # type: ignore[index]
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    batch = batch._replace(advantages=torch.zeros_like(batch.advantages))
    first, second = (learner.improve_actor(samples, batch)["entropy"] for _ in range(2))
    assert second > first


def test_without_steps_old_and_new_policy_agree():
    learner = bandit_learner(replace(SMALL, learning_rate=0.0))
    samples = bandit(learner.actor, 0)
    figures = learner.improve_actor(samples, learner.estimate_advantages(samples))
    assert figures["clip_fraction"] == 0 and abs(figures["approx_kl"]) < 1e-6


def test_threads_do_not_change_what_is_learnt():
    def learnt(executor: ThreadPoolExecutor | None) -> list[torch.Tensor]:
        learner = bandit_learner()
        samples = bandit(learner.actor, 0)
        judgement = learner.estimate_advantages(samples)
        if executor is None:
            learner.improve_actor(samples, judgement)
            learner.improve_critic(samples, judgement)
        else:
            futures = [
                executor.submit(learner.improve_critic, samples, judgement),
                executor.submit(learner.improve_actor, samples, judgement),
            ]
            assert all(future.result() for future in futures)
        return [*learner.actor.parameters(), *learner.critic.parameters()]

    with ThreadPoolExecutor(2) as executor:
        assert all(torch.equal(a, b) for a, b in zip(learnt(None), learnt(executor), strict=True))


def test_learning_rate_and_entropy_bonus_follow_their_schedule_to_its_end():
    scheduled = replace(SMALL, learning_rate=1.0, schedule_steps=1000, entropy=0.02, entropy_final_fraction=0.5)
    learner = bandit_learner(scheduled)
    rates, weights = [], []
    for agent_steps in (0, 500, 1000, 5000):
        learner.follow_schedule(agent_steps)
        rates.append(learner.critic_optimiser.param_groups[0]["lr"])
        weights.append(learner.entropy_weight)
    assert rates == pytest.approx([1.0, 0.55, 0.1, 0.1])
    assert weights == pytest.approx([0.02, 0.015, 0.01, 0.01])

    def learnt(config: TrainConfig) -> torch.Tensor:
        learner = bandit_learner(replace(config, schedule_steps=1000))
        learner.follow_schedule(5000)
        samples = bandit(learner.actor, 0)
        learner.improve_actor(samples, learner.estimate_advantages(samples))
        return torch.cat([parameter.flatten() for parameter in learner.actor.parameters()])

    spent = learnt(replace(SMALL, entropy=0.5, entropy_final_fraction=0.0))
    assert torch.equal(spent, learnt(replace(SMALL, entropy=0.0)))
    assert not torch.equal(spent, learnt(replace(SMALL, entropy=0.5)))


def test_weights_that_nothing_reaches_have_no_moments_to_put_back():
    """Those for ramps, where there are none."""
    learner, again = bandit_learner(), bandit_learner()
    samples = bandit(learner.actor, 5)
    learner.improve_actor(samples, learner.estimate_advantages(samples))
    states = {
        name: {str(index): state for index, state in optimiser.state_dict()["state"].items()}
        for name, optimiser in learner.optimisers().items()
    }
    del states["actor_optimiser"]["1"]
    again.restore(states)
    assert len(again.actor_optimiser.state) == len(learner.actor_optimiser.state) - 1
    assert not states["critic_optimiser"] and not again.critic_optimiser.state
    for wrong in ({"99": states["actor_optimiser"]["0"]}, {"0": states["actor_optimiser"]["2"]}):
        with pytest.raises(ValueError):
            again.restore({**states, "actor_optimiser": wrong})
