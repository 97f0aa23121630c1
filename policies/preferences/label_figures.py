"""What labels say, and whether hiders that were taught by them do it: a part of `hideseek tune --json`.

Nobody writes down what the labels of a file have in common. Two things stand for it: the one feature that orders the
labels best (`asked`), if it does so better than the best of all features would by chance, and a reward model of all
labels (`preferred`), which compares what hiders do before and after.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np

from policies.agents.team import Team
from policies.evaluation.statistics import proportion
from policies.preferences import direct_preference
from policies.preferences.clips import answered_labels, feature_comparisons, segment_comparisons
from policies.preferences.features import FEATURES
from policies.preferences.request import TuneRequest
from policies.preferences.reward_model import Comparisons, Fit, cross_validated_fit
from policies.preferences.scored_episodes import ScoredEpisodes
from replays.labels import agreement, read
from replays.questions import Label
from replays.report.documents.common import Interval
from replays.report.documents.taught import AskedFeature, LabelFigures
from sim.scenario import scenario_from_text

_SHUFFLES = 1000
_CHANCE = 0.05
"""The feature is named if at most this share of random answers is ordered as well by any feature."""


def label_figures(
    request: TuneRequest, before: tuple[Team, ScoredEpisodes], after: tuple[Team, ScoredEpisodes]
) -> LabelFigures:
    """All of it, of hiders and their episodes before and after; all is None without labels.

    Raises:
        UserError: the labels or their recordings cannot be read.
    """
    if request.labels is None:
        return cast(LabelFigures, dict.fromkeys(LabelFigures.__annotations__))
    every, labels = read(request.labels), answered_labels(request.labels)
    fit, repeats = _fit(request, labels, after[0], before[0]), agreement(every)
    gained = after[1].scores["proxy"] - before[1].scores["proxy"]
    return {
        "labels": str(request.labels),
        "ask": every[0].ask,
        "label_count": len(labels),
        "accuracy": fit and fit.accuracy,
        "held_out": fit and fit.pairs,
        "predicted": _predicted(fit),
        "calibration": fit and fit.calibration,
        "repeats": {"same": repeats.same, "of": repeats.repeats},
        "asked": asked_feature(feature_comparisons(labels), request.seed),
        "preferred": proportion(gained > 0),
    }


def asked_feature(pairs: Comparisons, seed: int) -> AskedFeature | None:
    """The feature whose mean over the clips orders most labels; None if random answers are ordered as well.

    Votes, which are about one feature each, and answers "equal" are left out.
    """
    pairs = pairs.select(np.flatnonzero(~pairs.vote & (pairs.preferred != 0.5)))
    if not len(pairs):
        return None
    sides = ((pairs.left, pairs.left_weights), (pairs.right, pairs.right_weights))
    left, right = ((rows * weights[..., None]).sum(1) / weights.sum(1)[:, None] for rows, weights in sides)
    signs = np.sign(left - right)
    answers = np.where(pairs.preferred > 0.5, 1.0, -1.0)
    ordered = _ordered(signs, answers[None])[0]
    random = np.random.default_rng(seed).choice((-1.0, 1.0), (_SHUFFLES, len(pairs)))
    by_chance = _ordered(signs, random).max(axis=(1, 2))
    best, less = np.unravel_index(int(ordered.argmax()), ordered.shape)
    if np.mean(by_chance >= ordered[best, less]) > _CHANCE:
        return None
    rightly = np.arange(len(pairs)) < ordered[best, less]
    return {"name": list(FEATURES)[best], "more": not less, "predicted": proportion(rightly), "pairs": len(pairs)}


def _ordered(signs: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """[answers, feature, 2]: how many pairs the feature orders as answered, if more of it is better, and if less is.

    `signs` [pair, feature] says which side has more of it, `answers` [answers, pair] which one is preferred.
    """
    left, right = answers > 0, answers < 0
    more, less = (1.0 * (signs * way > 0) for way in (1, -1))
    return np.stack([left @ more + right @ less, left @ less + right @ more], axis=2)


def _predicted(fit: Fit | None) -> Interval | None:
    return proportion(np.arange(fit.pairs) < round(fit.accuracy * fit.pairs)) if fit and fit.pairs else None


def _fit(request: TuneRequest, labels: Sequence[Label], taught: Team, begun: Team) -> Fit | None:
    if request.method == "reward-model":
        return cross_validated_fit(feature_comparisons(labels), request.seed)
    pairs = segment_comparisons(labels, scenario_from_text(begun.metadata.scenario))
    _, held_out = direct_preference.split(pairs, request.seed)
    return direct_preference.fit(taught.actor, begun.actor, held_out) if held_out else None
