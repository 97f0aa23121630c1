"""Linear probes: labels of the future, what probes read, and what a push along them does."""

import json
from typing import Any, cast

import numpy as np
import pytest
from safetensors import safe_open
from sklearn.metrics import f1_score

from policies.evaluation.stages import Arena, Played
from policies.probes import linear_probes as module
from policies.probes.futures import NOT_ASKED, SOON_TICKS, Question, questions
from policies.probes.hidden_layer import RecordedLayer, record_layer
from policies.probes.linear_probes import (
    EVERY,
    PUSH,
    LinearProbeResults,
    _difference,
    _evaluate,
    f1,
    fit,
    fit_linear_probes,
    save_probes,
)
from policies.scripted.base import Idle
from replays.report.documents.probe import LinearProbeScores
from replays.report.probe_page import QUESTIONS
from sim.scenario import scenario_from_text

QUADRANT = Arena(scenario_from_text("quadrant"))


def known(rows: int = 600, units: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Activations of which one unit says which of three classes it is."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, rows)
    numbers = random.normal(size=(rows, units))
    numbers[:, 3] += 4.0 * (labels == 2)
    numbers[:, 5] += 4.0 * (labels == 1)
    return numbers, labels


def test_a_probe_reads_what_is_there_and_nothing_from_shuffled_labels():
    numbers, labels = known()
    probe = fit(numbers[:400], labels[:400])
    assert (probe.read(numbers[400:]) == labels[400:]).mean() > 0.9
    assert probe.direction(2).argmax() == 3 and probe.direction(1).argmax() == 5
    assert np.linalg.norm(probe.direction(0)) == pytest.approx(1.0)
    random, right = np.random.default_rng(1), []
    for _ in range(8):
        shuffled = fit(numbers[:400], random.permutation(labels[:400]))
        right.append((shuffled.read(numbers[400:]) == labels[400:]).mean())
    assert np.mean(right) == pytest.approx(1 / 3, abs=0.08)


def test_a_probe_of_two_classes_points_from_one_to_the_other():
    numbers, labels = known()
    probe = fit(numbers, (labels == 2).astype(int))
    assert probe.direction(1).argmax() == 3 and np.allclose(probe.direction(1), -probe.direction(0))
    assert (probe.read(numbers) == (labels == 2)).mean() > 0.9


def test_a_direction_is_the_steepest_way_to_a_label_whatever_the_units_of_the_layer():
    numbers, labels = known()
    probe = fit(numbers * np.arange(1, 13), labels)

    def lead(place: np.ndarray) -> float:
        """By how much the score of label 2 is above the mean of the others."""
        scores = probe.weights @ ((place - probe.mean) / probe.spread) + probe.bias
        return scores[2] - scores[:2].mean()

    steps = np.array([lead(step) - lead(-step) for step in np.eye(12)])
    assert probe.direction(2) == pytest.approx(steps / np.linalg.norm(steps))


def test_f1_is_the_mean_over_classes_of_the_judged_rows():
    random = np.random.default_rng(0)
    labels, read = random.integers(0, 3, (2, 8, 40, 2))
    judged = random.random((8, 40, 2)) < 0.7
    found = f1(labels, read, judged, np.arange(3))
    assert found[0] == pytest.approx(f1_score(labels[judged], read[judged], average="macro"), abs=1e-6)
    assert f1(labels, labels, judged, np.arange(3)) == pytest.approx(1.0)


def recorded_classes(labels: np.ndarray, signal: float) -> RecordedLayer:
    """A layer that tells the labels (int [tick, world, hider]) so clearly, and observations that do not."""
    random = np.random.default_rng(0)
    activations, observations = random.normal(size=(2, *labels.shape, 6)).astype(np.float32)
    activations += signal * np.eye(6, dtype=np.float32)[np.maximum(labels, 0)]
    return RecordedLayer(cast(Played, None), observations, activations)


def test_a_probe_is_judged_on_episodes_that_it_has_not_seen_and_against_what_chance_and_the_observation_say():
    labels = np.random.default_rng(1).integers(0, 2, (4 * EVERY, 40, 2))
    question = Question(labels, np.ones((40, 1), bool), ("no", "yes"))
    found = _evaluate(recorded_classes(labels, 6.0), question)
    assert found is not None
    scores, _ = found
    assert scores["f1"]["mean"] > 0.95 and scores["gain"]["low"] > 0.3
    assert scores["f1_shuffled"]["mean"] < 0.85 and scores["f1_observation"]["mean"] < 0.7
    judged = labels[::EVERY, 3::4]
    assert scores["classes"] == {"no": pytest.approx((judged == 0).mean()), "yes": pytest.approx(judged.mean())}


def test_episodes_that_are_judged_are_not_fitted():
    """In every fourth episode other units tell the labels, which no probe can know that has not seen them."""
    labels = np.random.default_rng(1).integers(0, 2, (4 * EVERY, 40, 2))
    elsewhere = labels + 2 * (np.arange(40) % 4 == 3)[:, None]
    found = _evaluate(recorded_classes(elsewhere, 6.0), Question(labels, np.ones((40, 1), bool), ("no", "yes")))
    assert found is not None and found[0]["f1"]["mean"] < 0.85


def test_classes_with_few_rows_are_left_out_and_one_class_is_no_question():
    labels = np.random.default_rng(1).integers(0, 2, (4 * EVERY, 40, 2))
    labels[0, 0, 0] = 2
    names, possible = ("no", "yes", "seldom"), np.ones((40, 2), bool)
    found = _evaluate(recorded_classes(labels, 6.0), Question(labels, possible, names))
    assert found is not None and found[1].classes.tolist() == [0, 1]
    same = np.where(labels == 1, NOT_ASKED, labels)
    assert _evaluate(recorded_classes(same, 6.0), Question(same, possible, names)) is None


def test_following_is_counted_where_the_action_can_be_done():
    """Three of four episodes have the door; pushed towards it both hiders of the first block it, else one."""
    possible = np.array([[True], [True], [True], [False]])
    towards, away = np.array([[1, 1], [1, 0], [1, 0], [1, 1]]), np.array([[0, 0], [1, 0], [0, 0], [0, 0]])
    pair = tuple({"door": Question(labels[None], possible, ("none", "door 0"))} for labels in (towards, away))
    found = _difference(cast(Any, pair), "door", 1)
    assert found == pytest.approx(np.array([1.0, 0.0, 0.5, 0.0]) / 0.75)


def test_pushes_are_half_of_the_spread_of_the_layer_long_and_go_both_ways(monkeypatch: pytest.MonkeyPatch):
    pushes = []
    monkeypatch.setattr(module, "record_layer", lambda arena, hiders, seekers, episodes, push: pushes.append(push))
    monkeypatch.setattr(module, "DIRECTIONS", 0)
    recorded = recorded_classes(np.zeros((8, 4, 2), int), 0.0)
    steering = module._Steering(QUADRANT, "a", "b", recorded)
    way = np.eye(6)[2]
    with pytest.raises(ValueError):  # nothing was played
        steering._both(way)
    length = PUSH * np.sqrt(((recorded.activations - recorded.activations.mean((0, 1, 2))) ** 2).sum(-1).mean())
    assert np.allclose(pushes, [length * way, -length * way], rtol=1e-4)


def test_labels_are_what_happens_later_and_a_push_changes_what_is_done():
    recorded = record_layer(QUADRANT, "quadrant-block", "idle", 16)
    assert recorded is not None
    again, pushed = (
        record_layer(QUADRANT, "quadrant-block", "idle", 16, push)
        for push in (None, np.full(recorded.activations.shape[-1], 5.0))
    )
    assert again is not None and pushed is not None
    assert (again.played.actions == recorded.played.actions).all()
    assert (pushed.activations[0] == recorded.activations[0]).all()
    assert (pushed.played.actions[0] != recorded.played.actions[0]).any()
    check_labels(recorded.played)


def check_labels(played) -> None:
    asked, trace = questions(played), played.trace
    assert set(asked) == set(QUESTIONS)
    blocked = trace.blocking >= 0
    for world in range(trace.worlds):
        doors = np.flatnonzero(blocked[1:, world].any(axis=0))
        labels = asked["door"].labels[:, world]
        assert set(np.unique(labels)) <= {NOT_ASKED, 0, *(1 + doors)}
        assert ((labels == NOT_ASKED).all(axis=1) == blocked[:-1, world].any(axis=1)).all()
        if len(doors):
            first = int(blocked[:, world].any(axis=1).argmax())
            assert (labels[:first] == 1 + blocked[first, world].argmax()).all()
            soon = asked["soon"].labels[:first, world, 0]
            assert soon[-1] == 1 and (np.diff(soon) <= 0).all()
            assert (soon == 1).sum() == min(first, 1 + SOON_TICKS[0])
    moved = np.abs(np.diff(trace.states.things, axis=0)).max(axis=(0, 2, 3)) > 0.001
    first_hint = asked["box"].labels[0].max(axis=1)
    assert not first_hint[~moved].any() and first_hint[moved].any()
    locked = (trace.states.lock == 1).any(axis=(0, 2))
    assert ((asked["lock"].labels[0].max(axis=1) == 1) == locked).all()


def test_who_has_no_network_has_nothing_inside():
    assert isinstance(QUADRANT.team("idle", 0), Idle)
    assert fit_linear_probes(QUADRANT, "idle", "idle", 32) == LinearProbeResults({}, {})


def test_probes_are_saved_with_what_they_are_of(tmp_path):
    numbers, labels = known()
    probe = fit(numbers, labels)
    scores = cast(LinearProbeScores, {"classes": {"none": 0.5, "box 0": 0.5}})
    save_probes(LinearProbeResults({"box": scores}, {"box": probe}), {"team": "t"}, tmp_path / "p")
    with safe_open(tmp_path / "p", "np") as file:
        assert file.metadata() == {"team": "t", "box": json.dumps(["none", "box 0"])}
        assert (file.get_tensor("box.weights") == probe.weights).all()


@pytest.mark.slow
def test_the_shipped_team_knows_what_it_will_do_and_follows_a_push_towards_a_door():
    found = fit_linear_probes(QUADRANT, "quadrant-block", "quadrant-block", 256).data
    for name in QUESTIONS:
        scores = found[name]
        assert scores and scores["f1"]["low"] > scores["f1_shuffled"]["high"] + 0.1
    door = found["door"]
    assert door and door["steering"]
    assert door["steering"]["low"] > 0.0 and door["steering"]["mean"] > door["steering"]["random"]
