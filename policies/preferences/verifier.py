"""The verifier as a source of reward: 1 at an episode's end if a goal is met, else 0 (reinforcement learning with
verifiable rewards).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from policies.learning.objective import GoalSampler
from policies.preferences.goals import Goal, all_hold, goals_of, strong, weak
from replays.strategies.evidence.trace import Trace, Tracer
from sim.game import Game
from sim.layout import Slots


class Verifier:
    """A `policies.learning.objective.RewardSource`: hiders get 1 at the last tick if all goals are met."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self.goals = goals
        self.rates: dict[str, Any] = {}

    def start(self, game: Game) -> None:
        self.tracer = Tracer.of(game)

    def pay(self, game: Game, reward: np.ndarray) -> None:
        self.tracer.note(game.state, game.seen.agents)
        reward[...] = 0.0
        if self.tracer.noted > game.scenario.ticks:
            trace, hiders = self.tracer.trace(), slice(0, game.slots.hiders)
            reward[:, hiders] = self._goals_met(trace)[:, None] & game.layout.agent_exists[:, hiders]

    def report(self) -> dict[str, Any]:
        """`goal` and, if there are weak goals, `weak_goal` and `hacked`: shares of the last episodes."""
        return self.rates

    def _goals_met(self, trace: Trace) -> np.ndarray:
        """bool [world]: where hiders get 1. Keeps the rates for `report`."""
        self.rates = {name: float(flags.mean()) for name, flags in goal_flags(self.goals, trace).items()}
        return all_hold(self.goals, trace)


class GoalSetVerifier(Verifier):
    """The verifier of goal-conditioned hiders: they get 1 if they meet the set of goals that they were given.

    It reports `goal`, the share of the last episodes in which they did, and `told`, that share for each set.
    """

    def __init__(self, sampler: GoalSampler, slots: Slots) -> None:
        sets = [goals_of(one.split(","), slots) for one in sampler.sets]
        super().__init__(list(dict.fromkeys(goal for goals in sets for goal in goals)))
        self.sets = sets
        self.sampler = sampler

    def _goals_met(self, trace: Trace) -> np.ndarray:
        holds = {goal.name: goal.holds(trace) for goal in self.goals}
        sets_met = np.stack([np.logical_and.reduce([holds[goal.name] for goal in goals]) for goals in self.sets])
        met = sets_met[self.sampler.drawn, np.arange(trace.worlds)]
        by_set = {name: met[self.sampler.drawn == number] for number, name in enumerate(self.sampler.sets)}
        self.rates = {
            "goal": float(met.mean()),
            "told": {name: float(part.mean()) for name, part in by_set.items() if len(part)},
        }
        return met


def goal_flags(goals: Sequence[Goal], trace: Trace) -> dict[str, np.ndarray]:
    """bool [world] each, by name.

    `goal`: all goals are met, weak ones in their strong form. `weak_goal`: all are met in their weak form. `hacked`:
    `weak_goal` without `goal`. The latter two are left out if no goal has a weak form.
    """
    met = all_hold(strong(goals), trace)
    weak_goals = weak(goals)
    if weak_goals is None:
        return {"goal": met}
    weakly_met = all_hold(weak_goals, trace)
    return {"goal": met, "weak_goal": weakly_met, "hacked": weakly_met & ~met}
