"""Intervals and the JSON that others rely on."""

import json

import numpy as np
import pytest
from rich.console import Console

from policies.evaluation.comparison import differences
from policies.evaluation.match import NEVER, Episodes
from policies.evaluation.statistics import (
    Z_95,
    Pairing,
    mean_difference,
    mean_fraction,
    mean_with_interval,
    proportion,
    short_names,
    standard_error,
    summary,
    table,
)
from replays.strategies.catalogue import by_name, names
from sim.scenario import scenario_from_text

RATES = ("hidden", "win", "soft_prep", "robust_prep", "soft_end", "robust_end", "joint_end")


def episodes(count: int, random: np.random.Generator) -> Episodes:
    sealed = random.random((7, count)) < 0.3
    locks = random.integers(-1, 60, count).astype(np.int32)
    paid, done = random.normal(0.0, 20.0, count), random.random(count) < 0.5
    seeds, hidden = np.arange(count, dtype=np.uint64), random.random(count)
    strategies = {name: random.random(count) < 0.3 for name in names()}
    return Episodes(seeds, hidden, locks, *sealed, total_reward=paid, done=done, strategies=strategies)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)]
)
def test_shares_have_wilsons_interval(hits: int, count: int, low: float, high: float):
    found = proportion(np.arange(count) < hits)
    assert found["mean"] == pytest.approx(hits / count)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("size", [20, 400])
def test_the_intervals_cover_the_truth_about_as_often_as_they_say(size: int):
    random = np.random.default_rng(0)
    samples = random.beta(2, 1, (2000, size))
    found = [mean_fraction(sample) for sample in samples]
    assert 0.92 < np.mean([rate["low"] <= 2 / 3 <= rate["high"] for rate in found]) < 0.97


def test_the_interval_of_numbers_of_any_size_covers_the_truth_about_as_often_as_it_says():
    samples = np.random.default_rng(0).normal(30.0, 500.0, (2000, 50))
    found = [mean_with_interval(sample) for sample in samples]
    assert 0.92 < np.mean([rate["low"] <= 30.0 <= rate["high"] for rate in found]) < 0.97


def test_no_spread_is_no_certainty():
    assert mean_fraction(np.ones(50))["low"] < 0.95
    assert mean_fraction(np.array([0.4]))["high"] - mean_fraction(np.array([0.4]))["low"] > 0.5


def test_differences_that_all_agree_have_tangos_interval():
    """Tango (1998): the differences that a score test at 95 % does not reject. Episodes in which only one of the two
    succeeds have the probabilities more and less, and difference is more - less.
    """

    def rejected(difference: float, count: int, mean: int) -> bool:
        less = {0: max(-difference, 0.0), 1: (1 - difference) / 2}[mean]  # the likeliest of this difference
        spread = np.sqrt(count * (2 * less + difference * (1 - difference)))
        return count * abs(mean - difference) > Z_95 * spread

    for count in (1, 20, 2000):
        for mean in (0, 1):
            found = mean_difference(np.full(count, float(mean)))
            assert found["mean"] == mean and found["high"] == pytest.approx(1.0 if mean else -found["low"])
            assert not rejected(found["low"] + 1e-9, count, mean) and rejected(found["low"] - 1e-9, count, mean)
        assert mean_difference(np.full(count, -1.0))["high"] == pytest.approx(-mean_difference(np.ones(count))["low"])


def test_what_a_tool_is_worth_is_never_certain():
    """Not by one episode, nor where it makes no difference in any."""
    for count in (1, 50):
        found = episodes(count, np.random.default_rng(0))
        assert all(gap["low"] < gap["high"] for gap in differences(found, found).values())


def test_the_interval_of_differences_is_the_normal_one_within_what_is_possible():
    values = np.array([-0.5, 0.0, 0.25, 0.75])
    found = mean_difference(values)
    assert found["high"] == pytest.approx(0.125 + Z_95 * values.std(ddof=1) / 2)
    assert mean_difference(np.array([1.0, 0.9, -1.0]))["high"] == 1.0


def test_a_proportion_is_a_mean_of_zeros_and_ones():
    for count in (1, 7, 2000):
        for flags in (np.ones(count), np.zeros(count)):
            assert mean_fraction(flags) == pytest.approx(proportion(flags == 1.0))


