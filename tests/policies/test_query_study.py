"""What simulated raters are asked in the study of query plans."""

import runpy
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from policies.agents.players import MOST_SEED
from policies.commands.errors import BAD_INPUT
from policies.preferences import query_study, rater_study
from policies.preferences.features import FEATURES
from policies.preferences.groups_and_votes import GROUP_CLIPS, questions_of
from policies.preferences.query_study import QueryPlan, answer, ask, learning_curve, table
from policies.preferences.raters import new_rater
from policies.preferences.statements import STATEMENTS
from replays.questions import Clip, pair

ROWS = np.random.default_rng(0).normal(size=(200, 5, len(FEATURES))).astype(np.float32)
CLIPS = [Clip(Path(f"{number}.npz"), f"{number:064}", 0, 5) for number in range(len(ROWS))]
RATER = new_rater(ROWS, np.random.default_rng(1))
QUESTIONS = questions_of(CLIPS, ROWS.mean(axis=1), 0)
GROUPS = [one for one in QUESTIONS if one.kind == "groups"]
VOTES = [one for one in QUESTIONS if one.kind == "votes"]


def features_of(clip: Clip) -> np.ndarray:
    return ROWS[int(clip.path.stem)]


def mean_of(side: tuple[Clip, ...]) -> np.ndarray:
    return np.mean([features_of(clip) for clip in side], axis=(0, 1))


def test_groups_are_clips_of_two_clusters_the_most_unlike_first():
    assert len({one.key for one in GROUPS}) == len(GROUPS) > 28
    assert all(len(set(one.left)) == len(set(one.right)) == GROUP_CLIPS and len(set(one.clips)) == 8 for one in GROUPS)
    apart = [float(np.linalg.norm(np.subtract(mean_of(one.left), mean_of(one.right)))) for one in GROUPS]
    assert np.mean(apart[:5]) > np.mean(apart[23:28])
    assert QUESTIONS == questions_of(CLIPS, ROWS.mean(axis=1), 0) != questions_of(CLIPS, ROWS.mean(axis=1), 1)


def test_every_seed_of_the_command_line_has_its_questions():
    assert questions_of(CLIPS[:40], ROWS[:40].mean(axis=1), MOST_SEED)


@pytest.mark.parametrize("study", [query_study, rater_study])
def test_a_folder_that_cannot_be_is_named_in_one_line(study: ModuleType, monkeypatch, capsys, tmp_path: Path):
    (tmp_path / "notes.txt").touch()
    monkeypatch.setattr(sys, "argv", ["study", str(tmp_path / "notes.txt")])
    with pytest.raises(SystemExit) as leaving:
        runpy.run_path(str(study.__file__), run_name="__main__")
    line, *more = capsys.readouterr().err.splitlines()
    assert leaving.value.code == BAD_INPUT and "notes.txt: File exists" in line and not more


def test_a_vote_shows_what_its_statement_says():
    assert [one.statement for one in VOTES] == list(STATEMENTS)
    for vote in VOTES:
        assert vote.statement
        column = list(FEATURES).index(vote.statement.feature)
        values = vote.statement.sign * ROWS.mean(axis=1)[:, column]
        assert mean_of(vote.left)[column] * vote.statement.sign > np.quantile(values, 0.9)
    same = ROWS.mean(axis=1).copy()
    same[:, list(FEATURES).index("upstairs")] = 0.0
    assert len([one for one in questions_of(CLIPS, same, 0) if one.kind == "votes"]) == len(STATEMENTS) - 1


def test_few_clips_make_no_groups():
    assert not [one for one in questions_of(CLIPS[:7], ROWS[:7].mean(axis=1), 0) if one.kind == "groups"]


def test_a_rater_prefers_the_higher_mean_and_votes_by_the_sign_of_its_weight():
    for group in GROUPS[:20]:
        left, right = (
            np.mean([RATER.returns(features_of(clip)) for clip in side]) for side in (group.left, group.right)
        )
        assert answer(RATER, group, features_of, None) == ("left" if left > right else "right")
    votes = [answer(RATER, vote, features_of, None) for vote in VOTES]
    signs = [one.sign * RATER.weights[list(FEATURES).index(one.feature)] for one in STATEMENTS]
    assert votes == ["unsure" if abs(sign) < 0.25 else "yes" if sign > 0 else "no" for sign in signs]
    assert set(votes) == {"yes", "no", "unsure"}
    coin, group = np.random.default_rng(0), GROUPS[0]
    assert len({answer(RATER, group, features_of, coin) for _ in range(50)}) == 2


def test_votes_come_first_and_others_in_the_order_that_is_chosen():
    rest = [pair(*CLIPS[k : k + 2]) for k in range(4)]

    def last_after_one(labels, questions):
        assert all(one.statement is None for one in questions)
        return questions[-1] if len(labels) > len(VOTES) else None

    *_, labels = ask(RATER, [*VOTES, *rest], features_of, last_after_one)
    assert [label.question for label in labels] == [*VOTES, rest[0], rest[3], rest[2], rest[1]]


def test_accuracy_is_noted_when_the_minutes_are_over(monkeypatch: pytest.MonkeyPatch):
    from policies.preferences import query_study

    counts: list[int] = []
    monkeypatch.setattr(query_study, "train_reward_model", lambda pairs, seed: counts.append(len(pairs)))
    monkeypatch.setattr(query_study, "agreement", lambda *_: (0.5, 0.1))
    plan = QueryPlan(("groups",), {"groups": 10.0})
    asked = ask(RATER, GROUPS[:30], features_of, lambda labels, rest: None)
    found = learning_curve(plan, asked, features_of, RATER, ROWS[:2])
    assert counts == [6, 12, 24] and found[:3] == [(0.5, 0.1)] * 3 and np.isnan(found[3]).all()
    rows = np.array([found, found])
    last = table({"pairs": rows, "groups": rows + np.array([0.09, 0.11])[:, None, None]}).splitlines()[-1]
    assert last.startswith("| groups | 0.600, 0.200 (+0.080 to +0.120)")
