"""A reward model: an ensemble of small networks, trained on labels of which of two clips a person prefers.

A member maps the features of a tick to a number. A clip's score is the sum over its ticks; the probability that the
left of two clips is preferred is a logistic function of the difference of scores (Bradley and Terry 1952; Christiano et
al. 2017). The score of a group is the mean over its clips. One label in ten is taken to be given at random (`NOISE`).
An answer "equal" counts as half for each side, "skip" says nothing.

The MEMBERS members begin with different weights and are trained on different draws of the labels, with replacement:
where they disagree, labels are missing. The reward is their mean, scaled to mean 0 and standard deviation 1 over the
ticks of the labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy

from policies.agents.layers import perceptron
from policies.preferences.features import FEATURES

MEMBERS = 3
NOISE = 0.1
"""Share of labels that are taken to be given at random, each answer equally likely."""
HELD_OUT = 0.2
"""Share of labels that are held out to measure accuracy."""
_HIDDEN = (32,)
_STEPS = 80
_LEARNING_RATE = 2e-2
_WEIGHT_DECAY = 0.02
"""On all weights, so that few labels give a simple reward."""
_BINS = 5


@dataclass(frozen=True)
class Comparisons:
    """N answered questions. The clips of a side are concatenated, and padded with zeros to a common length T."""

    left: np.ndarray
    """float32 [N, T, feature]"""
    right: np.ndarray
    """float32 [N, T, feature]"""
    left_weights: np.ndarray
    """float32 [N, T]: weight of each tick, 1 over the number of clips on its side; 0 where there is padding."""
    right_weights: np.ndarray
    """float32 [N, T]"""
    preferred: np.ndarray
    """float32 [N]: 1 for the left side, 0 for the right one, 0.5 for equal."""
    vote: np.ndarray
    """bool [N]: whether it is a vote on a statement, see `policies.preferences.clips`."""

    def __len__(self) -> int:
        return len(self.preferred)

    def select(self, rows: np.ndarray) -> "Comparisons":
        """The questions in these rows."""
        return Comparisons(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


class Comparison(NamedTuple):
    """One answered question."""

    left: Sequence[np.ndarray]
    """float32 [tick, feature] for each clip"""
    right: Sequence[np.ndarray]
    preferred: float
    vote: bool = False


@dataclass(frozen=True)
class Fit:
    """How well a model predicts the answers about pairs that it was not trained on."""

    pairs: int
    """How many, without votes and those answered "equal"."""
    accuracy: float
    """Share of these in which it gives the preferred clip the higher score."""
    calibration: tuple[tuple[float, float, int], ...]
    """By how sure the model is, in bins of equal width from 0.5 to 1: mean probability, share that was right, pairs."""


class RewardModel(nn.Module):
    """The members, with mean and standard deviation of the features, and (`unit`) of the members' mean score."""

    mean: Tensor
    spread: Tensor
    unit: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.members = nn.ModuleList(perceptron([len(FEATURES), *_HIDDEN, 1]) for _ in range(MEMBERS))
        self.register_buffer("mean", torch.zeros(len(FEATURES)))
        self.register_buffer("spread", torch.ones(len(FEATURES)))
        self.register_buffer("unit", torch.tensor([0.0, 1.0]))

    def scores(self, rows: Tensor) -> Tensor:
        """Each member's score [member, ...] of ticks with features [..., feature], not scaled."""
        inputs = (rows - self.mean) / self.spread
        return torch.stack([member(inputs).squeeze(-1) for member in self.members])

    @torch.inference_mode()
    def reward(self, rows: np.ndarray) -> np.ndarray:
        """float32 [...]: the reward of ticks with features float32 [..., feature]."""
        return ((self.scores(torch.from_numpy(rows)).mean(0) - self.unit[0]) / self.unit[1]).numpy()

    @torch.inference_mode()
    def preference_probability(self, pairs: Comparisons) -> np.ndarray:
        """float32 [member, N]: each member's probability that the left side is preferred, without NOISE."""
        return torch.sigmoid(self._differences(pairs)).numpy()

    def _differences(self, pairs: Comparisons) -> Tensor:
        """[member, N]: score of the left side less that of the right one."""
        totals = []
        for rows, weights in ((pairs.left, pairs.left_weights), (pairs.right, pairs.right_weights)):
            totals.append((self.scores(torch.from_numpy(rows)) * torch.from_numpy(weights)).sum(-1))
        return totals[0] - totals[1]


