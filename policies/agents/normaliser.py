"""Running mean and variance of features, as part of the network that needs them."""

import torch
from torch import Tensor, nn

from sim.layout import Slots
from sim.schema import OBSERVATION, observation_tables

_FARTHEST = 5.0
"""Normalised features are clipped at plus and minus this."""
_LEAST_VARIANCE = 1e-4
"""Added to every variance."""
_MASK_COLUMN = 0
"""Where all masks stand in a table normaliser: the column that is never changed."""


class Normaliser(nn.Module):
    """Running mean and variance of `size` features; part of the network's weights, and stored with them.

    Features come out with mean 0 and standard deviation 1, clipped at +-5, so that a flag that hardly ever changes
    stays a number of ordinary size. The running moments are float64: a float32 count stops at 16.8 million samples.
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
        """Normalised features float32 [..., size]."""
        return standardise(features, self.mean, self.spread())

    @torch.no_grad()
    def absorb(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Adds `count` samples, given their mean and biased variance [size] (Chan et al. 1979)."""
        total = self.count + count
        gap = mean.double() - self.mean
        old, new = self.count / total, count / total
        self.variance.copy_(self.variance * old + variance.double() * new + gap.square() * old * new)
        self.mean.add_(gap * new)
        self.count.copy_(total)


def standardise(features: Tensor, mean: Tensor, spread: Tensor) -> Tensor:
    """Features float32 [..., F] less their mean, in units of their spread (both float64 [F]), clipped at +-5."""
    shifted = features - mean.float()
    return shifted.mul_(spread.reciprocal().float()).clamp_(-_FARTHEST, _FARTHEST)


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and biased variance, float64 [size], of float32 [..., size] over all leading axes.

    By the mean of squares: torch's own variance is sixteen times slower, and features near unit scale lose
    nothing that the normaliser's least variance would keep.
    """
    rows = features.flatten(0, -2)
    mean = rows.mean(0).double()
    return mean, (rows.square().mean(0).double() - mean.square()).clamp_min(0)


class TableNormaliser(nn.Module):
    """Running mean and variance of every column of the tables, shared by all rows; masks stay as they are."""

    columns: Tensor
    """int64 [F]: the column of each flat feature."""

    def __init__(self, slots: Slots) -> None:
        super().__init__()
        columns, count = [], _MASK_COLUMN + 1
        for name, table in observation_tables(slots).items():
            if name in OBSERVATION:
                columns += [count + column for column in range(table.width)] * table.rows
                count += table.width
            else:
                columns += [_MASK_COLUMN] * (table.rows * table.width)
        self.running = Normaliser(count)
        # On the CPU even where a team is built without memory, to be filled from its file: this is not in the file.
        self.register_buffer("columns", torch.tensor(columns, device="cpu"), persistent=False)

    @torch.no_grad()
    def forward(self, features: Tensor) -> Tensor:
        """Normalised features float32 [..., F]."""
        mean, spread = self.running.mean, self.running.spread()
        return standardise(features, mean[self.columns], spread[self.columns])

    @torch.no_grad()
    def absorb(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Adds `count` samples, given mean and biased variance [F] of every flat feature."""
        size = len(self.running.mean)
        rows = torch.zeros(size, dtype=torch.float64, device=mean.device)
        rows.index_add_(0, self.columns, torch.ones_like(mean, dtype=torch.float64))

        def by_column(values: Tensor) -> Tensor:
            return torch.zeros_like(rows).index_add_(0, self.columns, values.double()) / rows.clamp_min(1)

        middle = by_column(mean)
        spread = by_column(variance + (mean - middle[self.columns]).square())
        middle[_MASK_COLUMN], spread[_MASK_COLUMN] = 0.0, 1.0
        self.running.absorb(middle, spread, count)
