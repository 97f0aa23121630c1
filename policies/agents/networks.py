"""The actors of a team, which get what one agent observes; its critic is in `policies.agents.critic`.

An actor is a module with `prepare(observation) -> inputs` and `forward(inputs) -> logits`; the learner prepares each
observation once and trains on the stored inputs. One linear layer puts out the logits of all parts of an action, see
`policies.agents.action_distribution`. In shapes, F is the number of features of an observation; leading axes are free.

`mlp` and `recurrent` (an `mlp` with a GRU, Cho et al. 2014) read the flat observation. `pooled` and `attention` read
its entity tables and take any number of rows in any order: one layer embeds every row of a table together with the
agent's own row, and the largest value over the visible rows of each kind goes on (`pooled`; Zaheer et al. 2017).
`attention` first applies one block of masked residual self-attention over all rows, as the original does (Baker et
al. 2019). On the CPU rows that are not visible are not computed, see `policies.agents.packed_rows`.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, relu

from policies.agents.action_distribution import LOGITS
from policies.agents.critic import Critic
from policies.agents.layers import HEADS, SelfAttention, perceptron
from policies.agents.normaliser import Normaliser, TableNormaliser
from policies.agents.packed_rows import attended, embedded, kinds_of_rows, packed, summarised
from policies.agents.row_kernels import LANES
from sim.layout import Slots
from sim.schema import ENTITY_MASKS, OWN_TABLES, observation_size, observation_tables


class Actor(nn.Module):
    """What every actor has in common; the same weights play every agent of a side."""

    normaliser: Normaliser | TableNormaliser
    """Prepares observations; its `absorb` updates it from their moments."""
    body: nn.Sequential
    """Its last layers, down to the logits."""
    memory_size = 0
    """Numbers that an agent carries from tick to tick; 0 for an actor that remembers nothing."""

    def prepare(self, observation: Tensor) -> Tensor:
        """Inputs float32 [..., F] of raw observations float32 [..., F]."""
        return self.normaliser(observation)

    def step(self, inputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """One tick: logits [..., LOGITS] and new memory [..., memory_size], from prepared inputs and the old memory.

        An agent whose episode begins has a memory of zeros.
        """
        return self(inputs), memory

    def forward_sequence(self, inputs: Tensor, episode_starts: Tensor) -> Tensor:
        """Many ticks at once: logits [L, N, n, LOGITS] of N sequences of L ticks of n agents.

        Memories are empty in the first tick, and again wherever `episode_starts` (bool [L, N]) says so.
        """
        return self(inputs)


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

    def step(self, inputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        rows = relu(self.encode(inputs)).flatten(0, -2)
        output, new_memory = self.memory(rows.unsqueeze(0), memory.flatten(0, -2).unsqueeze(0))
        leading = inputs.shape[:-1]
        return self.body(output).view(*leading, LOGITS), new_memory.view(*leading, self.memory_size)

    def forward_sequence(self, inputs: Tensor, episode_starts: Tensor) -> Tensor:
        ticks, sequences, agents, _ = inputs.shape
        rows = relu(self.encode(inputs)).flatten(1, 2)
        empty = episode_starts.repeat_interleave(agents, 1)
        # One call of the GRU for each stretch of ticks in which no episode begins.
        bounds = [0, *(tick for tick in range(1, ticks) if bool(episode_starts[tick].any())), ticks]
        memory, outputs = rows.new_zeros((1, sequences * agents, self.memory_size)), []
        for first, end in pairwise(bounds):
            memory = memory.masked_fill(empty[first].view(1, -1, 1), 0.0)
            output, memory = self.memory(rows[first:end], memory)
            outputs.append(output)
        return self.body(torch.cat(outputs)).view(ticks, sequences, agents, LOGITS)


class EntityActor(Actor):
    """`pooled` or `attention` on the entity tables; embeddings are half as wide as the first hidden layer.

    Kinds of which the scenario has no rows have weights, for scenarios that have some, but are neither computed nor
    learned: they would put in zeros.
    """

    columns: Tensor
    """int64: the inputs of the body's first layer that come from kinds with rows."""

    def __init__(self, slots: Slots, hidden: Sequence[int], attention: bool) -> None:
        super().__init__()
        self.tables = observation_tables(slots)
        width = max(hidden[0] // 2 // HEADS, 1) * HEADS
        own = sum(self.tables[name].rows * self.tables[name].width for name in OWN_TABLES)
        self.normaliser = TableNormaliser(slots)
        self.own = nn.Linear(own, width)
        self.embed = nn.ModuleDict({name: nn.Linear(self.tables[name].width, width) for name in ENTITY_MASKS})
        self.attend = SelfAttention(width) if attention else None
        self.body = perceptron([width * (1 + len(ENTITY_MASKS)), *hidden[1:], LOGITS])
        self.kinds = [name for name in ENTITY_MASKS if self.tables[name].rows]
        self.places = kinds_of_rows([(self.tables[name], self.tables[ENTITY_MASKS[name]]) for name in self.kinds])
        taken = torch.tensor([True, *(name in self.kinds for name in ENTITY_MASKS)], device="cpu")
        # On the CPU even where a team is built without memory, to be filled from its file: this is not in the file.
        self.register_buffer("columns", taken.repeat_interleave(width).nonzero().squeeze(-1), persistent=False)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits [..., LOGITS] of prepared inputs."""
        leading, inputs = inputs.shape[:-1], inputs.flatten(0, -2)
        own = self.own(torch.cat([self._part(inputs, name).flatten(-2) for name in OWN_TABLES], -1))
        summary = self._packed(inputs, own) if self._packs(inputs) else self._masked(inputs, own)
        first = self.body[0]
        assert isinstance(first, nn.Linear)
        mixed = linear(summary, first.weight.index_select(1, self.columns), first.bias)
        return self.body[1:](mixed).view(*leading, LOGITS)

    def _packs(self, inputs: Tensor) -> bool:
        """Whether visible rows can be computed alone: on the CPU, if heads are as wide as its vectors, and nobody asks
        for the slope at the inputs.
        """
        fits = not self.attend or self.attend.head_width % LANES == 0
        return inputs.device.type == "cpu" and fits and bool(self.kinds) and not inputs.requires_grad

    def _packed(self, inputs: Tensor, own: Tensor) -> Tensor:
        """As `_masked`, of the rows alone that are visible."""
        sets = packed(inputs, self.places)
        layers = [layer for name in self.kinds if isinstance(layer := self.embed[name], nn.Linear)]
        rows = embedded(sets, own, layers)
        if self.attend:
            rows = relu(rows)
            rows = self.attend.joined(rows, attended(sets, self.attend.look(rows)))
        return summarised(sets, rows)

    def _masked(self, inputs: Tensor, own: Tensor) -> Tensor:
        """The own row and the largest value over the visible rows of each kind where it is above 0, beside each other.

        [N, (1 + kinds) * D]
        """
        kinds = [self.embed[name](self._part(inputs, name)) + own.unsqueeze(-2) for name in self.kinds]
        visible = [self._part(inputs, ENTITY_MASKS[name]).squeeze(-1) > 0.5 for name in self.kinds]
        if self.attend:
            rows = relu(torch.cat([own.unsqueeze(-2), *kinds], -2))
            mixed = self.attend(rows, torch.cat([own.new_ones((len(own), 1), dtype=torch.bool), *visible], -1))
            own, *kinds = mixed.split([1, *(kind.shape[-2] for kind in kinds)], -2)
            own = own.squeeze(-2)
        largest = [k.masked_fill(~v.unsqueeze(-1), 0.0).amax(-2) for k, v in zip(kinds, visible, strict=True)]
        return relu(torch.cat([own, *largest], -1))

    def _part(self, inputs: Tensor, name: str) -> Tensor:
        """A table [N, rows, width]."""
        table = self.tables[name]
        return inputs[..., table.start : table.stop].unflatten(-1, (table.rows, table.width))


def new_actor(kind: str, slots: Slots, hidden: Sequence[int], goals: int = 0) -> Actor:
    """An actor of one of `policies.agents.network_kinds.NETWORKS`, its weights as torch makes them.

    It is conditioned on `goals` goals, see `policies.agents.goal_conditioning`; `pooled` and `attention` on none.
    """
    if kind == "mlp":
        return MlpActor(observation_size(slots) + goals, hidden)
    if kind == "recurrent":
        return RecurrentActor(observation_size(slots) + goals, hidden)
    return EntityActor(slots, hidden, attention=kind == "attention")


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
