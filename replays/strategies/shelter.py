"""Shelter: hiders are sealed in by two or more things that they moved, and by one wall at most.

A seal (`evidence.seals`) at the end of preparation or of the episode counts. Its *load-bearing* things are those
without which it breaks; walls in one line are one wall, and so is each side of the floor.
"""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, when_judged

LEAST_THINGS = 2
"""Fewest load-bearing things that make a shelter."""
MOST_WALLS = 1
"""Most walls that a shelter leans on."""


def find(trace: Trace) -> np.ndarray:
    """The end of preparation and the end, where the hiders are in a shelter then."""

    def holds(moment: int) -> np.ndarray:
        sealed = trace.seals.soft[moment] | trace.seals.robust[moment]
        things = trace.seals.bearing[moment].sum(axis=-1)
        return sealed & (things >= LEAST_THINGS) & (trace.seals.walls[moment] <= MOST_WALLS)

    return when_judged(trace, holds)


STRATEGY = Strategy(
    name="shelter",
    title="Shelter built",
    about="boxes all around, one wall at most",
    rank=40,
    find=find,
    sentence="{thing} and others shelter the hiders",
    kind="shelter built",
    sign=(
        ((-1.0, -1.0), (1.0, -1.0), (1.0, -0.5), (-1.0, -0.5)),
        ((-1.0, -0.3), (-0.5, -0.3), (-0.5, 1.0), (-1.0, 1.0)),
        ((0.5, -0.3), (1.0, -0.3), (1.0, 1.0), (0.5, 1.0)),
    ),
    tool="boxes",
)
