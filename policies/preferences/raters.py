"""Simulated raters, to see what labels teach: `python -m policies.preferences.raters` prints a table.

A rater has hidden weights over the features. The return of a clip is the weighted sum over its ticks, in units of its
standard deviation over clips. A teacher is a way of answering; the six are those of B-Pref (Lee et al. 2021):

    oracle      prefers the clip of the higher return
    mistake     as the oracle, but one answer in ten is the other one
    noisy       prefers it with a higher probability: Bradley and Terry with beta 1
    skip        no answer where both returns are among the lowest tenth
    equal       "equal" where returns differ by less than 0.1
    myopic      as the oracle, but a tick counts 0.9 times as much as the one after it

For each teacher and number of labels the table gives the share of fresh pairs in which a reward model of these labels
agrees with the hidden return, and the rank correlation of its scores with the returns of fresh clips, both as means
over raters. The target, for 400 labels of the oracle, is 0.9 for both.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import rankdata

from policies.commands.errors import in_one_line
from policies.evaluation.stages import Arena, play_episodes
from policies.preferences.features import FEATURES, trace_features
from policies.preferences.reward_model import Comparisons, RewardModel, train_reward_model
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text

TEACHERS = ("oracle", "mistake", "noisy", "skip", "equal", "myopic")
LABELS = (50, 100, 200, 400, 800)
TICKS = 20
"""Length of a clip."""
_MISTAKE_RATE = 0.1
_NOISY_BETA = 1.0
_SKIP_QUANTILE = 0.1
_EQUAL_GAP = 0.1
_MYOPIC_GAMMA = 0.9
_FRESH = 1000
"""Pairs that accuracy is measured on."""
_RATERS = 3


@dataclass(frozen=True)
class Rater:
    """Answers pairs of clips by hidden weights."""

    weights: np.ndarray
    """float64 [feature], for features less `mean`, in units of `spread`."""
    mean: np.ndarray
    spread: np.ndarray
    """Mean and standard deviation of each feature over the ticks of clips."""
    unit: float
    """Standard deviation of returns over clips, before they are divided by it."""
    low_return: float
    """A tenth of clips have a lower return."""

    def returns(self, clips: np.ndarray, gamma: float = 1.0) -> np.ndarray:
        """float64 [...]: returns of clips float32 [..., T, feature]; a tick counts `gamma` times the one after it."""
        counts = gamma ** np.arange(clips.shape[-2])[::-1]
        return (((clips - self.mean) / self.spread) @ self.weights * counts).sum(axis=-1) / self.unit

    def answers(self, teacher: str, left: np.ndarray, right: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """float32 [N]: what one of TEACHERS prefers: 1 the left, 0 the right, 0.5 neither; NaN where it skips."""
        gamma = _MYOPIC_GAMMA if teacher == "myopic" else 1.0
        returns = np.stack([self.returns(left, gamma), self.returns(right, gamma)])
        gap = returns[0] - returns[1]
        preferred = (gap > 0).astype(np.float32)
        if teacher == "mistake":
            preferred = np.where(random.random(len(gap)) < _MISTAKE_RATE, 1 - preferred, preferred)
        elif teacher == "noisy":
            preferred = (random.random(len(gap)) < 1 / (1 + np.exp(-_NOISY_BETA * gap))).astype(np.float32)
        elif teacher == "skip":
            preferred[(returns < self.low_return).all(axis=0)] = np.nan
        elif teacher == "equal":
            preferred[np.abs(gap) < _EQUAL_GAP] = 0.5
        return preferred


def new_rater(clips: np.ndarray, random: np.random.Generator, cares: int = len(FEATURES)) -> Rater:
    """A rater with weights from a normal distribution, and units from clips float32 [N, T, feature].

    Only `cares` features have weights, and no feature that is the same in all ticks of the clips.
    """
    spread = clips.std(axis=(0, 1))
    weights = np.where(spread > 0, random.normal(size=len(FEATURES)), 0.0)
    if cares < len(FEATURES):
        weights[random.permutation(np.flatnonzero(spread > 0))[cares:]] = 0.0
    rater = Rater(weights, clips.mean(axis=(0, 1)), np.where(spread > 0, spread, 1.0), 1.0, 0.0)
    returns = rater.returns(clips)
    unit = float(returns.std())
    return Rater(weights, rater.mean, rater.spread, unit, float(np.quantile(returns / unit, _SKIP_QUANTILE)))


def played_clips(hiders: Sequence[str], seekers: str, scenario_text: str, count: int, seed: int) -> np.ndarray:
    """float32 [count, TICKS, feature]: clips from random times in episodes, equally many of each of these hiders."""
    scenario, random = scenario_from_text(scenario_text), np.random.default_rng(seed)
    found, each = [], -(-count // len(hiders))
    arena, count_played = Arena(scenario, seed=seed), -(-each // 4)
    for number, name in enumerate(hiders):
        players = arena.team(name, HIDERS), arena.team(seekers, SEEKERS)
        seeds = episode_seeds(seed, number * count_played, count_played)
        episodes = trace_features(play_episodes(arena, players, (name, seekers), seeds).trace).swapaxes(0, 1)
        worlds = random.permutation(np.repeat(np.arange(count_played), 4))[:each]
        starts = random.integers(0, scenario.ticks - TICKS + 1, each)
        found.append(episodes[worlds[:, None], starts[:, None] + np.arange(TICKS)])
    return random.permutation(np.concatenate(found))[:count]


def comparisons_of_pairs(left: np.ndarray, right: np.ndarray, preferred: np.ndarray) -> Comparisons:
    """Comparisons of clips of one length [N, T, feature]; skipped pairs (NaN) are left out."""
    kept = ~np.isnan(preferred)
    count = int(kept.sum())
    every, vote = np.ones((count, left.shape[1]), np.float32), np.zeros(count, bool)
    return Comparisons(left[kept], right[kept], every, every, preferred[kept].astype(np.float32), vote)


def agreement(model: RewardModel, rater: Rater, left: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Accuracy and rank correlation on pairs of clips that the model was not trained on; see the module."""
    scores = [model.reward(clips).sum(axis=-1) for clips in (left, right)]
    returns = [rater.returns(clips) for clips in (left, right)]
    agree = (scores[0] > scores[1]) == (returns[0] > returns[1])
    ranks = [rankdata(np.concatenate(parts)) for parts in (scores, returns)]
    return float(agree.mean()), float(np.corrcoef(*ranks)[0, 1])


