"""Which pair of clips a person compares next: the one that the labels so far leave most open, see `doubt`.

Until FEWEST labels prefer a clip, nothing is said, and the window asks the pairs that move most differently. A model is
made of every EVERY labels, of the first ones that stand: what is asked follows from the labels alone, and an answer
that is taken back brings its question back.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from replays.clip_pairs import ClipPair
from replays.labels import Label
from sim.errors import UserError

if TYPE_CHECKING:
    from policies.preferences.doubt import Doubt

FEWEST = 12
EVERY = 4


class MostDoubted:
    """A `replays.viewer.rank.ranking.PairOrder`.

    PyTorch and the recordings are loaded in the background, after the first label. Without PyTorch it says nothing.
    """

    def __init__(self, pairs: Sequence[ClipPair], seed: int) -> None:
        """`pairs` are all that may be asked; everything random follows from the seed."""
        self._pairs, self._seed = pairs, seed
        self._doubt: Doubt | None = None
        self._loading = threading.Thread(target=self._load, daemon=True)

    def __call__(self, labels: Sequence[Label], pairs: Sequence[ClipPair]) -> ClipPair | None:
        """The most doubted of these pairs; None where there are too few labels, or a recording cannot be read."""
        if labels and self._loading.ident is None:
            self._loading.start()
        answered = tuple(label for label in labels[: len(labels) // EVERY * EVERY] if label.choice != "skip")
        if not pairs or sum(label.choice != "equal" for label in answered) < FEWEST:
            return None
        self._loading.join()
        with suppress(UserError):
            if self._doubt:
                return pairs[int(self._doubt.of(answered, pairs).argmax())]
        return None

    def _load(self) -> None:
        with suppress(ModuleNotFoundError, UserError):
            from policies.preferences.doubt import Doubt

            self._doubt = Doubt(self._pairs, self._seed)
