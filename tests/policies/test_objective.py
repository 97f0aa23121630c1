"""What one gradient step climbs, against the formulas of PPO written out sample by sample."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from policies.agents.action_distribution import score
from policies.learning.config import TrainConfig
from policies.learning.ppo import AdvantageBatch, Learner, new_networks
from policies.learning.samples import SampleCut, Samples
from policies.learning.symmetry import Mirror, mirror_of
from sim.layout import Slots
from sim.rules import ACTION_SIZES, HIDERS
from sim.schema import global_state_size, observation_size
from tests.policies.bandits import CPU, SMALL, bandit, bandit_learner, seeded

ONE_STEP = replace(SMALL, epochs=1, minibatch=10**6)
"""A single gradient step on all samples."""


def weights(learner: Learner) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in (*learner.actor.parameters(), *learner.critic.parameters())]


def acted_otherwise(samples: Samples) -> Samples:
    """As if the acting policy had been another one: ratios lie on both sides of both bounds."""
    shift = torch.randn(samples.log_probs.shape, generator=seeded(9)) * 0.4
    return samples._replace(log_probs=samples.log_probs + shift)


@pytest.mark.parametrize("mask", [False, True])
def test_figures_are_those_of_the_paper(mask: bool):
    learner = bandit_learner(replace(ONE_STEP, clip=0.3))
    samples = acted_otherwise(bandit(learner.actor, 0))
    if mask:
        samples = samples._replace(exist=torch.rand(samples.rewards.shape, generator=seeded(3)) < 0.6)
    batch = learner.estimate_advantages(samples)
    with torch.no_grad():
        now, entropy = score(learner.actor(samples.inputs), samples.actions)
    figures = learner.improve_actor(samples, batch)
    losses, divergences, clipped, entropies = [], [], [], []
    for place in np.ndindex(*samples.rewards.shape):
        if samples.exist is not None and not samples.exist[place]:
            continue
        ratio, gain = float((now - samples.log_probs)[place].exp()), float(batch.advantages[place])
        losses.append(-min(ratio, 1.3) * gain if gain > 0 else -max(ratio, 0.7) * gain)
        divergences.append(ratio - 1 - np.log(ratio))
        clipped.append(not 0.7 <= ratio <= 1.3)
        entropies.append(float(entropy[place]))
    assert figures["policy_loss"] == pytest.approx(np.mean(losses), abs=1e-5)
    assert figures["approx_kl"] == pytest.approx(np.mean(divergences), abs=1e-5)
    assert figures["clip_fraction"] == pytest.approx(np.mean(clipped)) and 0.2 < np.mean(clipped) < 0.8
    assert figures["entropy"] == pytest.approx(np.mean(entropies), abs=1e-4)


@pytest.mark.parametrize(("shift", "gain", "moves"), [(-1, 1, False), (1, -1, False), (-1, -1, True), (1, 1, True)])
def test_a_ratio_beyond_its_bound_pays_no_more(shift: float, gain: float, moves: bool):
    """A good action that became likely enough is let alone, and so is a bad one that became rare; not the reverse."""
    learner = bandit_learner(replace(ONE_STEP, entropy=0.0))
    samples = bandit(learner.actor, 0)
    samples = samples._replace(log_probs=samples.log_probs + shift)
    batch = learner.estimate_advantages(samples)
    before = weights(learner)
    learner.improve_actor(samples, batch._replace(advantages=torch.full_like(samples.rewards, gain)))
    assert all(map(torch.equal, before, weights(learner))) == (not moves)


def test_actions_that_paid_become_likelier_and_the_others_rarer():
    learner = bandit_learner(replace(ONE_STEP, entropy=0.0))
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    learner.improve_actor(samples, batch)
    change = score(learner.actor(samples.inputs), samples.actions)[0] - samples.log_probs
    paid = samples.rewards > 0
    assert change[paid].mean() > 0 > change[~paid].mean()


def test_the_entropy_bonus_spreads_the_actions():
    learner = bandit_learner(replace(ONE_STEP, entropy=1.0))
    with torch.no_grad():
        learner.actor.body[-1].bias.copy_(torch.randn(sum(ACTION_SIZES), generator=seeded(4)))  # type: ignore[index]
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    before = score(learner.actor(samples.inputs), samples.actions)[1].mean()
    learner.improve_actor(samples, batch._replace(advantages=torch.zeros_like(samples.rewards)))
    assert score(learner.actor(samples.inputs), samples.actions)[1].mean() > before


@pytest.mark.parametrize("mask", [False, True])
def test_the_critic_loses_half_the_mean_square_of_its_errors(mask: bool):
    learner = bandit_learner(ONE_STEP)
    samples = bandit(learner.actor, 0)
    if mask:
        samples = samples._replace(exist=torch.rand(samples.rewards.shape, generator=seeded(3)) < 0.6)
    batch = learner.estimate_advantages(samples)
    errors = (learner.critic(batch.inputs) - learner.critic.targets(batch.returns)).detach()
    counted = errors if samples.exist is None else errors[samples.exist.flatten(0, 1)]
    figures = learner.improve_critic(samples, batch)
    assert figures["value_loss"] == pytest.approx(float(counted.square().mean()) / 2, rel=1e-5)


def episodes(cuts: tuple[SampleCut, ...] = ()) -> Samples:
    """Seven ticks of four worlds whose actions do not matter."""
    shape = (7, 4, 2)
    return Samples(
        inputs=torch.zeros(*shape, 6),
        actions=torch.zeros(*shape, 3, dtype=torch.int64),
        log_probs=torch.zeros(shape),
        rewards=torch.randn(shape, generator=seeded(1)),
        global_state=torch.randn(7, 4, 5, generator=seeded(2)),
        moments=torch.zeros(2, 6).double(),
        cuts=cuts,
    )


def test_returns_are_scaled_rewards_discounted_to_the_end():
    learner = bandit_learner(replace(SMALL, gamma=0.9, lam=1.0, reward_scale=0.25))
    samples = episodes()
    values = learner.critic.values(learner.critic.prepare(samples.global_state)).detach()
    batch = learner.estimate_advantages(samples)
    wanted = torch.zeros_like(samples.rewards)
    for tick in range(7):
        for later in range(tick, 7):
            wanted[tick] += 0.9 ** (later - tick) * 0.25 * samples.rewards[later]
    torch.testing.assert_close(batch.returns.view_as(wanted), wanted, atol=1e-5, rtol=1e-5)
    raw = wanted - values
    torch.testing.assert_close(batch.errors, raw.abs().mean(-1), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(batch.advantages, (raw - raw.mean()) / raw.std(), atol=1e-4, rtol=1e-4)
    assert batch.explained_variance == pytest.approx(1 - float(raw.var() / wanted.var()), abs=1e-4)
    torch.testing.assert_close(learner.critic.returns.mean, wanted.double().mean().view(1), atol=1e-5, rtol=1e-4)


def test_returns_that_never_differ_leave_finite_figures():
    learner = bandit_learner(replace(SMALL, gamma=1.0, lam=1.0))
    samples = episodes()
    batch = learner.estimate_advantages(samples._replace(rewards=torch.zeros_like(samples.rewards)))
    assert np.isfinite(batch.explained_variance) and batch.advantages.isfinite().all()


def test_lambda_weighs_how_far_the_critic_is_trusted():
    learner = bandit_learner(replace(SMALL, gamma=0.9, lam=0.0, reward_scale=1.0))
    samples = episodes()
    values = learner.critic.values(learner.critic.prepare(samples.global_state)).detach()
    found = learner.estimate_advantages(samples).returns.view_as(samples.rewards)
    torch.testing.assert_close(found[:-1], samples.rewards[:-1] + 0.9 * values[1:], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found[-1], samples.rewards[-1], atol=1e-5, rtol=1e-5)


def test_a_piece_that_was_left_is_worth_what_the_critic_expects_there():
    learner = bandit_learner(replace(SMALL, gamma=0.9, lam=1.0, reward_scale=1.0))
    left = torch.randn(2, 5, generator=seeded(3))
    samples = episodes((SampleCut(3, slice(1, 3), left),))
    expected = learner.critic.values(learner.critic.prepare(left)).detach()
    found = learner.estimate_advantages(samples).returns.view_as(samples.rewards)
    piece = samples.rewards[2, 1:3] + 0.9 * expected
    torch.testing.assert_close(found[2, 1:3], piece, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found[1, 1:3], samples.rewards[1, 1:3] + 0.9 * piece, atol=1e-5, rtol=1e-5)
    whole = learner.estimate_advantages(episodes()).returns.view_as(samples.rewards)
    torch.testing.assert_close(found[:, [0, 3]], whole[:, [0, 3]], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found[3:], whole[3:], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("minibatch", "parts"), [(64, 4), (100, 3), (256, 1), (10**6, 1), (1, 128)])
def test_gradient_steps_are_as_many_as_the_config_says(minibatch: int, parts: int):
    """256 agents' samples from 128 ticks of worlds: the critic is trained by whole ones."""
    learner = bandit_learner(replace(SMALL, epochs=2, minibatch=minibatch))
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    learner.improve_actor(samples, batch)
    learner.improve_critic(samples, batch)
    for optimiser in learner.optimisers().values():
        assert {int(state["step"]) for state in optimiser.state_dict()["state"].values()} == {2 * parts}


