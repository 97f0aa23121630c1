"""What is asked next, and what the answers so far say; knows no window.

Questions are of three kinds, see `replays.questions`: a person goes from one to another as they like. Every eighth
answer about two sides repeats a question that was answered before, with its sides swapped: how often a person gives the
same answer again says how much noise the labels have.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from typing import get_args

from replays.label_writer import LabelWriter
from replays.labels import Agreement, agreement
from replays.questions import Choice, Kind, Label, Question

KINDS: tuple[Kind, ...] = get_args(Kind)
_EVERY = 8
_SINCE = 4
"""A question is repeated after at least this many others, so that the answer is not just remembered."""


QuestionOrder = Callable[[Sequence[Label], Sequence[Question]], Question | None]
"""Chooses, by the labels so far, one of the questions that have none; None leaves them in their order.

It must depend on the labels that stand alone.
"""


class Ranking:
    """The labels of one question, and what is still to be answered; `kind` is what is asked about now."""

    def __init__(
        self,
        ask: str,
        questions: Sequence[Question],
        writer: LabelWriter,
        choose: QuestionOrder = lambda labels, questions: None,
    ) -> None:
        """Goes on with the kind of the last label."""
        self.ask = ask
        self.questions: dict[Kind, list[Question]] = {
            kind: [one for one in questions if one.kind == kind] for kind in KINDS
        }
        self.chosen: Question | None = None
        """What is asked, if it was chosen because the labels leave it open."""
        self._choose = choose
        self._writer = writer
        self._done: list[tuple[Label, Choice | None]] = []
        """What can be undone, the last at the end: a label, and the answer that it had before if it was changed."""
        for label in sorted(writer.labels, key=lambda label: label.line):
            self._done.append((label, None))
        self.kind: Kind = self._done[-1][0].question.kind if self._done else "pairs"

    @property
    def labels(self) -> list[Label]:
        """Those that stand, in the order in which they were first given."""
        return self._writer.labels

    @property
    def left_count(self) -> int:
        """How many questions of this kind have no label yet."""
        return len(self._open())

    @property
    def seconds(self) -> float | None:
        """The median time that a label of this kind took; None without one."""
        labels = self._of_kind()
        return statistics.median(label.seconds for label in labels) if labels else None

    @property
    def agreement(self) -> Agreement:
        """Of the questions that were answered again; skipped ones do not count."""
        return agreement(self.labels)

    @property
    def next_kind(self) -> Kind:
        """The kind that `switch` goes to: the next one with questions."""
        place = KINDS.index(self.kind)
        for kind in KINDS[place + 1 :] + KINDS[:place]:
            if self.questions[kind]:
                return kind
        return self.kind

    def switch(self) -> None:
        """Asks about the next kind from now on."""
        self.kind = self.next_kind

    def next(self) -> Question | None:
        """What to ask next; None when all of this kind is answered. It depends on the labels and the kind alone."""
        labels, self.chosen = self._of_kind(), None
        counts = Counter(label.question.key for label in labels)
        if (len(labels) + 1) % _EVERY == 0 and self.kind != "votes":
            for label in labels[:-_SINCE]:
                if counts[label.question.key] == 1 and label.choice != "skip":
                    return label.question.swapped()
        if not (new := self._open()):
            return None
        self.chosen = self._choose(self.labels, new) if self.kind != "votes" else None
        return self.chosen or new[0]

    def answer(self, question: Question, choice: Choice, seconds: float) -> None:
        """Appends a label to the file. Raises UserError if it cannot be written."""
        label = self._writer.add(self.ask, question, choice, seconds)
        self._done.append((label, None))

    def change(self, label: Label, choice: Choice, seconds: float) -> None:
        """Appends another answer in a label's place. Raises UserError if it cannot be written."""
        changed = self._writer.change(label, choice, seconds)
        self._renumber(label, changed)
        self._done.append((changed, label.choice))

    def undo(self) -> Label | None:
        """Takes the last answer or change back, and returns the label as it was; None if there is none.

        What is asked next is of its kind.

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
        self.kind = label.question.kind
        return label

    def close(self) -> None:
        """Closes the file."""
        self._writer.close()

    def _of_kind(self) -> list[Label]:
        return [label for label in self.labels if label.question.kind == self.kind]

    def _open(self) -> list[Question]:
        """The questions of this kind without a label."""
        answered = {label.question.key for label in self.labels}
        return [question for question in self.questions[self.kind] if question.key not in answered]

    def _renumber(self, label: Label, changed: Label) -> None:
        """What can be undone of a label is to be done to what took its place."""
        self._done = [(changed, before) if one is label else (one, before) for one, before in self._done]
