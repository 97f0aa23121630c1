"""What to ask a person, by raters made of numbers: `python -m policies.preferences.asking_study FOLDER`.

Oracles (`policies.preferences.raters`) answer questions about clips of the team's own episodes, and a reward model
learns from the answers. The table says for each way of asking and number of questions in how many of 1,000 fresh pairs
it agrees with the hidden return, and the rank correlation of its scores with the returns of fresh clips, as means over
raters. The ways:

    distinct   the window's pairs, those that move most differently first
    random     the same pairs in any order
    doubted    the window's pairs: distinct, and from the twelfth answer on those of `pair_order`
    groups     GROUP clips of one cluster of clips against GROUP of another one; the group with the higher sum of
               returns is preferred, and the model's score of a group is the sum over its clips
    crossed    the same questions, an answer taken as one for each pair of a clip here and a clip there

A question about groups takes a person longer than one about a pair; the table has questions, not minutes.
FOLDER keeps the recordings.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import torch
from sklearn.cluster import KMeans

from policies.preferences.pair_order import MostDoubted
from policies.preferences.rater_study import Pool, pool_of, study_folder
from policies.preferences.raters import TICKS, Rater, agreement, new_rater
from policies.preferences.reward_model import joined, train_reward_model
from replays.clip_pairs import ClipPair, clip_pairs
from replays.labels import Choice, Clip, Label
from replays.viewer.rank.ranking import PairOrder

WAYS = ("distinct", "random", "doubted", "groups", "crossed")
QUESTIONS = (24, 48, 96)
GROUP = 3
CLUSTERS = 16
_RATERS = 4
_FRESH = 1000
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)

Answers = list[tuple[np.ndarray, np.ndarray, float]]
"""Features of two clips, or of two groups one after the other, and how much the left one is preferred."""


def ask_pairs(
    rater: Rater, pairs: Sequence[ClipPair], of: Callable[[Clip], np.ndarray], order: PairOrder
) -> Iterator[Answers]:
    """Yields the answers so far after each question about a pair; `of` gives features float32 [tick, feature]."""
    rest, answers = list(pairs), []
    labels: list[Label] = []
    while rest:
        pair = order(labels, rest) or rest[0]
        rest.remove(pair)
        left, right = of(pair.left), of(pair.right)
        preferred = float(rater.returns(left) > rater.returns(right))
        choice: Choice = "left" if preferred else "right"
        labels.append(Label(len(labels) + 1, "?", pair.left, pair.right, choice, 1.0, _BEGUN))
        answers.append((left, right, preferred))
        yield answers


def ask_groups(rater: Rater, clips: np.ndarray, crossed: bool, random: np.random.Generator) -> Iterator[Answers]:
    """Yields the answers so far after each question about two groups of clips float32 [N, TICKS, feature]."""
    means = clips.mean(axis=1)
    scaled = (means - means.mean(0)) / np.maximum(means.std(0), 1e-3)
    cluster = KMeans(CLUSTERS, random_state=0).fit_predict(scaled)
    large = np.flatnonzero(np.bincount(cluster, minlength=CLUSTERS) >= GROUP)
    answers: Answers = []
    while True:
        kinds = random.choice(large, 2, replace=False)
        left, right = (clips[random.choice(np.flatnonzero(cluster == kind), GROUP, replace=False)] for kind in kinds)
        preferred = float(rater.returns(left).sum() > rater.returns(right).sum())
        if crossed:
            answers += [(one, other, preferred) for one in left for other in right]
        else:
            answers.append((np.concatenate(left), np.concatenate(right), preferred))
        yield answers


def learn(way: str, rater: Rater, own: Pool, pairs: Sequence[ClipPair], fresh: np.ndarray) -> list[tuple[float, float]]:
    """Accuracy and correlation by number of questions; `fresh` is float32 [2, N, TICKS, feature]."""
    random, places = np.random.default_rng(0), {path: row for row, path in enumerate(own.paths)}

    def of(clip: Clip) -> np.ndarray:
        return own.rows[places[clip.path], clip.first : clip.until]

    if way in ("groups", "crossed"):
        clips = own.clips(*own.pairs(500, random)).reshape(-1, TICKS, own.rows.shape[-1])
        asked = ask_groups(rater, clips, way == "crossed", random)
    elif way == "random":
        asked = ask_pairs(rater, [pairs[k] for k in random.permutation(len(pairs))], of, _as_they_are)
    else:
        asked = ask_pairs(rater, pairs, of, MostDoubted(pairs, 0) if way == "doubted" else _as_they_are)
    found = []
    for count, answers in enumerate(asked, 1):
        if count in QUESTIONS:
            found.append(agreement(train_reward_model(joined(answers), 0), rater, *fresh))
        if count >= QUESTIONS[-1]:
            break
    return found


def _as_they_are(labels: Sequence[Label], pairs: Sequence[ClipPair]) -> None:
    """The `PairOrder` that leaves pairs in their order."""


def main() -> None:
    """Asks raters in every way, and prints the table."""
    torch.set_num_threads(1)
    folder = study_folder("Asks simulated raters in several ways, and compares what is learned.")
    own, fresh_pool = pool_of(folder, (1, 2)), pool_of(folder, (3,))
    own = Pool([path.resolve() for path in own.paths], own.hashes, own.rows)
    pairs = clip_pairs(own.paths, 0)
    found: dict[str, list[list[tuple[float, float]]]] = {way: [] for way in WAYS}
    for number in range(_RATERS):
        random = np.random.default_rng([1, number])
        clips = own.clips(*own.pairs(2 * _FRESH, random)).reshape(-1, TICKS, own.rows.shape[-1])
        rater, fresh = new_rater(clips, random), fresh_pool.clips(*fresh_pool.pairs(_FRESH, random)).swapaxes(0, 1)
        for way in WAYS:
            found[way].append(learn(way, rater, own, pairs, fresh))
            print(json.dumps({"rater": number, "way": way, "found": found[way][-1]}), file=sys.stderr, flush=True)
    print(f"| way | {' | '.join(f'{count} questions' for count in QUESTIONS)} |\n{'|---' * (1 + len(QUESTIONS))}|")
    for way, rows in found.items():
        cells = [f"{accuracy:.3f}, {correlation:.3f}" for accuracy, correlation in np.mean(rows, axis=0)]
        print(f"| {way} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
