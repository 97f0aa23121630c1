"""Learning without a critic: episodes of one start are compared with each other.

An episode's advantage is its reward less the mean of its group, in units of the group's spread, and counts for each of
its ticks (group relative policy optimisation, Shao et al. 2024). A group whose episodes all got the same reward
teaches nothing: it is left out, and the share of such groups is reported. The objective of the actor is PPO's.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from policies.agents.action_distribution import score
from policies.learning.losses import FIGURES
from policies.learning.ppo import AdvantageBatch, Learner
from policies.learning.samples import Samples


def group_advantages(total_reward: Tensor, group: int) -> Tensor:
    """Advantages [W, n] from rewards of an episode, float32 [W, n]; each `group` worlds in a row share a start."""
    groups = total_reward.unflatten(0, (-1, group))
    spread = groups.std(1, correction=0, keepdim=True)
    advantages = (groups - groups.mean(1, keepdim=True)) / spread.clamp_min(1e-8)
    return advantages.where(spread > 1e-6, 0.0).flatten(0, 1)


class GroupLearner(Learner):
    """Improves an actor alone. The critic stays as it was, and expects the game's reward if it did before."""

    def __init__(self, *parts, group: int) -> None:
        """`parts` are those of a `Learner`; `group` is the number of worlds in a row that share a start."""
        super().__init__(*parts)
        self.group = group

    def optimisers(self) -> dict[str, torch.optim.Adam]:
        return {"actor_optimiser": self.actor_optimiser}

    def restore(self, states: Mapping[str, Mapping[str, Mapping[str, Tensor]]]) -> None:
        """As the base class; there are no moments before the first group that disagreed."""
        if "actor_optimiser" in states:
            super().restore(states)

    @torch.no_grad()
    def estimate_advantages(self, samples: Samples) -> AdvantageBatch:
        """Advantages of whole episodes; there are no returns to learn, and no errors of a critic."""
        ticks = len(samples.rewards)
        advantages = group_advantages(samples.rewards.sum(0), self.group).expand(ticks, -1, -1)
        nothing, no_errors = samples.rewards.new_zeros(0), torch.zeros_like(samples.rewards[..., 0])
        return AdvantageBatch(nothing, advantages, nothing, no_errors, no_errors, 0.0)

    def improve_actor(self, samples: Samples, batch: AdvantageBatch) -> dict[str, float]:
        """As the base class, from the worlds whose groups disagree; `groups_skipped` is the share of the others."""
        disagree = (batch.advantages[0] != 0).any(-1)
        skipped = {"groups_skipped": 1.0 - float(disagree.float().mean())}
        if not disagree.any():
            return dict.fromkeys(FIGURES, 0.0) | {"entropy": self._entropy(samples)} | skipped
        worlds = disagree.nonzero().squeeze(-1)
        chosen = batch._replace(advantages=batch.advantages.index_select(1, worlds))
        return super().improve_actor(_of_worlds(samples, worlds), chosen) | skipped

    def improve_critic(self, samples: Samples, batch: AdvantageBatch) -> dict[str, float]:
        """Nothing."""
        return {}

    def update_normalisers(self, samples: Samples) -> None:
        """The actor's alone."""
        self._update_actor_normaliser(samples)

    @torch.no_grad()
    def _entropy(self, samples: Samples) -> float:
        logits = self.actor.forward_sequence(samples.inputs, samples.episode_starts())
        return float(score(logits, samples.actions)[1].mean())


def _of_worlds(samples: Samples, worlds: Tensor) -> Samples:
    """What an actor learns from, of those worlds alone."""
    assert not samples.cuts, "episodes that change states have no start in common"
    return samples._replace(
        inputs=samples.inputs.index_select(1, worlds),
        actions=samples.actions.index_select(1, worlds),
        log_probs=samples.log_probs.index_select(1, worlds),
        rewards=samples.rewards.index_select(1, worlds),
        exist=None if samples.exist is None else samples.exist.index_select(1, worlds),
    )
