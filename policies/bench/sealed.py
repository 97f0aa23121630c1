"""How long it takes until hiders shut themselves in: ours, and Stable-Baselines3's PPO in the same worlds.

`hideseek bench --only sealed`. The clock runs while a learner learns, compiling and judging apart. Every so often its
teams play whole episodes of true starts (see `policies.learning.episodes`); a learner has arrived when in half of them
all hiders end behind a door that is shut and locked (`robust_end`). Stable-Baselines3 plays through `sim.adapters.sb3`:
self-play of one policy for all agents, with the numbers of worlds, epochs, samples in a minibatch and hidden units, the
discount, lambda and learning rate of ours. Both have the same time, one after the other.
"""

import importlib.util
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch

from policies.learning.config import TrainConfig
from policies.learning.episode_stats import EpisodeStats
from policies.learning.trainer import Trainer, fast_arithmetic
from sim.game import Game
from sim.rng import episode_seeds
from sim.scenario import Scenario

HALF = 0.5
_JUDGED = 64
_THREADS = 2
_BETWEEN_S = 10.0

Act = Callable[[np.ndarray], np.ndarray]
"""int8 [world, agent, 3] for observations float32 [world, agent, F]."""


def measure(scenario: Scenario, seconds: float) -> dict[str, dict[str, Any] | None]:
    """What `_race` found for "ours" and "sb3" (None where that is not installed), each for half of the seconds."""
    config = TrainConfig()
    has_sb3 = importlib.util.find_spec("stable_baselines3") is not None
    return {
        "ours": _ours(scenario, config, seconds / 2),
        "sb3": _stable_baselines(scenario, config, seconds / 2) if has_sb3 else None,
    }


def _race(scenario: Scenario, seconds: float, learn: Callable[[], int], act: Act) -> dict[str, Any]:
    """Lets a learner learn until half of the episodes end sealed, or the time is over.

    `learn` does one update and returns the agent-steps so far.

    Returns:
        minutes: until then, None if it did not come to that; trained_minutes, agent_steps: when it ended; robust_end:
        the share at the end; best: the largest share found.
    """
    game, spent, judged_at, steps = Game(scenario, _JUDGED), 0.0, 0.0, 0
    shares = [0.0]
    while spent < seconds and shares[-1] < HALF:
        begun = time.perf_counter()
        steps = learn()
        spent += time.perf_counter() - begun
        if spent - judged_at >= _BETWEEN_S or spent >= seconds:
            judged_at = spent
            shares.append(_sealed_share(game, act))
    return {
        "minutes": spent / 60 if shares[-1] >= HALF else None,
        "trained_minutes": spent / 60,
        "agent_steps": steps,
        "robust_end": shares[-1],
        "best": max(shares),
    }


def _sealed_share(game: Game, act: Act) -> float:
    """The share of one episode in every world that ends sealed in, and the seal locked."""
    stats = EpisodeStats(slice(0, game.worlds))
    game.reset(episode_seeds(0, 0, game.worlds))
    stats.start(game)
    for _ in range(game.scenario.ticks):
        game.tick(act(game.observation))
        stats.count(game)
    return stats.report(game)["robust_end"]


def _ours(scenario: Scenario, config: TrainConfig, seconds: float) -> dict[str, Any]:
    with ThreadPoolExecutor(_THREADS) as executor, fast_arithmetic():
        trainer = Trainer(config, scenario, torch.device("cpu"), _THREADS)
        teams = trainer.teams()

        def learn() -> int:
            trainer.update(executor)
            return trainer.agent_steps

        def act(observation: np.ndarray) -> np.ndarray:
            hiders = scenario.slots.hiders
            return np.concatenate([teams[0].act(observation[:, :hiders]), teams[1].act(observation[:, hiders:])], 1)

        return _race(scenario, seconds, learn, act)


def _stable_baselines(scenario: Scenario, config: TrainConfig, seconds: float) -> dict[str, Any]:
    from policies.bench.sb3 import new_learner

    learner, batch = new_learner(scenario, config)

    def learn() -> int:
        learner.learn(batch, reset_num_timesteps=False)
        return learner.num_timesteps

    def act(observation: np.ndarray) -> np.ndarray:
        actions, _ = learner.predict(observation.reshape(-1, observation.shape[-1]))
        return actions.reshape(*observation.shape[:2], -1).astype(np.int8)

    threads = torch.get_num_threads()
    torch.set_num_threads(_THREADS)
    try:
        return _race(scenario, seconds, learn, act)
    finally:
        torch.set_num_threads(threads)
