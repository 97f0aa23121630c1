"""Whole episodes of N worlds, played by both sides and recorded for the learner.

An update's rollout is one episode in every world, from reset to the last tick. Buffers are allocated once. The game
writes global states straight into its buffer. Seekers do nothing during preparation, so for them neither inference nor
a sample is spent on it.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np
import torch

from policies.learning.episode_stats import EpisodeStats
from policies.learning.objective import RewardSource
from policies.learning.policy_slots import PolicySlot, TrainingSlot
from policies.learning.regret import RegretShifts
from policies.learning.samples import Samples
from policies.learning.stopwatch import Stopwatch
from policies.learning.visited_states import VisitedStates
from sim.game import Game
from sim.rules import ACTION_SIZES


class Played(NamedTuple):
    """Episodes that are over."""

    samples: tuple[Samples, ...]
    """Of each side. They are views of the rollout's buffers, which its next call of `collect` overwrites."""
    wins: dict[int, float]
    """By side: the share of their episodes that its past selves won, if they played any."""
    report: dict[str, float]
    """What `EpisodeStats.report` says."""
    paid: dict[str, Any]
    """What `RewardSource.report` says."""


class Rollout:
    """Plays one episode in every world of `game` per call of `collect`.

    `learning` are the latest hiders and seekers (or hiders alone, where nobody seeks), `past` the snapshots that they
    meet in some worlds. `regret_shifts` shifts some starts, `visited_states` lets some worlds go on from visited
    states, and `reward_source` gives the rewards.
    """

    def __init__(
        self,
        game: Game,
        learning: Sequence[TrainingSlot],
        past: Sequence[PolicySlot],
        regret_shifts: RegretShifts,
        visited_states: VisitedStates,
        stats: EpisodeStats,
        reward_source: RewardSource,
        device: torch.device,
    ) -> None:
        self.game = game
        self.sides = range(len(learning))
        self.learning = learning
        self.past = past
        self.regret_shifts = regret_shifts
        self.visited_states = visited_states
        self.stats = stats
        self.reward_source = reward_source
        self.device = device
        ticks = game.scenario.ticks
        # One row more than ticks: the game also describes the state after the last one.
        self.global_state = np.zeros((ticks + 1, *game.global_state.shape), np.float32)
        self.rewards = np.zeros((ticks, *game.reward.shape), np.float32)
        self.exist = np.zeros((ticks, *game.reward.shape), bool)
        self.actions = np.zeros((game.worlds, game.slots.agents, len(ACTION_SIZES)), np.int8)

    def collect(self, seeds: np.ndarray, executor: Executor, watch: Stopwatch) -> Played:
        """Plays one episode per world, started from uint64 seeds [world]."""
        game = self.game
        with watch.running("simulate"):
            game.global_state = self.global_state[0]
            game.reset(seeds)
            self.regret_shifts.place(game)
            self.actions[:] = 0
            self._forget(slice(0, game.worlds))
        with watch.running("judge"):
            self.stats.start(game)
            self.reward_source.start(game)
        for tick in range(game.scenario.ticks):
            with watch.running("simulate"):
                resumed = self.visited_states.resume(game, tick)
                self._forget(resumed)
                self.exist[tick] = game.layout.agent_exists
            with watch.running("infer"):
                list(executor.map(self._act, self.sides, [tick] * len(self.sides)))
            with watch.running("simulate"):
                game.global_state = self.global_state[tick + 1]
                game.tick(self.actions)
            with watch.running("judge"):
                self.reward_source.pay(game, self.rewards[tick])
                self.stats.count(game)
        with watch.running("judge"):
            wins = {slot.side: self.wins(slot) for slot in self.past if slot.worlds.stop > slot.worlds.start}
            return Played(self._samples(), wins, self.stats.report(game), self.reward_source.report())

    def _samples(self) -> tuple[Samples, ...]:
        rewards = torch.from_numpy(self.rewards).to(self.device)
        global_state = torch.from_numpy(self.global_state[:-1]).to(self.device)
        return tuple(
            slot.samples(rewards, global_state, self.exist, self.visited_states.cuts) for slot in self.learning
        )

    def wins(self, slot: PolicySlot) -> float:
        """The share of its worlds in which a slot's total reward was above 0, after `collect`."""
        return float((self.rewards[:, slot.worlds, slot.agents].sum((0, 2)) > 0).mean())

    def _forget(self, worlds: slice) -> None:
        for slot in (*self.learning, *self.past):
            if slot.actor.memory_size and worlds.stop > worlds.start:
                slot.forget(worlds)

    def _act(self, side: int, tick: int) -> None:
        if tick < self.learning[side].first:
            return
        with torch.inference_mode():
            self.learning[side].record(tick, self.game.observation, self.actions, self.exist[tick], self.device)
            if self.past[side].worlds.stop > self.past[side].worlds.start:
                self.past[side].play(self.game.observation, self.actions, self.device)
