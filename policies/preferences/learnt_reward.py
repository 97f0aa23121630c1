"""A reward model as a source of reward: after every tick hiders get the model's reward."""

import numpy as np

from policies.preferences.features import features
from policies.preferences.reward_model import RewardModel
from sim.game import Game


class LearntReward:
    """A `policies.learning.objective.RewardSource`."""

    def __init__(self, model: RewardModel) -> None:
        self.model = model

    def start(self, game: Game) -> None:
        self.total, self.ticks = 0.0, 0

    def pay(self, game: Game, reward: np.ndarray) -> None:
        hiders = slice(0, game.slots.hiders)
        learnt = self.model.reward(features(game.slots, game.layout, game.state, game.seen.agents))
        reward[...] = 0.0
        reward[:, hiders] = learnt[:, None] * game.layout.agent_exists[:, hiders]
        self.total += float(learnt.mean())
        self.ticks += 1

    def report(self) -> dict[str, float]:
        """`learnt_reward`: the mean over the ticks of the last episodes. Over the ticks of the labels it would be 0."""
        return {"learnt_reward": self.total / max(self.ticks, 1)}
