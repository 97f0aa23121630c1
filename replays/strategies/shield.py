"""Shield: a hider carries a thing between itself and a seeker.

For `LEAST_TICKS` moments of play in a row the hider holds a thing, no seeker sees the hider, and one would if that
thing were not there (the same moment again without it).
"""

import numpy as np

from replays.strategies.evidence.runs import run_lengths
from replays.strategies.evidence.sightings import sight_again
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences
from sim.state import FREE

LEAST_TICKS = 5
"""Shorter is chance."""


def find(trace: Trace) -> np.ndarray:
    """The first moment of each such time."""
    hiders = trace.slots.hiders
    held = trace.states.held[:, :, :hiders]
    seen = trace.seen[:, :, hiders:, :hiders].any(axis=2)
    may = (held != FREE) & ~seen & trace.in_play()[:, :, None]
    may = run_lengths(may)[0] >= LEAST_TICKS
    moment, world, hider = np.nonzero(may)
    layout, states = trace.at(moment, world)
    layout.thing_exists[np.arange(len(world)), held[moment, world, hider]] = False
    without = np.asarray(sight_again(trace.slots, layout, states)[:, hiders:, :hiders].any(axis=1))
    shields = np.zeros(may.shape, bool)
    shields[moment, world, hider] = without[np.arange(len(world)), hider]
    lasts, first = run_lengths(shields)
    moment, world, hider = np.nonzero(first & (lasts >= LEAST_TICKS))
    return occurrences(world, moment, hider, held[moment, world, hider])


STRATEGY = Strategy(
    name="shield",
    title="Shield",
    about="a hider carries a box between itself and a seeker",
    rank=90,
    find=find,
    sentence="{agent} hides behind {thing} that it carries",
    kind="shield",
    sign=(((-0.9, -0.9), (0.9, -0.9), (0.9, 0.1), (0.0, 1.0), (-0.9, 0.1)),),
    tool="grab",
)
