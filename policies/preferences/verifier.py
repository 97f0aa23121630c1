"""The verifier as a source of reward: 1 at an episode's end if a goal is met, else 0 (reinforcement learning with
verifiable rewards).
"""

from collections.abc import Sequence

import numpy as np

from policies.preferences.goals import Goal, all_hold, strong, weak
from replays.strategies.evidence.trace import Trace, Tracer
from sim.game import Game


class Verifier:
    """A `policies.learning.objective.RewardSource`: hiders get 1 with the last tick if all goals are met."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self.goals = goals
        self.rates: dict[str, float] = {}

    def start(self, game: Game) -> None:
        scenario = game.scenario
        self.tracer = Tracer(game.slots, game.layout, scenario.ticks, scenario.preparation_ticks)
        self.tracer.note(game.state, game.seen.agents)

    def pay(self, game: Game, reward: np.ndarray) -> None:
        self.tracer.note(game.state, game.seen.agents)
        reward[...] = 0.0
        if self.tracer.noted > game.scenario.ticks:
            trace, hiders = self.tracer.trace(), slice(0, game.slots.hiders)
            met = all_hold(self.goals, trace)
            reward[:, hiders] = met[:, None] & game.layout.agent_exists[:, hiders]
            self.rates = {name: float(flags.mean()) for name, flags in goal_flags(self.goals, trace).items()}

    def report(self) -> dict[str, float]:
        """`goal` and, if there are weak goals, `weak_goal` and `hacked`: shares of the last episodes."""
        return self.rates


def goal_flags(goals: Sequence[Goal], trace: Trace) -> dict[str, np.ndarray]:
    """bool [world] each, what came of goals and of their twins.

    `goal`: all are met, a weak one in its strong form. `weak_goal`: all are met in their weak form. `hacked`: that, and
    not `goal`. The latter two only where a goal has a weak form.
    """
    met = all_hold(strong(goals), trace)
    twins = weak(goals)
    if twins is None:
        return {"goal": met}
    weakly = all_hold(twins, trace)
    return {"goal": met, "weak_goal": weakly, "hacked": weakly & ~met}
