"""How often a run showed a strategy when one of its recordings was made, from the run's metrics while they grow."""

from pathlib import Path

import numpy as np

from replays.film.facts import agent_steps_of, run_folder_of
from replays.film.labels import OLDER_RATES, RATES
from replays.format.metrics import Metrics, MetricsReader

_KEYS = sorted({*RATES.values(), *OLDER_RATES.values()})
_UPDATES = 9
"""A rate is the mean over this many updates: one update looks at few episodes."""


class RunRates:
    """The rates of runs, from as much of their metrics as has been written by now."""

    def __init__(self) -> None:
        self._readers: dict[Path, MetricsReader] = {}

    def rate(self, recording: Path, strategy: str) -> float | None:
        """The share of episodes with a strategy, by its title; None where the run does not say."""
        run, steps, measured = run_folder_of(recording), agent_steps_of(recording), RATES.get(strategy)
        if run is None or steps is None or measured is None:
            return None
        metrics = self._metrics(run)
        rate = rate_near(metrics, measured, steps)
        return rate_near(metrics, OLDER_RATES.get(measured, measured), steps) if rate is None else rate

    def is_settled(self, recording: Path) -> bool:
        """Whether its rates no longer change: what its run may still write is further from it than what is there."""
        run, steps = run_folder_of(recording), agent_steps_of(recording)
        if run is None or steps is None:
            return True
        return len(after := self._metrics(run).agent_steps[-_UPDATES:]) == _UPDATES and after[0] > steps

    def _metrics(self, run: Path) -> Metrics:
        reader = self._readers.setdefault(run, MetricsReader(run / "metrics.jsonl", _KEYS))
        while reader.poll():
            pass
        return reader.metrics


def rate_near(metrics: Metrics, key: str, agent_steps: int) -> float | None:
    """The mean of a rate over the updates nearest to `agent_steps`; None if none of them has a share."""
    values = np.array(metrics.rates.get(key, ()))
    if not len(values):
        return None
    distance = np.abs(np.array(metrics.agent_steps, float) - agent_steps)
    near = values[np.argsort(distance, kind="stable")[:_UPDATES]]
    shares = near[(near >= 0) & (near <= 1)]
    return float(shares.mean()) if len(shares) else None
