"""Everything that changes while a run goes on, and one update of it.

An update is: maybe a snapshot for the pool, one episode in every world, several epochs of PPO for both sides. With
`TrainConfig.lag` the next update's episodes are played beside those epochs, by the networks as they were before them.
All randomness of an update follows from (config.seed, number of updates so far), so a checkpoint needs no
generator states and a resumed run goes on as if it had never stopped.
"""

import copy
import math
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from typing import Any

import torch

from policies.agents.networks import Actor
from policies.agents.team import Team
from policies.learning.config import TrainConfig
from policies.learning.groups import GroupLearner
from policies.learning.initial_networks import InitialNetworks
from policies.learning.objective import GameReward, Objective, ReferenceKL
from policies.learning.ppo import AdvantageBatch, Learner
from policies.learning.random_streams import Stream, seed_generators, stream_entropy
from policies.learning.ranks import ALONE, Ranks
from policies.learning.restarts import Restarts
from policies.learning.rollout import Played
from policies.learning.samples import Samples
from policies.learning.self_play import SelfPlay
from policies.learning.stopwatch import Stopwatch
from policies.learning.symmetry import mirror_of
from policies.learning.team_metadata import team_metadata
from sim.errors import UserError
from sim.layout import sides_of
from sim.rules import SIDES
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
        self.ranks = ranks
        self.updates = 0
        self.initial_networks = InitialNetworks(config, scenario, self.objective)
        self.foreign_critics = self.initial_networks.foreign_critics()
        names, sides = (config.hiders, config.seekers), sides_of(scenario.slots)
        self.learners = tuple(self._learner(side, names[side], device) for side in sides)
        self.learning = [side for side in sides if not names[side]]
        self.self_play = SelfPlay(config, scenario, self.actors, device, threads, self.objective, ranks)
        self.ahead: Played | None = None
        """The next update's episodes, if they were played beside the last one's learning."""
        self.restarts = Restarts(self.learning, config.restart_below, config.restart_steps)

    def _learner(self, side: int, frozen: str, device: torch.device) -> Learner:
        """One that begins with the initial networks of its side, or has those of the team `frozen`."""
        config, objective = self.config, self.objective
        actor, critic = self.initial_networks.of_team(frozen, side) if frozen else self.initial_networks.first(side)
        mirrored_doors = self.scenario.mirrored_doors if config.mirrored_share else None
        mirror = mirror_of(self.scenario.slots, mirrored_doors, device, config.goal_counts[side])
        parts = actor.to(device), critic.to(device), config, mirror, device, self.ranks
        learner = GroupLearner(*parts, group=objective.group) if objective.group else Learner(*parts)
        if objective.start and not frozen:
            learner.reference = ReferenceKL(copy.deepcopy(actor), objective.reference_weight)
        return learner

    def begin_with(self, name: str) -> None:
        """Gives the sides that learn the networks of a trained team. Raises UserError as for `fitting_team`."""
        for side in self.learning:
            self.learners[side].start_over(*self.initial_networks.of_team(name, side))

    @property
    def actors(self) -> list[Actor]:
        """The present ones, of all sides."""
        return [learner.actor for learner in self.learners]

    @property
    def world(self) -> Scenario:
        """Where the sides are trained by now; it differs from `scenario`, the first, in its starts alone."""
        return self.self_play.curriculum.at(self.agent_steps)

    @property
    def steps_per_update(self) -> int:
        return self.self_play.steps_per_update

    @property
    def agent_steps(self) -> int:
        """Agents times ticks learnt from so far; frozen seekers, past opponents and places left empty included."""
        return self.updates * self.steps_per_update

    def checkpoint_due(self, agent_steps: int) -> bool:
        """Whether one is due after the update that ends at so many agent-steps."""
        interval = self.config.checkpoint_steps
        return agent_steps // interval > (agent_steps - self.steps_per_update) // interval

    def update(self, executor: Executor) -> dict[str, Any]:
        """Plays and learns once, learning in the threads of `executor`; returns the line of metrics.

        agent_steps, update, seconds and steps_per_s (of this update), what `EpisodeStats.report` says, per side
        entropy and losses, and the shares of time spent on simulate, infer, judge (counting and looking for
        strategies), learn and other. What is learnt while the next episodes are played takes no share.

        Raises:
            UserError: a loss is no longer a finite number.
        """
        watch = Stopwatch()
        played = self.ahead or self._play(watch)
        self.ahead = None
        report = self._of_all_ranks(played.report)
        self.restarts.record(report["hidden"])
        with watch.running("learn"):
            self._prepare_learners()
            samples = {side: played.samples[side] for side in self.learning}
            batches = self._estimate_advantages(samples, executor)
            self.self_play.take_in(played, batches)
        # What the next episodes follow from is copied before learning changes it.
        if plays_ahead := self._plays_ahead():
            self.self_play.begin(self.updates + 1, self.actors)
        figures = self._improve(samples, batches, executor)
        if plays_ahead:
            self.ahead = self.self_play.play(watch)
        with watch.running("learn"):
            sides = self._finish(samples, figures)
        self.updates += 1
        _check_finite(sides, self.agent_steps)
        return {
            "agent_steps": self.agent_steps,
            "update": self.updates,
            "seconds": watch.seconds(),
            "steps_per_s": self.steps_per_update / watch.seconds(),
            **report,
            **played.paid,
            **self.self_play.regret_shifts.report(),
            **sides,
            "shares": watch.shares(),
        }

    def _play(self, watch: Stopwatch) -> Played:
        """This update's episodes, by the present networks."""
        self._restart_losers()
        self.self_play.begin(self.updates, self.actors)
        return self.self_play.play(watch)

    def _of_all_ranks(self, report: dict[str, float]) -> dict[str, float]:
        return {**self.ranks.mean(report), "episodes_judged": int(self.ranks.sum(report["episodes_judged"]))}

    def _restart_losers(self) -> None:
        for side in self.restarts.due(self.agent_steps):
            self.learners[side].start_over(*self.initial_networks.after_restart(side, self.updates))

    def _plays_ahead(self) -> bool:
        """Whether the next update's episodes are played beside this one's learning.

        A checkpoint is to need nothing of them, and a side that starts over cannot learn from its old networks' play.
        """
        next_steps = self.agent_steps + self.steps_per_update
        due = self.checkpoint_due(next_steps) or self.restarts.losers(next_steps)
        return bool(self.config.lag) and not due

    def _prepare_learners(self) -> None:
        """Follows the schedule, which begins again in every world, and seeds the generators."""
        begins, _ = self.self_play.curriculum.until(self.agent_steps + self.steps_per_update)[-1]
        for learner in self.learners:
            learner.follow_schedule(max(self.agent_steps - begins, 0))
        entropy = self.ranks.entropy(stream_entropy(self.config.seed, self.updates, Stream.ACTIONS_AND_MINIBATCHES))
        generators = [g for learner in self.learners for g in (learner.actor_generator, learner.critic_generator)]
        seed_generators(generators, entropy, first=len(generators))  # as many words are for those that play

    def _estimate_advantages(self, samples: Mapping[int, Samples], executor: Executor) -> dict[int, AdvantageBatch]:
        learners = [self.learners[side] for side in samples]
        batches = executor.map(lambda one, has: one.estimate_advantages(has), learners, samples.values())
        return dict(zip(samples, batches, strict=True))

    def _improve(
        self, samples: Mapping[int, Samples], batches: Mapping[int, AdvantageBatch], executor: Executor
    ) -> Iterator[dict[str, float]]:
        """Begins to improve all networks that learn side by side, the longest work first; yields sides' figures."""
        learners = [self.learners[side] for side in samples]
        actors = executor.map(lambda one, *has: one.improve_actor(*has), learners, samples.values(), batches.values())
        critics = executor.map(lambda one, *has: one.improve_critic(*has), learners, samples.values(), batches.values())
        return ({**actor, **critic} for actor, critic in zip(actors, critics, strict=True))

    def _finish(
        self, samples: Mapping[int, Samples], figures: Iterator[dict[str, float]]
    ) -> dict[str, dict[str, float]]:
        """Waits for all improvements, and moves the normalisers; returns each side's figures, by its name."""
        found = dict(zip(samples, figures, strict=True))
        for side, own in samples.items():
            self.learners[side].update_normalisers(own)
        sides = {SIDES[side]: self.ranks.mean(one) for side, one in found.items()}
        if self.config.restart_below:
            for side in self.learning:
                sides[SIDES[side]]["restarts"] = self.restarts.count[side]
        return sides

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
