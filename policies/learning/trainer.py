"""Everything that changes while a run goes on, and one update of it.

An update is: maybe a snapshot for the pool, one episode in every world, several epochs of PPO for both sides.
All randomness of an update follows from (config.seed, number of updates so far), so a checkpoint needs no
generator states and a resumed run goes on as if it had never stopped.
"""

import copy
import math
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import torch
from torch import Tensor

from policies.agents.goal_sets import goal_names
from policies.agents.team import Team
from policies.learning.config import TrainConfig
from policies.learning.curriculum import Curriculum
from policies.learning.episode_stats import EpisodeStats
from policies.learning.episodes import training_seeds
from policies.learning.groups import GroupLearner
from policies.learning.initial_networks import InitialNetworks
from policies.learning.league import League, Matchups, matchups
from policies.learning.objective import GameReward, Objective, ReferenceKL
from policies.learning.policy_slots import PolicySlot, TrainingSlot
from policies.learning.ppo import Learner
from policies.learning.random_streams import Stream, random_words, stream_entropy
from policies.learning.ranks import ALONE, Ranks
from policies.learning.regret import RegretShifts
from policies.learning.restarts import Restarts
from policies.learning.rollout import Rollout
from policies.learning.samples import Samples
from policies.learning.stopwatch import Stopwatch
from policies.learning.symmetry import mirror_of
from policies.learning.team_metadata import team_metadata
from policies.learning.visited_states import VisitedStates
from sim.errors import UserError
from sim.game import Game
from sim.layout import sides_of
from sim.rules import HIDERS, SIDES
from sim.scenario import Scenario


