"""Clipped PPO (Schulman et al. 2017) for one side: an actor and a critic, each with its own optimiser.

`Learner.estimate_advantages` turns a rollout into advantages and returns; `improve_actor` and `improve_critic` then
write to nothing they share, so those of both sides may run side by side in threads, and results do not depend on the
timing. `update_normalisers` moves the normalisers afterwards.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from policies.agents.critic import Critic
from policies.agents.networks import Actor, initialise, new_actor
from policies.agents.normaliser import moments
from policies.learning.config import TrainConfig
from policies.learning.gae import Boundary, generalised_advantages
from policies.learning.losses import FIGURES, ActorBatch, as_of_now, masked_mean, policy_loss
from policies.learning.objective import ReferenceKL
from policies.learning.ranks import ALONE, Ranks
from policies.learning.samples import Samples
from policies.learning.symmetry import Mirror
from sim.layout import Slots, side_agents
from sim.schema import global_state_size

_VALUES_AT_ONCE = 8192
_LOWEST_RATE = 0.1


class AdvantageBatch(NamedTuple):
    """Advantages and returns of a rollout of T ticks, W worlds and n agents."""

    inputs: Tensor
    """float32 [T * W, S]: prepared global states."""
    advantages: Tensor
    """float32 [T, W, n]: mean 0 and spread 1 over all samples of the side's agents that exist."""
    returns: Tensor
    """float32 [T * W, n]: targets of the critic, in units of the scaled reward."""
    errors: Tensor
    """float32 [T, W]: absolute raw advantages, mean over agents: how far the critic was off."""
    positive_advantages: Tensor
    """float32 [T, W]: raw advantages above 0, mean over agents: how much better it went than the critic expected."""
    explained_variance: float
    """Share of the returns' variance that the values explain; 1 is perfect, 0 no better than a constant."""