def train_reward_model(pairs: Comparisons, seed: int) -> RewardModel:
    """Trains a model on these answers. Everything random follows from the seed.

    Raises:
        ValueError: there are no pairs.
    """
    if not len(pairs):
        raise ValueError("a reward model needs pairs")
    generator = torch.Generator().manual_seed(seed)
    model = RewardModel()
    ticks = np.concatenate([pairs.left[pairs.left_weights > 0], pairs.right[pairs.right_weights > 0]])
    model.mean.copy_(torch.from_numpy(ticks.mean(0)))
    model.spread.copy_(torch.from_numpy(ticks.std(0) + 1e-3))
    for layer in [module for module in model.modules() if isinstance(module, nn.Linear)]:
        nn.init.orthogonal_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
    # The sums over a clip begin near 0, where a label teaches most.
    longest = max(float(weights.sum(axis=1).max()) for weights in (pairs.left_weights, pairs.right_weights))
    for member in model.members:
        member[-1].weight.data.mul_(0.1 / longest)  # type: ignore[index]
    drawn = torch.stack([torch.randint(len(pairs), (len(pairs),), generator=generator) for _ in range(MEMBERS)])
    counts = torch.stack([torch.bincount(row, minlength=len(pairs)) for row in drawn]).float()
    _minimise(model, pairs, counts)
    with torch.inference_mode():
        scores = model.scores(torch.from_numpy(ticks)).mean(0)
        model.unit.copy_(torch.stack([scores.mean(), scores.std().clamp_min(1e-6)]))
    return model


def _minimise(model: RewardModel, pairs: Comparisons, counts: Tensor) -> None:
    """Fits all members; `counts` [member, N] says how often each pair counts for each."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    wanted = torch.from_numpy(pairs.preferred).expand(len(counts), -1)
    for _ in range(_STEPS):
        probability = NOISE / 2 + (1 - NOISE) * torch.sigmoid(model._differences(pairs))
        loss = binary_cross_entropy(probability, wanted, weight=counts, reduction="sum") / len(pairs)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()


def cross_validated_fit(pairs: Comparisons, seed: int) -> Fit:
    """Five-fold cross-validation: each model is trained on four fifths of the pairs and on all votes."""
    order, votes = np.random.default_rng(seed).permutation(np.flatnonzero(~pairs.vote)), np.flatnonzero(pairs.vote)
    folds = np.array_split(order, round(1 / HELD_OUT))
    left = np.zeros(len(pairs), np.float32)
    for number, fold in enumerate(folds):
        others = np.concatenate([*(other for k, other in enumerate(folds) if k != number), votes])
        if len(fold) and len(others):
            model = train_reward_model(pairs.select(others), seed + number)
            left[fold] = model.preference_probability(pairs.select(fold)).mean(0)
    return fit_of(left[order], pairs.preferred[order])


def fit_of(probability: np.ndarray, preferred: np.ndarray) -> Fit:
    """How well probabilities [N] that left is preferred fit the answers [N]; those answered "equal" are left out."""
    decided = preferred != 0.5
    probability, left = probability[decided], preferred[decided] == 1
    sure, right = np.maximum(probability, 1 - probability), (probability > 0.5) == left
    edges = np.linspace(0.5, 1.0, _BINS + 1)[1:-1]
    calibration = []
    for number in range(_BINS):
        inside = np.digitize(sure, edges) == number
        if inside.any():
            calibration.append((float(sure[inside].mean()), float(right[inside].mean()), int(inside.sum())))
    return Fit(int(decided.sum()), float(right.mean()) if len(right) else 0.0, tuple(calibration))


def stack_comparisons(parts: Sequence[Comparison]) -> Comparisons:
    """All of these as arrays, padded with zeros."""
    longest = max((sum(map(len, side)) for part in parts for side in (part.left, part.right)), default=0)
    rows = np.zeros((2, len(parts), longest, len(FEATURES)), np.float32)
    weights = np.zeros((2, len(parts), longest), np.float32)
    for number, part in enumerate(parts):
        for side, clips in enumerate((part.left, part.right)):
            together = np.concatenate(clips)
            rows[side, number, : len(together)] = together
            weights[side, number, : len(together)] = 1 / len(clips)
    preferred = np.array([part.preferred for part in parts], np.float32)
    votes = np.array([part.vote for part in parts], bool)
    return Comparisons(rows[0], rows[1], weights[0], weights[1], preferred, votes)
