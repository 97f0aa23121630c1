"""Seen from above: a hider is seen from the upper level alone, and would not be if the seekers stood on the floor.

At one moment of play the hider is seen, all seekers that see it are on the upper level, and none would see it if
they stood on the floor in the same places (the same moment again, with their levels set to the floor). A seeker that
stands on a box would then stand inside of it and see nothing, so all that it sees from a box is seen from above.
"""

import numpy as np

from replays.strategies.evidence.sightings import sight_again
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Disc, Strategy, first_of_each, occurrences
from sim.climb import FLOOR, UPPER


def find(trace: Trace) -> np.ndarray:
    """The first such moment for each seeker and hider."""
    hiders = trace.slots.hiders
    seeing = trace.seen[:, :, hiders:, :hiders] & trace.in_play()[:, :, None, None]
    upstairs = trace.states.level[:, :, hiders:] == UPPER
    only_above = seeing.any(axis=2) & ~(seeing & ~upstairs[..., None]).any(axis=2)
    moment, world = np.nonzero(only_above.any(axis=2))
    layout, states = trace.at(moment, world)
    states.level[:, hiders:] = FLOOR
    from_floor = sight_again(trace.slots, layout, states)[:, hiders:, :hiders].any(axis=1)
    counts = seeing[moment, world] & (only_above[moment, world] & ~from_floor)[:, None]
    one, seeker, hider = np.nonzero(counts)
    rows = occurrences(world[one], moment[one], hiders + seeker, -1, hider)
    return first_of_each(rows, 2, 4)


STRATEGY = Strategy(
    name="seen_from_above",
    title="Seen from above",
    about="a seeker looks over what hid a hider",
    rank=20,
    find=find,
    sentence="{agent} sees {other} from above",
    kind="seen from above",
    other="agent",
    sign=(((-1.0, -0.6), (1.0, -0.6), (0.0, 0.2)), Disc(0.0, 0.7, 0.35)),
    tool="ramps",
)
