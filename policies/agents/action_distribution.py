"""The distribution over an action: three independent choices, from one row of logits."""

import torch
from torch import Tensor

from sim.rules import ACTION_SIZES

LOGITS = sum(ACTION_SIZES)
"""Numbers an actor puts out for one agent."""


def sample(logits: Tensor, generator: torch.Generator) -> Tensor:
    """Actions int64 [..., 3] drawn from logits [..., LOGITS], by the Gumbel trick on all parts at once."""
    uniform = torch.rand(logits.shape, generator=generator, device=logits.device)
    return likeliest(logits - uniform.log_().neg_().log_())


def likeliest(logits: Tensor) -> Tensor:
    """The likeliest actions, int64 [..., 3]."""
    return torch.stack([part.argmax(-1) for part in logits.split(ACTION_SIZES, -1)], -1)


def score(logits: Tensor, actions: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probability [...] of actions int64 [..., 3] and entropy [...], both summed over an action's parts."""
    # One choice per row: torch's softmax over a short last axis takes twice as long.
    columns = logits.flatten(0, -2).t().contiguous()
    chosen = actions.flatten(0, -2).t().contiguous()
    log_probability = entropy = torch.zeros((), device=logits.device)
    for part, action in zip(columns.split(ACTION_SIZES), chosen.split(1), strict=True):
        log_part = part.log_softmax(0)
        log_probability = log_probability + log_part.gather(0, action).squeeze(0)
        entropy = entropy - (log_part.exp() * log_part).sum(0)
    return log_probability.view(logits.shape[:-1]), entropy.view(logits.shape[:-1])


def divergence(logits: Tensor, other: Tensor) -> Tensor:
    """Kullback-Leibler divergence [...] in nats, of the distribution of `logits` [..., LOGITS] from that of `other`.

    It is the mean under the first of how much likelier it makes an action, summed over an action's parts.
    """
    total = logits.new_zeros(logits.shape[:-1])
    for part, its_other in zip(logits.split(ACTION_SIZES, -1), other.split(ACTION_SIZES, -1), strict=True):
        log_part = part.log_softmax(-1)
        total = total + (log_part.exp() * (log_part - its_other.log_softmax(-1))).sum(-1)
    return total
