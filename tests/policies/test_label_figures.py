"""What labels ask for: the feature that orders them best, if that is more than chance."""

from dataclasses import replace
from pathlib import Path

import numpy as np

import replays
from policies.preferences.clips import answered_labels, feature_comparisons
from policies.preferences.features import FEATURES
from policies.preferences.label_figures import asked_feature
from policies.preferences.reward_model import Comparison, Comparisons, stack_comparisons

CLOSER = Path(replays.__file__).parent / "rankings" / "closer.jsonl"


def comparisons(count: int, name: str, wrong: int = 0) -> Comparisons:
    """Of random features, answered by more of this one, the first of them wrongly."""
    random, column = np.random.default_rng(0), list(FEATURES).index(name)
    parts = []
    for number in range(count):
        left, right = (random.normal(0.0, 1.0, (5, len(FEATURES))).astype(np.float32) for _ in range(2))
        more = left[:, column].mean() > right[:, column].mean()
        parts.append(Comparison([left], [right], float(more != (number < wrong))))
    return stack_comparisons(parts)


def test_the_feature_that_orders_the_labels_is_named():
    found = asked_feature(comparisons(40, "box_distance", wrong=4), 0)
    assert found is not None and (found["name"], found["more"], found["pairs"]) == ("box_distance", True, 40)
    assert found["predicted"]["mean"] == 0.9


def test_the_shipped_labels_ask_for_hiders_who_are_closer():
    found = asked_feature(feature_comparisons(answered_labels(CLOSER)), 0)
    assert found is not None and (found["name"], found["more"]) == ("mates_apart", False)
    assert found["pairs"] == 36 and found["predicted"]["mean"] > 0.9


def test_answers_at_random_or_too_few_ask_for_nothing():
    pairs = comparisons(40, "box_distance")
    coins = np.random.default_rng(1).integers(0, 2, 40).astype(np.float32)
    assert asked_feature(replace(pairs, preferred=coins), 0) is None
    assert asked_feature(pairs.select(np.arange(4)), 0) is None, "one of 22 features always fits four labels"
    assert asked_feature(replace(pairs, preferred=np.full(40, 0.5, np.float32)), 0) is None
