"""Probes handed over to films say what they say of the network itself."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import softmax

from policies.agents.networks import new_actor
from policies.agents.players import team_folder
from policies.agents.team import LearnedPlayer, load
from policies.evaluation.stages import Arena
from policies.probes.hidden_layer import record_layer
from policies.probes.linear_probes import LinearProbe, LinearProbeResults, fit
from policies.probes.readings import readings, show_in_films
from policies.probes.subject import Subject
from replays.readings import readings_of
from replays.report.documents.probe import LinearProbeScores
from sim.scenario import scenario_from_text

QUADRANT = Arena(scenario_from_text("quadrant"))
TEAM = "quadrant-block"
DATA: LinearProbeScores = {
    "f1": {"mean": 0.8, "low": 0.7, "high": 0.9},
    "f1_observation": {"mean": 0.7, "low": 0.6, "high": 0.8},
    "f1_shuffled": {"mean": 0.5, "low": 0.4, "high": 0.6},
    "gain": {"mean": 0.1, "low": 0.01, "high": 0.2},
    "classes": {"none": 0.5, "box 0": 0.5},
    "steering": None,
}


def some_probe(units: int) -> LinearProbe:
    random = np.random.default_rng(0)
    return fit(random.normal(size=(200, units)), random.integers(0, 2, 200))


def test_a_film_reads_what_the_probe_reads_from_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    recorded = record_layer(QUADRANT, TEAM, "idle", 2)
    assert recorded is not None
    probe = some_probe(recorded.activations.shape[-1])
    subject = Subject(TEAM, "idle", QUADRANT.scenario, 2, 0)
    assert show_in_films(subject, LinearProbeResults({"box": DATA}, {"box": probe}))
    player = QUADRANT.team(TEAM, 0)
    assert isinstance(player, LearnedPlayer)
    kept = readings_of(player.hash)
    assert kept is not None and kept.scores["box"].better and kept.scores["box"].names == ("none", "box 0")
    assert kept.world == "quadrant"
    for tick in range(0, len(recorded.observations), 9):
        likely = kept.read(recorded.observations[tick, 0, 1])
        activation = (recorded.activations[tick, 0, 1] - probe.mean) / probe.spread
        known = softmax(probe.weights @ activation + probe.bias)
        assert likely is not None and likely["box"] == pytest.approx(known, abs=1e-4)


def test_a_probe_is_better_than_the_observation_if_the_whole_interval_of_its_gain_says_so():
    actor = load(team_folder(TEAM)).actor
    probe = some_probe(1)
    for low, better in ((0.01, True), (-0.01, False)):
        data: LinearProbeScores = {**DATA, "gain": {"mean": 0.1, "low": low, "high": 0.2}}
        found = readings(LinearProbeResults({"box": data}, {"box": probe}), actor, "quadrant")
        assert found is not None and found.scores["box"].better == better


def test_other_networks_and_teams_without_one_have_nothing_to_show():
    actor = load(team_folder(TEAM)).actor
    assert readings(LinearProbeResults({}, {}), actor, "quadrant") is None
    with torch.random.fork_rng():
        pooled = new_actor("pooled", QUADRANT.scenario.slots, [8, 8])
    assert readings(LinearProbeResults({"box": DATA}, {"box": some_probe(8)}), pooled, "quadrant") is None
    assert not show_in_films(Subject("random", "idle", QUADRANT.scenario, 2, 0), LinearProbeResults({}, {}))
