"""Which questions teach a reward model most, by simulated raters: `python -m policies.preferences.query_study FOLDER`.

Raters (`policies.preferences.raters`) answer the window's questions about clips of the team's own episodes, and a
reward model learns from the answers. For each query plan and number of rater-minutes the tables give the share of 1,000
fresh pairs in which the model agrees with the hidden return (accuracy), the rank correlation of its scores with the
returns of fresh clips, both as means over raters, and by how much the accuracy exceeds that of `pairs`. The plans:

    pairs           the window's pairs: the most distinct motion first, then what reward models disagree on
    groups          the window's groups: the clusters that differ most first, then what reward models disagree on
    votes, pairs    all votes, then as `pairs`

A pair takes 5 s, as `hideseek rank` assumes for people; a vote as long, since the statement is read and its clips are
only glanced at. A group has four times as many clips: it takes 20 s if each of them is looked at as long as in a pair,
and 10 s if people take in a group at a glance. Both are assumptions; no person's time was measured.

Raters prefer the side with the higher mean return: "oracle" always, "noisy" with a higher probability (Bradley and
Terry with beta 1). A vote follows the sign of the rater's weight of the feature, if that is not smaller than UNSURE.
They care about all features, or about three. FOLDER keeps the recordings.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import torch

from policies.commands.errors import in_one_line
from policies.evaluation.statistics import mean_difference
from policies.preferences.clips import comparisons_of
from policies.preferences.features import FEATURES
from policies.preferences.groups_and_votes import groups_and_votes
from policies.preferences.query_selection import DisagreementOrder
from policies.preferences.rater_study import ClipPool, clip_pool, study_folder
from policies.preferences.raters import TICKS, Rater, agreement, new_rater
from policies.preferences.reward_model import train_reward_model
from replays.clip_pairs import clip_pairs
from replays.labels import PREFERRED
from replays.questions import Choice, Clip, Kind, Label, Question, pair
from replays.viewer.rank.ranking import QuestionOrder

MINUTES = (1, 2, 4, 8)
UNSURE = 0.25
"""The rater is unsure about a feature whose weight is smaller; the standard deviation of weights is 1."""
_RATERS = 4
_FRESH = 1000
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ClipFeatures = Callable[[Clip], np.ndarray]
"""Returns the features of a clip, float32 [tick, feature]."""


class QueryPlan(NamedTuple):
    """Which kinds of questions are asked, in this order, and how long an answer takes."""

    kinds: tuple[Kind, ...]
    seconds: dict[Kind, float]


PLANS = {
    "pairs": QueryPlan(("pairs",), {"pairs": 5.0}),
    "votes, pairs": QueryPlan(("votes", "pairs"), {"votes": 5.0, "pairs": 5.0}),
    "groups, 10 s": QueryPlan(("groups",), {"groups": 10.0}),
    "groups, 20 s": QueryPlan(("groups",), {"groups": 20.0}),
}


def answer(rater: Rater, question: Question, features_of: ClipFeatures, random: np.random.Generator | None) -> Choice:
    """A rater's answer; a noisy rater draws it with `random`, an oracle has none."""
    if statement := question.statement:
        weight = statement.sign * rater.weights[list(FEATURES).index(statement.feature)]
        return "unsure" if abs(weight) < UNSURE else "yes" if weight > 0 else "no"
    left, right = (rater.returns(np.stack([features_of(clip) for clip in side])).mean() for side in question[:2])
    if random is None:
        return "left" if left > right else "right"
    return "left" if random.random() < 1 / (1 + np.exp(right - left)) else "right"


def ask(
    rater: Rater,
    questions: Sequence[Question],
    features_of: ClipFeatures,
    order: QuestionOrder,
    random: np.random.Generator | None = None,
) -> Iterator[list[Label]]:
    """Yields the labels so far after each question: votes in their order, others in the order that `order` chooses."""
    rest, labels = list(questions), []
    while rest:
        question = rest[0] if rest[0].statement else order(labels, rest) or rest[0]
        rest.remove(question)
        choice = answer(rater, question, features_of, random)
        labels.append(Label(len(labels) + 1, "?", question, choice, 1.0, _BEGUN))
        yield labels