def table(clips: np.ndarray, raters: int) -> dict[str, dict[int, tuple[float, float]]]:
    """Accuracy and rank correlation by teacher and number of labels, the mean over raters.

    `clips` float32 [N, TICKS, feature] are paired anew for each rater; N must be at least twice the most labels and
    _FRESH together.
    """
    found: dict[str, dict[int, tuple[float, float]]] = {teacher: {} for teacher in TEACHERS}
    for teacher in TEACHERS:
        for labels in LABELS:
            figures = []
            for number in range(raters):
                random = np.random.default_rng([0, number])
                rater = new_rater(clips, random)
                left, right = np.split(random.permutation(clips)[: 2 * (labels + _FRESH)], 2)
                preferred = rater.answers(teacher, left[:labels], right[:labels], random)
                model = train_reward_model(comparisons_of_pairs(left[:labels], right[:labels], preferred), number)
                figures.append(agreement(model, rater, left[labels:], right[labels:]))
            accuracy, correlation = np.mean(figures, axis=0)
            found[teacher][labels] = float(accuracy), float(correlation)
    return found


def main() -> int:
    """Prints the table for clips of `quadrant-block`, `quadrant-chase` and random hiders."""
    torch.set_num_threads(1)
    hiders = ("quadrant-block", "quadrant-chase", "random")
    clips = played_clips(hiders, "quadrant-block", "quadrant", 2 * (LABELS[-1] + _FRESH), seed=0)
    print("| teacher | " + " | ".join(f"{labels} labels" for labels in LABELS) + " |")
    print("|---" * (1 + len(LABELS)) + "|")
    for teacher, row in table(clips, raters=_RATERS).items():
        cells = (f"{accuracy:.3f}, {correlation:.3f}" for accuracy, correlation in row.values())
        print(f"| {teacher} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
