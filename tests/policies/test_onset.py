"""Onsets are dated where rates really rise, and nowhere else."""

import json

import numpy as np
import pytest

from policies.evaluation.onset import CONFIRMED, UPDATES, Series, lost, onset, series_of
from replays.format.metrics import FEWEST_FOR_CURVE, FEWEST_FOR_DATE

EPISODES = 512


def series(rates: np.ndarray, seed: int = 0) -> Series:
    """What a run would have counted, at a million agent-steps and a minute an evaluation."""
    counted = np.random.default_rng(seed).binomial(EPISODES, rates) / EPISODES
    steps = (np.arange(len(rates)) + 1) * 1_000_000
    return Series(steps, steps / 1e6, counted, EPISODES)


def rising(before: float, after: float, at: int, length: int = 60) -> np.ndarray:
    return np.where(np.arange(length) < at, before, after)


@pytest.mark.parametrize("at", [5, 20, 40])
@pytest.mark.parametrize(("before", "after"), [(0.0, 0.05), (0.02, 0.3), (0.8, 0.99)])
def test_a_step_is_dated_within_an_evaluation(at: int, before: float, after: float):
    found = onset(series(rising(before, after, at)), before, 2000)
    assert found is not None
    assert abs(found["agent_steps"] - (at + 1) * 1_000_000) <= 1_000_000
    assert found["minutes"] == pytest.approx(found["agent_steps"] / 1e6)
    assert found["low"] <= found["agent_steps"] <= found["high"]
    assert found["high"] - found["low"] <= 3_000_000


@pytest.mark.parametrize("rate", [0.0, 0.02, 0.5, 0.97])
def test_what_random_teams_do_as_often_never_sets_in(rate: float):
    for seed in range(20):
        assert onset(series(np.full(60, rate), seed), rate, 2000) is None


def test_a_short_burst_is_no_onset():
    rates = np.full(60, 0.01)
    rates[30 : 30 + CONFIRMED - 1] = 0.4
    assert onset(series(rates), 0.01, 2000) is None


def test_falling_below_random_is_no_onset():
    assert onset(series(rising(0.5, 0.1, 30)), 0.5, 2000) is None


def test_a_slow_rise_reaches_its_levels_in_order():
    found = onset(series(np.linspace(0.0, 0.9, 60)), 0.0, 2000)
    assert found is not None and found["t10"] is not None and found["t50"] is not None
    assert found["agent_steps"] <= found["t50"] and found["t10"] < found["t50"]
    assert 6_000_000 <= found["t10"] <= 10_000_000 and 31_000_000 <= found["t50"] <= 36_000_000


def test_a_level_that_is_not_reached_has_no_date():
    found = onset(series(rising(0.0, 0.3, 20)), 0.0, 2000)
    assert found is not None and found["t10"] is not None and found["t50"] is None


def test_the_same_numbers_give_the_same_dates():
    noisy = series(rising(0.02, 0.1, 30))
    assert onset(noisy, 0.02, 2000) == onset(noisy, 0.02, 2000)


def test_metrics_become_evaluations():
    lines = [
        {"agent_steps": 100 * (k + 1), "seconds": 6.0, "lock": 0.5 if k < UPDATES else 1.0}
        for k in range(UPDATES * 2 * CONFIRMED + 3)
    ]
    lines = [json.loads(json.dumps(line)) for line in lines]
    found = series_of(lines, "lock", 64)
    assert found is not None and found.episodes == 64 * UPDATES
    assert len(found.rate) == 2 * CONFIRMED and found.rate[0] == 0.5 and (found.rate[1:] == 1.0).all()
    assert found.agent_steps[0] == 100 * UPDATES and found.minutes[0] == pytest.approx(0.1 * UPDATES)
    assert series_of(lines, "other", 64) is None and series_of(lines[:5], "lock", 64) is None
    assert series_of(lines[: FEWEST_FOR_DATE - 1], "lock", 64) is None and FEWEST_FOR_DATE == UPDATES * 2 * CONFIRMED
    few = series_of(lines[:FEWEST_FOR_CURVE], "lock", 64, FEWEST_FOR_CURVE)
    assert few is not None and few.rate.tolist() == [0.5, 1.0], "enough to draw"


def test_what_was_common_and_is_rare_was_lost():
    fell, stayed = rising(0.8, 0.1, 30), rising(0.1, 0.8, 30)
    known = {"chase": series(fell), "fort": series(stayed), "lock": series(rising(0.1, 0.04, 30))}
    (one,) = lost(known, 0)
    assert (one["strategy"], round(one["rate"], 1), round(one["now"], 1)) == ("chase", 0.8, 0.1)
    assert one["agent_steps"] <= 30_000_000


def test_what_fell_with_a_change_of_the_world_was_not_lost():
    known = {"door_blocked": series(rising(0.8, 0.0, 30)), "chase": series(rising(0.8, 0.1, 45))}
    known["door_blocked"].rate[30] = 0.5  # that evaluation began before the change
    assert [one["strategy"] for one in lost(known, 30_600_000)] == ["chase"]
    assert not lost(known, 58_000_000)
