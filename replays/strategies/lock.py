"""Lock: hiders lock a thing."""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences
from sim.state import HIDERS_LOCK


def find(trace: Trace) -> np.ndarray:
    """Every lock, by the hider that moved the thing last."""
    locked = trace.states.lock == HIDERS_LOCK
    moment, world, thing = np.nonzero(locked[1:] & ~locked[:-1])
    return occurrences(world, moment + 1, trace.last_hider[moment + 1, world, thing], thing)


STRATEGY = Strategy(
    name="lock",
    title="Boxes locked",
    about="hiders fix boxes where they want them",
    rank=130,
    find=find,
    sentence="{agent} locks {thing}",
    kind="lock",
    sign=(((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)),),
    tool="lock",
    own_event=False,
)
