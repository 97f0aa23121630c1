"""What to ask a person, by raters made of numbers: `python -m policies.preferences.asking_study FOLDER`.

Raters (`policies.preferences.raters`) answer the window's questions about clips of the team's own episodes, and a
reward model learns from the answers. The tables say for each way of asking and for so many minutes in how many of 1,000
fresh pairs it agrees with the hidden return, and the rank correlation of its scores with the returns of fresh clips, as
means over raters, with what the accuracy is more than that of `pairs` in the same time. The ways:

    pairs           the window's pairs: the most distinct motion first, then what the reward model doubts
    groups          the window's groups: the most unlike clusters first, then what the reward model doubts
    votes, pairs    all votes, then as `pairs`

A pair takes 5 s, as in `hideseek rank` with people in mind; a vote as long, since the statement is read and its clips
are only glanced at. A group has four times as many clips: it takes 20 s if each of them is looked at as long as in a
pair, and 10 s if people see a group at a glance. Both are assumed, and nobody's time was measured.

Raters prefer the side with the higher mean return, "oracle" always, "noisy" likelier (Bradley and Terry with beta 1); a
vote follows the sign of the rater's weight of the feature, if that is not smaller than UNSURE. They care about all
features, or about three. FOLDER keeps the recordings.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import torch

from policies.evaluation.statistics import mean_with_interval
from policies.preferences.clips import compared
from policies.preferences.features import FEATURES
from policies.preferences.more_questions import more_questions
from policies.preferences.pair_order import MostDoubted
from policies.preferences.rater_study import Pool, pool_of, study_folder
from policies.preferences.raters import TICKS, Rater, agreement, new_rater
from policies.preferences.reward_model import train_reward_model
from replays.clip_pairs import clip_pairs
from replays.labels import Label
from replays.questions import Choice, Clip, Kind, Question, pair
from replays.viewer.rank.ranking import QuestionOrder

MINUTES = (1, 2, 4, 8)
UNSURE = 0.25
"""A smaller weight is that of a feature that the rater does not care about; the spread of weights is 1."""
_RATERS = 4
_FRESH = 1000
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
Look = Callable[[Clip], np.ndarray]
"""Features float32 [tick, feature] of a clip."""


class Way(NamedTuple):
    """What is asked, in this order, and how long answers take."""

    kinds: tuple[Kind, ...]
    seconds: dict[Kind, float]


WAYS = {
    "pairs": Way(("pairs",), {"pairs": 5.0}),
    "votes, pairs": Way(("votes", "pairs"), {"votes": 5.0, "pairs": 5.0}),
    "groups, 10 s": Way(("groups",), {"groups": 10.0}),
    "groups, 20 s": Way(("groups",), {"groups": 20.0}),
}


def answer(rater: Rater, question: Question, look: Look, random: np.random.Generator | None) -> Choice:
    """What a rater says; one that is noisy draws it."""
    if statement := question.statement:
        weight = statement.sign * rater.weights[list(FEATURES).index(statement.feature)]
        return "unsure" if abs(weight) < UNSURE else "yes" if weight > 0 else "no"
    left, right = (rater.returns(np.stack([look(clip) for clip in side])).mean() for side in question[:2])
    if random is None:
        return "left" if left > right else "right"
    return "left" if random.random() < 1 / (1 + np.exp(right - left)) else "right"


def ask(
    rater: Rater,
    questions: Sequence[Question],
    look: Look,
    order: QuestionOrder,
    random: np.random.Generator | None = None,
) -> Iterator[list[Label]]:
    """Yields the labels so far after each question: votes as they come, others in the order that is chosen."""
    rest, labels = list(questions), []
    while rest:
        question = rest[0] if rest[0].statement else order(labels, rest) or rest[0]
        rest.remove(question)
        choice = answer(rater, question, look, random)
        labels.append(Label(len(labels) + 1, "?", question, choice, 1.0, _BEGUN))
        yield labels


def learn(
    way: Way, asked: Iterator[list[Label]], look: Look, rater: Rater, fresh: np.ndarray
) -> list[tuple[float, float]]:
    """Accuracy and correlation by MINUTES; NaN from where there is nothing more to ask.

    `fresh` is float32 [2, N, TICKS, feature].
    """
    found, spent, labels = [], 0.0, []
    minutes = iter(MINUTES)
    until = 60 * next(minutes)
    for labels in asked:
        spent += way.seconds[labels[-1].question.kind]
        if spent < until:
            continue
        said = [label for label in labels if label.choice != "unsure"]
        found.append(agreement(train_reward_model(compared(said, look), 0), rater, *fresh))
        if not (until := 60 * next(minutes, 0)):
            break
    return found + [(np.nan, np.nan)] * (len(MINUTES) - len(found))


def _asked(
    way: Way, questions: Sequence[Question], rater: Rater, look: Look, random: np.random.Generator | None
) -> Iterator[list[Label]]:
    """The labels of a way after each question; those that the reward model may choose from are of one kind."""
    chosen = [one for kind in way.kinds for one in questions if one.kind == kind]
    sided = [one for one in chosen if not one.statement]
    return ask(rater, chosen, look, MostDoubted(sided, 0), random)


def study(folder_pool: Pool, fresh_pool: Pool, cares: int, noisy: bool) -> dict[str, np.ndarray]:
    """Float64 [rater, minutes, 2] by way."""
    places = {path: row for row, path in enumerate(folder_pool.paths)}
    pairs = [pair(found.left, found.right) for found in clip_pairs(folder_pool.paths, 0)]
    questions = [*pairs, *more_questions(pairs, 0)]

    def look(clip: Clip) -> np.ndarray:
        return folder_pool.rows[places[clip.path], clip.first : clip.until]

    found: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in WAYS}
    for number in range(_RATERS):
        random = np.random.default_rng([1, number])
        clips = folder_pool.clips(*folder_pool.pairs(2 * _FRESH, random)).reshape(-1, TICKS, len(FEATURES))
        rater = new_rater(clips, random, cares)
        fresh = fresh_pool.clips(*fresh_pool.pairs(_FRESH, random)).swapaxes(0, 1)
        for name, way in WAYS.items():
            coin = np.random.default_rng([2, number]) if noisy else None
            asked = _asked(way, questions, rater, look, coin)
            found[name].append(learn(way, asked, look, rater, fresh))
            told = {"cares": cares, "noisy": noisy, "rater": number, "way": name, "found": found[name][-1]}
            print(json.dumps(told), file=sys.stderr, flush=True)
    return {name: np.array(rows) for name, rows in found.items()}


def table(found: dict[str, np.ndarray]) -> str:
    """What is found, in Markdown: accuracy, correlation (accuracy more than with pairs, 95 %)."""
    lines = [f"| way | {' | '.join(f'{minutes} min' for minutes in MINUTES)} |", "|---" * (1 + len(MINUTES)) + "|"]
    for name, rows in found.items():
        cells = []
        for column, (accuracy, correlation) in enumerate(rows.mean(axis=0)):
            more = mean_with_interval(rows[:, column, 0] - found["pairs"][:, column, 0])
            apart = "" if name == "pairs" else f" ({more['low']:+.3f} to {more['high']:+.3f})"
            cells.append(f"{accuracy:.3f}, {correlation:.3f}{apart}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Asks raters in every way, and prints the tables."""
    torch.set_num_threads(1)
    folder = study_folder("Asks simulated raters in several ways, and compares what is learned.")
    own, fresh = pool_of(folder, (1, 2)), pool_of(folder, (3,))
    own = Pool([path.resolve() for path in own.paths], own.hashes, own.rows)
    for cares, words in ((len(FEATURES), "all features"), (3, "three features")):
        for noisy in (False, True):
            print(f"\nRaters who care about {words}, {'noisy' if noisy else 'oracles'}:\n")
            print(table(study(own, fresh, cares, noisy)), flush=True)


if __name__ == "__main__":
    main()
