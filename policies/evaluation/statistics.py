"""How good two teams are against each other, with 95 % intervals.

Proportions of episodes have Wilson's score interval. The mean of `hidden` (a fraction per episode) and of paired
differences has the normal one, from the spread between episodes. Where all episodes agree, or there is but one, it
reaches as far as z squared (3.84) more episodes could move the mean, with the least or the most of what is possible in
each. Where all are 0 or all are 1 that is Wilson's interval, and for paired differences the score interval of Tango
(1998).
"""

import math
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.table import Table

from policies.evaluation.document import Evaluation, Rate, Seal
from policies.evaluation.match import NEVER, Episodes
from replays.report.documents.common import Interval
from replays.strategies.catalogue import by_name
from sim.scenario import Scenario, scenario_text
from sim.tasks.done import CAN_BE_DONE
from sim.tasks.kinds import HIDE_AND_SEEK, OBJECT_COUNTING

Z_95 = 1.959963984540054
"""95 % of a normal distribution lie within this many standard deviations of its mean."""

SEALS: dict[Seal, str] = {
    "soft_prep": "sealed softly at the end of preparation",
    "robust_prep": "sealed robustly at the end of preparation",
    "soft_end": "sealed softly at the end",
    "robust_end": "sealed robustly at the end",
    "joint_end": "sealed robustly by two things or more",
    "fort_prep": "sealed in a fort at the end of preparation",
    "fort_end": "sealed in a fort at the end",
}
"""The seals of `Episodes`, in words."""

RATE_TITLES: dict[Rate, str] = {
    "hidden": "hidden (share of play ticks)",
    "win": "won by hiders (hidden in more than half)",
    **SEALS,
}
"""The rates of hide-and-seek, in words."""

_ONLY_MEMORY = "nothing is to be done here; what a team remembers says\npython -m policies.evaluation.memory_probe TEAM"


def proportion(flags: np.ndarray) -> Interval:
    """The proportion of True (bool [episode]) with Wilson's 95 % interval."""
    mean, squared = float(np.mean(flags)), Z_95 * Z_95 / len(flags)
    middle = (mean + squared / 2) / (1 + squared)
    half = math.sqrt(squared * (mean * (1 - mean) + squared / 4)) / (1 + squared)
    return {"mean": mean, "low": min(max(middle - half, 0.0), mean), "high": max(min(middle + half, 1.0), mean)}


def mean_fraction(values: np.ndarray) -> Interval:
    """The mean of fractions between 0 and 1 (float [episode]) with a 95 % interval; see the module."""
    return _bounded_mean(values, 0.0, 1.0)


def mean_difference(values: np.ndarray) -> Interval:
    """The mean of paired differences of fractions (float [episode]) with a 95 % interval; see the module."""
    return _bounded_mean(values, -1.0, 1.0)


def mean_with_interval(values: np.ndarray) -> Interval:
    """The mean of numbers of any size (float [episode]) with the normal 95 % interval.

    The interval has no width where all numbers agree, or there is but one: without bounds they do not say how far off
    others may be (Bahadur and Savage 1956).
    """
    mean, half = float(np.mean(values)), Z_95 * _error_by_spread(values)
    return {"mean": mean, "low": mean - half, "high": mean + half}


def standard_error(values: np.ndarray) -> float:
    """The standard error of the mean of fractions between 0 and 1 (float [episode]).

    Where all agree, it is that of the farther end of their interval.
    """
    if np.ptp(values) > 0.0:
        return _error_by_spread(values)
    found = mean_fraction(values)
    return max(found["high"] - found["mean"], found["mean"] - found["low"]) / Z_95


def _bounded_mean(values: np.ndarray, least: float, most: float) -> Interval:
    """The mean of numbers between `least` and `most` with its interval; see the module."""
    mean, count, more = float(np.mean(values)), len(values), Z_95 * Z_95
    if np.ptp(values) == 0.0:
        low, high = ((count * mean + more * other) / (count + more) for other in (least, most))
        return {"mean": mean, "low": min(low, mean), "high": max(high, mean)}
    half = Z_95 * _error_by_spread(values)
    return {"mean": mean, "low": max(mean - half, least), "high": min(mean + half, most)}


