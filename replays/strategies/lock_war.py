"""Lock war: one thing is locked by both teams in one episode."""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import NOBODY, Strategy, occurrences
from sim.state import HIDERS_LOCK, SEEKERS_LOCK


def find(trace: Trace) -> np.ndarray:
    """The moment at which the second team locks a thing, once for each thing."""
    locks = trace.states.lock
    hiders, seekers = (np.maximum.accumulate(locks == team, axis=0) for team in (HIDERS_LOCK, SEEKERS_LOCK))
    both = hiders & seekers
    moment, world, thing = np.nonzero(both[1:] & ~both[:-1])
    return occurrences(world, moment + 1, NOBODY, thing)


STRATEGY = Strategy(
    name="lock_war",
    title="Lock war",
    about="both teams lock the same thing",
    rank=120,
    find=find,
    sentence="Both teams have now locked {thing}",
    kind="lock war",
    sign=(
        ((-1.0, -1.0), (0.2, -1.0), (0.2, 0.2), (-1.0, 0.2)),
        ((-0.1, 0.4), (0.4, 0.4), (0.4, -0.1), (1.0, -0.1), (1.0, 1.0), (-0.1, 1.0)),
    ),
    tool="lock",
)
