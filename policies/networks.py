"""The networks of a team: an actor that sees what one agent sees, a critic that sees everything.

An actor is a module with `prepare(observation) -> inputs` and `forward(inputs) -> logits`; the learner
prepares each observation once and trains on the stored inputs. The kinds of actors are in `policies.actors`.

Action heads are fused: one output per choice, `sum(ACTION_SIZES)` in all.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from sim.rules import ACTION_SIZES

if TYPE_CHECKING:
    from policies.actors import TableNormaliser

LOGITS = sum(ACTION_SIZES)
"""Numbers an actor puts out for one agent."""

_FARTHEST = 5.0
_LEAST_VARIANCE = 1e-4


class Normaliser(nn.Module):
    """Running mean and variance of `size` features, part of the network they belong to.

    Features come out with mean 0 and spread 1, cut at +-5, so that a flag that hardly ever changes stays a
    number of ordinary size. The running sums are float64: a float32 count stops at 16.8 million samples.
    """

    mean: Tensor
    variance: Tensor
    count: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size, dtype=torch.float64))
        self.register_buffer("variance", torch.ones(size, dtype=torch.float64))
        self.register_buffer("count", torch.zeros((), dtype=torch.float64))

    def spread(self) -> Tensor:
        """float64 [size]: the standard deviation that features are divided by."""
        return (self.variance + _LEAST_VARIANCE).sqrt()

    @torch.no_grad()
    def forward(self, features: Tensor) -> Tensor:
        return standardise(features, self.mean, self.spread())

    @torch.no_grad()
    def absorb(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Takes in `count` more samples of which mean and (biased) variance are known (Chan et al. 1979)."""
        total = self.count + count
        gap = mean.double() - self.mean
        old, new = self.count / total, count / total
        self.variance.copy_(self.variance * old + variance.double() * new + gap.square() * old * new)
        self.mean.add_(gap * new)
        self.count.copy_(total)


class Actor(nn.Module):
    """What every actor has in common; the same weights play every agent of a side."""

    normaliser: "Normaliser | TableNormaliser"
    """Prepares observations, and `absorb`s what it is told of them."""
    body: nn.Sequential
    """Its last layers, down to the logits."""
    memory_size = 0
    """Numbers that an agent carries from tick to tick; 0 for an actor that remembers nothing."""

    def prepare(self, observation: Tensor) -> Tensor:
        """Inputs float32 [..., F] of raw observations float32 [..., F]."""
        return self.normaliser(observation)

    def recall(self, inputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """One tick: logits [..., LOGITS] and the new memory [..., memory_size] of prepared inputs and the old one.

        A memory of zeros is that of an agent whose episode begins.
        """
        return self(inputs), memory

    def replay(self, inputs: Tensor, fresh: Tensor) -> Tensor:
        """Many ticks at once: logits [L, N, n, LOGITS] of N sequences of L ticks of n agents.

        Memories are empty in the first tick, and again wherever `fresh` (bool [L, N]) says so.
        """
        return self(inputs)


class Critic(nn.Module):
    """Expected return of every agent of a side, from the overview of its world.

    It learns in units of its own running mean and spread of returns. When these move, the last layer is
    rescaled so that what it predicts stays the same (Pop-Art, van Hasselt et al. 2016).
    """

    def __init__(self, overview_size: int, agents: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.normaliser = Normaliser(overview_size)
        self.returns = Normaliser(1)
        self.body = perceptron([overview_size, *hidden, agents])

    def prepare(self, overview: Tensor) -> Tensor:
        """Inputs float32 [..., S] of raw overviews float32 [..., S]."""
        return self.normaliser(overview)

    def forward(self, inputs: Tensor) -> Tensor:
        """Values [..., agents] in units of `returns`."""
        return self.body(inputs)

    def values(self, inputs: Tensor) -> Tensor:
        """Values [..., agents] in units of the scaled reward."""
        return self(inputs) * self.returns.spread().float() + self.returns.mean.float()

    def targets(self, returns: Tensor) -> Tensor:
        """What `forward` should have said, given returns in units of the scaled reward."""
        return (returns - self.returns.mean.float()) / self.returns.spread().float()

    @torch.no_grad()
    def absorb_returns(self, returns: Tensor) -> None:
        """Moves the units to include these returns and keeps every prediction as it was."""
        mean, spread = self.returns.mean.clone(), self.returns.spread()
        self.returns.absorb(*moments(returns.flatten().unsqueeze(-1)), returns.numel())
        head = self.body[-1]
        assert isinstance(head, nn.Linear)
        head.bias.copy_((head.bias * spread + mean - self.returns.mean) / self.returns.spread())
        head.weight.mul_((spread / self.returns.spread()).float())


def standardise(features: Tensor, mean: Tensor, spread: Tensor) -> Tensor:
    """Features float32 [..., F] in units of their spread (float64 [F]), cut at +-5."""
    shifted = features - mean.float()
    return shifted.mul_(spread.reciprocal().float()).clamp_(-_FARTHEST, _FARTHEST)


def initialise(network: Actor | Critic, head_gain: float, generator: torch.Generator) -> None:
    """Orthogonal weights, zero biases; a small `head_gain` makes all actions nearly equally likely."""
    for layer in [module for module in network.modules() if isinstance(module, nn.Linear)]:
        gain = head_gain if layer is network.body[-1] else math.sqrt(2.0)
        nn.init.orthogonal_(layer.weight, gain, generator=generator)
        nn.init.zeros_(layer.bias)
    for layer in [module for module in network.modules() if isinstance(module, nn.GRU)]:
        for parameter in layer.parameters():
            if parameter.dim() == 1:
                nn.init.zeros_(parameter)
            else:
                for gate in parameter.data.chunk(3):
                    nn.init.orthogonal_(gate, generator=generator)


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and biased variance, float64 [size], of float32 [..., size] over all leading axes.

    By the mean of squares: torch's own variance is sixteen times slower, and features near unit scale lose
    nothing that the normaliser's least variance would keep.
    """
    rows = features.flatten(0, -2)
    mean = rows.mean(0).double()
    return mean, (rows.square().mean(0).double() - mean.square()).clamp_min(0)


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


def perceptron(sizes: Sequence[int]) -> nn.Sequential:
    """Linear layers between the given widths, with ReLU between them."""
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])