def test_every_epoch_uses_every_sample_once_in_another_order(monkeypatch: pytest.MonkeyPatch):
    learner = bandit_learner(replace(SMALL, epochs=3, minibatch=64))
    samples = bandit(learner.actor, 0)
    samples = samples._replace(global_state=torch.arange(128.0).view(1, 128, 1).expand(1, 128, 5))
    batch = learner.estimate_advantages(samples)
    used: list[Tensor] = []
    forward = learner.critic.forward
    numbered = batch._replace(inputs=samples.global_state.flatten(0, 1))
    monkeypatch.setattr(learner.critic, "forward", lambda states: used.append(states[:, 0]) or forward(states))
    learner.improve_critic(samples, numbered)
    epochs = torch.cat(used).view(3, 128)
    assert all(torch.equal(epoch.sort()[0], torch.arange(128.0)) for epoch in epochs)
    assert not torch.equal(epochs[0], epochs[1]) and not torch.equal(epochs[0], torch.arange(128.0))


def test_a_minibatch_without_agents_teaches_nothing_and_spoils_nothing():
    learner = bandit_learner(replace(SMALL, minibatch=1, epochs=1))
    samples = bandit(learner.actor, 0)
    exist = torch.zeros(samples.rewards.shape, dtype=torch.bool)
    exist[0, ::3] = True
    samples = samples._replace(exist=exist)
    batch = learner.estimate_advantages(samples)
    figures = learner.improve_actor(samples, batch) | learner.improve_critic(samples, batch)
    assert np.isfinite(list(figures.values())).all()
    assert all(weight.isfinite().all() for weight in weights(learner))


