"""The objective of a run that does not learn the game: another reward, other first networks, other advantages.

`policies.preferences` makes an `Objective`, the trainer follows it. Without one, a run learns the game's own reward
from untrained networks, with a critic and without a reference to stay near.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from policies.agents.goal_conditioning import goal_input_of
from policies.agents.networks import Actor
from policies.agents.team import Team
from sim.game import Game


class RewardSource(Protocol):
    """Pays the agents of a rollout, whose worlds begin and end together."""

    def start(self, game: Game) -> None:
        """New episodes began in all worlds."""
        ...

    def pay(self, game: Game, reward: np.ndarray) -> None:
        """Writes what every agent gets for the tick just played into float32 [world, agent]."""
        ...

    def report(self) -> dict[str, float]:
        """Figures of the episodes that ended last, for a line of metrics."""
        ...


class GameReward:
    """The game's own reward."""

    def start(self, game: Game) -> None:
        pass

    def pay(self, game: Game, reward: np.ndarray) -> None:
        reward[...] = game.reward

    def report(self) -> dict[str, float]:
        return {}


@dataclass(frozen=True)
class ReferenceKL:
    """A penalty on the Kullback-Leibler divergence of the learning actor from another, mean over agents and ticks."""

    actor: Actor
    weight: float


class GoalSampler:
    """Sets of goals (see `policies.agents.goal_conditioning`), one of which is drawn for each group of episodes."""

    def __init__(self, sets: Sequence[str], group: int) -> None:
        self.sets = tuple(sets)
        self.group = group
        self.goal_inputs = torch.stack([goal_input_of(self.sets, one) for one in self.sets])
        self.drawn = np.zeros(0, np.int64)
        """int64 [world]: the set that was drawn last."""

    def draw(self, random: np.random.Generator, worlds: int) -> torch.Tensor:
        """Draws a set for each group of worlds in a row; returns the hiders' goal input, float32 [world, goal]."""
        self.drawn = random.integers(len(self.sets), size=worlds // self.group).repeat(self.group)
        return self.goal_inputs[torch.from_numpy(self.drawn)]


@dataclass(frozen=True)
class Objective:
    """What hiders are taught instead of the game."""

    reward: RewardSource
    start: Team | None = None
    """The team whose actor it begins with, and is kept near; None for untrained networks."""
    reference_weight: float = 0.0
    """Weight of the divergence from that actor."""
    group: int = 0
    """Episodes of one start that are compared with each other, see `policies.learning.groups`; 0 for a critic."""
    goals: GoalSampler | None = None
    """Draws the goals that hiders are conditioned on; None for an ordinary actor."""
