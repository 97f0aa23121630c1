"""What raters made of numbers are asked in the study of ways to ask."""

import itertools
from pathlib import Path

import numpy as np

from policies.preferences.asking_study import GROUP, ask_groups, ask_pairs
from policies.preferences.features import FEATURES
from policies.preferences.raters import new_rater
from replays.clip_pairs import ClipPair
from replays.labels import Clip

CLIPS = np.random.default_rng(0).normal(size=(200, 5, len(FEATURES))).astype(np.float32)
RATER = new_rater(CLIPS, np.random.default_rng(1))


def test_a_group_is_preferred_by_its_sum_and_answers_for_all_its_pairs():
    whole, answers = (
        next(itertools.islice(ask_groups(RATER, CLIPS, crossed, np.random.default_rng(2)), 4, None))
        for crossed in (False, True)
    )
    assert len(whole) == 5
    assert len(answers) == 5 * GROUP**2
    for first in range(0, len(answers), GROUP**2):
        group = answers[first : first + GROUP**2]
        totals = [RATER.returns(np.stack([pair[side] for pair in group])).sum() for side in (0, 1)]
        left, right, preferred = whole[first // GROUP**2]
        assert {preferred} == {pair[2] for pair in group} == {float(totals[0] > totals[1])}
        assert np.array_equal(left, np.concatenate([pair[0] for pair in group[::GROUP]]))
        assert np.array_equal(right, np.concatenate([pair[1] for pair in group[:GROUP]]))
        assert len({pair[0].tobytes() for pair in group}) == len({pair[1].tobytes() for pair in group}) == GROUP


def test_pairs_are_asked_in_the_order_that_is_chosen():
    clips = [Clip(Path(f"{number}.npz"), "", 0, 5) for number in range(8)]
    pairs = [ClipPair(left, right, 1.0) for left, right in zip(clips[::2], clips[1::2], strict=True)]
    shown: list[int] = []

    def of(clip: Clip) -> np.ndarray:
        shown.append(int(clip.path.stem))
        return CLIPS[int(clip.path.stem)]

    def last_after_one(labels, rest):
        assert len(labels) + len(rest) == len(pairs)
        return rest[-1] if labels else None

    *_, answers = ask_pairs(RATER, pairs, of, last_after_one)
    assert shown == [0, 1, 6, 7, 4, 5, 2, 3]
    for left, right, preferred in answers:
        assert preferred == float(RATER.returns(left) > RATER.returns(right))
