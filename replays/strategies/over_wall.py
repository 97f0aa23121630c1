"""Over the wall: an agent crosses an inner wall on the upper level; see `evidence.heights`."""

import numpy as np

from replays.strategies.evidence.heights import crossings
from replays.strategies.evidence.trace import Trace, worlds_upstairs
from replays.strategies.strategy import Strategy, first_of_each, occurrences


def find(trace: Trace) -> np.ndarray:
    """Every crossing; one where an agent crosses two walls at once, as in a corner."""
    rows = [
        (world, crossing.tick, crossing.agent, -1, -1)
        for world, layout, states in worlds_upstairs(trace)
        for crossing in crossings(layout, states)
    ]
    return first_of_each(occurrences(*np.array(rows, np.int64).reshape(-1, 5).T), 1, 2)


STRATEGY = Strategy(
    name="over_wall",
    title="Over the wall",
    about="an agent got over a wall by a ramp",
    rank=15,
    find=find,
    sentence="{agent} gets over a wall",
    kind="over wall",
    sign=(((0.0, -1.0), (1.0, 0.1), (-1.0, 0.1)), ((-0.35, 0.0), (0.35, 0.0), (0.35, 1.0), (-0.35, 1.0))),
    tool="ramps",
)
