"""Linear probes: labels of the future, what probes read, and what a push along them does."""

import json
from typing import cast

import numpy as np
import pytest
from safetensors import safe_open
from sklearn.metrics import f1_score

from policies.evaluation.stages import Arena
from policies.probes.futures import NOT_ASKED, SOON_TICKS, questions
from policies.probes.hidden_layer import record_layer
from policies.probes.linear_probes import LinearProbeResults, f1, fit, fit_linear_probes, save_probes
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


def test_f1_is_the_mean_over_classes_of_the_judged_rows():
    random = np.random.default_rng(0)
    labels, read = random.integers(0, 3, (2, 8, 40, 2))
    judged = random.random((8, 40, 2)) < 0.7
    found = f1(labels, read, judged, np.arange(3))
    assert found[0] == pytest.approx(f1_score(labels[judged], read[judged], average="macro"), abs=1e-6)
    assert f1(labels, labels, judged, np.arange(3)) == pytest.approx(1.0)


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
