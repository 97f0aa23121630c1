"""Fort: hiders have walled themselves off within a room that seekers come into; see `evidence.forts`.

Hiders that are cut off in several cells have a fort too.
"""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, when_judged


def find(trace: Trace) -> np.ndarray:
    """The end of preparation and the end, where the hiders are in a fort then."""
    return when_judged(trace, lambda moment: trace.seals.fort[moment])


_TOWERS = tuple(((x - 0.25, -1.0), (x + 0.25, -1.0), (x + 0.25, 0.0), (x - 0.25, 0.0)) for x in (-0.75, 0.0, 0.75))

STRATEGY = Strategy(
    name="fort",
    title="Fort built",
    about="hiders walled themselves off within an open room",
    rank=50,
    find=find,
    sentence="{thing} walls the hiders off",
    kind="fort built",
    ends="seal broken",
    sign=(*_TOWERS, ((-1.0, -0.1), (1.0, -0.1), (1.0, 1.0), (-1.0, 1.0))),
    tool="boxes",
    own_event=False,
)
