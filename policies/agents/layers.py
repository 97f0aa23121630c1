"""Layers that networks are made of."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

HEADS = 4
"""Of the attention."""


def perceptron(sizes: Sequence[int]) -> nn.Sequential:
    """Linear layers between the given widths, with ReLU between them."""
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


class SelfAttention(nn.Module):
    """One residual block of multi-head attention over a set of vectors [..., N, D]; only visible ones are attended to.

    Vaswani et al. 2017, with the normalisation after the sum and without a feed-forward part.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.head_width = width // HEADS
        self.look = nn.Linear(width, 3 * width)
        self.take = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, rows: Tensor, visible: Tensor) -> Tensor:
        """New vectors [..., N, D]; `visible` is bool [..., N], True for at least one vector of each set."""
        heads = self.look(rows).unflatten(-1, (3, HEADS, -1)).movedim(-3, 0).transpose(-2, -3)
        query, key, value = heads.unbind(0)
        # By hand: torch's own function took thirteen times as long on sets of 22 rows, on the CPU (policies/LOG.md).
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        mixed = scores.masked_fill(~visible[..., None, None, :], -torch.inf).softmax(-1) @ value
        return self.joined(rows, mixed.transpose(-2, -3).flatten(-2))

    def joined(self, rows: Tensor, mixed: Tensor) -> Tensor:
        """The block's output, from its vectors and what they have taken from each other."""
        return self.norm(rows + self.take(mixed))
