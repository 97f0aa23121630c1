"""What can be asked beside pairs: which of two groups of clips is better, and whether a statement is what is wanted.

Clips of pairs are clustered by the means of their features over time. A question about groups shows GROUP clips of one
cluster and GROUP of another ("these rather than those": groupwise comparison, Kompatscher et al. 2025, who let people
choose among clusters in a tree; here clusters are flat, and those that are most unlike come first). A vote shows GROUP
clips that fit a statement best.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from sklearn.cluster import KMeans

from policies.preferences.features import FEATURES, clip_features
from policies.preferences.statements import STATEMENTS
from replays.questions import Clip, Question

GROUP = 4
CLUSTERS = 8
_ROUNDS = 3
"""How often two clusters are compared, each time by other clips of theirs if there are enough."""
_MOST_CLIPS = 1_000
_FITS_BEST = 4 * GROUP
"""The clips of a vote are drawn from so many that fit its statement best."""


def more_questions(pairs: Sequence[Question], seed: int) -> list[Question]:
    """Questions about groups, and then votes, of the clips in these pairs. Everything random follows from the seed.

    Raises:
        UserError: a recording cannot be read.
    """
    look = clip_features()
    random = np.random.default_rng(seed)
    clips = list({clip[1:]: clip for pair in pairs for clip in pair.clips}.values())
    clips = [clips[row] for row in random.permutation(len(clips))[:_MOST_CLIPS]]
    return questions_of(clips, np.stack([look(clip).mean(axis=0) for clip in clips]), seed)


def questions_of(clips: Sequence[Clip], means: np.ndarray, seed: int) -> list[Question]:
    """The same of clips whose features have these means over time, float32 [clip, feature]."""
    random = np.random.default_rng(seed)
    return [
        *_groups(clips, (means - means.mean(0)) / np.maximum(means.std(0), 1e-3), random, seed),
        *_votes(clips, means, random),
    ]


def _groups(clips: Sequence[Clip], scaled: np.ndarray, random: np.random.Generator, seed: int) -> list[Question]:
    """The most unlike clusters first, in rounds."""
    if len(clips) < 2 * GROUP:
        return []
    clusters = KMeans(min(CLUSTERS, len(clips) // GROUP), random_state=seed).fit(scaled)
    members = [np.flatnonzero(clusters.labels_ == number) for number in range(clusters.n_clusters)]
    large = [number for number, rows in enumerate(members) if len(rows) >= GROUP]
    apart = {
        (one, other): float(np.linalg.norm(clusters.cluster_centers_[one] - clusters.cluster_centers_[other]))
        for one, other in itertools.combinations(large, 2)
    }
    found = []
    for _ in range(_ROUNDS):
        for both in sorted(apart, key=lambda both: -apart[both]):
            left, right = (random.choice(members[number], GROUP, replace=False) for number in random.permutation(both))
            found.append(Question(tuple(clips[row] for row in left), tuple(clips[row] for row in right)))
    return list({question.key: question for question in found}.values())


def _votes(clips: Sequence[Clip], means: np.ndarray, random: np.random.Generator) -> list[Question]:
    """Those about features in which the clips differ."""
    found = []
    for statement in STATEMENTS:
        values = statement.sign * means[:, list(FEATURES).index(statement.feature)]
        if np.ptp(values) > 0:
            best = np.argsort(-values, kind="stable")[:_FITS_BEST]
            shown = random.choice(best, min(GROUP, len(best)), replace=False)
            found.append(Question(tuple(clips[row] for row in shown), statement=statement))
    return found
