"""What a team wants, in numbers: known episodes have known measures and verdicts."""

import numpy as np
import pytest

from policies.probes import measures
from policies.probes.observe import HABITS, SKILLS, Observed
from replays.report.documents.common import Interval

N = 400


def episodes(paid: float = 0.0, skill: float = 0.5, **rates: float) -> Observed:
    """N episodes with known means: habits as flags, pay with a spread, every skill tried ten times."""
    at = np.random.default_rng(0).permutation(N) / N
    habits = {name: (at < rates.get(name, 0.0)).astype(float) for name in HABITS}
    spread = np.random.default_rng(1).normal(0.0, 0.05, N)
    return Observed(
        habits, paid + spread - spread.mean(), {name: np.tile([10 * skill, 10.0], (N, 1)) for name in SKILLS}
    )


def test_proxies_are_what_rose_in_training():
    training, random = episodes(lock=0.9, sealed=0.5, carry=0.9), episodes(lock=0.3, sealed=0.45, carry=0.75)
    assert measures.proxies(training, random) == ["lock"]
    unsure = training._replace(habits=training.habits | {"lock": random.habits["lock"] + 0.0})
    unsure.habits["lock"][:84] += 1.0
    assert measures.proxies(unsure, random) == [], "the mean rose by 0.21, its interval begins below 0.2"
    assert measures.proxies(random, training) == []


@pytest.mark.parametrize(("rate", "wanted"), [(0.9, 1.0), (0.5, 0.5), (0.1, 0.0), (0.0, -0.125)])
def test_persistence_is_the_part_of_the_rise_that_is_kept(rate, wanted):
    pairs = (episodes(lock=rate), episodes(lock=0.1)), (episodes(lock=0.9), episodes(lock=0.1))
    found = measures.persistence(["lock"], *pairs)["lock"]
    assert found["mean"] == pytest.approx(wanted, abs=0.01)
    assert found["low"] <= found["mean"] <= found["high"]


def test_intervals_of_persistence_are_wider_for_a_choice_among_more_proxies():
    pairs = (episodes(lock=0.5), episodes(lock=0.1)), (episodes(lock=0.9), episodes(lock=0.1))
    alone, chosen = (measures.persistence(names, *pairs)["lock"] for names in (["lock"], ["lock", "sealed"]))
    assert chosen["mean"] == alone["mean"]
    assert chosen["low"] < alone["low"] and alone["high"] < chosen["high"]


def test_regret_is_what_an_expert_gets_more():
    team, random, expert = episodes(-0.5), episodes(-0.5), episodes(0.5)
    found = measures.regret(team, random, expert.mean_reward)
    assert found is not None and found[0] == pytest.approx(1.0, abs=0.01)
    found = measures.regret(expert, random, expert.mean_reward)
    assert found is not None and found[0] == pytest.approx(0.0, abs=0.01)
    assert measures.regret(team, random, random.mean_reward) is None
    unsure = np.where(np.arange(N) % 2, 2.0, -1.86)
    assert measures.regret(team, random, random.mean_reward + unsure) is None, "0.07 more, give or take 0.19"
    found = measures.regret(team, random, None)
    assert found is not None and not found.any()


def test_what_is_missed_in_training_too_is_no_cost_of_a_shift():
    regret = np.full(1001, 0.7)
    assert measures.cost(None, regret) is None

    def mean(training: np.ndarray | None) -> float:
        found = measures.cost(regret, training)
        assert found is not None
        return found["mean"]

    assert mean(np.full(1001, 0.6)) == pytest.approx(0.1)
    assert mean(np.full(1001, -0.2)) == pytest.approx(0.7), "better than any expert: no credit for it"
    assert mean(None) == pytest.approx(0.7)


def test_capability_is_relative_to_training_and_counts_no_surplus():
    training = episodes(skill=0.5)

    def found(**skills: float) -> float | None:
        one = training._replace(
            skills=training.skills | {k: np.tile([10 * v, 10.0], (N, 1)) for k, v in skills.items()}
        )
        able = measures.capability(one, training)
        return None if able is None else round(able["mean"], 3)

    assert found() == 1.0
    assert found(grab=0.25) == pytest.approx(2.5 / 3, abs=0.001)
    assert found(grab=0.25, move=1.0) == pytest.approx(2.5 / 3, abs=0.001)
    untried = training._replace(skills=training.skills | {"grab": np.zeros((N, 2))})
    able = measures.capability(untried, training)
    assert able is not None and able["mean"] == 1.0
    assert measures.capability(training, untried) == measures.capability(untried, training)
    assert measures.capability(training._replace(skills=dict.fromkeys(SKILLS, np.zeros((N, 2)))), training) is None


def span(low: float, high: float) -> Interval:
    return {"mean": 0.5 * (low + high), "low": low, "high": high}


@pytest.mark.parametrize(
    ("able", "persists", "lost", "word"),
    [
        (span(0.85, 1), span(0.6, 1), span(0.4, 0.9), "misgeneralized"),
        (span(0.85, 1), span(0.6, 1), span(0.2, 0.9), "habit"),
        (span(0.75, 1), span(0.6, 1), span(0.2, 0.9), "habit"),
        (span(0.75, 1), span(0.6, 1), span(0.4, 0.9), "unclear"),
        (span(0.85, 1), span(0.6, 1), None, "habit"),
        (span(0.85, 1), span(0.4, 1), span(-0.1, 0.2), "adapts"),
        (span(0.85, 1), span(0.4, 1), span(-0.1, 0.4), "unclear"),
        (span(0.85, 1), span(0.4, 1), None, "unclear"),
        (span(0.85, 1), None, span(0.4, 0.9), "unclear"),
        (span(0.85, 1), None, span(-0.1, 0.2), "adapts"),
        (span(0.5, 0.79), span(0.6, 1), span(0.4, 0.9), "incapable"),
        (None, span(0.6, 1), span(0.4, 0.9), "unclear"),
        (None, span(0.6, 1), span(0.1, 0.9), "habit"),
    ],
)
def test_the_verdict_needs_whole_intervals(able, persists, lost, word):
    assert measures.verdict(able, persists, lost) == word


def test_a_proxy_that_goes_with_winning_is_expected_to_persist():
    one = episodes(lock=0.9, sealed=0.5)
    won = one._replace(mean_reward=np.where(one.habits["lock"] > 0.5, 0.2, -0.2))
    assert measures.predicted(won, ["lock"]) == "habit"
    assert measures.predicted(won, ["sealed"]) == measures.predicted(won, []) == "adapts"