def _error_by_spread(values: np.ndarray) -> float:
    return float(np.std(values)) / math.sqrt(max(len(values) - 1, 1))


class Pairing(NamedTuple):
    """Who plays whom, and under which conditions."""

    hiders: str
    seekers: str
    scenario: Scenario
    seed: int
    without: Collection[str] = ()
    """Tools taken away, see `sim.tools.TOOLS`."""
    greedy: bool = False
    """Whether the likeliest actions are taken instead of sampled ones."""


def summary(episodes: Episodes, pairing: Pairing) -> Evaluation:
    """What came of episodes between two teams."""
    locked = episodes.first_lock != NEVER
    quartiles = np.percentile(episodes.first_lock[locked], [25, 50, 75]).tolist() if locked.any() else None
    return {
        "hiders": pairing.hiders,
        "seekers": pairing.seekers,
        "scenario": scenario_text(pairing.scenario),
        "episodes": len(episodes.hidden),
        "seed": pairing.seed,
        "without": sorted(set(pairing.without)),
        "greedy": pairing.greedy,
        "hidden": mean_fraction(episodes.hidden),
        "win": proportion(episodes.hidden > 0.5),
        "soft_prep": proportion(episodes.soft_prep),
        "robust_prep": proportion(episodes.robust_prep),
        "soft_end": proportion(episodes.soft_end),
        "robust_end": proportion(episodes.robust_end),
        "joint_end": proportion(episodes.joint_end),
        "fort_prep": proportion(episodes.fort_prep),
        "fort_end": proportion(episodes.fort_end),
        "paid": mean_with_interval(episodes.total_reward),
        "done": proportion(episodes.done),
        "locked": proportion(locked),
        "first_lock_tick": quartiles,
        "strategies": {name: proportion(shown) for name, shown in episodes.strategies.items()},
    }


def table(result: Evaluation, scenario: Scenario) -> Table:
    """A summary for people, with the strategies that were seen at all."""
    task, sought = scenario.task != HIDE_AND_SEEK, bool(scenario.slots.seekers)
    without = f", without {', '.join(result['without'])}" if result["without"] else ""
    greedy = ", greedy" if result["greedy"] else ""
    names = short_names(result["hiders"], result["seekers"])
    against = f" against {names[result['seekers']]} (seekers)" if sought else ""
    title = f"{names[result['hiders']]} (hiders){against}"
    counting = scenario.task == OBJECT_COUNTING
    caption = f"{result['scenario']}, {result['episodes']:,} episodes of seed {result['seed']}{without}{greedy}"
    caption += f"\n{_ONLY_MEMORY}" if counting else ""
    found = Table("", "mean", "95 % interval", title=title, caption=caption)
    done: dict[Rate, str] = {"done": "task done"} if scenario.task in CAN_BE_DONE else {}
    locked: dict[Rate, str] = {} if counting else {"locked": "hiders locked something"}
    for name, words in (RATE_TITLES if sought else done | locked).items():
        _add_rate(found, words, result[name])
    found.add_section()
    for name, rate in result["strategies"].items():
        if sought and rate["mean"] > 0:
            _add_rate(found, by_name(name).title.lower(), rate)
    if task:
        paid, words = result["paid"], "paid to a hider in an episode"
        known = paid["low"] < paid["high"]
        found.add_row(words, f"{paid['mean']:.2f}", f"{paid['low']:.2f} to {paid['high']:.2f}" if known else "unknown")
    if result["first_lock_tick"]:
        low, middle, high = result["first_lock_tick"]
        found.add_row("tick of the first lock (median, quartiles)", f"{middle:.0f}", f"{low:.0f} to {high:.0f}")
    return found


def _add_rate(shown: Table, words: str, rate: Interval) -> None:
    shown.add_row(words, f"{rate['mean']:.1%}", f"{rate['low']:.1%} to {rate['high']:.1%}")


def short_names(*teams: str) -> dict[str, str]:
    """What a table calls teams: by the names of their folders, or by their paths where two folders are named alike."""
    names = {team: Path(team).name or team for team in teams}
    count = Counter(names.values())
    return {team: name if count[name] == 1 else team for team, name in names.items()}
