"""When a strategy set in: dated from the rates that a run notes at every update.

Updates are joined to *evaluations* of `UPDATES` each, so that one of them counts hundreds of episodes. A strategy sets
in at the first change point (PELT, Killick et al. 2012, by ruptures) after which its rate is above that of random teams
for good reason: the new level, and each of the first `CONFIRMED` evaluations of it, lie above the random rate by
`SIGMAS` standard deviations of an evaluation. Change points are looked for in the arcsine of the root of the rate,
whose variance is the same at all levels. `SIGMAS`, `CONFIRMED` and the kind of change point were fixed before the
first report was made.

The interval is a bootstrap of that change point: each evaluation's count is drawn again (binomial), and the middle 95 %
of the dates are the interval; `found` is the share of draws in which there is a date at all. A rise that is slow has
begun before its change point. `t10` and `t50` are when the rate first reaches 10 % and 50 % in `CONFIRMED` evaluations
in a row.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import ruptures

from replays.format.metrics import FEWEST_FOR_DATE, LEVELS
from replays.report.documents.run import LostStrategy, Onset

UPDATES = 8
"""Updates in an evaluation."""
CONFIRMED = 3
"""Evaluations that must agree."""
SIGMAS = 5.0
_PENALTY = 3.0
"""The cost of a change point: this times the variance of an evaluation times the log of the number of evaluations."""
_DRAWS = 200
"""Of the bootstrap."""
_LOST = 0.1
"""A strategy was lost if its rate fell by so much from its height, and to less than half of it."""


class Series(NamedTuple):
    """A rate over a run, evaluation by evaluation."""

    agent_steps: np.ndarray
    """int64 [evaluation]: at its end."""
    minutes: np.ndarray
    """float64 [evaluation]: of training, at its end."""
    rate: np.ndarray
    """float64 [evaluation]: proportion of episodes."""
    episodes: int
    """How many episodes an evaluation counts."""


def series_of(
    lines: Sequence[dict[str, float]], name: str, episodes_an_update: int, fewest: int = FEWEST_FOR_DATE
) -> Series | None:
    """A rate of metrics.jsonl, joined to evaluations; None if fewer updates than `fewest` have it. All numbers must be
    finite.
    """
    passed = np.cumsum([line.get("seconds", 0.0) for line in lines])
    known = [line | {"passed": float(time)} for line, time in zip(lines, passed, strict=True) if name in line]
    if len(known) < fewest:
        return None
    count = len(known) // UPDATES
    rates = np.array([line[name] for line in known], float)[: count * UPDATES].reshape(count, UPDATES)
    steps = np.array([line["agent_steps"] for line in known], np.int64)[UPDATES - 1 :: UPDATES][:count]
    minutes = np.array([line["passed"] for line in known])[UPDATES - 1 :: UPDATES][:count] / 60.0
    return Series(steps, minutes, rates.mean(axis=1), episodes_an_update * UPDATES)


def onset(series: Series, random_rate: float, random_episodes: int) -> Onset | None:
    """Dates a strategy; None if it never set in.

    Args:
        series: its rate over a run.
        random_rate: proportion of episodes of random teams that show it, in that of the run's worlds where most do.
        random_episodes: how many of them were played.
    """
    threshold = _threshold(random_rate, random_episodes, series.episodes)
    first = _first_above(series.rate, series.episodes, threshold)
    if first is None:
        return None
    random = np.random.default_rng(0)
    counts = random.binomial(series.episodes, np.clip(series.rate, 0.0, 1.0), (_DRAWS, len(series.rate)))
    drawn = [_first_above(count / series.episodes, series.episodes, threshold) for count in counts]
    dates = [series.agent_steps[index] for index in drawn if index is not None]
    low, high = np.percentile(dates or [series.agent_steps[first]], [2.5, 97.5])
    return {
        "agent_steps": int(series.agent_steps[first]),
        "minutes": float(series.minutes[first]),
        "low": int(low),
        "high": int(high),
        "found": len(dates) / _DRAWS,
        "t10": _reached(series, LEVELS[0]),
        "t50": _reached(series, LEVELS[1]),
    }


def lost(series: Mapping[str, Series], since: int) -> list[LostStrategy]:
    """The strategies that were common beyond `since` agent-steps and are no more, by means of `CONFIRMED` evaluations.

    What fell with a change of the run's world was not lost: `since` is when the last of its worlds came.
    """
    found: list[LostStrategy] = []
    for name, one in series.items():
        there = np.r_[0, one.agent_steps[:-1]] >= since  # all of the evaluation, which begins where the last one ended
        if there.sum() < CONFIRMED:
            continue
        means = np.convolve(one.rate[there], np.ones(CONFIRMED) / CONFIRMED, "valid")
        top = int(means.argmax())
        if means[top] - means[-1] > _LOST and means[-1] < 0.5 * means[top]:
            steps = int(one.agent_steps[there][top])
            found.append({"strategy": name, "agent_steps": steps, "rate": float(means[top]), "now": float(means[-1])})
    return found


def _threshold(random_rate: float, random_episodes: int, episodes: int) -> float:
    """What a rate must exceed; random teams that never show a strategy might do so once in all their episodes."""
    rate = max(random_rate, 1.0 / random_episodes)
    return rate + SIGMAS * float(np.sqrt(rate * (1.0 - rate) / episodes))


def _first_above(rate: np.ndarray, episodes: int, threshold: float) -> int | None:
    """The first evaluation of the first stretch between change points that is above the threshold."""
    signal = np.arcsin(np.sqrt(np.clip(rate, 0.0, 1.0)))[:, None]
    penalty = _PENALTY * np.log(len(rate)) / (4.0 * episodes)
    ends = ruptures.KernelCPD(kernel="linear", min_size=CONFIRMED, jump=1).fit(signal).predict(pen=penalty) or []
    for first, end in zip([0, *ends[:-1]], ends, strict=True):
        if rate[first:end].mean() > threshold and (rate[first : first + CONFIRMED] > threshold).all():
            return int(first)
    return None


def _reached(series: Series, level: float) -> int | None:
    """The agent-steps at which a rate has been at a level for `CONFIRMED` evaluations, counted from the first."""
    at_level = np.convolve(series.rate >= level, np.ones(CONFIRMED), "valid") == CONFIRMED
    return int(series.agent_steps[at_level.argmax()]) if at_level.any() else None
