"""Shelter: hiders are sealed in by two or more things that they moved, and by one wall at most.

A seal (`evidence.seals`) at the end of preparation or of the episode counts. Its *load-bearing* things are those
without which it breaks; walls in one line are one wall, and so is each side of the floor.
"""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import NOBODY, Strategy, occurrences

LEAST_THINGS = 2
"""So many load-bearing things make a shelter."""
MOST_WALLS = 1
"""A shelter leans on so many walls at most."""


def find(trace: Trace) -> np.ndarray:
    """The end of preparation and the end, where the hiders are in a shelter then."""
    if not trace.slots.things:
        return occurrences(np.zeros(0, int), 0)
    rows = []
    for moment in trace.judged:
        sealed = trace.seals.soft[moment] | trace.seals.robust[moment]
        bearing = trace.seals.bearing[moment]
        alone = (bearing.sum(axis=-1) >= LEAST_THINGS) & (trace.seals.walls[moment] <= MOST_WALLS)
        world = np.flatnonzero(sealed & alone)
        rows.append(occurrences(world, moment, NOBODY, bearing[world].argmax(axis=-1)))
    return occurrences(*np.concatenate(rows or [np.zeros((0, 5), int)]).T)


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
