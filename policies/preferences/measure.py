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
from policies.evaluation.match import begin, choose, hidden_fraction
from policies.preferences.goals import Goal
from policies.preferences.verifier import goal_flags
from replays.strategies.evidence.trace import Trace, Tracer
from sim.game import Game
from sim.layout import side_agents
from sim.rng import episode_seeds
from sim.rules import HIDERS
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
        self.kl = np.zeros(0)
        """float64 [world]: divergence from the reference in the last tick, mean over hiders."""

    def reset(self) -> None:
        super().reset()
        self.reference_memory = None

    def act(self, game: Game, side: int) -> np.ndarray:
        """Actions int8 [world, agents of the side, 3]."""
        agents = side_agents(game.slots, side)
        exist = game.layout.agent_exists[:, agents]
        self.kl = np.zeros(game.worlds)
        if self.reference:
            observation = torch.from_numpy(game.observation[:, agents].copy())
            with torch.inference_mode():
                own, _ = _logits(self.team.actor, observation, self.memory)
                other, self.reference_memory = _logits(self.reference, observation, self.reference_memory)
                apart = divergence(own, other).numpy()
            self.kl = (apart * exist).sum(axis=1) / exist.sum(axis=1).clip(1)
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
    batches = -(-episodes // _WORLDS)
    game = Game(scenario, -(-episodes // batches))
    found = []
    for batch in range(batches):
        seeds = episode_seeds(seed, batch * game.worlds, game.worlds)
        trace, paid, kl = _play(game, hiders, seekers, seeds)
        flags = goal_flags(goals, trace) if goals else {}
        found.append(Taught(hidden_fraction(trace), paid, kl, flags))
    return Taught(
        hidden=np.concatenate([part.hidden for part in found])[:episodes],
        paid=np.concatenate([part.paid for part in found])[:episodes],
        kl=np.concatenate([part.kl for part in found])[:episodes],
        goals={name: np.concatenate([part.goals[name] for part in found])[:episodes] for name in found[0].goals},
    )


def _play(
    game: Game, hiders: ComparedPlayer, seekers: Player, seeds: np.ndarray
) -> tuple[Trace, np.ndarray, np.ndarray]:
    """One episode in every world: its trace, what it paid, and the divergence."""
    begin(game, hiders, seekers, seeds)
    scenario, agents = game.scenario, side_agents(game.slots, HIDERS)
    tracer = Tracer(game.slots, game.layout, scenario.ticks, scenario.preparation_ticks)
    tracer.note(game.state, game.seen.agents)
    paid, kl = np.zeros((2, game.worlds))
    for _ in range(scenario.ticks):
        game.tick(choose(game, hiders, seekers))
        tracer.note(game.state, game.seen.agents)
        paid += game.reward[:, agents].sum(axis=1) / game.layout.agent_exists[:, agents].sum(axis=1)
        kl += hiders.kl
    return tracer.trace(), paid / (scenario.ticks - scenario.preparation_ticks), kl / scenario.ticks
