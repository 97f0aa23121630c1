"""How much the members of a reward model disagree about questions that have no answer yet.

Each member is trained on its own random draw of the labels: where members disagree, labels are missing (Christiano et
al. 2017).
"""

from collections.abc import Sequence

import numpy as np

from policies.learning.fast_arithmetic import fast_arithmetic
from policies.preferences.clips import comparisons_of
from policies.preferences.features import clip_features
from policies.preferences.reward_model import Comparison, RewardModel, stack_comparisons, train_reward_model
from replays.questions import Label, Question


class EnsembleDisagreement:
    """Trains reward models on labels, and compares what their members predict; reads each recording once."""

    def __init__(self, questions: Sequence[Question], seed: int) -> None:
        """Reads the recordings of these questions. Everything random follows from the seed.

        Raises:
            UserError: a recording cannot be read.
        """
        self.seed = seed
        self._features_of = clip_features()
        self._trained: tuple[tuple[Label, ...], RewardModel] | None = None
        for clip in (clip for question in questions for clip in question.clips):
            self._features_of(clip)

    @fast_arithmetic()
    def compute(self, labels: tuple[Label, ...], questions: Sequence[Question]) -> np.ndarray:
        """float32 [question]: standard deviation over members of the probability that the left side is preferred.

        Args:
            labels: what the members are trained on.
            questions: about two sides each, no votes.

        Raises:
            UserError: a recording cannot be read.
        """
        sides = ([[self._features_of(clip) for clip in side] for side in (one.left, one.right)] for one in questions)
        unanswered = stack_comparisons([Comparison(left, right, 0.5) for left, right in sides])
        return self._model(labels).preference_probability(unanswered).std(axis=0)

    def _model(self, labels: tuple[Label, ...]) -> RewardModel:
        """A model of these labels; the last model is kept."""
        if self._trained is None or self._trained[0] != labels:
            self._trained = labels, train_reward_model(comparisons_of(labels, self._features_of), self.seed)
        return self._trained[1]
