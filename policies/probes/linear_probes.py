"""Linear probes: do the activations of a team's actor say what it will do?

A linear probe (logistic regression; Bush et al. 2025, arXiv 2504.01871) reads a label of the future
(`policies.probes.futures`) from the last hidden layer of the actor. All of this was fixed before any result:

F1        the mean over classes, on a quarter of EPISODES episodes that were not fitted. Every EVERY-th tick is used.
          For comparison the same probe on the raw observation, and on the layer with labels shuffled over all fitted
          rows, for what chance scores. The gain is F1 minus that of the observation.
Steering  the layer is pushed along the probe's direction of a class (away from all others), by PUSH of the root mean
          square distance of activations from their mean, in every tick and for all hiders of STEERED episodes. Counted
          is how many of the hiders then do what the class says, pushed towards it minus pushed away from it: 1 if they
          always follow, 0 if it makes no difference. Pushed along DIRECTIONS random directions of the same length,
          the mean size of that difference is what any push does.

Classes with fewer than LEAST_ROWS rows to fit are left out; a question with one class is unknown.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors.numpy import save

from policies.evaluation.stages import Arena
from policies.probes.futures import Question, questions
from policies.probes.hidden_layer import RecordedLayer, record_layer
from policies.probes.measures import Bootstrap, interval, rate
from replays.format.archive import replacing
from replays.report.documents.probe import LinearProbeScores, Steering

EPISODES, STEERED = 256, 128
EVERY = 4
PUSH = 0.5
DIRECTIONS = 3
LEAST_ROWS = 40


class LinearProbe(NamedTuple):
    """Reads a class from activations: the largest of weights @ (activation - mean) / spread + bias."""

    classes: np.ndarray
    """int64 [class]: the labels, in order."""
    weights: np.ndarray
    """float64 [class, unit]"""
    bias: np.ndarray
    """float64 [class]"""
    mean: np.ndarray
    """float64 [unit]"""
    spread: np.ndarray
    """float64 [unit]"""

    def read(self, numbers: np.ndarray) -> np.ndarray:
        """int64 [...]: the labels that are read from numbers [..., unit]."""
        return self.classes[(((numbers - self.mean) / self.spread) @ self.weights.T + self.bias).argmax(axis=-1)]

    def direction(self, label: int) -> np.ndarray:
        """float64 [unit], of length 1: where a label becomes likelier than the others together."""
        at = int(np.flatnonzero(self.classes == label)[0])
        way = (self.weights[at] - np.delete(self.weights, at, axis=0).mean(axis=0)) / self.spread
        return way / max(float(np.linalg.norm(way)), 1e-12)


class LinearProbeResults(NamedTuple):
    """Linear probes and how well they do."""

    data: dict[str, LinearProbeScores | None]
    """By question; None for a question that is unknown. Empty for a team without a network."""
    probes: dict[str, LinearProbe]


def fit_linear_probes(arena: Arena, hiders: str, seekers: str, episodes: int) -> LinearProbeResults:
    """Fits and evaluates all probes, on 32 to EPISODES episodes."""
    recorded = record_layer(arena, hiders, seekers, min(max(episodes, 32), EPISODES))
    if recorded is None:
        return LinearProbeResults({}, {})
    asked = questions(recorded.played)
    found = {name: _evaluate(recorded, question) for name, question in asked.items()}
    answered = {name: one for name, one in found.items() if one}
    if answered:
        steering = _Steering(arena, hiders, seekers, recorded)
        for name, (scores, linear_probe) in answered.items():
            scores["steering"] = steering.measure(name, asked[name], linear_probe)
    data = {name: one[0] if one else None for name, one in found.items()}
    return LinearProbeResults(data, {name: linear_probe for name, (_, linear_probe) in answered.items()})


def save_probes(inside: LinearProbeResults, about: Mapping[str, str], path: Path) -> None:
    """Writes a safetensors file: QUESTION.classes, .weights, .bias, .mean and .spread.

    Its metadata are what it is `about`, and the names of the classes of each question. Raises UserError if it cannot
    be written.
    """
    tensors = {
        f"{name}.{part}": np.ascontiguousarray(numbers)
        for name, probe in inside.probes.items()
        for part, numbers in probe._asdict().items()
    }
    named = {name: json.dumps(list(scores["classes"])) for name, scores in inside.data.items() if scores}
    with replacing(path) as file:
        file.write(save(tensors, {**about, **named}))


def fit(numbers: np.ndarray, labels: np.ndarray) -> LinearProbe:
    """Fits a probe to rows [row, unit] and their labels [row]; all classes have the same weight."""
    from sklearn.linear_model import LogisticRegression  # takes a second, in which others can play meanwhile

    mean, spread = numbers.mean(axis=0), numbers.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.1, max_iter=300, class_weight="balanced").fit((numbers - mean) / spread, labels)
    weights, bias = np.asarray(model.coef_, float), np.asarray(model.intercept_, float)
    if len(model.classes_) == 2:
        weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return LinearProbe(np.asarray(model.classes_), weights, bias, mean, spread)


def _evaluate(recorded: RecordedLayer, question: Question) -> tuple[LinearProbeScores, LinearProbe] | None:
    """Scores of a question's probe, and the probe; None where it is unknown."""
    labels = question.labels[::EVERY]
    held_out = np.arange(labels.shape[1]) % 4 == 3
    counts = np.bincount(labels[:, ~held_out][labels[:, ~held_out] >= 0], minlength=len(question.names))
    kept = np.flatnonzero(counts >= LEAST_ROWS)
    asked = np.isin(labels, kept)
    fitted, judged = asked & ~held_out[:, None], asked & held_out[:, None]
    if len(kept) < 2 or not judged.any():
        return None
    shuffled = np.random.default_rng(0).permutation(labels[fitted])
    layer, raw = recorded.activations[::EVERY], recorded.observations[::EVERY]
    tries = {
        "f1": (layer, labels[fitted]),
        "f1_observation": (raw, labels[fitted]),
        "f1_shuffled": (layer, shuffled),
    }
    probes = {name: fit(numbers[fitted], known) for name, (numbers, known) in tries.items()}
    scores = {}
    for name, (numbers, _) in tries.items():
        scores[name] = f1(labels[:, held_out], probes[name].read(numbers[:, held_out]), judged[:, held_out], kept)
    found: LinearProbeScores = {
        "f1": interval(scores["f1"]),
        "f1_observation": interval(scores["f1_observation"]),
        "f1_shuffled": interval(scores["f1_shuffled"]),
        "gain": interval(scores["f1"] - scores["f1_observation"]),
        "classes": {question.names[label]: float((labels[judged] == label).mean()) for label in kept},
        "steering": None,
    }
    return found, probes["f1"]


