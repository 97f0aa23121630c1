"""The episodes of one update after another: in which world, by whom, against whom, and from which starts.

All randomness of an update's episodes follows from (config.seed, number of the update). `begin` fixes whatever they
depend on; of the networks, copies play. So `play` reads nothing that learning writes, and writes nothing that learning
reads: both may go on at the same time.
"""

import copy
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from policies.agents.networks import Actor
from policies.learning.config import TrainConfig
from policies.learning.curriculum import Curriculum
from policies.learning.episode_stats import EpisodeStats
from policies.learning.episodes import training_seeds
from policies.learning.league import League, Matchups, matchups
from policies.learning.objective import Objective
from policies.learning.policy_slots import PolicySlot, TrainingSlot
from policies.learning.ppo import AdvantageBatch
from policies.learning.random_streams import Stream, seed_generators, stream_entropy
from policies.learning.ranks import Ranks
from policies.learning.regret import RegretShifts
from policies.learning.rollout import Played, Rollout
from policies.learning.stopwatch import Stopwatch
from policies.learning.visited_states import VisitedStates
from sim.game import Game
from sim.rules import HIDERS, SIDES
from sim.scenario import Scenario


class SelfPlay:
    """Plays the episodes of updates: `begin`, `play`, and `take_in` before the next `begin`."""

    def __init__(
        self,
        config: TrainConfig,
        scenario: Scenario,
        actors: Sequence[Actor],
        device: torch.device,
        threads: int,
        objective: Objective,
        ranks: Ranks,
    ) -> None:
        """`actors` are those of the sides as they begin."""
        self.config, self.scenario, self.device = config, scenario, device
        self.objective, self.ranks = objective, ranks
        self.curriculum = Curriculum(scenario, config.then)
        self.worlds = ranks.share(config.worlds)
        worlds = self.worlds.stop - self.worlds.start
        self.game = Game(scenario, worlds, threads, config.without)
        self.threads = ThreadPoolExecutor(min(threads, len(actors)), "hideseek-act")
        """Both sides act side by side."""
        self.league = League(config.pool, config.snapshot_steps, len(actors))
        both_learn = len(actors) == len(SIDES) and not (config.hiders or config.seekers)
        split = matchups(worlds, config.past_share if both_learn else 0.0, config.visited_share)
        self.past_slots = tuple(
            PolicySlot(copy.deepcopy(actor), side, split.past[side], scenario.slots, device)
            for side, actor in enumerate(actors)
        )
        self.regret_shifts = RegretShifts(scenario, config.regret_share)
        self.visited_states = VisitedStates(
            split.visited, split.both, scenario.ticks, config.visited_power, scenario.slots
        )
        self.stats = EpisodeStats(split.true)
        self.rollouts = [self._rollout(split, actors) for _ in range(1 + config.lag)]
        """They take turns: while one is learnt from, the next is played."""
        self.update = 0
        """Whose episodes were begun last."""

    def _rollout(self, split: Matchups, actors: Sequence[Actor]) -> Rollout:
        scenario, slots = self.scenario, []
        for side, (actor, first) in enumerate(zip(actors, (0, scenario.preparation_ticks), strict=False)):
            copied, worlds = copy.deepcopy(actor), split.latest[side]
            ticks, goals = range(first, scenario.ticks), self.config.goal_counts[side]
            slots.append(TrainingSlot(copied, side, worlds, scenario.slots, self.device, ticks, goals))
        parts = self.game, slots, self.past_slots, self.regret_shifts, self.visited_states, self.stats
        return Rollout(*parts, self.objective.reward, self.device)

    @property
    def rollout(self) -> Rollout:
        """The one whose turn it is."""
        return self.rollouts[self.update % len(self.rollouts)]

    @property
    def steps_per_update(self) -> int:
        return self.config.worlds * self.scenario.ticks * self.scenario.slots.agents

    def begin(self, update: int, actors: Sequence[Actor]) -> None:
        """Fixes an update's episodes: the world and the snapshot that are due, copies of the actors, which are to play,
        their generators, opponents, goals and starts.
        """
        self.update, agent_steps = update, update * self.steps_per_update
        self.game.scenario = self.curriculum.at(agent_steps + self.steps_per_update)
        slots, random = self.rollout.learning, self._random(Stream.OPPONENTS)
        for slot, actor in zip(slots, actors, strict=True):
            slot.actor.load_state_dict(actor.state_dict())
        generators = [slot.generator for slot in (*slots, *self.past_slots)]
        seed_generators(generators, self._entropy(Stream.ACTIONS_AND_MINIBATCHES))
        if self.league.due(agent_steps):
            self.league.snapshot(agent_steps, actors, random)
        self.league.sample_opponents([slot.actor for slot in self.past_slots], random)
        self.visited_states.begin(self._random(Stream.VISITED_STATES))
        if goals := self.objective.goals:
            goal_input = slots[HIDERS].goal_input
            goal_input.copy_(goals.draw(self._random(Stream.GOALS), len(goal_input)))
        self.regret_shifts.begin(self._random(Stream.REGRET))

    def _random(self, stream: Stream) -> np.random.Generator:
        """The generator of one of this update's streams."""
        return np.random.default_rng(self._entropy(stream))

    def _entropy(self, stream: Stream) -> list[int]:
        return self.ranks.entropy(stream_entropy(self.config.seed, self.update, stream))

    def play(self, watch: Stopwatch) -> Played:
        """Plays the episodes that were begun."""
        group = self.objective.group or 1
        seeds = training_seeds(self.config.seed, self.update, self.config.worlds // group).repeat(group)
        return self.rollout.collect(seeds[self.worlds], self.threads, watch)

    def take_in(self, played: Played, batches: Mapping[int, AdvantageBatch]) -> None:
        """Notes who won, and what surprised the critics, for later episodes; `batches` are of the sides that learn."""
        for side, wins in played.wins.items():
            self.league.pools[side].record_result(wins)
        self.visited_states.learn(self._errors({side: batch.errors for side, batch in batches.items()}))
        if self.regret_shifts.share:
            whole, first = self.stats.worlds, self.rollout.learning[HIDERS].worlds.start
            regrets = batches[HIDERS].positive_advantages[:, whole.start - first : whole.stop - first]
            self.regret_shifts.learn(regrets.cpu().numpy(), whole)

    def _errors(self, errors: Mapping[int, Tensor]) -> np.ndarray:
        """float32 [tick, world]: how far off the critics were in the worlds of latest against latest, in the mean.

        In preparation only the hiders' critic has an opinion.
        """
        ticks, both = self.scenario.ticks, self.visited_states.source
        total, opinions = np.zeros((ticks, both.stop - both.start), np.float32), np.zeros((ticks, 1), np.float32)
        for side, side_errors in errors.items():
            slot = self.rollout.learning[side]
            worlds = slice(both.start - slot.worlds.start, both.stop - slot.worlds.start)
            total[slot.first :] += side_errors[:, worlds].cpu().numpy()
            opinions[slot.first :] += 1
        return total / opinions.clip(1)
