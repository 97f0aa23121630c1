"""Everything that changes while a run goes on, and one update of it.

An update is: maybe a snapshot for the pool, one episode in every world, several epochs of PPO for both sides.
All randomness of an update follows from (config.seed, number of updates so far), so a checkpoint needs no
generator states and a resumed run goes on as if it had never stopped.
"""

import copy
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from policies.agents.goal_sets import goal_names
from policies.agents.networks import Actor, Critic
from policies.agents.players import trained_team
from policies.agents.team import Team, TeamMetadata, load_untold, save
from policies.agents.told import with_goals
from policies.learning.config import TrainConfig
from policies.learning.episode_stats import EpisodeStats
from policies.learning.episodes import training_seeds
from policies.learning.groups import GroupLearner
from policies.learning.league import League, matchups
from policies.learning.objective import GameReward, Objective, ReferenceKL
from policies.learning.ppo import Learner, new_networks
from policies.learning.ranks import ALONE, Ranks
from policies.learning.regret import RegretShifts
from policies.learning.restarts import Restarts
from policies.learning.rollout import PolicySlot, Rollout, Samples, TrainingSlot
from policies.learning.run_folder import STATE
from policies.learning.stopwatch import Stopwatch
from policies.learning.symmetry import mirror_of
from policies.learning.visited_states import VisitedStates
from sim.errors import UserError
from sim.game import Game
from sim.layout import sides_of
from sim.rules import HIDERS, SIDES
from sim.scenario import Scenario, full_text

_MOST_STATE_BYTES = 2**31
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError, UserError)
"""What is raised by a checkpoint whose tensors are missing, or have other names, types or shapes."""


@contextmanager
def fast_arithmetic() -> Iterator[None]:
    """Torch set up as a Trainer works fastest, and put back as it was.

    One thread in each call: on small networks a second one costs more than it brings. And matrix products may round
    their factors to bfloat16, sums stay float32: where the processor has an instruction for it, the default network
    learns and plays 1.3 times as fast, and two seeds came to shut doors no later (policies/LOG.md).
    """
    threads, precision = torch.get_num_threads(), torch.get_float32_matmul_precision()
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_float32_matmul_precision(precision)


