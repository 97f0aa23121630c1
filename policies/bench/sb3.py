"""Stable-Baselines3's PPO on the same game, for `hideseek bench` where that package is installed.

One policy for all agents; the same numbers of worlds, epochs, samples in a minibatch and hidden units as in our own
learner, and an update after every episode. It plays through the PettingZoo environment, as a user of both would.
"""

import time

import numpy as np
import torch
from stable_baselines3 import PPO  # pyright: ignore[reportMissingImports]
from stable_baselines3.common.vec_env import VecEnv  # pyright: ignore[reportMissingImports]

from policies.learning.config import TrainConfig
from sim.env import HideSeekEnv
from sim.scenario import Scenario


class AgentsAsWorlds(VecEnv):
    """Every agent of many PettingZoo environments as one of SB3's environments, all played by one policy."""

    def __init__(self, scenario: Scenario, worlds: int):
        self.worlds = [HideSeekEnv(scenario, flat=True) for _ in range(worlds)]
        self.names = self.worlds[0].possible_agents
        first = self.names[0]
        self.chosen = np.zeros((worlds, len(self.names), 3), np.int64)
        spaces = self.worlds[0].observation_space(first), self.worlds[0].action_space(first)
        super().__init__(worlds * len(self.names), *spaces)

    def reset(self) -> np.ndarray:
        return np.concatenate([self._rows(world.reset(seed=k)[0]) for k, world in enumerate(self.worlds)])

    def step_async(self, actions: np.ndarray) -> None:
        self.chosen = actions.reshape(self.chosen.shape)

    def step_wait(self):
        observations, rewards, ended = [], [], []
        infos: list[dict] = []
        for world, actions in zip(self.worlds, self.chosen, strict=True):
            observation, reward, _, truncated, _ = world.step(dict(zip(self.names, actions, strict=True)))
            rows, over = self._rows(observation), not world.agents
            infos += [{"terminal_observation": row, "TimeLimit.truncated": True} if over else {} for row in rows]
            observations.append(self._rows(world.reset()[0]) if over else rows)
            rewards += reward.values()
            ended += truncated.values()
        return np.concatenate(observations), np.array(rewards, np.float32), np.array(ended), infos

    def _rows(self, observation) -> np.ndarray:
        return np.stack([observation[name] for name in self.names])

    def close(self) -> None:
        for world in self.worlds:
            world.close()

    def env_is_wrapped(self, wrapper_class, indices=None) -> list[bool]:
        return [False] * self.num_envs

    def env_method(self, method_name, *method_args, indices=None, **method_kwargs):
        raise NotImplementedError

    def get_attr(self, attr_name, indices=None) -> list:
        return [getattr(self.worlds[0], attr_name, None)] * self.num_envs

    def set_attr(self, attr_name, value, indices=None) -> None:
        raise NotImplementedError


def measure(scenario: Scenario, config: TrainConfig, seconds: float) -> float:
    """Agent-steps a second of whole updates after one that warms up, with one or two threads, whichever is faster."""
    worlds = AgentsAsWorlds(scenario, config.worlds)
    batch = worlds.num_envs * scenario.ticks
    layers = list(config.hidden)
    learner = PPO(
        "MlpPolicy",
        worlds,
        n_steps=scenario.ticks,
        batch_size=config.minibatch,
        n_epochs=config.epochs,
        policy_kwargs={"net_arch": {"pi": layers, "vf": layers}, "activation_fn": torch.nn.ReLU},
        device="cpu",
        seed=0,
    )
    speeds = []
    before = torch.get_num_threads()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        learner.learn(batch)
        updates, begun = 0, time.perf_counter()
        while updates == 0 or time.perf_counter() - begun < seconds / 2:
            learner.learn(batch, reset_num_timesteps=False)
            updates += 1
        speeds.append(updates * batch / (time.perf_counter() - begun))
    torch.set_num_threads(before)
    return max(speeds)
