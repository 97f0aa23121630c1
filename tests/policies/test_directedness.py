"""Goal-directedness: teams whose aims are known, and the parts that it is made of."""

import numpy as np
import pytest
from scipy.special import logsumexp

from policies.evaluation.stages import Arena
from policies.probes import directedness as module
from policies.probes.directedness import directedness, sealed_moments, utilities
from policies.probes.exploring import explored
from policies.probes.world_features import world_features
from replays.report.probe_page import GOALS
from sim.scenario import scenario_from_text
from sim.state import X, Y

QUADRANT = Arena(scenario_from_text("quadrant"))


@pytest.mark.slow
def test_the_aims_of_known_teams_are_found():
    found = {who: directedness(QUADRANT, who, "quadrant-block", 256) for who in ("random", "builder", "chaser")}
    assert all(abs(found["random"][goal]["mean"]) < 1.0 for goal in GOALS)
    assert found["builder"]["sealed"]["low"] > 30.0 and found["builder"]["sealed"]["beta"] > 0
    assert max(GOALS, key=lambda goal: found["builder"][goal]["mean"]) == "sealed"
    assert found["chaser"]["distance"]["low"] > 30.0 and found["chaser"]["distance"]["beta"] < 0
    assert max(GOALS, key=lambda goal: found["chaser"][goal]["mean"]) == "distance"
    assert (found["builder"]["sealed"]["fit"] or 0.0) > 0.7 and (found["chaser"]["distance"]["fit"] or 0.0) > 0.9


@pytest.mark.slow
def test_a_goal_that_nothing_changes_is_wanted_by_nobody():
    found = directedness(Arena(scenario_from_text("quadrant+no-seekers")), "builder", "quadrant-block", 64)
    for goal in ("hidden", "distance"):
        assert found[goal]["mean"] == found[goal]["low"] == found[goal]["high"] == 0.0