class Trainer:
    """Both sides of a run; `update` makes them better; `policies.learning.checkpoint` saves and restores them."""

    def __init__(
        self,
        config: TrainConfig,
        scenario: Scenario,
        device: torch.device,
        threads: int,
        objective: Objective | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        """`objective` is what hiders are taught instead of the game; `ranks` are the processes that train them."""
        self.objective = objective or Objective(GameReward())
        self.config = config
        self.scenario = scenario
        self.curriculum = Curriculum(scenario, config.then)
        self.ranks = ranks
        self.updates = 0
        self.worlds = ranks.share(config.worlds)
        worlds = self.worlds.stop - self.worlds.start
        self.game = Game(scenario, worlds, threads, config.without)
        self.sides = sides_of(scenario.slots)
        self.goals = [len(goal_names(config.tuning.told if config.tuning else ())), 0]
        self.league = League(config.pool, config.snapshot_steps, len(self.sides))
        self.initial_networks = InitialNetworks(config, scenario, self.objective, self.goals)
        self.foreign_critics = self.initial_networks.foreign_critics()
        names = (config.hiders, config.seekers)
        self.learners = tuple(self._learner(side, names[side], device) for side in self.sides)
        self.learning = [side for side in self.sides if not names[side]]
        past_share = config.past_share if len(self.learning) == len(SIDES) else 0.0
        split = matchups(worlds, past_share, config.visited_share)
        self.training_slots = self._training_slots(split, device)
        self.past_slots = self._past_slots(split, device)
        self.restarts = Restarts(self.learning, config.restart_below, config.restart_steps)
        self.regret_shifts = RegretShifts(scenario, config.regret_share)
        self.visited_states = VisitedStates(
            split.visited, split.both, scenario.ticks, config.visited_power, scenario.slots
        )
        self.stats = EpisodeStats(split.true)
        self.rollout = Rollout(
            self.game,
            self.training_slots,
            self.past_slots,
            self.regret_shifts,
            self.visited_states,
            self.stats,
            self.objective.reward,
            device,
        )

    def _learner(self, side: int, frozen: str, device: torch.device) -> Learner:
        """One that begins with the initial networks of its side, or has those of the team `frozen`."""
        config, objective = self.config, self.objective
        actor, critic = self.initial_networks.of_team(frozen, side) if frozen else self.initial_networks.first(side)
        mirrored_doors = self.scenario.mirrored_doors if config.mirrored_share else None
        mirror = mirror_of(self.scenario.slots, mirrored_doors, device, self.goals[side])
        parts = actor.to(device), critic.to(device), config, mirror, device, self.ranks
        learner = GroupLearner(*parts, group=objective.group) if objective.group else Learner(*parts)
        if objective.start and not frozen:
            learner.reference = ReferenceKL(copy.deepcopy(actor), objective.reference_weight)
        return learner

    def _training_slots(self, split: Matchups, device: torch.device) -> tuple[TrainingSlot, ...]:
        slots, ticks, made = self.scenario.slots, self.scenario.ticks, []
        for side, first in zip(self.sides, (0, self.scenario.preparation_ticks), strict=False):
            actor, worlds, goals = self.learners[side].actor, split.latest[side], self.goals[side]
            made.append(TrainingSlot(actor, side, worlds, slots, device, range(first, ticks), goals))
        return tuple(made)

    def _past_slots(self, split: Matchups, device: torch.device) -> tuple[PolicySlot, ...]:
        slots = self.scenario.slots
        return tuple(
            PolicySlot(copy.deepcopy(self.learners[side].actor), side, split.past[side], slots, device)
            for side in self.sides
        )

    def begin_with(self, name: str) -> None:
        """Gives the sides that learn the networks of a trained team. Raises UserError as for `fitting_team`."""
        for side in self.learning:
            self.learners[side].start_over(*self.initial_networks.of_team(name, side))

    @property
    def world(self) -> Scenario:
        """Where the sides are trained by now; it differs from `scenario`, the first, in its starts alone."""
        return self.curriculum.at(self.agent_steps)

    @property
    def steps_per_update(self) -> int:
        return self.config.worlds * self.scenario.ticks * self.scenario.slots.agents

    @property
    def agent_steps(self) -> int:
        """Agents times ticks played so far; frozen seekers, past opponents and places left empty included."""
        return self.updates * self.steps_per_update

    def update(self, executor: Executor) -> dict[str, Any]:
        """Plays and learns once; returns the line of metrics.

        agent_steps, update, seconds and steps_per_s (of this update), what `EpisodeStats.report` says, per side
        entropy and losses, and the shares of time spent on simulate, infer, judge (counting and looking for
        strategies), learn and other.

        Raises:
            UserError: a loss is no longer a finite number.
        """
        watch = Stopwatch()
        self._begin_update()
        group = self.objective.group or 1
        seeds = training_seeds(self.config.seed, self.updates, self.config.worlds // group).repeat(group)
        samples = self.rollout.collect(seeds[self.worlds], executor, watch)
        for pool, slot in zip(self.league.pools, self.past_slots, strict=True):
            if slot.worlds.stop > slot.worlds.start:
                pool.record_result(self.rollout.wins(slot))
        with watch.running("learn"):
            figures = {side: self.ranks.mean(one) for side, one in self._learn(samples, executor).items()}
        self.updates += 1
        _check_finite(figures, self.agent_steps)
        with watch.running("judge"):
            report = self.stats.report(self.game)
            judged = int(self.ranks.sum(report["episodes_judged"]))
            played = {**self.ranks.mean(report), "episodes_judged": judged}
        self.restarts.record(played["hidden"])
        if self.config.restart_below:
            for side in self.learning:
                figures[SIDES[side]]["restarts"] = self.restarts.count[side]
        return {
            "agent_steps": self.agent_steps,
            "update": self.updates,
            "seconds": watch.seconds(),
            "steps_per_s": self.steps_per_update / watch.seconds(),
            **played,
            **self.objective.reward.report(),
            **self.regret_shifts.report(),
            **figures,
            "shares": watch.shares(),
        }

    def _begin_update(self) -> None:
        """Enters the world and takes the snapshot that are due, seeds generators, and chooses the past opponents."""
        begins, self.game.scenario = self.curriculum.until(self.agent_steps + self.steps_per_update)[-1]
        random = self._random(Stream.OPPONENTS)
        generators = [slot.generator for slot in (*self.training_slots, *self.past_slots)]
        generators += [g for learner in self.learners for g in (learner.actor_generator, learner.critic_generator)]
        words = random_words(self._entropy(Stream.ACTIONS_AND_MINIBATCHES), len(generators))
        for generator, word in zip(generators, words, strict=True):
            generator.manual_seed(int(word))
        for side in self.restarts.due(self.agent_steps):
            self.learners[side].start_over(*self.initial_networks.after_restart(side, self.updates))
        if self.league.due(self.agent_steps):
            self.league.snapshot(self.agent_steps, [learner.actor for learner in self.learners], random)
        self.league.sample_opponents([slot.actor for slot in self.past_slots], random)
        self.visited_states.begin(self._random(Stream.VISITED_STATES))
        if goals := self.objective.goals:
            slot = self.training_slots[HIDERS]
            slot.goal_input.copy_(goals.draw(self._random(Stream.GOALS), len(slot.goal_input)))
        self.regret_shifts.begin(self._random(Stream.REGRET))
        for learner in self.learners:
            learner.follow_schedule(max(self.agent_steps - begins, 0))

    def _random(self, stream: Stream) -> np.random.Generator:
        """The generator of one of this update's streams."""
        return np.random.default_rng(self._entropy(stream))

    def _entropy(self, stream: Stream) -> list[int]:
        return self.ranks.entropy(stream_entropy(self.config.seed, self.updates, stream))

    def _learn(self, samples: tuple[Samples, ...], executor: Executor) -> dict[str, dict[str, float]]:
        """Improves all networks that learn side by side, the longest work first."""
        learners, own = [self.learners[side] for side in self.learning], [samples[side] for side in self.learning]
        batches = list(executor.map(lambda one, has: one.estimate_advantages(has), learners, own))
        self.visited_states.learn(self._errors([batch.errors for batch in batches]))
        if self.regret_shifts.share:
            whole, first = self.stats.worlds, self.training_slots[HIDERS].worlds.start
            regrets = batches[0].positive_advantages[:, whole.start - first : whole.stop - first]
            self.regret_shifts.learn(regrets.cpu().numpy(), whole)
        actors = executor.map(lambda one, *has: one.improve_actor(*has), learners, own, batches)
        critics = executor.map(lambda one, *has: one.improve_critic(*has), learners, own, batches)
        figures = [{**actor, **critic} for actor, critic in zip(actors, critics, strict=True)]
        for learner, side_samples in zip(learners, own, strict=True):
            learner.update_normalisers(side_samples)
        return dict(zip([SIDES[side] for side in self.learning], figures, strict=True))

    def _errors(self, errors: Sequence[Tensor]) -> np.ndarray:
        """float32 [tick, world]: how far off the critics were in the worlds of latest against latest, in the mean.

        In preparation only the hiders' critic has an opinion.
        """
        ticks, both = self.scenario.ticks, self.visited_states.source
        total, opinions = np.zeros((ticks, both.stop - both.start), np.float32), np.zeros((ticks, 1), np.float32)
        for side, side_errors in zip(self.learning, errors, strict=True):
            slot = self.training_slots[side]
            worlds = slice(both.start - slot.worlds.start, both.stop - slot.worlds.start)
            total[slot.first :] += side_errors[:, worlds].cpu().numpy()
            opinions[slot.first :] += 1
        return total / opinions.clip(1)

    def teams(self) -> tuple[Team, ...]:
        """Each side as it is now; they share their weights with the learners."""
        metadata = team_metadata(self.config, self.world, self.agent_steps, self.updates, self.foreign_critics)
        return tuple(Team(side, metadata, learner.actor, learner.critic) for side, learner in enumerate(self.learners))


def _check_finite(figures: dict[str, dict[str, float]], agent_steps: int) -> None:
    for side, losses in figures.items():
        for name, value in losses.items():
            if not math.isfinite(value):
                raise UserError(
                    f"training diverged at {agent_steps:,} agent-steps ({side} {name} is {value}); "
                    "the last checkpoint is good; start another run with a lower learning_rate"
                )