def test_moments_of_other_networks_are_refused():
    learner = bandit_learner()
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    learner.improve_actor(samples, batch)
    learner.improve_critic(samples, batch)
    kept = {name: optimiser.state_dict()["state"] for name, optimiser in learner.optimisers().items()}
    bandit_learner().restore(kept)
    for width in (16, 64):
        with pytest.raises(ValueError, match="another shape"):
            bandit_learner(replace(SMALL, hidden=(width,))).restore(kept)


@pytest.mark.parametrize("norm", [1e-3, 1e3])
def test_a_gradient_is_cut_to_its_norm(norm: float):
    """Adam's first moment after one step is a tenth of the gradient."""
    learner = bandit_learner(replace(ONE_STEP, gradient_norm=norm))
    samples = bandit(learner.actor, 0)
    batch = learner.estimate_advantages(samples)
    figures = learner.improve_actor(samples, batch) | learner.improve_critic(samples, batch)
    for name, optimiser in learner.optimisers().items():
        before = figures[name.replace("optimiser", "gradient")]
        moments = [state["exp_avg"].flatten() for state in optimiser.state_dict()["state"].values()]
        assert 10 * torch.cat(moments).norm().item() == pytest.approx(min(norm, before), rel=1e-4)
        assert 1e-3 < before < 1e3


