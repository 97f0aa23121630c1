"""Stable-Baselines3's PPO on the same game, for `hideseek bench` where that package is installed."""

import time

import numpy as np
from stable_baselines3 import PPO  # pyright: ignore[reportMissingImports]
from stable_baselines3.common.vec_env import VecEnv  # pyright: ignore[reportMissingImports]

from sim.env import HideSeekEnv
from sim.scenario import Scenario

_WORLDS = 8
_STEPS = 256
"""Of each world before an update: SB3's own way of running PPO, with a few worlds and many steps."""


class AgentsAsWorlds(VecEnv):
    """Every agent of a few PettingZoo environments as one of SB3's environments, all played by one policy."""

    def __init__(self, scenario: Scenario):
        self.worlds = [HideSeekEnv(scenario, flat=True) for _ in range(_WORLDS)]
        self.names = self.worlds[0].possible_agents
        first = self.names[0]
        self.chosen = np.zeros((_WORLDS, len(self.names), 3), np.int64)
        spaces = self.worlds[0].observation_space(first), self.worlds[0].action_space(first)
        super().__init__(_WORLDS * len(self.names), *spaces)

    def reset(self) -> np.ndarray:
        return np.concatenate([self._rows(world.reset(seed=k)[0]) for k, world in enumerate(self.worlds)])

    def step_async(self, actions: np.ndarray) -> None:
        self.chosen = actions.reshape(self.chosen.shape)

    def step_wait(self):
        observations, rewards, ended = [], [], []
        infos: list[dict] = []
        for world, actions in zip(self.worlds, self.chosen, strict=True):
            told, paid, _, truncated, _ = world.step(dict(zip(self.names, actions, strict=True)))
            rows, over = self._rows(told), not world.agents
            infos += [{"terminal_observation": row, "TimeLimit.truncated": True} if over else {} for row in rows]
            observations.append(self._rows(world.reset()[0]) if over else rows)
            rewards += paid.values()
            ended += truncated.values()
        return np.concatenate(observations), np.array(rewards, np.float32), np.array(ended), infos

    def _rows(self, told) -> np.ndarray:
        return np.stack([told[name] for name in self.names])

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


def measure(scenario: Scenario, seconds: float) -> float:
    """Agent-steps a second of whole updates, after one that warms up."""
    worlds = AgentsAsWorlds(scenario)
    batch = worlds.num_envs * _STEPS
    learner = PPO("MlpPolicy", worlds, n_steps=_STEPS, batch_size=1024, n_epochs=3, device="cpu", seed=0)
    learner.learn(batch)
    steps, begun = 0, time.perf_counter()
    while steps == 0 or time.perf_counter() - begun < seconds:
        learner.learn(batch, reset_num_timesteps=False)
        steps += batch
    return steps / (time.perf_counter() - begun)
