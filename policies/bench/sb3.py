"""Stable-Baselines3's PPO on the same game, for `hideseek bench` where that package is installed.

As a user of both would have it: through `sim.adapters.sb3`, which simulates as fast as our own learner, and with
`VecNormalize`, since ours normalises observations and scales rewards. Self-play of one policy for all agents; worlds,
epochs, samples in a minibatch, hidden units, discount, lambda, learning rate and entropy bonus are our learner's, and
an update follows every episode. What it has not is what else ours has: a policy for each side, a critic that sees all,
past opponents, visited states and mirrored samples.
"""

import time

import torch
from stable_baselines3 import PPO  # pyright: ignore[reportMissingImports]
from stable_baselines3.common.vec_env import VecNormalize  # pyright: ignore[reportMissingImports]

from policies.learning.config import TrainConfig
from sim.adapters.sb3 import HideSeekVecEnv
from sim.scenario import Scenario


def new_learner(scenario: Scenario, config: TrainConfig, threads: int) -> tuple[PPO, int]:
    """An untrained learner that simulates with `threads` threads, and the agent-steps of one of its updates."""
    worlds = VecNormalize(HideSeekVecEnv(scenario, config.worlds, threads), gamma=config.gamma)
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
        seed=config.seed,
    )
    return learner, worlds.num_envs * scenario.ticks


def measure(scenario: Scenario, config: TrainConfig, seconds: float) -> float:
    """Agent-steps a second of whole updates after one that warms up, with one or two threads, whichever is faster."""
    speeds = []
    before = torch.get_num_threads()
    for threads in (1, 2):
        learner, batch = new_learner(scenario, config, threads)
        torch.set_num_threads(threads)
        learner.learn(batch)
        updates, begun = 0, time.perf_counter()
        while updates == 0 or time.perf_counter() - begun < seconds / 2:
            learner.learn(batch, reset_num_timesteps=False)
            updates += 1
        speeds.append(updates * batch / (time.perf_counter() - begun))
    torch.set_num_threads(before)
    return max(speeds)
