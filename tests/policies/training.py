"""A training so small that whole runs of it are tests."""

import json
import signal
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from policies.learning.config import TrainConfig
from policies.learning.limits import Limits
from policies.learning.train import RunOptions, train
from policies.preferences.request import TuneRequest
from policies.preferences.tune import tune
from sim.scenario import scenario_from_text

SCENARIO = scenario_from_text("quadrant:ticks=10,preparation_ticks=4")
ROOT = Path(__file__).parents[2]
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
PER_UPDATE = 8 * 10 * 4
PER_TAUGHT_UPDATE = 32 * 10 * 4
"""Agent-steps of an update of `teach`."""
TINY = TrainConfig(
    worlds=8, minibatch=64, hidden=(16,), past_share=0.25, pool=3, snapshot_steps=700, checkpoint_steps=2 * PER_UPDATE
)


def quiet() -> Console:
    return Console(file=StringIO(), force_terminal=False)


def go(run: Path, updates: int, config: TrainConfig = TINY, keep: int = 24, threads: int = 1) -> bool:
    return train(config, SCENARIO, run, options(updates, keep=keep, threads=threads), quiet())


def teach(request: TuneRequest, run: Path, updates: int) -> bool:
    """Teaches until the run has `updates` updates, by the config of the fixture `team`."""
    return tune(request, run, options(updates * PER_TAUGHT_UPDATE // PER_UPDATE), quiet())


def options(updates: int, **others: Any) -> RunOptions:
    """Stops when the run has `updates` updates."""
    return RunOptions(Limits(steps=updates * PER_UPDATE), **{"threads": 1, **others})


def lines(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def same_checkpoint(one: Path, other: Path) -> bool:
    names = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert len(names) == 3
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
