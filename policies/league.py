"""Who meets whom: mostly the latest against the latest, and some against snapshots of the past.

A side that only ever meets its newest opponent may forget how to beat an older one, and both may run in
circles. So snapshots of both sides are taken unconditionally every so many agent-steps, and a fixed share
of worlds is played against one of them. Opponents change only between episodes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from torch import Tensor, nn

from sim.rules import HIDERS

Weights = dict[str, Tensor]
"""A network's state_dict."""


class Matchups(NamedTuple):
    """Which worlds are whose, as slices of the world axis; see `matchups`."""

    latest: tuple[slice, slice]
    """Worlds in which the latest hiders play, and those in which the latest seekers play: they learn there."""
    past: tuple[slice, slice]
    """Worlds in which past hiders play, and those in which past seekers play: nothing is learnt from these."""
    both: slice
    """Worlds in which both sides are the latest."""


def matchups(worlds: int, past_share: float) -> Matchups:
    """Past hiders take the first worlds, past seekers as many of the last ones, the latest all between.

    In this order the worlds that a side learns from are one piece, and so are its samples. At least one world
    is left to the latest of both sides.
    """
    each = min(round(worlds * past_share / 2), (worlds - 1) // 2)
    return Matchups(
        latest=(slice(each, worlds), slice(0, worlds - each)),
        past=(slice(0, each), slice(worlds - each, worlds)),
        both=slice(each, worlds - each),
    )


class Pool:
    """Past weights of one network, at most `size` of them, oldest first.

    When it is full a random member makes way, so that the pool keeps samples of the whole history with a
    lean towards the recent.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.members: list[tuple[int, Weights]] = []

    def add(self, agent_steps: int, network: nn.Module, random: np.random.Generator) -> None:
        """Takes a copy of the network's weights as they are after so many agent-steps."""
        if len(self.members) == self.size:
            self.members.pop(int(random.integers(self.size)))
        weights = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}
        self.members.append((agent_steps, weights))

    def deal(self, network: nn.Module, random: np.random.Generator) -> None:
        """Writes the weights of a random member into `network`."""
        _, weights = self.members[int(random.integers(len(self.members)))]
        network.load_state_dict(weights)

    def state(self) -> dict[str, Weights]:
        """Everything, as nested names of tensors; the outer name is the member's agent-steps."""
        return {str(agent_steps): weights for agent_steps, weights in self.members}

    def restore(self, state: dict[str, Weights]) -> None:
        self.members = sorted(((int(name), weights) for name, weights in state.items()), key=lambda member: member[0])


class League:
    """The pools of both sides; a snapshot is due every `interval` agent-steps, the first before training."""

    def __init__(self, size: int, interval: int) -> None:
        self.interval = interval
        self.pools = (Pool(size), Pool(size))

    def due(self, agent_steps: int) -> bool:
        members = self.pools[HIDERS].members
        return not members or agent_steps - members[-1][0] >= self.interval

    def snapshot(self, agent_steps: int, networks: Sequence[nn.Module], random: np.random.Generator) -> None:
        """Adds the present hiders and seekers to their pools."""
        for pool, network in zip(self.pools, networks, strict=True):
            pool.add(agent_steps, network, random)

    def deal(self, networks: Sequence[nn.Module], random: np.random.Generator) -> None:
        """Fills the hiders and seekers that play the past in the next episode."""
        for pool, network in zip(self.pools, networks, strict=True):
            pool.deal(network, random)
