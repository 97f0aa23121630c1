"""Opponents: mostly the latest against the latest, and in some worlds snapshots of the past.

A side that only ever meets its newest opponent may forget how to beat an older one, and both may run in
circles. So snapshots of both sides are taken unconditionally at a fixed interval of agent-steps, and a fixed share
of worlds is played against one of them; one that wins often is drawn more often (prioritised fictitious
self-play, Vinyals et al. 2019). Opponents change only between episodes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from sim.rules import HIDERS

Weights = dict[str, Tensor]
"""A network's state_dict."""

_LEAST_WEIGHT = 0.1
"""Sampling weight of a member that never wins: even that is met now and then."""
_WINS = "wins"
_MEMORY = 0.7
"""Weight of a member's old win rate when it is updated by another rollout."""


class Matchups(NamedTuple):
    """Which worlds are whose, as slices of the world axis; see `matchups`."""

    latest: tuple[slice, slice]
    """Worlds in which the latest hiders play, and those in which the latest seekers play: they learn there."""
    past: tuple[slice, slice]
    """Worlds in which past hiders play, and those in which past seekers play: nothing is learnt from these."""
    both: slice
    """Worlds in which both sides are the latest."""
    visited: slice
    """The first of those: there an episode goes on from visited states, see `policies.learning.visited_states`."""
    true: slice
    """The other worlds in which both sides are the latest: whole episodes from fresh starts."""


def matchups(worlds: int, past_share: float, visited_share: float) -> Matchups:
    """Past hiders take the first worlds, past seekers as many of the last ones, the latest all between.

    In this order the worlds that a side learns from are one piece, and so are its samples. At least one world
    is left to whole episodes of the latest against the latest.
    """
    each = min(round(worlds * past_share / 2), (worlds - 1) // 2)
    visited = min(round(worlds * visited_share), worlds - 2 * each - 1)
    return Matchups(
        latest=(slice(each, worlds), slice(0, worlds - each)),
        past=(slice(0, each), slice(worlds - each, worlds)),
        both=slice(each, worlds - each),
        visited=slice(each, each + visited),
        true=slice(each + visited, worlds - each),
    )


@dataclass
class Member:
    """One past network."""

    agent_steps: int
    """How long it had been trained."""
    weights: Weights
    """On the CPU."""
    wins: float = 1.0
    """Share of recent episodes that it won; 1 until it was met, so that a new one is met soon."""


class Pool:
    """Past versions of one network, at most `size` of them, oldest first.

    When it is full a random member makes way, so that the pool keeps samples of the whole history with a
    lean towards the recent.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.members: list[Member] = []
        self.playing: Member | None = None

    def add(self, agent_steps: int, network: nn.Module, random: np.random.Generator) -> None:
        """Keeps a copy of the network's weights, as they are after `agent_steps` agent-steps."""
        if len(self.members) == self.size:
            self.members.pop(int(random.integers(self.size)))
        weights = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}
        self.members.append(Member(agent_steps, weights))

    def sample_opponents(self, network: nn.Module, random: np.random.Generator) -> None:
        """Writes the weights of a random member into `network`; one that wins often is likelier."""
        weights = np.array([member.wins + _LEAST_WEIGHT for member in self.members])
        self.playing = self.members[int(random.choice(len(weights), p=weights / weights.sum()))]
        network.load_state_dict(self.playing.weights)

    def record_result(self, wins: float) -> None:
        """Records the share of its episodes that the member drawn last has won."""
        if self.playing:
            self.playing.wins = _MEMORY * self.playing.wins + (1 - _MEMORY) * wins

    def state(self) -> dict[str, Weights]:
        """Everything, as nested names of tensors; the outer name is the member's agent-steps."""
        return {
            str(member.agent_steps): {**member.weights, _WINS: torch.tensor(member.wins, dtype=torch.float64)}
            for member in self.members
        }

    def restore(self, state: Mapping[str, Weights], network: nn.Module) -> None:
        """Puts back what `state` gave. Raises KeyError or ValueError for weights that do not fit `network`, and wins
        that are no share.
        """
        shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
        members = []
        for name, tensors in state.items():
            weights = {key: tensor for key, tensor in tensors.items() if key != _WINS}
            wins = float(tensors[_WINS])
            if {key: tensor.shape for key, tensor in weights.items()} != shapes:
                raise ValueError(f"past opponent {name} is of another network")
            if not (0.0 <= wins <= 1.0 and all(tensor.isfinite().all() for tensor in weights.values())):
                raise ValueError(f"past opponent {name} has numbers out of range")
            members.append(Member(int(name), weights, wins))
        self.members = sorted(members, key=lambda member: member.agent_steps)


class League:
    """A pool for each side; a snapshot is due every `interval` agent-steps, the first before training."""

    def __init__(self, size: int, interval: int, sides: int = 2) -> None:
        self.interval = interval
        self.pools = tuple(Pool(size) for _ in range(sides))

    def due(self, agent_steps: int) -> bool:
        members = self.pools[HIDERS].members
        return not members or agent_steps - members[-1].agent_steps >= self.interval

    def snapshot(self, agent_steps: int, networks: Sequence[nn.Module], random: np.random.Generator) -> None:
        """Adds the present hiders and seekers to their pools."""
        for pool, network in zip(self.pools, networks, strict=True):
            pool.add(agent_steps, network, random)

    def sample_opponents(self, networks: Sequence[nn.Module], random: np.random.Generator) -> None:
        """Fills the hiders and seekers that play the past in the next episode."""
        for pool, network in zip(self.pools, networks, strict=True):
            pool.sample_opponents(network, random)
