"""Which pair is asked next: what reward models of the labels disagree on."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

from policies.preferences.clips import answered_labels, feature_comparisons
from policies.preferences.query_selection import FEWEST_LABELS, LABELS_PER_MODEL, DisagreementOrder
from policies.preferences.reward_model import train_reward_model
from replays.format.recording import read
from replays.questions import Clip, Label, Question, Statement, hash_of, pair
from tests.policies.labelling import by_feature, label, recordings
from tests.policies.training import SCENARIO


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Label], list[Question]]:
    """Labels of pairs of clips by one feature, and pairs without any."""
    folder = tmp_path_factory.mktemp("asked")
    paths = recordings(folder, SCENARIO, 8)
    hashes = [hash_of(path) for path in paths]
    random = np.random.default_rng(0)
    rows = [(int(k), int(first)) for k, first in zip(random.integers(0, 8, 80), random.integers(0, 5, 80), strict=True)]
    clips = [Clip(paths[k], hashes[k], first, first + 5) for k, first in rows]
    pairs = [pair(left, right) for left, right in zip(clips[::2], clips[1::2], strict=True)]
    liked = [by_feature(read(path), "mates_apart") for path in paths]
    values = [liked[k](first, first + 5) for k, first in rows]
    choices = ["left" if left > right else "right" for left, right in zip(values[::2], values[1::2], strict=True)]
    shown = [(clip.path, clip.first, clip.until) for clip in clips[:48]]
    return answered_labels(label(folder / "labels.jsonl", shown, choices[:24])), pairs[24:]


def test_few_labels_choose_nothing(asked: tuple[list[Label], list[Question]]):
    labels, pairs = asked
    order = DisagreementOrder(pairs, 0)
    assert order(labels[: FEWEST_LABELS - 1], pairs) is None and order(labels, []) is None
    assert order([one._replace(choice="equal") for one in labels], pairs) is None
    assert order(labels[:FEWEST_LABELS], pairs) in pairs


def test_the_pair_is_asked_that_members_disagree_on_most(asked: tuple[list[Label], list[Question]]):
    labels, pairs = asked
    order = DisagreementOrder(pairs, 0)
    chosen = order(labels, pairs)
    shown = [labels[0]._replace(question=one) for one in pairs]
    model = train_reward_model(feature_comparisons(labels), 0)
    spread = model.preference_probability(feature_comparisons(shown)).std(0)
    assert len(set(np.round(spread, 4))) > 8 and chosen == pairs[int(spread.argmax())]
    rest = [one for one in pairs if one != chosen]
    assert order(labels, rest) == rest[int(np.delete(spread, spread.argmax()).argmax())]


def test_what_is_asked_follows_from_the_labels_alone(asked: tuple[list[Label], list[Question]]):
    labels, pairs = asked
    order, other = DisagreementOrder(pairs, 0), DisagreementOrder(pairs, 0)
    there = [order(labels[:count], pairs) for count in range(FEWEST_LABELS, FEWEST_LABELS + 2 * LABELS_PER_MODEL)]
    back = [other(labels[:count], pairs) for count in (FEWEST_LABELS + LABELS_PER_MODEL, FEWEST_LABELS)]
    assert there == [back[1]] * LABELS_PER_MODEL + [back[0]] * LABELS_PER_MODEL and back[0] != back[1]


def test_recordings_that_cannot_be_read_choose_nothing(asked: tuple[list[Label], list[Question]], tmp_path: Path):
    labels, pairs = asked
    gone = pairs[0]._replace(left=(pairs[0].left[0]._replace(path=tmp_path / "gone.npz"),))
    assert DisagreementOrder([gone], 0)(labels, pairs) is None
    assert DisagreementOrder(pairs, 0)([labels[0]._replace(question=gone), *labels[1:]], pairs) is None


def test_without_pytorch_pairs_keep_their_order(
    asked: tuple[list[Label], list[Question]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "policies.preferences.disagreement", None)
    assert DisagreementOrder(asked[1], 0)(*asked) is None


def test_groups_are_chosen_among_as_pairs_are_and_votes_teach_too(asked: tuple[list[Label], list[Question]]):
    labels, pairs = asked
    groups = [Question(one.left + other.left, one.right + other.right) for one, other in itertools.pairwise(pairs)]
    vote = Question(pairs[0].clips, statement=Statement("Hiders stay near each other", "mates_apart", -1))
    labels = [*labels[:23], labels[23]._replace(question=vote, choice="no")]
    shown = [labels[0]._replace(question=one) for one in groups]
    model = train_reward_model(feature_comparisons(labels), 0)
    spread = model.preference_probability(feature_comparisons(shown)).std(0)
    assert DisagreementOrder(groups, 0)(labels, groups) == groups[int(spread.argmax())]