class Trainer:
    """Both sides of a run; `update` makes them better, `save` and `restore` keep them."""

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
        self.ranks = ranks
        self.updates = 0
        self.worlds = ranks.share(config.worlds)
        worlds = self.worlds.stop - self.worlds.start
        self.game = Game(scenario, worlds, threads, config.without)
        self.sides = sides_of(scenario.slots)
        self.told = config.tuning.told if config.tuning else ()
        self.goals = [len(goal_names(self.told)), 0]
        self.league = League(config.pool, config.snapshot_steps, len(self.sides))
        names = (config.hiders, config.seekers)
        self.learners = tuple(self._learner(side, names[side], device) for side in self.sides)
        self.learning = [side for side in self.sides if not names[side]]
        past_share = config.past_share if len(self.learning) == len(SIDES) else 0.0
        split = matchups(worlds, past_share, config.visited_share)
        slots, ticks = scenario.slots, scenario.ticks
        self.training_slots = tuple(
            TrainingSlot(
                self.learners[side].actor,
                side,
                split.latest[side],
                slots,
                device,
                range(first, ticks),
                self.goals[side],
            )
            for side, first in zip(self.sides, (0, scenario.preparation_ticks), strict=False)
        )
        self.past_slots = tuple(
            PolicySlot(copy.deepcopy(self.learners[side].actor), side, split.past[side], slots, device)
            for side in self.sides
        )
        self.restarts = Restarts(self.learning, config.restart_below, config.restart_steps)
        self.regret_shifts = RegretShifts(scenario, config.regret_share)
        self.visited_states = VisitedStates(split.visited, split.both, ticks, config.visited_power, slots)
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
        """New networks, those of the team `frozen`, or what the objective begins with."""
        config, objective = self.config, self.objective
        if frozen:
            team = fitting_team(frozen, side, config, self.scenario)
            actor, critic = team.actor, team.critic
        else:
            actor, critic = self._new_networks([config.seed, side], side)
            if objective.start:
                tensors = objective.start.actor.state_dict()
                actor.load_state_dict(
                    with_goals(tensors, config.network, self.goals[side]) if self.goals[side] else tensors
                )
                if objective.group:  # else a critic of the game's reward would be in the way
                    critic.load_state_dict(objective.start.critic.state_dict())
        mirrored_doors = self.scenario.mirrored_doors if config.mirrored_share else None
        mirror = mirror_of(self.scenario.slots, mirrored_doors, device, self.goals[side])
        parts = actor.to(device), critic.to(device), config, mirror, device, self.ranks
        learner = GroupLearner(*parts, group=objective.group) if objective.group else Learner(*parts)
        if objective.start and not frozen:
            learner.reference = ReferenceKL(copy.deepcopy(actor), objective.reference_weight)
        return learner

    def _new_networks(self, entropy: list[int], side: int) -> tuple[Actor, Critic]:
        generator = torch.Generator().manual_seed(int(_words(entropy, 1)[0]))
        config, slots = self.config, self.scenario.slots
        return new_networks(config.network, slots, side, config.hidden, generator, self.goals[side])

    def begin_with(self, name: str) -> None:
        """Gives the sides that learn the networks of a trained team. Raises UserError as for `fitting_team`."""
        for side in self.learning:
            team, learner = fitting_team(name, side, self.config, self.scenario), self.learners[side]
            learner.actor.load_state_dict(team.actor.state_dict())
            learner.critic.load_state_dict(team.critic.state_dict())

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
        """Seeds every generator, takes a snapshot if one is due, and chooses the past opponents."""
        random = self._random(0)
        generators = [slot.generator for slot in (*self.training_slots, *self.past_slots)]
        generators += [g for learner in self.learners for g in (learner.actor_generator, learner.critic_generator)]
        words = _words(self.ranks.entropy([self.config.seed, self.updates, 1]), len(generators))
        for generator, word in zip(generators, words, strict=True):
            generator.manual_seed(int(word))
        for side in self.restarts.due(self.agent_steps):
            self.learners[side].start_over(*self._new_networks([self.config.seed, side, self.updates], side))
        if self.league.due(self.agent_steps):
            self.league.snapshot(self.agent_steps, [learner.actor for learner in self.learners], random)
        self.league.sample_opponents([slot.actor for slot in self.past_slots], random)
        self.visited_states.begin(self._random(2))
        if told := self.objective.told:
            slot = self.training_slots[HIDERS]
            slot.told.copy_(told.draw(self._random(3), len(slot.told)))
        self.regret_shifts.begin(self._random(4))
        for learner in self.learners:
            learner.follow_schedule(self.agent_steps)

    def _random(self, purpose: int) -> np.random.Generator:
        """A generator of this update for one purpose."""
        return np.random.default_rng(self.ranks.entropy([self.config.seed, self.updates, purpose]))

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
        config = self.config
        trained = {
            "agent_steps": self.agent_steps,
            "updates": self.updates,
            "seed": config.seed,
            "without": list(config.without),
            "frozen": [name for name in (config.hiders, config.seekers) if name],
        }
        if config.start:
            trained["start"] = config.start
        if config.tuning:
            trained["tuning"] = asdict(config.tuning)
        text = full_text(self.scenario)
        slots, scale = self.scenario.slots, config.reward_scale
        metadata = TeamMetadata(text, slots, config.network, config.hidden, scale, trained, self.told)
        return tuple(Team(side, metadata, learner.actor, learner.critic) for side, learner in enumerate(self.learners))

    def save(self, folder: Path) -> None:
        """Fills a checkpoint folder: team/ and trainer.safetensors. Raises OSError if it cannot."""
        save(folder / "team", self.teams())
        tensors: dict[str, Tensor] = {}
        for side, learner, pool in zip(SIDES, self.learners, self.league.pools, strict=False):
            for name, optimiser in learner.optimisers().items():
                for index, state in optimiser.state_dict()["state"].items():
                    tensors |= {f"{side}/{name}/{index}/{key}": value.cpu() for key, value in state.items()}
            for member, weights in pool.state().items():
                tensors |= {f"{side}/pool/{member}/{key}": value for key, value in weights.items()}
        tensors |= {f"restarts/{name}": tensor for name, tensor in self.restarts.tensors().items()}
        tensors |= {f"regret/{name}": tensor for name, tensor in self.regret_shifts.tensors().items()}
        tensors |= {f"starts/{name}": tensor for name, tensor in self.visited_states.tensors().items()}
        try:
            save_file(tensors, folder / STATE, metadata={"updates": str(self.updates)})
        except SafetensorError as error:
            raise OSError(None, str(error), str(folder / STATE)) from error

    def restore(self, folder: Path) -> None:
        """Goes on from a checkpoint folder of a run with the same config and scenario.

        Raises:
            UserError: the checkpoint is damaged; what to do about it is for the caller to say.
        """
        try:
            if (folder / STATE).stat().st_size > _MOST_STATE_BYTES:
                raise ValueError("it is too large")
            with safe_open(folder / STATE, framework="pt") as file:
                self.updates = int(file.metadata()["updates"])
                tensors = _nested({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
            for side, learner in enumerate(self.learners):
                team = load_untold(folder / "team", side, self.scenario)
                learner.actor.load_state_dict(team.actor.state_dict())
                learner.critic.load_state_dict(team.critic.state_dict())
                if side in self.learning:
                    learner.restore(tensors[SIDES[side]])
                self.league.pools[side].restore(tensors[SIDES[side]]["pool"])
            self.restarts.restore(tensors.get("restarts", {}))
            self.regret_shifts.restore(tensors.get("regret", {}))
            self.visited_states.restore(tensors.get("starts", {}))
        except _DAMAGED as error:
            why, _, _ = str(error).partition(";")
            raise UserError(f"{folder} is damaged ({why})") from None


def fitting_team(name: str, side: int, config: TrainConfig, scenario: Scenario) -> Team:
    """A team's networks for a side of this run: one that plays without learning, or one to begin with.

    Raises:
        UserError: there is no such team, or its networks are not those of this run.
    """
    team = trained_team(name, side, scenario)
    if (team.metadata.network, team.metadata.hidden) != (config.network, config.hidden):
        raise UserError(
            f"{name} has networks {team.metadata.network} {team.metadata.hidden}, "
            f"this run {config.network} {config.hidden}; choose another team"
        )
    return team


def _check_finite(figures: dict[str, dict[str, float]], agent_steps: int) -> None:
    for side, losses in figures.items():
        for name, value in losses.items():
            if not math.isfinite(value):
                raise UserError(
                    f"training diverged at {agent_steps:,} agent-steps ({side} {name} is {value}); "
                    "the last checkpoint is good; start another run with a lower learning_rate"
                )


def _words(entropy: list[int], count: int) -> np.ndarray:
    """uint64 [count] random words that follow from the given numbers."""
    return np.random.SeedSequence(entropy).generate_state(count, np.uint64)


def _nested(tensors: dict[str, Tensor]) -> dict[str, Any]:
    """Turns names with slashes into dictionaries of dictionaries."""
    nested: dict[str, Any] = {}
    for name, tensor in tensors.items():
        *path, last = name.split("/")
        inner = nested
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = tensor
    return nested
