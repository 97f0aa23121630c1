"""The networks of a team: actors, which get what one agent observes, and a critic, which gets the global state.

An actor is a module with `prepare(observation) -> inputs` and `forward(inputs) -> logits`; the learner prepares each
observation once and trains on the stored inputs. One linear layer puts out the logits of all parts of an action, see
`policies.agents.action_distribution`. In shapes, F is the number of features of an observation, S that of a global
state; leading axes are free.

`mlp` and `recurrent` (an `mlp` with a GRU, Cho et al. 2014) read the flat observation. `pooled` and `attention` read
its entity tables and take any number of rows in any order: one layer embeds every row of a table together with the
agent's own row, and the largest value over the visible rows of each kind goes on (`pooled`; Zaheer et al. 2017).
`attention` first applies one block of masked residual self-attention over all rows, as the original does (Baker et
al. 2019).
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import relu, scaled_dot_product_attention

from policies.agents.action_distribution import LOGITS
from policies.agents.normaliser import Normaliser, TableNormaliser
from sim.layout import Slots
from sim.schema import ENTITY_MASKS, OWN_TABLES, observation_size, observation_tables

NETWORKS = ("mlp", "recurrent", "pooled", "attention")
"""The kinds of actors."""
ANY_SLOTS = ("pooled", "attention")
"""The kinds that play with any number of entities."""
MOST_LAYERS, MOST_WIDTH = 8, 2048
"""Bounds of the hidden layers; `policies.agents.team` refuses files beyond them."""
_HEADS = 4
"""Of the attention."""


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

    def recall(self, inputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """One tick: logits [..., LOGITS] and new memory [..., memory_size], from prepared inputs and the old memory.

        An agent whose episode begins has a memory of zeros.
        """
        return self(inputs), memory

    def replay(self, inputs: Tensor, fresh: Tensor) -> Tensor:
        """Many ticks at once: logits [L, N, n, LOGITS] of N sequences of L ticks of n agents.

        Memories are empty in the first tick, and again wherever `fresh` (bool [L, N]) says so.
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

    def recall(self, inputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        rows = relu(self.encode(inputs)).flatten(0, -2)
        output, new_memory = self.memory(rows.unsqueeze(0), memory.flatten(0, -2).unsqueeze(0))
        leading = inputs.shape[:-1]
        return self.body(output).view(*leading, LOGITS), new_memory.view(*leading, self.memory_size)

    def replay(self, inputs: Tensor, fresh: Tensor) -> Tensor:
        ticks, sequences, agents, _ = inputs.shape
        rows = relu(self.encode(inputs)).flatten(1, 2)
        empty = fresh.repeat_interleave(agents, 1)
        # One call of the GRU for each stretch of ticks in which no episode begins.
        bounds = [0, *(tick for tick in range(1, ticks) if bool(fresh[tick].any())), ticks]
        memory, outputs = rows.new_zeros((1, sequences * agents, self.memory_size)), []
        for first, end in pairwise(bounds):
            memory = memory.masked_fill(empty[first].view(1, -1, 1), 0.0)
            output, memory = self.memory(rows[first:end], memory)
            outputs.append(output)
        return self.body(torch.cat(outputs)).view(ticks, sequences, agents, LOGITS)


class SelfAttention(nn.Module):
    """One residual block of multi-head attention over a set of vectors [..., N, D]; only visible ones are attended to.

    Vaswani et al. 2017, with the normalisation after the sum and without a feed-forward part.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.look = nn.Linear(width, 3 * width)
        self.take = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, rows: Tensor, visible: Tensor) -> Tensor:
        """New vectors [..., N, D]; `visible` is bool [..., N], True for at least one vector of each set."""
        heads = self.look(rows).unflatten(-1, (3, _HEADS, -1)).movedim(-3, 0).transpose(-2, -3)
        query, key, value = heads.unbind(0)
        mixed = scaled_dot_product_attention(query, key, value, visible[..., None, None, :])
        return self.norm(rows + self.take(mixed.transpose(-2, -3).flatten(-2)))


class EntityActor(Actor):
    """`pooled` or `attention` on the entity tables; embeddings are half as wide as the first hidden layer."""

    def __init__(self, slots: Slots, hidden: Sequence[int], attention: bool) -> None:
        super().__init__()
        self.tables = observation_tables(slots)
        width = max(hidden[0] // 2 // _HEADS, 1) * _HEADS
        own = sum(self.tables[name].rows * self.tables[name].width for name in OWN_TABLES)
        self.normaliser = TableNormaliser(slots)
        self.own = nn.Linear(own, width)
        self.embed = nn.ModuleDict({name: nn.Linear(self.tables[name].width, width) for name in ENTITY_MASKS})
        self.attend = SelfAttention(width) if attention else None
        self.body = perceptron([width * (1 + len(ENTITY_MASKS)), *hidden[1:], LOGITS])

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits [..., LOGITS] of prepared inputs."""
        own = self.own(torch.cat([self._part(inputs, name).flatten(-2) for name in OWN_TABLES], -1))
        kinds = [self.embed[name](self._part(inputs, name)) + own.unsqueeze(-2) for name in ENTITY_MASKS]
        visible = [self._part(inputs, mask).squeeze(-1) > 0.5 for mask in ENTITY_MASKS.values()]
        own = relu(own)
        if self.attend:
            rows = torch.cat([own.unsqueeze(-2), *map(relu, kinds)], -2)
            itself = visible[0].new_ones((*own.shape[:-1], 1))
            mixed = self.attend(rows, torch.cat([itself, *visible], -1))
            own, *kinds = mixed.split([1, *(kind.shape[-2] for kind in kinds)], -2)
            own = own.squeeze(-2)
        pooled = [_largest(kind, mask) for kind, mask in zip(kinds, visible, strict=True)]
        return self.body(relu(torch.cat([own, *pooled], -1)))

    def _part(self, inputs: Tensor, name: str) -> Tensor:
        """A table [..., rows, width]."""
        table = self.tables[name]
        return inputs[..., table.start : table.stop].unflatten(-1, (table.rows, table.width))


def _largest(rows: Tensor, visible: Tensor) -> Tensor:
    """The largest positive value [..., D] over the visible rows [..., N, D]; 0 without one."""
    if rows.shape[-2] == 0:
        return rows.new_zeros((*rows.shape[:-2], rows.shape[-1]))
    return relu(rows).masked_fill(~visible.unsqueeze(-1), 0.0).amax(-2)


def new_actor(kind: str, slots: Slots, hidden: Sequence[int]) -> Actor:
    """An actor of one of NETWORKS, its weights as torch makes them."""
    if kind == "mlp":
        return MlpActor(observation_size(slots), hidden)
    if kind == "recurrent":
        return RecurrentActor(observation_size(slots), hidden)
    return EntityActor(slots, hidden, attention=kind == "attention")


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
        """Inputs float32 [..., S] of raw global states float32 [..., S]."""
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
        head = self.body[-1]
        assert isinstance(head, nn.Linear)
        head.bias.copy_((head.bias * spread + middle - self.returns.mean) / self.returns.spread())
        head.weight.mul_((spread / self.returns.spread()).float())


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


def perceptron(sizes: Sequence[int]) -> nn.Sequential:
    """Linear layers between the given widths, with ReLU between them."""
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])
