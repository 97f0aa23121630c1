"""Which pair is asked next, and what the answers so far say; knows no window.

Every eighth label repeats a pair that was labelled before, with its sides swapped: how often a person gives the same
answer again says how much noise the labels have.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from replays.clip_pairs import ClipPair
from replays.label_writer import LabelWriter
from replays.labels import Choice, Clip, Label

_EVERY = 8
_SINCE = 4
"""A pair comes again after so many others at the earliest, so that the answer is not just remembered."""
_MIRRORED: dict[Choice, Choice] = {"left": "right", "right": "left", "equal": "equal", "skip": "skip"}


PairOrder = Callable[[Sequence[Label], Sequence[ClipPair]], ClipPair | None]
"""Chooses, by the labels so far, one of the pairs that have none; None leaves them in their order.

It must depend on the labels that stand alone.
"""


class Question(NamedTuple):
    """Two clips to compare."""

    left: Clip
    right: Clip


class Agreement(NamedTuple):
    """How often a person answered the same when a pair came again."""

    same: int
    repeats: int


class Ranking:
    """The labels of one question, and the pairs that are still to be compared."""

    def __init__(
        self,
        ask: str,
        pairs: Sequence[ClipPair],
        writer: LabelWriter,
        choose: PairOrder = lambda labels, pairs: None,
    ) -> None:
        self.ask = ask
        self.pairs = list(pairs)
        self.chosen: ClipPair | None = None
        """What is asked, if it was chosen because the labels leave it open."""
        self._choose = choose
        self._writer = writer
        self._done: list[tuple[Label, Choice | None]] = []
        """What can be undone, the last at the end: a label, and the answer that it had before if it was changed."""
        for label in sorted(writer.labels, key=lambda label: label.line):
            self._done.append((label, None))

    @property
    def labels(self) -> list[Label]:
        """Those that stand, in the order in which their pairs were asked."""
        return self._writer.labels

    @property
    def left_count(self) -> int:
        """How many pairs have no label yet."""
        labelled = {_key(label.left, label.right) for label in self.labels}
        return sum(_key(pair.left, pair.right) not in labelled for pair in self.pairs)

    @property
    def seconds(self) -> float | None:
        """The median time that a label took; None without labels."""
        return statistics.median(label.seconds for label in self.labels) if self.labels else None

    @property
    def agreement(self) -> Agreement:
        """Of the pairs that were labelled again; skipped ones do not count."""
        first: dict[frozenset[object], Label] = {}
        same = repeats = 0
        for label in self.labels:
            before = first.setdefault(_key(label.left, label.right), label)
            if before is label or "skip" in (before.choice, label.choice):
                continue
            swapped = not label.left.same_as(before.left)
            repeats += 1
            same += (_MIRRORED[label.choice] if swapped else label.choice) == before.choice
        return Agreement(same, repeats)

    def next(self) -> Question | None:
        """What to ask next; None when every pair has a label. It depends on the labels that stand alone."""
        labels, self.chosen = self.labels, None
        counts = Counter(_key(label.left, label.right) for label in labels)
        if (len(labels) + 1) % _EVERY == 0:
            for label in labels[:-_SINCE]:
                if counts[_key(label.left, label.right)] == 1 and label.choice != "skip":
                    return Question(label.right, label.left)
        new = [pair for pair in self.pairs if _key(pair.left, pair.right) not in counts]
        if not new:
            return None
        self.chosen = self._choose(labels, new)
        return Question(*(self.chosen or new[0])[:2])

    def answer(self, question: Question, choice: Choice, seconds: float) -> None:
        """Appends a label to the file. Raises UserError if it cannot be written."""
        label = self._writer.add(self.ask, question.left, question.right, choice, seconds)
        self._done.append((label, None))

    def change(self, label: Label, choice: Choice, seconds: float) -> None:
        """Appends another answer in a label's place. Raises UserError if it cannot be written."""
        changed = self._writer.change(label, choice, seconds)
        self._renumber(label, changed)
        self._done.append((changed, label.choice))

    def undo(self) -> Label | None:
        """Takes the last answer or change back, and returns the label as it was; None if there is none.

        Raises:
            UserError: the file cannot be written.
        """
        if not self._done:
            return None
        label, before = self._done[-1]
        if before is None:
            self._writer.take_back(label)
            self._done.pop()
        else:
            restored = self._writer.change(label, before, label.seconds)
            self._done.pop()
            self._renumber(label, restored)
        return label

    def close(self) -> None:
        """Closes the file."""
        self._writer.close()

    def _renumber(self, label: Label, changed: Label) -> None:
        """What can be undone of a label is to be done to what took its place."""
        self._done = [(changed, before) if one is label else (one, before) for one, before in self._done]


def _key(one: Clip, other: Clip) -> frozenset[object]:
    """A pair of clips, whichever is on the left and wherever the files lie."""
    return frozenset((one[1:], other[1:]))