def f1(labels: np.ndarray, read: np.ndarray, judged: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """float64 [1 + resample]: F1, the mean over classes, of the judged rows [tick, episode, hider] (bool)."""
    bootstrap, scores = Bootstrap(labels.shape[1]), []
    for label in classes:
        known, said = judged & (labels == label), judged & (read == label)
        right, both = (
            bootstrap.means(one.sum(axis=(0, 2))) for one in (known & said, known.astype(int) + said.astype(int))
        )
        scores.append(2 * right / np.maximum(both, 1e-12))
    return np.mean(scores, axis=0)


class _Steering:
    """Plays episodes in which the layer is pushed; random directions are the same for all questions."""

    def __init__(self, arena: Arena, hiders: str, seekers: str, recorded: RecordedLayer) -> None:
        self._arena, self._teams = arena, (hiders, seekers)
        activations = recorded.activations.reshape(-1, recorded.activations.shape[-1])
        self._length = PUSH * float(np.sqrt(activations.var(axis=0).sum()))
        ways = np.random.default_rng(0).normal(size=(DIRECTIONS, activations.shape[1]))
        self._random = [self._both(way / np.linalg.norm(way)) for way in ways] if DIRECTIONS else []

    def measure(self, name: str, question: Question, probe: LinearProbe) -> Steering | None:
        """The mean over the classes that are actions; None if there are none."""
        followed, by_chance = [], []
        for label in range(1, 1 + question.possible.shape[1]):
            if label in probe.classes:
                followed.append(_difference(self._both(probe.direction(label)), name, label))
                by_chance += [abs(_difference(pair, name, label).mean()) for pair in self._random]
        if not followed:
            return None
        return {**rate(np.mean(followed, axis=0)), "random": float(np.mean(by_chance))}

    def _both(self, way: np.ndarray) -> tuple[dict[str, Question], dict[str, Question]]:
        """What hiders do when pushed in a direction, and against it."""
        pair = [record_layer(self._arena, *self._teams, STEERED, sign * self._length * way) for sign in (1.0, -1.0)]
        towards, away = (questions(one.played) for one in pair if one)
        return towards, away


def _difference(pair: tuple[dict[str, Question], dict[str, Question]], name: str, label: int) -> np.ndarray:
    """float64 [episode]: how many of the hiders do it, of episodes in which it can be done, towards minus away."""
    towards, away = ((one[name].labels[0] == label).mean(axis=1) for one in pair)
    possible = pair[0][name].possible[:, label - 1]
    return (towards - away) * possible / max(float(possible.mean()), 1e-12)