SLOTS = Slots(hiders=2, seekers=2, boxes=2, ramps=1, walls=4, doors=2)


def mirrored_learner(mirror: Mirror | None, share: float) -> Learner:
    config = TrainConfig(worlds=8, minibatch=10**6, epochs=1, hidden=(16,), mirrored_share=share)
    learner = Learner(*new_networks("mlp", SLOTS, HIDERS, (16,), seeded()), config, mirror, CPU)
    learner.actor_generator.manual_seed(1)
    learner.critic_generator.manual_seed(2)
    return learner


def two_images() -> tuple[Mirror, Samples, Samples, AdvantageBatch, AdvantageBatch]:
    """A mirror, samples with what the critic makes of them, and the image of both."""
    mirror = mirror_of(SLOTS, [1, 0], CPU)
    assert mirror
    inputs = torch.randn(3, 20, 2, observation_size(SLOTS), generator=seeded(1))
    state = torch.randn(3, 20, global_state_size(SLOTS), generator=seeded(2))
    actions = torch.stack([torch.randint(size, (3, 20, 2), generator=seeded(size)) for size in ACTION_SIZES], -1)
    rewards = torch.randn(3, 20, 2, generator=seeded(3))
    moments = torch.stack([torch.randn(inputs.shape[-1]), torch.rand(inputs.shape[-1])]).double()
    samples = Samples(inputs, actions, torch.full(rewards.shape, -4.7), rewards, state, moments)
    image = samples._replace(inputs=mirror.observation.of(inputs), actions=mirror.actions(actions))
    batch = mirrored_learner(None, 0.0).estimate_advantages(samples)
    return mirror, samples, image, batch, batch._replace(inputs=mirror.global_state.of(batch.inputs))


def learnt(learner: Learner, samples: Samples, batch: AdvantageBatch) -> Tensor:
    learner.improve_actor(samples, batch)
    learner.improve_critic(samples, batch)
    return torch.cat([parameter.flatten() for parameter in weights(learner)])


def test_what_is_learnt_in_the_mirror_is_what_the_images_teach():
    mirror, samples, image, batch, image_batch = two_images()
    as_it_was = learnt(mirrored_learner(None, 1.0), samples, batch)
    images_alone = learnt(mirrored_learner(None, 1.0), image, image_batch)
    assert torch.equal(learnt(mirrored_learner(mirror, 1.0), samples, batch), images_alone)
    assert torch.equal(learnt(mirrored_learner(mirror, 0.0), samples, batch), as_it_was)
    half = learnt(mirrored_learner(mirror, 0.5), samples, batch)
    assert not torch.equal(half, as_it_was) and not torch.equal(half, images_alone)


def test_normalisers_take_in_the_rollout_or_the_rollout_and_its_image():
    mirror, samples, _, _, _ = two_images()
    samples = samples._replace(exist=torch.rand(samples.rewards.shape, generator=seeded(3)) < 0.6)
    for own in (None, mirror):
        learner = mirrored_learner(own, 0.5)
        learner.update_normalisers(samples)
        state = samples.global_state.flatten(0, 1)
        taken_in = state if own is None else torch.cat([state, mirror.global_state.of(state)])
        found = learner.critic.normaliser
        torch.testing.assert_close(found.mean, taken_in.mean(0).double(), atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(found.variance, taken_in.double().var(0, correction=0), atol=1e-5, rtol=1e-4)
        mean = samples.moments[0]
        wanted = mean if own is None else (mean + mean[mirror.observation.order] * mirror.observation.sign) / 2
        torch.testing.assert_close(learner.actor.normaliser.mean, wanted, atol=1e-6, rtol=1e-4)
        assert int(learner.actor.normaliser.get_buffer("count")) == samples.present < 3 * 20 * 2
        assert int(found.get_buffer("count")) == 3 * 20
