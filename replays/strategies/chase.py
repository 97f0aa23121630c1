"""Chase: a seeker runs after a hider that it sees.

In one unbroken stretch of sight in play the seeker comes `LEAST_M` towards the hider: the sum over ticks of its way
along the line to where the hider was. At least half of the way that it makes counts, so a seeker that only
happens to look while it wanders does not chase. The hider may run as fast: the distance need not shrink.
"""

import numpy as np

from replays.strategies.evidence.runs import sums_in_runs
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences
from sim.state import X, Y

LEAST_M = 1.0
"""How far towards the hider."""
LEAST_SHARE = 0.5
"""Of the seeker's way."""


def find(trace: Trace) -> np.ndarray:
    """The moment at which each stretch of sight has become a chase, once a stretch."""
    hiders = trace.slots.hiders
    seeing = trace.seen[:, :, hiders:, :hiders] & trace.in_play()[:, :, None, None]
    places = trace.states.agents[..., [X, Y]]
    step = np.diff(places[:, :, hiders:], axis=0)
    line = places[:-1, :, None, :hiders] - places[:-1, :, hiders:, None]
    line /= np.maximum(np.linalg.norm(line, axis=-1, keepdims=True), 1e-9)
    towards = (step[:, :, :, None] * line).sum(axis=-1)
    way = np.broadcast_to(np.linalg.norm(step, axis=-1)[..., None], towards.shape)
    kept = seeing[1:] & seeing[:-1]
    closed, run = sums_in_runs(towards, kept), sums_in_runs(way, kept)
    chases = kept & (closed >= LEAST_M) & (closed >= LEAST_SHARE * run)
    first = chases & (sums_in_runs(chases, kept) == 1)
    moment, world, seeker, hider = np.nonzero(first)
    return occurrences(world, moment + 1, hiders + seeker, -1, hider)


STRATEGY = Strategy(
    name="chase",
    title="Chase",
    about="a seeker runs after a hider that it sees",
    rank=150,
    find=find,
    sentence="{agent} chases {other}",
    kind="chase",
    other="agent",
    sign=(((-1.0, -0.8), (0.0, 0.0), (-1.0, 0.8)), ((0.0, -0.8), (1.0, 0.0), (0.0, 0.8))),
)
