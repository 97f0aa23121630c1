"""The loss of the actor: clipped PPO (Schulman et al. 2017), an entropy bonus, and a penalty for leaving a reference.

In shapes, L is the number of ticks of a sequence, N that of sequences, n that of agents.
"""

from typing import NamedTuple, Self

import torch
from torch import Tensor

from policies.agents.action_distribution import divergence, score
from policies.agents.networks import Actor
from policies.learning.objective import ReferenceKL

FIGURES = ("policy_loss", "entropy", "approx_kl", "clip_fraction", "actor_gradient", "kl")
"""What `Learner.improve_actor` reports: `approx_kl` is from the actor before the update, `kl` from the reference."""

_SEQUENCES_AT_ONCE = 8192
"""Sequences that go through an actor in one call where nothing is learnt."""


class ActorBatch(NamedTuple):
    """Sequences of samples from which an actor learns."""

    inputs: Tensor
    """float32 [L, N, n, F]: prepared observations."""
    actions: Tensor
    """int64 [L, N, n, 3]"""
    old_log_probs: Tensor
    """float32 [L, N, n]: of the actions, when they were chosen."""
    advantages: Tensor
    """float32 [L, N, n]"""
    episode_starts: Tensor
    """bool [L, N]: where memories are empty."""
    valid_mask: Tensor | None
    """bool [L, N, n]: where there is an agent; None where there always is."""

    def select(self, sequences: Tensor) -> Self:
        """A copy of the sequences with these indices."""
        return self._make(None if part is None else part.index_select(1, sequences) for part in self)

    def as_single_ticks(self) -> Self:
        """The same samples as L * N sequences of one tick, for actors without a memory."""
        return self._make(None if part is None else part.flatten(0, 1).unsqueeze(0) for part in self)


@torch.no_grad()
def as_of_now(actor: Actor, batch: ActorBatch) -> ActorBatch:
    """Samples of an actor that was an update behind, as samples of the present one, before it learns from them.

    Ratios are clipped around the present probabilities, and an advantage counts as many times as its action has become
    likelier (decoupled PPO, Hilton et al. 2022). Clipped around the old ones, hiders needed twice the play
    until 13 % of the episodes ended behind a locked door (policies/LOG.md).
    """
    numbers = torch.arange(batch.inputs.shape[1], device=batch.inputs.device).split(_SEQUENCES_AT_ONCE)
    present = torch.cat([_log_probs(actor, batch.select(some)) for some in numbers], 1)
    weights = (present - batch.old_log_probs).exp()
    return batch._replace(old_log_probs=present, advantages=batch.advantages * weights)


def _log_probs(actor: Actor, batch: ActorBatch) -> Tensor:
    """float32 [L, N, n]: of the actions, as the actor would choose now."""
    return score(actor.forward_sequence(batch.inputs, batch.episode_starts), batch.actions)[0]


def policy_loss(
    actor: Actor, batch: ActorBatch, clip: float, entropy_weight: float, reference: ReferenceKL | None
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss to step down, and those of `FIGURES` that are known before the step; `kl` only with a reference."""
    logits = actor.forward_sequence(batch.inputs, batch.episode_starts)
    log_probs, entropy = score(logits, batch.actions)
    log_ratio = log_probs - batch.old_log_probs
    ratio = log_ratio.exp()
    clipped_ratio = ratio.clamp(1 - clip, 1 + clip)
    surrogate = masked_mean(torch.min(ratio * batch.advantages, clipped_ratio * batch.advantages), batch.valid_mask)
    mean_entropy = masked_mean(entropy, batch.valid_mask)
    loss = -surrogate - entropy_weight * mean_entropy
    with torch.no_grad():
        figures = {
            "policy_loss": -surrogate,
            "entropy": mean_entropy.detach(),
            "approx_kl": masked_mean(ratio - 1 - log_ratio, batch.valid_mask),
            "clip_fraction": masked_mean(((ratio - 1).abs() > clip).float(), batch.valid_mask),
        }
    if reference:
        with torch.no_grad():
            reference_logits = reference.actor.forward_sequence(batch.inputs, batch.episode_starts)
        kl_to_reference = masked_mean(divergence(logits, reference_logits), batch.valid_mask)
        loss = loss + reference.weight * kl_to_reference
        figures["kl"] = kl_to_reference.detach()
    return loss, figures


def masked_mean(values: Tensor, valid_mask: Tensor | None, axis: int | None = None) -> Tensor:
    """The mean of the valid values, over all axes or one; 0 where there are none. Without a mask, of all values."""
    if valid_mask is None:
        return values.mean(axis)
    return values.where(valid_mask, 0.0).sum(axis) / valid_mask.sum(axis).clamp_min(1)