def learning_curve(
    plan: QueryPlan, asked: Iterator[list[Label]], features_of: ClipFeatures, rater: Rater, fresh: np.ndarray
) -> list[tuple[float, float]]:
    """Accuracy and correlation after each of MINUTES; NaN once there is nothing more to ask.

    `fresh` is float32 [2, N, TICKS, feature].
    """
    found, spent, labels = [], 0.0, []
    minutes = iter(MINUTES)
    until = 60 * next(minutes)
    for labels in asked:
        spent += plan.seconds[labels[-1].question.kind]
        if spent < until:
            continue
        usable = [label for label in labels if label.choice in PREFERRED]
        found.append(agreement(train_reward_model(comparisons_of(usable, features_of), 0), rater, *fresh))
        if not (until := 60 * next(minutes, 0)):
            break
    return found + [(np.nan, np.nan)] * (len(MINUTES) - len(found))


def _ask_by_plan(
    plan: QueryPlan,
    questions: Sequence[Question],
    rater: Rater,
    features_of: ClipFeatures,
    random: np.random.Generator | None,
) -> Iterator[list[Label]]:
    """Yields the labels so far after each question of a plan."""
    planned = [one for kind in plan.kinds for one in questions if one.kind == kind]
    two_sided = [one for one in planned if not one.statement]
    return ask(rater, planned, features_of, DisagreementOrder(two_sided, 0), random)


def study(folder_pool: ClipPool, fresh_pool: ClipPool, cares: int, noisy: bool) -> dict[str, np.ndarray]:
    """Accuracy and correlation float64 [rater, minutes, 2] by plan."""
    row_of = {path: row for row, path in enumerate(folder_pool.paths)}
    pairs = [pair(found.left, found.right) for found in clip_pairs(folder_pool.paths, 0)]
    questions = [*pairs, *groups_and_votes(pairs, 0)]

    def features_of(clip: Clip) -> np.ndarray:
        return folder_pool.rows[row_of[clip.path], clip.first : clip.until]

    found: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in PLANS}
    for number in range(_RATERS):
        random = np.random.default_rng([1, number])
        clips = folder_pool.clips(*folder_pool.pairs(2 * _FRESH, random)).reshape(-1, TICKS, len(FEATURES))
        rater = new_rater(clips, random, cares)
        fresh = fresh_pool.clips(*fresh_pool.pairs(_FRESH, random)).swapaxes(0, 1)
        for name, plan in PLANS.items():
            coin = np.random.default_rng([2, number]) if noisy else None
            asked = _ask_by_plan(plan, questions, rater, features_of, coin)
            found[name].append(learning_curve(plan, asked, features_of, rater, fresh))
            line = {"cares": cares, "noisy": noisy, "rater": number, "way": name, "found": found[name][-1]}
            print(json.dumps(line), file=sys.stderr, flush=True)
    return {name: np.array(rows) for name, rows in found.items()}


def table(found: dict[str, np.ndarray]) -> str:
    """A table in Markdown: accuracy, correlation (95 % interval of the difference of accuracy from `pairs`)."""
    lines = [f"| way | {' | '.join(f'{minutes} min' for minutes in MINUTES)} |", "|---" * (1 + len(MINUTES)) + "|"]
    for name, rows in found.items():
        cells = []
        for column, (accuracy, correlation) in enumerate(rows.mean(axis=0)):
            more = mean_difference(rows[:, column, 0] - found["pairs"][:, column, 0])
            apart = "" if name == "pairs" else f" ({more['low']:+.3f} to {more['high']:+.3f})"
            cells.append(f"{accuracy:.3f}, {correlation:.3f}{apart}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Asks raters by every plan, and prints the tables."""
    torch.set_num_threads(1)
    folder = study_folder("Asks simulated raters in several ways, and compares what is learned.")
    own, fresh = clip_pool(folder, (1, 2)), clip_pool(folder, (3,))
    own = ClipPool([path.resolve() for path in own.paths], own.hashes, own.rows)
    for cares, words in ((len(FEATURES), "all features"), (3, "three features")):
        for noisy in (False, True):
            print(f"\nRaters who care about {words}, {'noisy' if noisy else 'oracles'}:\n")
            print(table(study(own, fresh, cares, noisy)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