class Learner:
    """Improves one side's networks from its samples; every random order comes from the two generators."""

    def __init__(
        self,
        actor: Actor,
        critic: Critic,
        config: TrainConfig,
        mirror: Mirror | None,
        device: torch.device,
        ranks: Ranks = ALONE,
    ) -> None:
        """`mirror` is the scenario's, or None to learn from the samples alone, without images."""
        self.actor = actor
        self.critic = critic
        self.config = config
        self.reference: ReferenceKL | None = None
        """The actor is kept near this one; its normaliser is frozen then, as both read the same inputs."""
        self.entropy_weight = config.entropy
        self.mirror = mirror
        self.ranks = ranks
        self.actor_optimiser = _adam(actor, config)
        self.critic_optimiser = _adam(critic, config)
        self.actor_generator = torch.Generator(device)
        self.critic_generator = torch.Generator(device)

    def optimisers(self) -> dict[str, torch.optim.Adam]:
        return {"actor_optimiser": self.actor_optimiser, "critic_optimiser": self.critic_optimiser}

    def restore(self, states: Mapping[str, Mapping[str, Mapping[str, Tensor]]]) -> None:
        """Puts back the optimisers' moments: optimiser name, parameter number, moment's name.

        Parameters that no sample has reached, such as those for ramps where there are none, have no moments.

        Raises:
            KeyError, ValueError: they are not those of these networks.
        """
        for name, optimiser in self.optimisers().items():
            parameters = optimiser.param_groups[0]["params"]
            moments = {int(index): dict(state) for index, state in states[name].items()}
            if not moments.keys() <= set(range(len(parameters))):
                raise ValueError(f"{name} has other parameters")
            for index, state in moments.items():
                if any(state[key].shape != parameters[index].shape for key in ("exp_avg", "exp_avg_sq")):
                    raise ValueError(f"{name} {index} has another shape")
            optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})

    def start_over(self, actor: Actor, critic: Critic) -> None:
        """Takes the weights of these networks, which are of the same kind, and forgets the optimisers' moments."""
        self.actor.load_state_dict(actor.state_dict())
        self.critic.load_state_dict(critic.state_dict())
        self.actor_optimiser, self.critic_optimiser = _adam(self.actor, self.config), _adam(self.critic, self.config)

    def follow_schedule(self, agent_steps: int) -> None:
        """Sets the learning rate and the weight of the entropy bonus, if the config has a schedule."""
        config = self.config
        progress = min(agent_steps / config.schedule_steps, 1.0) if config.schedule_steps else 0.0
        self.entropy_weight = config.entropy * (1 - (1 - config.entropy_final_fraction) * progress)
        rate = config.learning_rate * (1 - (1 - _LOWEST_RATE) * progress)
        for optimiser in self.optimisers().values():
            for group in optimiser.param_groups:
                group["lr"] = rate

    @torch.no_grad()
    def estimate_advantages(self, samples: Samples) -> AdvantageBatch:
        """Advantages and returns of a rollout; the critic's units move to include the returns."""
        ticks, worlds, agents = samples.rewards.shape
        inputs = self.critic.prepare(samples.global_state).flatten(0, 1)
        values = torch.cat([self.critic.values(piece) for piece in inputs.split(_VALUES_AT_ONCE)])
        rewards = samples.rewards * self.config.reward_scale
        advantages = generalised_advantages(
            rewards, values.view(ticks, worlds, agents), self.config.gamma, self.config.lam, self._boundaries(samples)
        )
        errors, positive = (
            masked_mean(size, samples.exist, -1) for size in (advantages.abs(), advantages.clamp_min(0))
        )
        returns = advantages.view(ticks * worlds, agents) + values
        valid_advantages = _existing(advantages, samples.exist)
        valid_returns = _existing(returns.view_as(advantages), samples.exist)
        explained_variance = 1 - valid_advantages.var() / valid_returns.var().clamp_min(1e-8)
        return_moments = moments(valid_returns.flatten().unsqueeze(-1))
        self.critic.absorb_returns(*self.ranks.merge(*return_moments, valid_returns.numel()))
        normalised = self.ranks.standardise(advantages, valid_advantages)
        return AdvantageBatch(inputs, normalised, returns, errors, positive, float(explained_variance))

    def _boundaries(self, samples: Samples) -> list[Boundary]:
        """What the critic expects where pieces of episodes were left."""
        prepare, values = self.critic.prepare, self.critic.values
        return [Boundary(cut.row, cut.worlds, values(prepare(cut.global_state))) for cut in samples.cuts]

    def improve_actor(self, samples: Samples, batch: AdvantageBatch) -> dict[str, float]:
        """Several epochs of the clipped objective; returns the mean of each loss figure."""
        sequences = self._actor_batch(samples, batch.advantages)
        if self.config.lag:
            sequences = as_of_now(self.actor, sequences)
        names = FIGURES if self.reference else FIGURES[:-1]
        steps = []
        for chosen in self._minibatches(sequences.inputs.shape[1], samples, self.actor_generator):
            minibatch = self._mirror_some(sequences.select(chosen))
            loss, figures = policy_loss(self.actor, minibatch, self.config.clip, self.entropy_weight, self.reference)
            figures["actor_gradient"] = self._step(self.actor_optimiser, loss)
            steps.append(torch.stack([figures[name] for name in names]))
        return dict(zip(names, torch.stack(steps).mean(0).tolist(), strict=True))

    def _actor_batch(self, samples: Samples, advantages: Tensor) -> ActorBatch:
        """All samples [T, W, ...] as sequences [L, N, ...]: whole episodes if memories matter, else single ticks."""
        parts = (samples.inputs, samples.actions, samples.log_probs, advantages)
        batch = ActorBatch(*parts, samples.episode_starts(), samples.exist)
        return batch if self.actor.memory_size else batch.as_single_ticks()

    def _mirror_some(self, minibatch: ActorBatch) -> ActorBatch:
        """Replaces some sequences by their mirror images, in place."""
        if self.mirror:
            images = self._mirrored(minibatch.inputs.shape[1])
            inputs, actions = minibatch.inputs, minibatch.actions
            inputs[:, images] = self.mirror.observation.of(inputs[:, images])
            actions[:, images] = self.mirror.actions(actions[:, images])
        return minibatch

    def improve_critic(self, samples: Samples, batch: AdvantageBatch) -> dict[str, float]:
        """Several epochs of regression to the returns, with one row of the global state per world and tick."""
        targets = self.critic.targets(batch.returns)
        exist = None if samples.exist is None else samples.exist.flatten(0, 1)
        figures = []
        for chosen in self._minibatches(len(targets), samples, self.critic_generator):
            states = batch.inputs.index_select(0, chosen)
            if self.mirror:
                images = self._mirrored(len(chosen))
                states[images] = self.mirror.global_state.of(states[images])
            values = self.critic(states)
            errors = (values - targets.index_select(0, chosen)).square()
            loss = masked_mean(errors, None if exist is None else exist.index_select(0, chosen)) / 2
            norm = self._step(self.critic_optimiser, loss)
            figures.append(torch.stack([loss.detach(), norm]))
        value_loss, norm = torch.stack(figures).mean(0).tolist()
        return {"value_loss": value_loss, "critic_gradient": norm, "explained_variance": batch.explained_variance}

    def update_normalisers(self, samples: Samples) -> None:
        """Lets the normalisers take in the rollout; the next one to begin is prepared with the new figures."""
        self._update_actor_normaliser(samples)
        ticks, worlds, _ = samples.rewards.shape
        global_states = moments(samples.global_state)
        # Images of prepared inputs are right only if the normalisers are their own images.
        if self.mirror:
            global_states = self.mirror.global_state.pooled_moments(*global_states)
        self.critic.normaliser.absorb(*self.ranks.merge(*global_states, ticks * worlds))

    def _update_actor_normaliser(self, samples: Samples) -> None:
        if self.reference:
            return
        observed = (samples.moments[0], samples.moments[1])
        if self.mirror:
            observed = self.mirror.observation.pooled_moments(*observed)
        self.actor.normaliser.absorb(*self.ranks.merge(*observed, samples.present))

    def _mirrored(self, count: int) -> slice:
        """The part of a minibatch of this size that is learnt from in the mirror; minibatches come in random order."""
        return slice(0, round(count * self.config.mirrored_share))

    def _minibatches(self, count: int, samples: Samples, generator: torch.Generator) -> Iterator[Tensor]:
        """The indices, of `count`, of each gradient step's samples."""
        parts = min(count, max(1, round(self.ranks.sum(samples.present) / self.config.minibatch)))
        for _ in range(self.config.epochs):
            order = torch.randperm(count, generator=generator, device=samples.rewards.device)
            yield from order.tensor_split(parts)

    def _step(self, optimiser: torch.optim.Optimizer, loss: Tensor) -> Tensor:
        """One gradient step; returns the gradient's norm before it was clipped."""
        parameters = optimiser.param_groups[0]["params"]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.ranks.average_gradients(parameters)
        norm = nn.utils.clip_grad_norm_(parameters, self.config.gradient_norm)
        optimiser.step()
        return norm


def new_networks(
    kind: str, slots: Slots, side: int, hidden: tuple[int, ...], generator: torch.Generator, goals: int = 0
) -> tuple[Actor, Critic]:
    """An untrained actor (of a kind in `policies.agents.network_kinds`), with `goals` goals, and critic of a side."""
    agents = side_agents(slots, side)
    actor = new_actor(kind, slots, hidden, goals)
    critic = Critic(global_state_size(slots), agents.stop - agents.start, hidden)
    initialise(actor, 0.01, generator)
    initialise(critic, 1.0, generator)
    return actor, critic


def _existing(values: Tensor, exist: Tensor | None) -> Tensor:
    """The values whose agents exist (bool, like `values`); all of them as they are where that is None."""
    return values if exist is None else values[exist]


def _adam(network: nn.Module, config: TrainConfig) -> torch.optim.Adam:
    return torch.optim.Adam(network.parameters(), lr=config.learning_rate, eps=1e-5, fused=True)
