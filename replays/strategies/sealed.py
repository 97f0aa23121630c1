"""Sealed: no seeker can come to the hiders at the end of preparation or of the episode; see `evidence.seals`."""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import NOBODY, Strategy, occurrences


def find(trace: Trace) -> np.ndarray:
    """The end of preparation and the end, where the hiders are sealed softly or robustly then."""
    if not trace.slots.things:
        return occurrences(np.zeros(0, int), 0)
    rows = []
    for moment in trace.judged:
        world = np.flatnonzero(trace.seals.soft[moment] | trace.seals.robust[moment])
        rows.append(occurrences(world, moment, NOBODY, trace.seals.bearing[moment, world].argmax(axis=-1)))
    return occurrences(*np.concatenate(rows or [np.zeros((0, 5), int)]).T)


STRATEGY = Strategy(
    name="sealed",
    title="Room sealed",
    about="no seeker can come in any more",
    rank=70,
    find=find,
    sentence="{thing} seals the room",
    kind="room sealed",
    ends="seal broken",
    sign=(((0.0, -1.0), (1.0, 1.0), (-1.0, 1.0)),),
    tool="boxes",
    own_event=False,
)
