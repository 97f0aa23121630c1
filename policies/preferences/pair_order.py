"""What a person compares next: the two sides that the labels so far leave most open, see `doubt`.

Until FEWEST labels prefer a side, nothing is said, and the window asks in its own order. A model is made of every EVERY
labels, of the first ones that stand: what is asked follows from the labels alone, and an answer that is taken back
brings its question back.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from replays.labels import Label
from replays.questions import Question
from sim.errors import UserError

if TYPE_CHECKING:
    from policies.preferences.doubt import Doubt

FEWEST = 12
EVERY = 4


class MostDoubted:
    """A `replays.viewer.rank.ranking.QuestionOrder`.

    PyTorch and the recordings are loaded in the background, after the first label. Without PyTorch it says nothing.
    """

    def __init__(self, questions: Sequence[Question], seed: int) -> None:
        """`questions` are all that may be asked; everything random follows from the seed."""
        self._questions, self._seed = questions, seed
        self._doubt: Doubt | None = None
        self._loading = threading.Thread(target=self._load, daemon=True)

    def __call__(self, labels: Sequence[Label], questions: Sequence[Question]) -> Question | None:
        """The most doubted of these questions about two sides; None with few labels or if a recording is unreadable."""
        if labels and self._loading.ident is None:
            self._loading.start()
        counted = labels[: len(labels) // EVERY * EVERY]
        answered = tuple(label for label in counted if label.choice not in ("skip", "unsure"))
        if not questions or sum(label.choice in ("left", "right") for label in answered) < FEWEST:
            return None
        self._loading.join()
        with suppress(UserError):
            if self._doubt:
                return questions[int(self._doubt.of(answered, questions).argmax())]
        return None

    def _load(self) -> None:
        with suppress(ModuleNotFoundError, UserError):
            from policies.preferences.doubt import Doubt

            self._doubt = Doubt(self._questions, self._seed)
