"""Surf: an agent rides on a thing that it holds; see `evidence.heights`."""

import numpy as np

from replays.strategies.evidence.heights import rides
from replays.strategies.evidence.trace import Trace, worlds_upstairs
from replays.strategies.strategy import Disc, Strategy, occurrences
from sim.state import State


def find(trace: Trace) -> np.ndarray:
    """The first moment of every ride."""
    rows = [
        (world, ride.first, ride.agent, ride.thing, -1)
        for world, _, states in worlds_upstairs(trace)
        for ride in rides(states)
        if ride.first > 0
    ]
    return occurrences(*np.array(rows, np.int64).reshape(-1, 5).T)


def spans(states: State) -> dict[tuple[int, int, int], tuple[int, int]]:
    """From when the thing moves until the agent lets go: that it holds on looks like nothing yet."""
    return {(ride.first, ride.agent, ride.thing): (ride.moving, ride.last + 1) for ride in rides(states)}


STRATEGY = Strategy(
    name="surf",
    title="Surfing",
    about="a ride on a box or ramp, steered from above",
    rank=10,
    find=find,
    sentence="{agent} surfs on {thing}",
    kind="surf",
    sign=(Disc(0.0, -0.35, 0.6), ((-1.0, 0.4), (1.0, 0.4), (1.0, 0.9), (-1.0, 0.9))),
    tool="surfing",
    spans=spans,
)
