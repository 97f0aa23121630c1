"""Climb: an agent gets onto the upper level by a ramp; see `evidence.heights`."""

import numpy as np

from replays.strategies.evidence.heights import climbs
from replays.strategies.evidence.trace import Trace, worlds_upstairs
from replays.strategies.strategy import Strategy, occurrences


def find(trace: Trace) -> np.ndarray:
    """Every climb, and the ramp that was climbed."""
    rows = [
        (world, climb.tick, climb.agent, climb.ramp, -1)
        for world, layout, states in worlds_upstairs(trace)
        for climb in climbs(layout, states, trace.slots)
    ]
    return occurrences(*np.array(rows, np.int64).reshape(-1, 5).T)


STRATEGY = Strategy(
    name="climb",
    title="Ramp climbed",
    about="from up there an agent sees over walls and boxes",
    rank=110,
    find=find,
    sentence="{agent} climbs {thing}",
    kind="climb",
    sign=(((-1.0, 0.7), (1.0, 0.7), (1.0, -1.0)),),
    tool="ramps",
)
