"""Query selection: the next question is the one that reward models disagree on most, see `disagreement`.

Until FEWEST_LABELS labels prefer a side, the window asks in its own order. A new model is trained after every
LABELS_PER_MODEL labels. The choice depends on the labels alone, so an answer that is taken back brings its question
back.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from replays.labels import PREFERRED
from replays.questions import Label, Question
from sim.errors import UserError

if TYPE_CHECKING:
    from policies.preferences.disagreement import EnsembleDisagreement

FEWEST_LABELS = 12
LABELS_PER_MODEL = 4


class DisagreementOrder:
    """A `replays.viewer.rank.ranking.QuestionOrder`: largest disagreement of the ensemble first.

    PyTorch and the recordings are loaded in the background, after the first label. Without PyTorch it chooses nothing.
    """

    def __init__(self, questions: Sequence[Question], seed: int) -> None:
        """`questions` are all that may be asked; everything random follows from the seed."""
        self._questions, self._seed = questions, seed
        self._disagreement: EnsembleDisagreement | None = None
        self._loading = threading.Thread(target=self._load, daemon=True)

    def __call__(self, labels: Sequence[Label], questions: Sequence[Question]) -> Question | None:
        """The question of these, about two sides each, to ask next; None with few labels or an unreadable recording."""
        if labels and self._loading.ident is None:
            self._loading.start()
        counted = labels[: len(labels) // LABELS_PER_MODEL * LABELS_PER_MODEL]
        answered = tuple(label for label in counted if label.choice in PREFERRED)
        if not questions or sum(label.choice in ("left", "right") for label in answered) < FEWEST_LABELS:
            return None
        self._loading.join()
        with suppress(UserError):
            if self._disagreement:
                return questions[int(self._disagreement.compute(answered, questions).argmax())]
        return None

    def _load(self) -> None:
        with suppress(ModuleNotFoundError, UserError):
            from policies.preferences.disagreement import EnsembleDisagreement

            self._disagreement = EnsembleDisagreement(self._questions, self._seed)