def test_known_values_are_found_and_random_actions_have_no_aim(monkeypatch):
    """One action of three is worth a utility of 1 each tick, whatever the state: the soft policy is known."""
    ticks, rows, beta = 4, 400, 1.0
    random = np.random.default_rng(0)
    moves = random.integers(0, 3, (ticks, rows))
    moves[:, 1::2] = np.where(random.random((ticks, rows // 2)) < 0.8, 2, moves[:, 1::2])
    actions = np.zeros((ticks, rows, sum(module.ACTION_SIZES)), np.float32)
    np.put_along_axis(actions, moves[..., None], 1.0, axis=2)
    for choices, size in ((slice(9, 12), 3), (slice(12, 16), 4)):
        actions[:, :, choices] = np.eye(size)[random.integers(0, size, (ticks, rows))]
    monkeypatch.setattr(module, "BETAS", (beta,))
    monkeypatch.setattr(module, "RIDGE", 0.01)
    utility = np.repeat((moves == 2)[..., None].astype(float), len(GOALS), axis=2)
    features = np.zeros((ticks, rows, 1), np.float32)
    nats, fit = module._soft_values(module._Plays(features, actions, utility, np.arange(rows) % 4 < 2))
    # Six of the nine moves were never tried: their values are those of the mean action, which shrink to 0.
    aimed, other = nats[1::2].mean(), nats[::2].mean()
    assert fit.min() > 0.99
    assert aimed > other + 0.4 * ticks * beta
    assert other < 0.35 * ticks


def aims_of(monkeypatch: pytest.MonkeyPatch, nats: np.ndarray, fitted: np.ndarray, fit: np.ndarray) -> dict:
    """What is told of nats of every row float [row, goal, beta] and a fit [goal, beta]; one hider an episode."""
    found = nats.reshape(len(nats), -1), fit.ravel()
    monkeypatch.setattr(module, "_soft_values", lambda plays: found)
    nothing = np.zeros((1, len(nats), 1), np.float32)
    return module._aims(module._Plays(nothing, nothing, nothing, fitted), 1)


def test_a_beta_is_chosen_on_one_half_of_the_judged_episodes_and_counted_on_the_other(monkeypatch: pytest.MonkeyPatch):
    """Beta 0 is best in even judged episodes, beta 1 in odd ones and in all of them together."""
    fitted = np.arange(200) % 2 == 0
    nats, fit = np.zeros((200, len(GOALS), len(module.BETAS))), np.full((len(GOALS), len(module.BETAS)), 0.25)
    nats[fitted] = 50.0
    even, odd = np.flatnonzero(~fitted)[::2], np.flatnonzero(~fitted)[1::2]
    nats[even, :, 0], nats[even, :, 1], nats[odd, :, 0], nats[odd, :, 1] = 2.0, 1.0, -3.0, 4.0
    fit[:, 1] = 0.75
    for aim in aims_of(monkeypatch, nats, fitted, fit).values():
        assert aim["mean"] == pytest.approx((1.0 - 3.0) / 2)
        assert (aim["beta"], aim["fit"]) == (module.BETAS[1], 0.75)


def test_a_goal_that_explains_nothing_has_no_beta_and_no_nats(monkeypatch: pytest.MonkeyPatch):
    fitted = np.arange(40) % 2 == 0
    nats, fit = np.full((40, len(GOALS), len(module.BETAS)), -1.0), np.ones((len(GOALS), len(module.BETAS)))
    for aim in aims_of(monkeypatch, nats, fitted, fit).values():
        assert aim == {"mean": 0.0, "low": 0.0, "high": 0.0, "beta": 0.0, "fit": None}


def test_half_of_the_episodes_without_exploring_are_judged():
    played, own = explored(QUADRANT, "idle", "idle", 16)
    hiders = played.trace.slots.hiders
    judged = ~module._plays(played, own).fitted.reshape(-1, hiders)
    assert (judged == judged[:, :1]).all() and judged[:, 0].tolist() == [False, False, True, False] * 4
    assert own[judged[:, 0]].all()


def test_what_the_choices_of_each_part_add_makes_up_the_whole():
    random, rows = np.random.default_rng(0), 60
    features, target = random.normal(size=(rows, 3)).astype(np.float32), random.normal(size=(rows, 2))
    chosen = [np.eye(size, dtype=np.float32)[random.integers(0, size, rows)] for size in module.ACTION_SIZES]
    fitted = np.arange(rows) % 3 > 0
    baseline, parts = module._regression(features, np.concatenate(chosen, axis=1), target, fitted)
    assert parts.shape == (sum(module.ACTION_SIZES), rows, 2) and baseline.std() > 0.1
    for _, part in module._by_part(parts):
        assert np.allclose(part.sum(axis=0) + target[fitted].mean(axis=0), baseline, atol=1e-5)
        assert np.allclose(module._log_sum_exp(part), logsumexp(part, axis=0), atol=1e-5)


def test_utilities_and_features_are_those_of_the_states():
    played, own = explored(QUADRANT, "builder", "idle", 16)
    assert own.tolist() == [True, False] * 8
    trace, sealed = played.trace, sealed_moments(played.trace)
    assert not sealed[0].any() and sealed[-1, own].mean() > 0.5
    assert (sealed[[trace.preparation_ticks, -1]] == trace.seals.soft[[trace.preparation_ticks, -1]]).all()
    found = utilities(trace, sealed)
    assert set(found) == set(GOALS) and all(one.shape == (65, 16, 2) for one in found.values())
    assert not found["hidden"][: trace.preparation_ticks + 1].any() and found["hidden"][-1].any()
    states = trace.states
    lonely = trace._replace(layout=trace.layout._replace(agent_exists=trace.layout.agent_exists.copy()))
    lonely.layout.agent_exists[:, -1] = False
    one = np.hypot(*(states.agents[30, 3, 2, [X, Y]] - states.agents[30, 3, 1, [X, Y]]))
    assert utilities(lonely, sealed)["distance"][30, 3, 1] == pytest.approx(one), "of the seeker that is there"
    gap = np.hypot(*(states.agents[30, 3, 2:, [X, Y]] - states.agents[30, 3, 1, [X, Y]][:, None]))
    assert found["distance"][30, 3, 1] == pytest.approx(gap.min())
    features = world_features(trace, sealed)
    assert features.shape[:3] == (65, 16, 2) and np.isfinite(features).all()
    assert np.allclose(features[:, :, 1, :2], states.agents[:, :, 1, [X, Y]])
    box = states.things[:, :, 0, [X, Y]] - states.agents[:, :, 0, [X, Y]]
    columns = features[:, :, 0]
    assert any(np.allclose(columns[..., k : k + 2], box, atol=1e-5) for k in range(columns.shape[-1] - 1))
