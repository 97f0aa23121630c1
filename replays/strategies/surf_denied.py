"""Surfing denied: hiders have locked every box by the end of preparation, in a world with a ramp.

Without a free box nobody can surf. Boxes that cannot be locked, or that nobody can unlock, do not count; at least one
could be locked, and not all were so at the start.
"""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences
from sim.state import CLOSED_TO_SEEKERS


def find(trace: Trace) -> np.ndarray:
    """The end of preparation, where every box is locked then."""
    moment, boxes = trace.preparation_ticks, slice(0, trace.slots.boxes)
    if moment > trace.ticks:
        return occurrences(np.zeros(0, int), 0)
    lockable = (trace.layout.thing_exists & trace.layout.thing_lockable)[:, boxes]
    locks = (trace.states.lock[at][:, boxes] for at in (0, moment))
    free_at_start, free = (lockable & ~np.isin(lock, CLOSED_TO_SEEKERS) for lock in locks)
    has_ramp = trace.layout.thing_exists[:, trace.slots.boxes :].any(axis=1)
    return occurrences(np.flatnonzero(has_ramp & free_at_start.any(axis=1) & ~free.any(axis=1)), moment)


STRATEGY = Strategy(
    name="surf_denied",
    title="Surfing denied",
    about="every box is locked before seekers may move",
    rank=30,
    find=find,
    sentence="Every box is locked: nobody can surf",
    kind="surf denied",
    sign=(
        ((-1.0, -0.2), (-0.2, -0.2), (-0.2, 0.6), (-1.0, 0.6)),
        ((0.2, -0.2), (1.0, -0.2), (1.0, 0.6), (0.2, 0.6)),
        ((-1.0, -0.7), (1.0, -0.7), (1.0, -0.45), (-1.0, -0.45)),
    ),
    tool="lock",
)
