"""Sets of rows on the CPU: only rows that are visible are computed, those of all observations behind each other.

The same as `policies.agents.networks.EntityActor` computes elsewhere for all rows, with a mask, but for rounding. On
the CPU that is slow: most rows of a world with many places for things are empty or not seen, and torch is slow at many
small products (policies/LOG.md).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from policies.agents.layers import HEADS
from policies.agents.row_kernels import (
    Sets,
    attend,
    attend_backward,
    count_rows,
    embed,
    embed_backward,
    largest,
    largest_backward,
    list_rows,
)
from sim.schema import Table


def kinds_of_rows(tables: Sequence[tuple[Table, Table]]) -> np.ndarray:
    """`Sets.kinds`, from the table of each kind and that of its mask."""
    first = np.cumsum([0, *(table.width for table, _ in tables)])
    kinds = [(*table, mask.start, weight) for (table, mask), weight in zip(tables, first, strict=False)]
    return np.array(kinds, np.int64).reshape(-1, 5)


def packed(inputs: Tensor, kinds: np.ndarray) -> Sets:
    """The visible rows of prepared observations float32 [N, F], of kinds as `kinds_of_rows` gives them.

    Raises ValueError for shorter observations: what is compiled would read beyond them.
    """
    start, rows, width, mask, _ = kinds.T
    size = max((start + rows * width).max(), (mask + rows).max())
    if inputs.shape[1] < size:
        raise ValueError(f"these tables take {size} numbers or more, not {inputs.shape[1]}")
    observations = inputs.detach().contiguous().numpy()
    offsets = np.empty(len(observations) + 1, np.int64)
    count_rows(observations, kinds, offsets)
    visible = int(offsets[-1])
    sets = Sets(observations, kinds, offsets, np.empty(visible, np.int64), np.empty(visible, np.int64))
    list_rows(sets)
    return sets


def embedded(sets: Sets, own: Tensor, layers: Sequence[torch.nn.Linear]) -> Tensor:
    """Rows [M, D]: each one's features through its kind's layer, and the own row [N, D] added to it."""
    weight = torch.cat([layer.weight for layer in layers], 1).t().contiguous()
    return _Embedded.apply(sets, own, weight, torch.stack([layer.bias for layer in layers]))


def attended(sets: Sets, looks: Tensor) -> Tensor:
    """Rows [M, D] by attention of each observation's rows to each other, from their queries, keys and values [M, 3 D].

    D is `HEADS` times a multiple of `policies.agents.row_kernels.LANES`.
    """
    return _Attended.apply(sets, looks)


def summarised(sets: Sets, rows: Tensor) -> Tensor:
    """[N, (1 + kinds) * D]: own rows and the largest values over the rows of each kind, where they are above 0."""
    return _Summarised.apply(sets, rows).flatten(1)


class _Embedded(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, sets: Sets, own: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        rows = own.new_empty((len(sets.kind_of), own.shape[1]))
        embed(sets, own.numpy(), weight.numpy(), bias.numpy(), rows.numpy())
        ctx.sets, ctx.shapes = sets, [part.shape for part in (own, weight, bias)]
        return rows

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        slopes = [slope.new_zeros(shape) for shape in ctx.shapes]
        embed_backward(ctx.sets, slope.contiguous().numpy(), *(one.numpy() for one in slopes))
        return None, *slopes


class _Attended(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, sets: Sets, looks: Tensor) -> Tensor:
        counts = np.diff(sets.offsets)
        shares = looks.new_empty(HEADS * int(counts @ counts))
        rows = looks.new_empty((len(looks), looks.shape[1] // 3))
        attend(sets.offsets, looks.numpy(), shares.numpy(), rows.numpy())
        ctx.sets, ctx.most = sets, int(counts.max(initial=0))
        ctx.save_for_backward(looks, shares)
        return rows

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        looks, shares = ctx.saved_tensors
        looks_slope, scratch = torch.zeros_like(looks), looks.new_empty(ctx.most)
        parts = (looks, shares, slope.contiguous(), scratch, looks_slope)
        attend_backward(ctx.sets.offsets, *(part.numpy() for part in parts))
        return None, looks_slope


class _Summarised(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, sets: Sets, rows: Tensor) -> Tensor:
        best = rows.new_empty((len(sets.inputs), 1 + len(sets.kinds), rows.shape[1]))
        chosen = np.empty(best.shape, np.int32)
        largest(sets, rows.numpy(), best.numpy(), chosen)
        ctx.sets, ctx.chosen, ctx.shape = sets, chosen, rows.shape
        return best

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        rows = slope.new_empty(ctx.shape)
        largest_backward(ctx.sets, slope.contiguous().numpy(), ctx.chosen, rows.numpy())
        return None, rows