def test_no_standard_error_is_nothing():
    values = np.r_[np.ones(254), np.zeros(2)]
    assert standard_error(values) == pytest.approx(values.std(ddof=1) / 16)
    assert standard_error(np.array([0.7])) > 0.25 and standard_error(np.ones(200)) == pytest.approx(Z_95 / 203.84, 1e-3)


def test_what_a_single_episode_paid_has_an_unknown_interval():
    found, scenario = episodes(1, np.random.default_rng(2)), scenario_from_text("shelter")
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(table(summary(found, Pairing("solver", "idle", scenario, 3)), scenario))
    (paid,) = [line for line in captured.get().splitlines() if "paid" in line]
    assert "unknown" in paid


def test_the_summary_has_the_promised_keys_and_is_json():
    found = episodes(200, np.random.default_rng(1))
    result = summary(found, Pairing("a", "b", scenario_from_text("quadrant"), 3, ("lock", "lock")))
    assert {"hiders", "seekers", "scenario", "episodes", "seed", "without", "strategies", *RATES} <= result.keys()
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["without"] == ["lock"] and result["episodes"] == 200
    for rate in [*(result[name] for name in RATES), *result["strategies"].values()]:
        assert 0 <= rate["low"] <= rate["mean"] <= rate["high"] <= 1
    assert result["win"]["mean"] == pytest.approx(np.mean(found.hidden > 0.5))


def test_the_first_lock_has_quartiles_of_the_episodes_that_have_one():
    found = episodes(8, np.random.default_rng(1))
    for locks, quartiles in (([10, 20, 30, 40], [17.5, 25.0, 32.5]), ([], None)):
        found.first_lock[:] = NEVER
        found.first_lock[: len(locks)] = locks
        result = summary(found, Pairing("a", "b", scenario_from_text("quadrant"), 3))
        assert result["first_lock_tick"] == quartiles and result["locked"]["mean"] == len(locks) / 8


def test_teams_are_called_by_their_folders_unless_two_are_named_alike():
    assert short_names("runs/a", "chaser", "runs/a") == {"runs/a": "a", "chaser": "chaser"}
    assert short_names("x/run", "y/run") == {"x/run": "x/run", "y/run": "y/run"}


def test_the_table_shows_every_rate():
    found = episodes(50, np.random.default_rng(2))
    result = summary(found, Pairing("some/run", "chaser", scenario_from_text("quadrant"), 3, greedy=True))
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(table(result, scenario_from_text("quadrant")))
    text = captured.get()
    for name in RATES:
        assert f"{result[name]['mean']:.1%}" in text
    assert "run (hiders) against chaser" in text and "greedy" in text and "paid" not in text


def test_the_table_shows_the_strategies_that_were_seen_at_all():
    found, scenario = episodes(50, np.random.default_rng(2)), scenario_from_text("quadrant")
    for share, name in enumerate(names()):
        found.strategies[name][:] = np.arange(50) < 25 * min(share, 2)  # the first never, the second in half of them
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(table(summary(found, Pairing("some/run", "chaser", scenario, 3)), scenario))
    never, *seen = (f"│ {by_name(name).title.lower()}  " in captured.get() for name in names())
    assert not never and all(seen)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("sequential_lock", (True, True)), ("shelter", (False, True)), ("object_counting", (False, False))],
)
def test_the_table_has_no_rate_of_what_cannot_happen(name: str, shown: tuple[bool, bool]):
    found, scenario = episodes(50, np.random.default_rng(2)), scenario_from_text(name)
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(table(summary(found, Pairing("solver", "idle", scenario, 3)), scenario))
    text = captured.get()
    assert tuple(words in text for words in ("task done", "hiders locked something")) == shown
    assert ("memory_probe" in text) == (name == "object_counting")


def test_where_nobody_seeks_the_table_tells_of_the_task():
    found, scenario = episodes(50, np.random.default_rng(2)), scenario_from_text("blueprint")
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(table(summary(found, Pairing("solver", "idle", scenario, 3)), scenario))
    text = captured.get()
    assert "task done" in text and "paid" in text
    assert "idle" not in text and "sealed" not in text and "hidden" not in text
