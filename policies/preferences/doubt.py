"""How much reward models of some labels disagree about pairs that have none.

The members of a reward model draw their labels anew: where they disagree, labels are missing (Christiano et al. 2017).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from policies.learning.trainer import fast_arithmetic
from policies.preferences.clips import PREFERRED
from policies.preferences.features import of_recording
from policies.preferences.reward_model import RewardModel, joined, train_reward_model
from replays.clip_pairs import ClipPair
from replays.format.recording import read
from replays.labels import Clip, Label


class Doubt:
    """Reads each recording once."""

    def __init__(self, pairs: Sequence[ClipPair], seed: int) -> None:
        """Reads the recordings of these pairs. Everything random follows from the seed.

        Raises:
            UserError: a recording cannot be read.
        """
        self.seed = seed
        self._rows = cache(lambda path: of_recording(read(path)))
        self._trained: tuple[tuple[Label, ...], RewardModel] | None = None
        for clip in (clip for pair in pairs for clip in (pair.left, pair.right)):
            self._features(clip)

    @fast_arithmetic()
    def of(self, labels: tuple[Label, ...], pairs: Sequence[ClipPair]) -> np.ndarray:
        """float32 [pair]: spread of the members' probabilities. Raises UserError if a recording cannot be read."""
        asked = joined([(self._features(pair.left), self._features(pair.right), 0.5) for pair in pairs])
        return self._model(labels).preference(asked).std(axis=0)

    def _model(self, labels: tuple[Label, ...]) -> RewardModel:
        """Of these labels; the last one is kept."""
        if self._trained is None or self._trained[0] != labels:
            found = [(self._features(one.left), self._features(one.right), PREFERRED[one.choice]) for one in labels]
            self._trained = labels, train_reward_model(joined(found), self.seed)
        return self._trained[1]

    def _features(self, clip: Clip) -> np.ndarray:
        """float32 [tick, feature]: of the states that a clip's ticks lead to."""
        return self._rows(clip.path)[clip.first : clip.until]
