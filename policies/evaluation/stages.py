"""A run looked at stage by stage: random teams and every kept checkpoint play the same true starts.

What the run noted while it trained tells when something happened; a stage's episodes tell what it looked like, what it
costs to take a tool away, and what happened that has no name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from policies.agents.folders import checkpoints
from policies.agents.own_policy import user_player
from policies.agents.players import Player
from policies.evaluation.match import Episodes, MatchOptions, begin, hidden_fraction, play, play_ticks
from replays.annotate import with_strategies
from replays.behaviour import behaviour
from replays.format.header import FORMAT, Header, clean
from replays.format.recording import Recording, made_by, outcome
from replays.report.charts import steps_text
from replays.strategies.catalogue import find_all, flags
from replays.strategies.evidence.trace import Trace, Tracer
from sim.game import Game
from sim.layout import Layout
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, full_text
from sim.state import State

RANDOM = "random"
"""Untrained teams act almost at random: this team stands for them."""


@dataclass(frozen=True)
class Arena:
    """Where the teams of a run are examined: in the world that they were trained in, from starts they never met."""

    scenario: Scenario
    without: tuple[str, ...] = ()
    """The tools that they never had."""
    seed: int = 0
    """Starts and sampled actions follow from it."""

    def team(self, name: str, side: int) -> Player:
        """A team that the user named, or a folder. Raises UserError if it cannot play that side here.

        Where nobody seeks, an idle team stands for the seekers.
        """
        nobody = side == SEEKERS and not self.scenario.slots.seekers
        return user_player("idle" if nobody else name, side, self.scenario, self.seed)

    def game(self, worlds: int) -> Game:
        """Many such worlds."""
        return Game(self.scenario, worlds, without=self.without)

    def match(self, hiders: str, seekers: str, episodes: int, without: Sequence[str] = ()) -> Episodes:
        """Plays two teams, by name or folder; `without` takes more tools away."""
        options = MatchOptions(episodes, self.seed, (*self.without, *without))
        return play(self.scenario, self.team(hiders, HIDERS), self.team(seekers, SEEKERS), options)


@dataclass(frozen=True)
class Played:
    """Episodes that were played side by side, with all that a recording of one of them needs."""

    scenario: Scenario
    names: tuple[str, str]
    """Of the teams, as people know them."""
    hashes: tuple[str, str]
    seeds: np.ndarray
    """uint64 [world]"""
    trace: Trace
    actions: np.ndarray
    """int8 [tick, world, agent, 3]"""
    reward: np.ndarray
    """float32 [tick, world, agent]"""

    def mean_reward(self) -> np.ndarray:
        """float64 [episode]: reward, mean over hiders and play ticks."""
        return _mean_reward(self.scenario, self.trace.layout, self.reward)

    def recording(self, world: int) -> Recording:
        """One of the episodes, with its strategies."""
        trace, one = self.trace, slice(world, world + 1)
        seen = trace.seen[:, world].copy()
        header = Header(
            format=FORMAT,
            made_by=made_by(),
            scenario=full_text(self.scenario),
            ticks=trace.ticks,
            preparation_ticks=trace.preparation_ticks,
            slots=trace.slots,
            seed=int(self.seeds[world]),
            hiders=clean(self.names[0]),
            seekers=clean(self.names[1]),
            hashes={"hiders": self.hashes[0], "seekers": self.hashes[1]},
            outcome=outcome(trace.slots, seen, trace.preparation_ticks),
        )
        recording = Recording(
            header=header,
            layout=Layout(*(column[one].copy() for column in trace.layout)),
            states=State(*(column[:, world].copy() for column in trace.states)),
            actions=self.actions[:, world].copy(),
            seen=seen,
            reward=self.reward[:, world].copy(),
            values=None,
            events=(),
        )
        return with_strategies(recording)


@dataclass(frozen=True)
class Stage:
    """What a checkpoint does against itself."""

    agent_steps: int
    hidden: np.ndarray
    """float64 [episode]: fraction of play in which no hider was seen."""
    strategies: dict[str, np.ndarray]
    """bool [episode] by name"""
    behaviour: dict[str, np.ndarray]
    """float64 [episode] by name, see `replays.behaviour`."""

    def rates(self) -> dict[str, float]:
        """The proportion of episodes with each strategy."""
        return {name: float(shown.mean()) for name, shown in self.strategies.items()}


def play_episodes(arena: Arena, teams: tuple[Player, Player], names: tuple[str, str], seeds: np.ndarray) -> Played:
    """Plays one episode from each seed (uint64 [world]), side by side, and keeps all of them."""
    game, scenario = arena.game(len(seeds)), arena.scenario
    begin(game, *teams, seeds)
    tracer = Tracer.of(game)
    actions = np.zeros((scenario.ticks, len(seeds), game.slots.agents, 3), np.int8)
    reward = np.zeros(actions.shape[:3], np.float32)
    for tick, done in enumerate(play_ticks(game, *teams, scenario.ticks)):
        actions[tick], reward[tick] = done, game.reward
        tracer.note(game.state, game.seen.agents)
    return Played(scenario, names, (teams[0].hash, teams[1].hash), seeds, tracer.trace(), actions, reward)


def mean_reward_in(arena: Arena, teams: tuple[Player, Player], seeds: np.ndarray) -> np.ndarray:
    """float64 [episode]: `Played.mean_reward` of the same episodes, without keeping anything else of them."""
    game, scenario = arena.game(len(seeds)), arena.scenario
    begin(game, *teams, seeds)
    reward = np.zeros((scenario.ticks, len(seeds), game.slots.agents), np.float32)
    for tick, _ in enumerate(play_ticks(game, *teams, scenario.ticks)):
        reward[tick] = game.reward
    return _mean_reward(scenario, game.layout, reward)


def _mean_reward(scenario: Scenario, layout: Layout, reward: np.ndarray) -> np.ndarray:
    """float64 [episode]: see `Played.mean_reward`; `reward` is float32 [tick, world, agent]."""
    hiders = scenario.slots.hiders
    exist = layout.agent_exists[:, :hiders]
    paid = np.where(exist, reward[:, :, :hiders].sum(axis=0, dtype=float), 0.0).sum(axis=1)
    return paid / np.maximum(exist.sum(axis=1), 1) / (scenario.ticks - scenario.preparation_ticks)


def stage_of(played: Played, agent_steps: int) -> Stage:
    """What was played, in numbers."""
    shown = flags(find_all(played.trace), played.trace.worlds)
    return Stage(agent_steps, hidden_fraction(played.trace), shown, behaviour(played.trace))


@dataclass(frozen=True)
class RunStages:
    """The stages of a run: random teams, as all training begins, then every kept checkpoint."""

    run: Path
    arena: Arena
    episodes: int
    """Episodes 0 to N - 1 of the arena's seed are played at each."""

    def __len__(self) -> int:
        return 1 + len(self.kept)

    def play(self, number: int) -> Played:
        """The episodes of a stage; the same ones each time. Number 0 is the random teams'."""
        checkpoint = self.kept[number - 1] if number else None
        team = RANDOM if checkpoint is None else str(checkpoint / "team")
        teams = self.arena.team(team, HIDERS), self.arena.team(team, SEEKERS)
        name = f"{self.run.resolve().name} {steps_text(self.agent_steps(number))}" if number else RANDOM
        return play_episodes(self.arena, teams, (name, name), episode_seeds(self.arena.seed, 0, self.episodes))

    def agent_steps(self, number: int) -> int:
        """How long the teams of a stage had been trained."""
        return int(self.kept[number - 1].name) if number else 0

    def look_at_all(self, on_stage: Callable[[int, int], None] = lambda done, of: None) -> list[Stage]:
        """Plays every stage; `on_stage` gets how many are done, of how many."""
        found = []
        for number in range(len(self)):
            found.append(stage_of(self.play(number), self.agent_steps(number)))
            on_stage(number + 1, len(self))
        return found

    @cached_property
    def kept(self) -> list[Path]:
        """The checkpoints, as they are when first asked for: a run that goes on makes more."""
        return checkpoints(self.run)
