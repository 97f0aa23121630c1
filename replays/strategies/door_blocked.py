"""Door blocked: hiders have put a thing where no agent can pass a door any more; see `evidence.doors`."""

import numpy as np

from replays.strategies.evidence.blockades import blockades_in
from replays.strategies.evidence.doors import NOTHING
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Disc, Strategy, occurrences


def find(trace: Trace) -> np.ndarray:
    """The first moment of every blockade, by the hider that put the thing there."""
    rows = []
    for world in np.flatnonzero((trace.blocking != NOTHING).any(axis=(0, 2))).tolist():
        movers, hiders = trace.carried.mover[:, world], trace.last_hider[:, world]
        for blockade in blockades_in(trace.blocking[:, world], movers, hiders, trace.over):
            rows.append((world, blockade.first, blockade.hider, blockade.thing, blockade.door))
    return occurrences(*np.array(rows, np.int64).reshape(-1, 5).T)


STRATEGY = Strategy(
    name="door_blocked",
    title="Door blocked",
    about="no agent gets past the box in the door",
    rank=60,
    find=find,
    sentence="{agent} blocks {other} with {thing}",
    kind="door blocked",
    ends="door open again",
    sign=(Disc(0.0, -0.45, 0.9), ((-0.9, -0.45), (0.9, -0.45), (0.9, 1.35), (-0.9, 1.35))),
    other="door",
    tool="boxes",
    own_event=False,
)
