"""How long it takes until hiders shut themselves in: ours, and Stable-Baselines3's PPO in the same worlds.

`hideseek bench --only sealed`. The clocks, the wall's and the processor's, run while a learner learns, compiling and
judging apart. Every so often its teams play whole episodes of true starts (see `policies.learning.episodes`); a learner
has arrived when in half of them all hiders end behind a door that is shut and locked (`robust_end`). Each time a line
on standard error says how far it is, so that a run that is cut off was not for nothing.

Both have the same time, one after the other, the same arithmetic and two threads to simulate; a call of torch has one.
Ours learns with two networks side by side, which Stable-Baselines3 (see `policies.bench.sb3`) has not. So on a busy
machine the processor's minutes are what can be compared.
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from policies.bench.document import Race, Races
from policies.learning.config import TrainConfig
from policies.learning.episode_stats import EpisodeStats
from policies.learning.fast_arithmetic import fast_arithmetic
from policies.learning.trainer import Trainer
from sim.game import Game
from sim.rng import episode_seeds
from sim.scenario import Scenario

HALF = 0.5
_JUDGED = 256
_THREADS = 2
_BETWEEN_S = 10.0

Act = Callable[[np.ndarray], np.ndarray]
"""int8 [world, agent, 3] for observations float32 [world, agent, F]."""


def measure(scenario: Scenario, seconds: float) -> Races:
    """Both learners, each for half of the seconds."""
    config = TrainConfig()
    has_sb3 = importlib.util.find_spec("stable_baselines3") is not None
    return {
        "ours": ours(scenario, config, seconds / 2),
        "sb3": stable_baselines(scenario, config, seconds / 2) if has_sb3 else None,
    }


def _race(name: str, scenario: Scenario, seconds: float, learn: Callable[[], int], act: Act) -> Race:
    """Lets a learner learn until half of the episodes end sealed, or the time is over.

    `learn` does one update and returns the agent-steps so far; `name` begins the lines on standard error.
    """
    game, spent, worked, judged_at = Game(scenario, _JUDGED), 0.0, 0.0, 0.0
    shares = [_sealed_share(game, act)]  # compiles what it plays with
    while True:
        begun, work_begun = time.perf_counter(), time.process_time()
        steps = learn()
        spent += time.perf_counter() - begun
        worked += time.process_time() - work_begun
        if spent - judged_at < _BETWEEN_S and spent < seconds:
            continue
        judged_at = spent
        shares.append(_sealed_share(game, act))
        found: Race = {
            "minutes": spent / 60 if shares[-1] >= HALF else None,
            "trained_minutes": spent / 60,
            "processor_minutes": worked / 60,
            "agent_steps": steps,
            "robust_end": shares[-1],
            "best": max(shares),
        }
        print(_line(name, found), file=sys.stderr, flush=True)
        if shares[-1] >= HALF or spent >= seconds:
            return found


def _line(name: str, found: Race) -> str:
    return (
        f"{name}: {found['robust_end']:.0%} sealed and locked after {found['trained_minutes']:.2f} minutes, "
        f"{found['processor_minutes']:.2f} of the processor, {found['agent_steps']:,} agent-steps"
    )


def _sealed_share(game: Game, act: Act) -> float:
    """The share of one episode in every world that ends sealed in, and the seal locked."""
    stats = EpisodeStats(slice(0, game.worlds))
    game.reset(episode_seeds(0, 0, game.worlds))
    stats.start(game)
    for _ in range(game.scenario.ticks):
        game.tick(act(game.observation))
        stats.count(game)
    return stats.report(game)["robust_end"]


def ours(scenario: Scenario, config: TrainConfig, seconds: float) -> Race:
    """What `_race` found for the trainer of `hideseek train`."""
    with ThreadPoolExecutor(_THREADS) as executor, fast_arithmetic():
        trainer = Trainer(config, scenario, torch.device("cpu"), _THREADS)
        teams = trainer.teams()

        def learn() -> int:
            trainer.update(executor)
            return trainer.agent_steps

        def act(observation: np.ndarray) -> np.ndarray:
            hiders = scenario.slots.hiders
            return np.concatenate([teams[0].act(observation[:, :hiders]), teams[1].act(observation[:, hiders:])], 1)

        return _race("ours", scenario, seconds, learn, act)


def stable_baselines(scenario: Scenario, config: TrainConfig, seconds: float) -> Race:
    """What `_race` found for Stable-Baselines3's PPO; raises ModuleNotFoundError where that is not installed."""
    from policies.bench.sb3 import new_learner

    learner, batch = new_learner(scenario, config, _THREADS)
    normaliser = learner.get_vec_normalize_env()

    def learn() -> int:
        learner.learn(batch, reset_num_timesteps=False)
        return learner.num_timesteps

    def act(observation: np.ndarray) -> np.ndarray:
        rows = normaliser.normalize_obs(observation.reshape(-1, observation.shape[-1]))
        return learner.predict(rows)[0].reshape(*observation.shape[:2], -1).astype(np.int8)

    with fast_arithmetic():
        return _race("Stable-Baselines3", scenario, seconds, learn, act)
