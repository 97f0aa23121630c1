"""How much reward models of some labels disagree about questions that have none.

The members of a reward model draw their labels anew: where they disagree, labels are missing (Christiano et al. 2017).
"""

from collections.abc import Sequence

import numpy as np

from policies.learning.fast_arithmetic import fast_arithmetic
from policies.preferences.clips import compared
from policies.preferences.features import clip_features
from policies.preferences.reward_model import Comparison, RewardModel, joined, train_reward_model
from replays.labels import Label
from replays.questions import Question


class Doubt:
    """Reads each recording once."""

    def __init__(self, questions: Sequence[Question], seed: int) -> None:
        """Reads the recordings of these questions. Everything random follows from the seed.

        Raises:
            UserError: a recording cannot be read.
        """
        self.seed = seed
        self._look = clip_features()
        self._trained: tuple[tuple[Label, ...], RewardModel] | None = None
        for clip in (clip for question in questions for clip in question.clips):
            self._look(clip)

    @fast_arithmetic()
    def of(self, labels: tuple[Label, ...], questions: Sequence[Question]) -> np.ndarray:
        """float32 [question]: spread of the members' probabilities. Raises UserError if a recording cannot be read.

        The questions are about two sides.
        """
        sides = ([[self._look(clip) for clip in side] for side in (one.left, one.right)] for one in questions)
        asked = joined([Comparison(left, right, 0.5) for left, right in sides])
        return self._model(labels).preference(asked).std(axis=0)

    def _model(self, labels: tuple[Label, ...]) -> RewardModel:
        """Of these labels; the last one is kept."""
        if self._trained is None or self._trained[0] != labels:
            self._trained = labels, train_reward_model(compared(labels, self._look), self.seed)
        return self._trained[1]
