"""Questions beside pairs: which of two groups of clips is better, and whether a statement is what is wanted.

The clips of the pairs are clustered by the means of their features over time. A question about groups shows GROUP_CLIPS
clips of one cluster and GROUP_CLIPS of another (groupwise comparison, Kompatscher et al. 2025, who let people choose
among clusters in a tree; here clusters are flat, and the two that differ most come first). A vote shows GROUP_CLIPS
clips that fit a statement best.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from sklearn.cluster import KMeans

from policies.preferences.features import FEATURES, clip_features
from policies.preferences.statements import STATEMENTS
from replays.questions import Clip, Question

GROUP_CLIPS = 4
CLUSTERS = 8
_SEEDS = 2**32
"""How many seeds KMeans knows."""
_ROUNDS = 3
"""How often two clusters are compared, by other clips each time if there are enough."""
_MOST_CLIPS = 1_000
_FITS_BEST = 4 * GROUP_CLIPS
"""The clips of a vote are drawn from this many clips, those that fit its statement best."""


def groups_and_votes(pairs: Sequence[Question], seed: int) -> list[Question]:
    """Questions about groups, and then votes, of the clips in these pairs. Everything random follows from the seed.

    Raises:
        UserError: a recording cannot be read.
    """
    features_of = clip_features()
    random = np.random.default_rng(seed)
    clips = list({clip[1:]: clip for pair in pairs for clip in pair.clips}.values())
    clips = [clips[row] for row in random.permutation(len(clips))[:_MOST_CLIPS]]
    return questions_of(clips, np.stack([features_of(clip).mean(axis=0) for clip in clips]), seed)


def questions_of(clips: Sequence[Clip], means: np.ndarray, seed: int) -> list[Question]:
    """As `groups_and_votes`, of clips whose features have these means over time, float32 [clip, feature]."""
    random = np.random.default_rng(seed)
    return [
        *_groups(clips, (means - means.mean(0)) / np.maximum(means.std(0), 1e-3), random, seed),
        *_votes(clips, means, random),
    ]


def _groups(clips: Sequence[Clip], scaled: np.ndarray, random: np.random.Generator, seed: int) -> list[Question]:
    """Questions about two clusters each: all pairs of clusters, those that differ most first, _ROUNDS times over."""
    if len(clips) < 2 * GROUP_CLIPS:
        return []
    clusters = KMeans(min(CLUSTERS, len(clips) // GROUP_CLIPS), random_state=seed % _SEEDS).fit(scaled)
    members = [np.flatnonzero(clusters.labels_ == number) for number in range(clusters.n_clusters)]
    large = [number for number, rows in enumerate(members) if len(rows) >= GROUP_CLIPS]
    apart = {
        (one, other): float(np.linalg.norm(clusters.cluster_centers_[one] - clusters.cluster_centers_[other]))
        for one, other in itertools.combinations(large, 2)
    }
    found = []
    for _ in range(_ROUNDS):
        for both in sorted(apart, key=lambda both: -apart[both]):
            order = random.permutation(both)
            left, right = (random.choice(members[number], GROUP_CLIPS, replace=False) for number in order)
            found.append(Question(tuple(clips[row] for row in left), tuple(clips[row] for row in right)))
    return list({question.key: question for question in found}.values())


def _votes(clips: Sequence[Clip], means: np.ndarray, random: np.random.Generator) -> list[Question]:
    """One for each statement about a feature in which the clips differ."""
    found = []
    for statement in STATEMENTS:
        values = statement.sign * means[:, list(FEATURES).index(statement.feature)]
        if np.ptp(values) > 0:
            best = np.argsort(-values, kind="stable")[:_FITS_BEST]
            shown = random.choice(best, min(GROUP_CLIPS, len(best)), replace=False)
            found.append(Question(tuple(clips[row] for row in shown), statement=statement))
    return found
