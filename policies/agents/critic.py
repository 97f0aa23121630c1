"""The critic of a side: what its agents can expect, from the global state of their world."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from policies.agents.layers import perceptron
from policies.agents.normaliser import Normaliser


class Critic(nn.Module):
    """Expected return of every agent of a side, from the global state of its world.

    It learns in units of its own running mean and standard deviation of returns. When these move, the last layer is
    rescaled so that what it predicts stays the same (Pop-Art, van Hasselt et al. 2016).
    """

    def __init__(self, global_state_size: int, agents: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.normaliser = Normaliser(global_state_size)
        self.returns = Normaliser(1)
        self.body = perceptron([global_state_size, *hidden, agents])

    def prepare(self, global_state: Tensor) -> Tensor:
        """Inputs float32 [..., S] of raw global states float32 [..., S], S their size."""
        return self.normaliser(global_state)

    def forward(self, inputs: Tensor) -> Tensor:
        """Values [..., agents] in units of `returns`."""
        return self.body(inputs)

    def values(self, inputs: Tensor) -> Tensor:
        """Values [..., agents] in units of the scaled reward."""
        return self(inputs) * self.returns.spread().float() + self.returns.mean.float()

    def targets(self, returns: Tensor) -> Tensor:
        """What `forward` learns to predict: returns in units of the scaled reward, put into its own units."""
        return (returns - self.returns.mean.float()) / self.returns.spread().float()

    @torch.no_grad()
    def absorb_returns(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Moves the units to include `count` returns of this mean and biased variance [1]; predictions stay."""
        middle, spread = self.returns.mean.clone(), self.returns.spread()
        self.returns.absorb(mean, variance, count)
        head = self._head()
        head.bias.copy_((head.bias * spread + middle - self.returns.mean) / self.returns.spread())
        head.weight.mul_((spread / self.returns.spread()).float())

    @torch.no_grad()
    def rescale(self, factor: float) -> None:
        """Predicts `factor` times as much from now on: for rewards that are scaled by so much more."""
        spread = self.returns.spread()
        self.returns.mean.mul_(factor)
        self.returns.variance.mul_(factor**2)
        for parameter in self._head().parameters():
            parameter.mul_((factor * spread / self.returns.spread()).float())

    def _head(self) -> nn.Linear:
        head = self.body[-1]
        assert isinstance(head, nn.Linear)
        return head
