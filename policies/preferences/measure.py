"""What became of hiders that were taught: how far they moved from what they were, and what they are good for now.

The game's own figures stand beside those of what was taught, so that one sees what it cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from policies.agents.action_distribution import divergence
from policies.agents.networks import Actor
from policies.agents.players import Player
from policies.agents.team import LearnedPlayer, Team
from policies.evaluation.match import hidden_fraction
from policies.evaluation.stages import Arena, play_episodes
from policies.preferences.goals import Goal
from policies.preferences.verifier import goal_flags
from sim.game import Game
from sim.layout import side_agents
from sim.rng import episode_seeds
from sim.scenario import Scenario

_WORLDS = 256
"""At most so many episodes side by side."""


@dataclass(frozen=True)
class Taught:
    """What came of N episodes."""

    hidden: np.ndarray
    """float64 [episode]: fraction of play ticks in which no hider was seen."""
    paid: np.ndarray
    """float64 [episode]: what the game paid a hider, mean over hiders and play ticks, from -1 to 1."""
    kl: np.ndarray
    """float64 [episode]: divergence from the reference in nats, mean over hiders and ticks; 0 without a reference."""
    goals: dict[str, np.ndarray]
    """bool [episode] each, see `goal_flags`; empty if there are no goals."""


class ComparedPlayer(LearnedPlayer):
    """A team that plays, and what another actor would have thought of that."""

    def __init__(self, team: Team, reference: Actor | None, seed: int) -> None:
        super().__init__(team, "hiders", seed)
        self.reference = reference
        self.reference_memory: Tensor | None = None
        self.kl: list[np.ndarray] = []
        """float64 [world] for every tick of the episodes: divergence from the reference, mean over hiders."""

    def reset(self) -> None:
        super().reset()
        self.reference_memory, self.kl = None, []

    def act(self, game: Game, side: int) -> np.ndarray:
        """Actions int8 [world, agents of the side, 3]."""
        agents = side_agents(game.slots, side)
        exist = game.layout.agent_exists[:, agents]
        kl = np.zeros(game.worlds)
        if self.reference:
            observation = torch.from_numpy(game.observation[:, agents].copy())
            with torch.inference_mode():
                own, _ = _logits(self.team.actor, observation, self.memory)
                other, self.reference_memory = _logits(self.reference, observation, self.reference_memory)
                apart = divergence(own, other).numpy()
            kl = (apart * exist).sum(axis=1) / exist.sum(axis=1).clip(1)
        self.kl.append(kl)
        return super().act(game, side)


def _logits(actor: Actor, observation: Tensor, memory: Tensor | None) -> tuple[Tensor, Tensor]:
    inputs = actor.prepare(observation)
    if memory is None:
        memory = inputs.new_zeros((*inputs.shape[:-1], actor.memory_size))
    return actor.recall(inputs, memory)


def measure(
    scenario: Scenario,
    hiders: ComparedPlayer,
    seekers: Player,
    goals: Sequence[Goal],
    episodes: int,
    seed: int,
) -> Taught:
    """Plays episodes 0 to N - 1 of a seed, from true starts."""
    arena, names, found = Arena(scenario), (hiders.name, seekers.name), []
    for first in range(0, episodes, _WORLDS):
        seeds = episode_seeds(seed, first, min(_WORLDS, episodes - first))
        played = play_episodes(arena, (hiders, seekers), names, seeds)
        flags = goal_flags(goals, played.trace) if goals else {}
        found.append(Taught(hidden_fraction(played.trace), played.paid(), np.mean(hiders.kl, axis=0), flags))
    return Taught(
        hidden=np.concatenate([part.hidden for part in found]),
        paid=np.concatenate([part.paid for part in found]),
        kl=np.concatenate([part.kl for part in found]),
        goals={name: np.concatenate([part.goals[name] for part in found]) for name in found[0].goals},
    )
