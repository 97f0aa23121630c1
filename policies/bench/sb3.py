"""Stable-Baselines3's PPO on the same game, for `hideseek bench` where that package is installed.

One policy for all agents; the same numbers of worlds, epochs, samples in a minibatch and hidden units as in our own
learner, and an update after every episode. It plays through `sim.adapters.sb3`, as a user of both would.
"""

import time

import torch
from stable_baselines3 import PPO  # pyright: ignore[reportMissingImports]

from policies.learning.config import TrainConfig
from sim.adapters.sb3 import HideSeekVecEnv
from sim.scenario import Scenario


def new_learner(scenario: Scenario, config: TrainConfig) -> tuple[PPO, int]:
    """An untrained learner, and the agent-steps of one of its updates."""
    worlds = HideSeekVecEnv(scenario, config.worlds)
    layers = list(config.hidden)
    learner = PPO(
        "MlpPolicy",
        worlds,
        n_steps=scenario.ticks,
        batch_size=config.minibatch,
        n_epochs=config.epochs,
        learning_rate=config.learning_rate,
        gamma=config.gamma,
        gae_lambda=config.lam,
        ent_coef=config.entropy,
        policy_kwargs={"net_arch": {"pi": layers, "vf": layers}, "activation_fn": torch.nn.ReLU},
        device="cpu",
        seed=0,
    )
    return learner, worlds.num_envs * scenario.ticks


def measure(scenario: Scenario, config: TrainConfig, seconds: float) -> float:
    """Agent-steps a second of whole updates after one that warms up, with one or two threads, whichever is faster."""
    learner, batch = new_learner(scenario, config)
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
