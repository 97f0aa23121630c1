"""Ramp theft: hiders take a ramp from where seekers can come to it to where they cannot.

Seekers could come to the ramp at the start; at the end of preparation or of the episode they cannot
(`evidence.ramp_access`), and hiders have moved it at least `MOVED_M`.
"""

import numpy as np

from replays.strategies.evidence.ramp_access import ramps_in_reach
from replays.strategies.evidence.seals import MOVED_M
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, first_of_each, occurrences


def find(trace: Trace) -> np.ndarray:
    """Once for each ramp, by the hider that moved it last."""
    if not trace.slots.ramps:
        return occurrences(np.zeros(0, int), 0)
    ramps = slice(trace.slots.boxes, trace.slots.things)
    at_start = ramps_in_reach(trace.slots, trace.layout, trace.state(0)).touched
    rows = [np.zeros((0, 5), np.int64)]
    for moment in trace.judged:
        moved = np.linalg.norm(trace.carried.by_hiders[moment][:, ramps], axis=-1) >= MOVED_M
        worlds = (moved & at_start).any(axis=1)
        access = ramps_in_reach(trace.slots, trace.layout, trace.state(moment), worlds)
        taken = at_start & moved & ~access.touched & ~access.gone
        world, ramp = np.nonzero(taken)
        thing = trace.slots.boxes + ramp
        rows.append(occurrences(world, moment, trace.last_hider[moment, world, thing], thing))
    return first_of_each(occurrences(*np.concatenate(rows).T), 3)


STRATEGY = Strategy(
    name="ramp_theft",
    title="Ramp taken in",
    about="hiders bring a ramp where seekers cannot come",
    rank=35,
    find=find,
    sentence="{agent} has taken {thing} out of the seekers' reach",
    kind="ramp theft",
    sign=(
        ((-1.0, 0.2), (0.4, 0.2), (0.4, -1.0)),
        ((0.55, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, 0.6), (0.55, 0.6)),
    ),
)
