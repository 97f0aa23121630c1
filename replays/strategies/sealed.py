"""Sealed: no seeker can come to the hiders at the end of preparation or of the episode; see `evidence.seals`."""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, when_judged


def find(trace: Trace) -> np.ndarray:
    """The end of preparation and the end, where the hiders are sealed softly or robustly then."""
    return when_judged(trace, lambda moment: trace.seals.soft[moment] | trace.seals.robust[moment])


STRATEGY = Strategy(
    name="sealed",
    title="Sealed in",
    about="no seeker can come in any more",
    rank=70,
    find=find,
    sentence="{thing} seals the hiders in",
    kind="room sealed",
    ends="seal broken",
    sign=(((0.0, -1.0), (1.0, 1.0), (-1.0, 1.0)),),
    tool="boxes",
    own_event=False,
)
