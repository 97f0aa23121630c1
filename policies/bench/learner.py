"""Times whole updates of the trainer, rollouts included."""

import importlib.util
import time
from concurrent.futures import ThreadPoolExecutor

import torch

from policies.bench.document import LearnerSpeed
from policies.learning.config import TrainConfig
from policies.learning.fast_arithmetic import fast_arithmetic
from policies.learning.trainer import Trainer
from sim.scenario import Scenario

_THREADS = 2


def measure(scenario: Scenario, seconds: float) -> LearnerSpeed:
    """Times at least one update, after one to warm up."""
    with ThreadPoolExecutor(_THREADS) as executor, fast_arithmetic():
        trainer = Trainer(TrainConfig(), scenario, torch.device("cpu"), _THREADS)
        trainer.update(executor)
        lines, begun = [], time.perf_counter()
        while not lines or time.perf_counter() - begun < seconds:
            lines.append(trainer.update(executor))
        spent = time.perf_counter() - begun
    sb3_speed = _stable_baselines(scenario, trainer.config, seconds)
    names = ("simulate", "infer", "judge", "learn", "other")
    return {
        "agent_steps_per_s": len(lines) * trainer.steps_per_update / spent,
        "sb3_agent_steps_per_s": sb3_speed,
        "shares": {name: sum(line["shares"][name] for line in lines) / len(lines) for name in names},
        "updates": len(lines),
    }


def _stable_baselines(scenario: Scenario, config: TrainConfig, seconds: float) -> float | None:
    """What `policies.bench.sb3` measures; None where it is not installed."""
    if importlib.util.find_spec("stable_baselines3") is None:
        return None
    from policies.bench.sb3 import measure as measure_sb3

    return measure_sb3(scenario, config, seconds)
