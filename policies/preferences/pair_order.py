"""Which pair of clips a person compares next: the one that the labels so far leave most open.

The members of a reward model draw their labels anew, so where they disagree labels are missing: what is asked is the
pair with the largest spread of the members' probabilities (Christiano et al. 2017). Until FEWEST labels prefer a clip,
nothing is said, and the window asks the pairs that move most differently.

A model is made of every EVERY labels, of the first ones that stand: what is asked follows from the labels alone, and an
answer that is taken back brings its question back.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from policies.preferences.clips import PREFERRED
from policies.preferences.features import features, one_world
from policies.preferences.reward_model import RewardModel, joined, train_reward_model
from replays.clip_pairs import ClipPair
from replays.format.recording import read
from replays.labels import Clip, Label
from sim.errors import UserError

FEWEST = 12
EVERY = 4


class MostDoubted:
    """A `replays.viewer.rank.ranking.PairOrder`."""

    def __init__(self, pairs: Sequence[ClipPair], seed: int) -> None:
        """Looks at the recordings of all pairs, so that the window need not wait for it later.

        Raises:
            UserError: one cannot be read.
        """
        self.seed = seed
        self._rows = cache(_rows)
        for pair in pairs:
            self._features(pair.left), self._features(pair.right)
        self._trained: tuple[tuple[Label, ...], RewardModel] | None = None

    def __call__(self, labels: Sequence[Label], pairs: Sequence[ClipPair]) -> ClipPair | None:
        """The most doubted of these pairs; None where there are too few labels, or a recording cannot be read."""
        decided = tuple(label for label in labels[: len(labels) // EVERY * EVERY] if label.choice in PREFERRED)
        if not pairs or sum(label.choice != "equal" for label in decided) < FEWEST:
            return None
        try:
            return pairs[int(np.argmax(self.doubts(decided, pairs)))]
        except UserError:
            return None

    def doubts(self, labels: Sequence[Label], pairs: Sequence[ClipPair]) -> np.ndarray:
        """float32 [pair]: spread of the members' probabilities. Raises UserError if a recording cannot be read."""
        model = self._model(tuple(labels))
        asked = joined([(self._features(pair.left), self._features(pair.right), 0.5) for pair in pairs])
        return model.preference(asked).std(axis=0)

    def _model(self, labels: tuple[Label, ...]) -> RewardModel:
        """Of these labels; the last one is kept."""
        if self._trained is None or self._trained[0] != labels:
            found = [(self._features(one.left), self._features(one.right), PREFERRED[one.choice]) for one in labels]
            self._trained = labels, train_reward_model(joined(found), self.seed)
        return self._trained[1]

    def _features(self, clip: Clip) -> np.ndarray:
        """float32 [tick, feature]: of the states that a clip's ticks lead to."""
        return self._rows(clip.path)[clip.first : clip.until]


def _rows(path: Path) -> np.ndarray:
    """float32 [tick, feature]: of the states that all ticks of a recording lead to."""
    recording = read(path)
    rows = features(recording.header.slots, one_world(recording.layout), recording.states, recording.seen)
    return rows[1:]
