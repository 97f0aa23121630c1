"""Episodes of tuned hiders, scored: by the game, by what they were taught, and by how far they moved from before.

The game's own figures stand beside those of what was taught, so that they show what it cost.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from policies.agents.action_distribution import divergence
from policies.agents.networks import Actor
from policies.agents.players import Player
from policies.agents.team import LearnedPlayer, Team
from policies.evaluation.match import hidden_fraction
from policies.evaluation.stages import Arena, Played, play_episodes
from policies.preferences.features import trace_features
from policies.preferences.goals import Goal, boxes_locked, sealed
from policies.preferences.verifier import goal_flags
from replays.strategies.evidence.trace import Trace
from sim.game import Game
from sim.layout import side_agents
from sim.rng import episode_seeds

_WORLDS = 256
"""At most this many episodes are played side by side."""

ScoreFunction = Callable[[Trace, np.ndarray], np.ndarray]
"""Scores float64 [episode] of episodes, from their trace and their features float32 [tick, episode, feature]."""


@dataclass(frozen=True)
class Criteria:
    """What episodes are scored by, beside the game's own figures."""

    proxy: ScoreFunction
    """What hiders were taught by."""
    goals: tuple[Goal, ...] = ()
    """What a verifier checks."""
    gold: ScoreFunction | None = None
    """What was really wanted, where that is known and differs from the proxy."""


@dataclass(frozen=True)
class ScoredEpisodes:
    """Scores of N episodes."""

    hidden: np.ndarray
    """float64 [episode]: fraction of play ticks in which no hider was seen."""
    mean_reward: np.ndarray
    """float64 [episode]: the game's reward, mean over hiders and play ticks; -1 to 1 where it pays for sight alone."""
    sealed: np.ndarray
    """bool [episode]: the goal of that name was met."""
    locked: np.ndarray
    """bool [episode]: hiders had locked every box at the end."""
    kl: np.ndarray
    """float64 [episode]: divergence from the reference in nats, mean over hiders and ticks; 0 without a reference."""
    goals: dict[str, np.ndarray]
    """bool [episode] each, see `goal_flags`; empty if there are no goals."""
    scores: dict[str, np.ndarray]
    """float64 [episode] each: `proxy` and, where it is known, `gold`."""
    features: np.ndarray
    """float64 [episode, feature]: mean over ticks, see `features`."""
    played: Played
    """The first of these episodes, at most _WORLDS, to make recordings of."""


class PlayerWithReference(LearnedPlayer):
    """A team that plays, and how far it is from a reference actor in the same situations."""

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
    return actor.step(inputs, memory)


def score_episodes(
    arena: Arena, hiders: PlayerWithReference, seekers: Player, criteria: Criteria, episodes: int
) -> ScoredEpisodes:
    """Plays and scores episodes 0 to N - 1 of the arena's seed, from the scenario's own starts."""
    batches = _batches(arena, hiders, seekers, episodes)
    return _concatenated([_scored(played, criteria, np.mean(hiders.kl, axis=0)) for played in batches])


def goals_met(
    arena: Arena, hiders: Player, seekers: Player, goals: Sequence[Goal], episodes: int
) -> dict[str, np.ndarray]:
    """bool [episode] for each goal, by its name: where it was met in episodes 0 to N - 1 of the arena's seed."""
    batches = _batches(arena, hiders, seekers, episodes)
    found = [[goal.holds(played.trace) for goal in goals] for played in batches]
    met = [np.concatenate(parts) for parts in zip(*found, strict=True)]
    return dict(zip([goal.name for goal in goals], met, strict=True))


def _batches(arena: Arena, hiders: Player, seekers: Player, episodes: int) -> Iterator[Played]:
    """Plays episodes 0 to N - 1 of the arena's seed, `_WORLDS` at a time."""
    for first in range(0, episodes, _WORLDS):
        seeds = episode_seeds(arena.seed, first, min(_WORLDS, episodes - first))
        yield play_episodes(arena, (hiders, seekers), (hiders.name, seekers.name), seeds)


def _scored(played: Played, criteria: Criteria, kl: np.ndarray) -> ScoredEpisodes:
    trace, rows = played.trace, trace_features(played.trace)
    functions = {"proxy": criteria.proxy, "gold": criteria.gold}
    return ScoredEpisodes(
        hidden=hidden_fraction(trace),
        mean_reward=played.mean_reward(),
        sealed=sealed(trace),
        locked=boxes_locked(trace),
        kl=kl,
        goals=goal_flags(criteria.goals, trace) if criteria.goals else {},
        scores={name: np.asarray(score(trace, rows), float) for name, score in functions.items() if score},
        features=rows.mean(axis=0, dtype=float),
        played=played,
    )


def _concatenated(parts: Sequence[ScoredEpisodes]) -> ScoredEpisodes:
    """All episodes of all parts, in their order."""

    def column(of: Callable[[ScoredEpisodes], np.ndarray]) -> np.ndarray:
        return np.concatenate([of(part) for part in parts])

    return ScoredEpisodes(
        hidden=column(lambda part: part.hidden),
        mean_reward=column(lambda part: part.mean_reward),
        sealed=column(lambda part: part.sealed),
        locked=column(lambda part: part.locked),
        kl=column(lambda part: part.kl),
        goals={name: column(lambda part, name=name: part.goals[name]) for name in parts[0].goals},
        scores={name: column(lambda part, name=name: part.scores[name]) for name in parts[0].scores},
        features=column(lambda part: part.features),
        played=parts[0].played,
    )
