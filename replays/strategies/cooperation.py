"""Cooperation: a seal rests on things that different hiders put there.

A seal or fort (`evidence.seals`) at the end of preparation or of the episode counts, if two of its load-bearing things
were last moved by two different hiders.
"""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import NOBODY, Disc, Strategy, occurrences


def find(trace: Trace) -> np.ndarray:
    """The end of preparation and the end, where it is so then; the hider and thing of one, the hider of another."""
    rows = [np.zeros((0, 5), np.int64)]
    for moment in trace.judged if trace.slots.things else ():
        shut = trace.seals.soft[moment] | trace.seals.robust[moment] | trace.seals.apart[moment]
        bearing, hiders = trace.seals.bearing[moment], trace.last_hider[moment]
        counts = shut[:, None] & bearing & (hiders != NOBODY)
        most = np.where(counts, hiders, -1).max(axis=1, initial=-1)
        least = np.where(counts, hiders, trace.slots.hiders).min(axis=1, initial=trace.slots.hiders)
        world = np.flatnonzero(counts.any(axis=1) & (most != least))
        thing = (counts & (hiders == least[:, None]))[world].argmax(axis=1)
        rows.append(occurrences(world, moment, least[world], thing, most[world]))
    return occurrences(*np.concatenate(rows).T)


STRATEGY = Strategy(
    name="cooperation",
    title="Built together",
    about="what shuts the hiders in was put there by several of them",
    rank=55,
    find=find,
    sentence="{agent} and {other} have built this together",
    kind="cooperation",
    other="agent",
    sign=(
        Disc(-0.55, -0.4, 0.45),
        Disc(0.55, -0.4, 0.45),
        ((-1.0, 0.2), (1.0, 0.2), (1.0, 1.0), (-1.0, 1.0)),
    ),
    tool="boxes",
)
