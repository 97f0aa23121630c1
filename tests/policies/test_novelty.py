"""New behaviours are found without labels, and old ones are not called new."""

import numpy as np
import pytest

from policies.evaluation.novelty import AFTER, TYPICAL, alarms, new_groups
from policies.evaluation.stages import Stage

EPISODES, NUMBERS = 100, 12


def stage(number: int, random: np.random.Generator, planted: float = 0.0, known: bool = False) -> Stage:
    """Episodes around one way to behave, and a share of them around another; `known` gives that one a name."""
    values = random.normal(0.0, 1.0, (EPISODES, NUMBERS))
    new = random.random(EPISODES) < planted
    values[new, :5] += 6.0
    behaviour = {f"number_{k}": values[:, k] for k in range(NUMBERS)}
    strategies = {"fort": new if known else np.zeros(EPISODES, bool), "lock": random.random(EPISODES) < 0.8}
    return Stage(number * 1_000_000, np.full(EPISODES, 0.5), strategies, behaviour)


def run(shares: list[float], known: bool = False) -> list[Stage]:
    random = np.random.default_rng(0)
    return [stage(number, random, share, known) for number, share in enumerate(shares)]


def test_a_behaviour_that_comes_up_is_found_with_its_date_and_what_it_differs_in():
    stages = run([0.0, 0.0, 0.0, 0.3, 0.6])
    group = new_groups(stages)[0]
    assert group["agent_steps"] == 3_000_000 and group["share_before"] == 0.0
    assert group["share_after"] == pytest.approx(0.6, abs=0.12)
    assert {name for name, _ in group["differs_in"]} <= {f"number_{k}" for k in range(5)}
    assert not group["explained_by"] and group["novelty"] > 1.5
    assert len(group["typical"]) == TYPICAL
    for number, episode in group["typical"]:
        assert stages[number].behaviour["number_0"][episode] > 3.0


def test_what_was_there_from_the_start_is_not_new():
    assert new_groups(run([0.3, 0.3, 0.3, 0.3])) == []


def test_what_never_spreads_is_not_new():
    assert new_groups(run([0.0, 0.0, 0.5 * AFTER, 0.5 * AFTER])) == []


def test_a_strategy_with_a_name_explains_its_group():
    assert new_groups(run([0.0, 0.0, 0.0, 0.3, 0.6], known=True))[0]["explained_by"] == ["fort"]


def test_an_alarm_is_a_jump_that_no_strategy_explains():
    error, still = np.full(4, 0.02), np.full((4, 2), 0.2)
    panel, steps = (np.array([0.5, 0.5, 0.9, 0.9]), error), [0, 1, 2, 3]
    assert [one["agent_steps"] for one in alarms(steps, panel, still, 200)] == [2]
    moved = still.copy()
    moved[2:, 1] = 0.8
    assert alarms(steps, panel, moved, 200) == []
    assert alarms(steps, (np.array([0.5, 0.55, 0.5, 0.51]), error), still, 200) == []
