"""A reward model as a source of reward: every tick pays hiders what the model makes of it."""

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
        paid = self.model.reward(features(game.slots, game.layout, game.state, game.seen.agents))
        reward[...] = 0.0
        reward[:, hiders] = paid[:, None] * game.layout.agent_exists[:, hiders]
        self.total += float(paid.mean())
        self.ticks += 1

    def report(self) -> dict[str, float]:
        """`learnt_reward`: the mean over the ticks of the last episodes; over those of the labels it is 0."""
        return {"learnt_reward": self.total / max(self.ticks, 1)}
