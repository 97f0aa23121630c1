"""Several processes that train one run together, as many as torchrun starts:

    torchrun --nproc-per-node 4 -m -- policies.cli train --run runs/first
    torchrun --nproc-per-node 4 --nnodes 2 --rdzv-backend c10d --rdzv-endpoint HOST:29400 -m -- policies.cli train ...

Each process, a rank, plays its share of the config's worlds and takes its share of every minibatch; gradients are
averaged before each step (as in DD-PPO, Wijmans et al. 2020), and moments of observations, returns and advantages are
merged. So networks and optimisers stay the same in all ranks, and what a run learns does not depend on how many there
are: it may go on with another number of them. Random numbers, past opponents, visited states and regrets are a rank's
own; a checkpoint has those of the first. The first rank alone writes files and messages; all read checkpoints, so the
run's folder must be on a disk that all of them see.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import torch
import torch.distributed
from torch import Tensor

from sim.errors import UserError


class Ranks:
    """A process that trains alone: everything stays as it is. The base of `JoinedRanks`."""

    rank = 0
    """The number of this process."""
    count = 1
    """How many processes train the run."""

    @property
    def first(self) -> bool:
        """Whether this process writes the run's files."""
        return self.rank == 0

    def share(self, worlds: int) -> slice:
        """This rank's share of `worlds` worlds. Raises UserError if they cannot be shared equally."""
        each, rest = divmod(worlds, self.count)
        if rest:
            raise UserError(
                f"{worlds} worlds cannot be shared equally by {self.count} processes; "
                "give another --nproc-per-node, or --set worlds=N to a new run"
            )
        return slice(self.rank * each, (self.rank + 1) * each)

    def entropy(self, numbers: list[int]) -> list[int]:
        """Numbers from which random ones follow that no other rank has."""
        return numbers

    def sum(self, number: float) -> float:
        """The sum of the ranks' numbers."""
        return number

    def mean(self, figures: Mapping[str, float]) -> dict[str, float]:
        """The means over ranks of numbers that all of them have."""
        return dict(figures)

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Writes the mean over ranks into each parameter's gradient."""

    def merge(self, mean: Tensor, variance: Tensor, count: int) -> tuple[Tensor, Tensor, int]:
        """Mean and biased variance of all ranks' samples, and their number, from those of this rank's."""
        return mean, variance, count

    def standardise(self, values: Tensor, valid: Tensor) -> Tensor:
        """Values less the mean of the valid ones, in units of their standard deviation; of all ranks together."""
        return (values - valid.mean()) / (valid.std() + 1e-8)


class JoinedRanks(Ranks):
    """One of several processes. All must call the same methods in the same order."""

    def __init__(self, rank: int, count: int) -> None:
        self.rank, self.count = rank, count

    def total(self, values: Tensor) -> Tensor:
        """The sum of the ranks' tensors. Raises UserError if one of the others is gone."""
        try:
            torch.distributed.all_reduce(values)
        except RuntimeError as error:
            raise UserError(
                f"another process of this training has ended ({str(error).partition(chr(10))[0][:80]}); "
                "give the command again, with as many processes as there are"
            ) from None
        return values

    def entropy(self, numbers: list[int]) -> list[int]:
        return [*numbers, self.rank] if self.rank else numbers

    def sum(self, number: float) -> float:
        return float(self.total(torch.tensor(number, dtype=torch.float64)))

    def mean(self, figures: Mapping[str, float]) -> dict[str, float]:
        sums = self.total(torch.tensor(list(figures.values()), dtype=torch.float64)).tolist()
        return {name: value / self.count for name, value in zip(figures, sums, strict=True)}

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        means = self.total(torch.cat([gradient.flatten() for gradient in gradients])) / self.count
        for gradient, mean in zip(gradients, means.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def merge(self, mean: Tensor, variance: Tensor, count: int) -> tuple[Tensor, Tensor, int]:
        mean, variance = mean.double(), variance.double()
        one = mean.new_ones(mean.shape)
        counts, sums, squares = self.total(torch.stack([one, mean, variance + mean.square()]) * count).unbind()
        merged = sums / counts.clamp_min(1)
        return merged, (squares / counts.clamp_min(1) - merged.square()).clamp_min(0), int(counts.flatten()[0])

    def standardise(self, values: Tensor, valid: Tensor) -> Tensor:
        own = valid.double()
        mean, variance, count = self.merge(own.mean(), own.var(correction=0), valid.numel())
        spread = (variance * (count / max(count - 1, 1))).sqrt()
        return (values - mean.float()) / (spread.float() + 1e-8)


ALONE = Ranks()


def launched() -> int:
    """How many processes torchrun started for this training; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1")) if torch.distributed.is_torchelastic_launched() else 1


@contextmanager
def joined() -> Iterator[Ranks]:
    """The ranks of the run that this process trains. Raises UserError if they cannot meet."""
    if launched() == 1:
        yield ALONE
        return
    try:
        torch.distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    except (RuntimeError, ValueError) as error:
        raise UserError(f"the processes of torchrun cannot meet ({str(error)[:80]}); see its --rdzv-endpoint") from None
    try:
        yield JoinedRanks(torch.distributed.get_rank(), launched())
    finally:
        torch.distributed.destroy_process_group()


def own_cuda_device() -> torch.device:
    """The device of this rank, of those of its machine."""
    if launched() == 1:
        return torch.device("cuda")
    return torch.device("cuda", int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
