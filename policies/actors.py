"""The kinds of actors: `mlp` and `recurrent` on the flat observation, `pooled` and `attention` on its entity tables.

`recurrent` is an `mlp` that remembers: a GRU (Cho et al. 2014) between its hidden layers and its choices.

The latter two take any number of agents, boxes, ramps, doors and the like, in any order: every row of a table is
embedded by the same layer, together with what the agent knows of itself, and the largest value over the visible
rows of each kind goes on (`pooled`; Zaheer et al. 2017). `attention` first lets all rows and the agent itself look
at each other: one block of masked residual self-attention, as in the original (Baker et al. 2019). Their weights
do not depend on how many rows a table has.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import relu, scaled_dot_product_attention

from policies.networks import LOGITS, Actor, Normaliser, perceptron, standardise
from sim.layout import Slots
from sim.observe import observation_size, observation_tables

NETWORKS = ("mlp", "recurrent", "pooled", "attention")
"""The kinds of actors."""
ANY_SLOTS = ("pooled", "attention")
"""Those that play with any number of entities."""
MOST_LAYERS, MOST_WIDTH = 8, 2048
"""Bounds of the hidden layers; a team within them can be read back."""

_VISIBLE = {
    "agents": "agents_seen",
    "boxes": "boxes_seen",
    "ramps": "ramps_seen",
    "doors": "doors_exist",
    "sites": "sites_exist",
    "food": "food_seen",
    "pillars": "pillars_exist",
}
"""Each kind of entity, and the mask of the rows that say something."""
_OWN = ("self", "lidar")
_HEADS = 4
_MASK_COLUMN = 0


def new_actor(kind: str, slots: Slots, hidden: Sequence[int]) -> Actor:
    """An actor of one of NETWORKS, its weights as torch makes them."""
    if kind == "mlp":
        return MlpActor(observation_size(slots), hidden)
    if kind == "recurrent":
        return RecurrentActor(observation_size(slots), hidden)
    return EntityActor(slots, hidden, attention=kind == "attention")


class MlpActor(Actor):
    """Hidden layers on the flat observation."""

    def __init__(self, observation_size: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.normaliser = Normaliser(observation_size)
        self.body = perceptron([observation_size, *hidden, LOGITS])

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits [..., LOGITS] of prepared inputs."""
        return self.body(inputs)


