"""Ramp denied: by what hiders did, seekers have no ramp that they can use when they may move.

At the start seekers could use a ramp; at the end of preparation they can use none. A ramp is of use if they can come to
it and move it, or come before its low edge and climb it where it is locked (`evidence.ramp_access`). Hiders have moved
a thing at least `MOVED_M`, or locked a ramp.
"""

import numpy as np

from replays.strategies.evidence.ramp_access import ramps_in_reach
from replays.strategies.evidence.seals import MOVED_M
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences
from sim.state import HIDERS_LOCK


def find(trace: Trace) -> np.ndarray:
    """The end of preparation, where it is so then."""
    moment = trace.preparation_ticks
    if not trace.slots.ramps or moment > trace.ticks:
        return occurrences(np.zeros(0, int), 0)
    moved = (np.linalg.norm(trace.carried.by_hiders[moment], axis=-1) >= MOVED_M).any(axis=1)
    locked = (trace.states.lock[moment][:, trace.slots.boxes :] == HIDERS_LOCK).any(axis=1)
    worlds = moved | locked
    could = ramps_in_reach(trace.slots, trace.layout, trace.state(0), worlds).usable.any(axis=1)
    then = ramps_in_reach(trace.slots, trace.layout, trace.state(moment), worlds & could)
    denied = ~then.usable.any(axis=1) & ~then.gone.any(axis=1)
    return occurrences(np.flatnonzero(worlds & could & denied), moment)


STRATEGY = Strategy(
    name="ramp_denied",
    title="Ramps denied",
    about="seekers find no ramp that they can use",
    rank=25,
    find=find,
    sentence="No ramp is left that seekers can use",
    kind="ramp denied",
    sign=(((-1.0, 0.9), (0.9, 0.9), (0.9, -0.9)), ((-1.0, -0.8), (-0.7, -1.0), (1.0, 0.6), (0.7, 0.9))),
)
