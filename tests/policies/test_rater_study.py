"""The study with simulated raters: their label files, their hidden reward, and its table."""

from pathlib import Path

import numpy as np
import pytest

from policies.preferences import rater_study
from policies.preferences.clips import feature_comparisons
from policies.preferences.features import features, one_world
from policies.preferences.rater_study import ClipPool, HiddenReward, label_file, summary
from policies.preferences.raters import new_rater
from replays.format.recording import read
from replays.labels import read as read_labels
from replays.questions import hash_of
from sim.game import Game
from tests.policies.labelling import recordings
from tests.policies.training import SCENARIO


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClipPool:
    """Eight recordings of ten ticks, and clips of five."""
    monkeypatch.setattr(rater_study, "TICKS", 5)
    paths = recordings(tmp_path, SCENARIO, 8)
    found = [read(path) for path in paths]
    rows = [features(one.header.slots, one_world(one.layout), one.states, one.seen)[1:] for one in found]
    return ClipPool(paths, [hash_of(path) for path in paths], np.stack(rows))


def rater_of(pool: ClipPool):
    random = np.random.default_rng(0)
    return new_rater(pool.clips(*pool.pairs(200, random)).reshape(-1, 5, pool.rows.shape[-1]), random)


def test_labels_are_what_the_rater_likes(pool: ClipPool, tmp_path: Path):
    rater = rater_of(pool)
    file = label_file(tmp_path / "oracle.jsonl", pool, rater, "oracle", 30)
    pairs, labels = feature_comparisons(read_labels(file)), read_labels(file)
    liked = rater.returns(pairs.left) > rater.returns(pairs.right)
    assert [label.choice for label in labels] == np.where(liked, "left", "right").tolist()
    assert all(label.question.left[0].path != label.question.right[0].path for label in labels) and 0 < liked.mean() < 1
    before = file.read_bytes()
    assert label_file(file, pool, rater, "mistake", 30).read_bytes() == before, "what is there is not done again"
    equal = read_labels(label_file(tmp_path / "equal.jsonl", pool, rater, "equal", 100))
    assert {label.choice for label in equal} == {"left", "right", "equal"}


def test_the_hidden_reward_pays_hiders_what_the_rater_likes(pool: ClipPool):
    rater = rater_of(pool)
    game = Game(SCENARIO, 2)
    game.reset(np.arange(2, dtype=np.uint64))
    paid = np.full((2, 4), 7.0, np.float32)
    HiddenReward(rater, (0.5, 2.0)).pay(game, paid)
    rows = features(game.slots, game.layout, game.state, game.seen.agents)
    wanted = (((rows - rater.mean) / rater.spread) @ rater.weights / rater.unit - 0.5) / 2.0
    np.testing.assert_allclose(paid[:, 0], wanted, rtol=1e-5)
    assert np.array_equal(paid[:, 0], paid[:, 1]) and not paid[:, 2:].any()


def test_a_gain_is_a_share_of_what_the_hidden_reward_itself_brings():
    def one(rater: int, method: str, gold: float) -> dict:
        found = {"rater": rater, "teacher": "oracle", "labels": 400, "method": method, "accuracy": 0.9, "kl": 0.1}
        return found | {"correlation": 0.95, "gold_before": 0.1, "gold": gold, "hidden_before": 0.8, "hidden": 0.6}

    golds = {"reward-model": (0.4, 0.2), "preference": (0.2, 0.0), "hidden-reward": (0.6, 0.4)}
    results = [one(rater, method, golds[method][rater]) for rater in (0, 1) for method in golds]
    row = summary(results).splitlines()[-1]
    assert row == "| oracle | 400 | 0.900, 0.950 | 0.50, 0.75, 0.100 | 0.00, 0.75, 0.100 |"