class RecurrentActor(Actor):
    """Hidden layers on the flat observation, then a memory as wide as the last of them."""

    def __init__(self, observation_size: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.memory_size = hidden[-1]
        self.normaliser = Normaliser(observation_size)
        self.encode = perceptron([observation_size, *hidden])
        self.memory = nn.GRU(hidden[-1], hidden[-1])
        self.body = perceptron([hidden[-1], LOGITS])

    def recall(self, inputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        rows = relu(self.encode(inputs)).flatten(0, -2)
        told, kept = self.memory(rows.unsqueeze(0), memory.flatten(0, -2).unsqueeze(0))
        leading = inputs.shape[:-1]
        return self.body(told).view(*leading, LOGITS), kept.view(*leading, self.memory_size)

    def replay(self, inputs: Tensor, fresh: Tensor) -> Tensor:
        ticks, sequences, agents, _ = inputs.shape
        rows = relu(self.encode(inputs)).flatten(1, 2)
        empty = fresh.repeat_interleave(agents, 1)
        begins = [0, *(tick for tick in range(1, ticks) if bool(fresh[tick].any())), ticks]
        kept, told = rows.new_zeros((1, sequences * agents, self.memory_size)), []
        for first, last in pairwise(begins):
            kept = kept.masked_fill(empty[first].view(1, -1, 1), 0.0)
            part, kept = self.memory(rows[first:last], kept)
            told.append(part)
        return self.body(torch.cat(told)).view(ticks, sequences, agents, LOGITS)


class TableNormaliser(nn.Module):
    """Running mean and variance of every column of the tables, the same for all rows; masks stay as they are."""

    def __init__(self, slots: Slots) -> None:
        super().__init__()
        columns, count = [], _MASK_COLUMN + 1
        for name, table in observation_tables(slots).items():
            if name in _VISIBLE or name in _OWN:
                columns += [count + column for column in range(table.width)] * table.rows
                count += table.width
            else:
                columns += [_MASK_COLUMN] * (table.rows * table.width)
        self.running = Normaliser(count)
        # On the CPU even where a team is built without memory, to be filled from its file: this is not in the file.
        self.register_buffer("columns", torch.tensor(columns, device="cpu"), persistent=False)

    columns: Tensor

    @torch.no_grad()
    def forward(self, features: Tensor) -> Tensor:
        mean, spread = self.running.mean, self.running.spread()
        return standardise(features, mean[self.columns], spread[self.columns])

    @torch.no_grad()
    def absorb(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Takes in `count` more samples, given mean and variance of every flat feature."""
        size = len(self.running.mean)
        rows = torch.zeros(size, dtype=torch.float64, device=mean.device)
        rows.index_add_(0, self.columns, torch.ones_like(mean, dtype=torch.float64))

        def by_column(values: Tensor) -> Tensor:
            return torch.zeros_like(rows).index_add_(0, self.columns, values.double()) / rows.clamp_min(1)

        middle = by_column(mean)
        spread = by_column(variance + (mean - middle[self.columns]).square())
        middle[_MASK_COLUMN], spread[_MASK_COLUMN] = 0.0, 1.0
        self.running.absorb(middle, spread, count)


class SelfAttention(nn.Module):
    """One residual block over a set of vectors [..., N, D], of which only the visible ones are looked at."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.look = nn.Linear(width, 3 * width)
        self.take = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, rows: Tensor, visible: Tensor) -> Tensor:
        """`visible` is bool [..., N]; at least one is."""
        heads = self.look(rows).unflatten(-1, (3, _HEADS, -1)).movedim(-3, 0).transpose(-2, -3)
        query, key, value = heads.unbind(0)
        mixed = scaled_dot_product_attention(query, key, value, visible[..., None, None, :])
        return self.norm(rows + self.take(mixed.transpose(-2, -3).flatten(-2)))


class EntityActor(Actor):
    """See the module. Embeddings are half as wide as the first hidden layer."""

    def __init__(self, slots: Slots, hidden: Sequence[int], attention: bool) -> None:
        super().__init__()
        self.tables = observation_tables(slots)
        width = max(hidden[0] // 2 // _HEADS, 1) * _HEADS
        own = sum(self.tables[name].rows * self.tables[name].width for name in _OWN)
        self.normaliser = TableNormaliser(slots)
        self.own = nn.Linear(own, width)
        self.embed = nn.ModuleDict({name: nn.Linear(self.tables[name].width, width) for name in _VISIBLE})
        self.attend = SelfAttention(width) if attention else None
        self.body = perceptron([width * (1 + len(_VISIBLE)), *hidden[1:], LOGITS])

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits [..., LOGITS] of prepared inputs."""
        own = self.own(torch.cat([self._part(inputs, name).flatten(-2) for name in _OWN], -1))
        kinds = [self.embed[name](self._part(inputs, name)) + own.unsqueeze(-2) for name in _VISIBLE]
        seen = [self._part(inputs, mask).squeeze(-1) > 0.5 for mask in _VISIBLE.values()]
        own = relu(own)
        if self.attend:
            rows = torch.cat([own.unsqueeze(-2), *map(relu, kinds)], -2)
            myself = seen[0].new_ones((*own.shape[:-1], 1))
            mixed = self.attend(rows, torch.cat([myself, *seen], -1))
            own, *kinds = mixed.split([1, *(kind.shape[-2] for kind in kinds)], -2)
            own = own.squeeze(-2)
        pooled = [_largest(kind, visible) for kind, visible in zip(kinds, seen, strict=True)]
        return self.body(relu(torch.cat([own, *pooled], -1)))

    def _part(self, inputs: Tensor, name: str) -> Tensor:
        """A table [..., rows, width]."""
        table = self.tables[name]
        return inputs[..., table.start : table.stop].unflatten(-1, (table.rows, table.width))


def _largest(rows: Tensor, visible: Tensor) -> Tensor:
    """The largest positive value [..., D] over the visible rows [..., N, D], 0 where there is none."""
    if rows.shape[-2] == 0:
        return rows.new_zeros((*rows.shape[:-2], rows.shape[-1]))
    return relu(rows).masked_fill(~visible.unsqueeze(-1), 0.0).amax(-2)
