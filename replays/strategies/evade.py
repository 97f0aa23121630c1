"""Evade: a hider that was seen gets out of sight by its own way.

In play the hider is seen, then not seen by any seeker for `HIDDEN_TICKS` moments. At the first of them a seeker would
see it still if it had stayed where the stretch of being seen began (the same moment again with the hider back there, on
the level it had then). So a seeker that turns away is no evasion, nor is a box that others push in between. Stretches
of the same hider that less than `HIDDEN_TICKS` divide are one.
"""

import numpy as np

from replays.strategies.evidence.runs import run_lengths
from replays.strategies.evidence.sightings import sight_again
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences
from sim.state import Y

HIDDEN_TICKS = 10
"""A second out of sight."""


def find(trace: Trace) -> np.ndarray:
    """The first moment out of sight, each time."""
    hiders = trace.slots.hiders
    seen = np.asarray(trace.seen[:, :, hiders:, :hiders].any(axis=2)) & trace.in_play()[:, :, None]
    lasts, begins = run_lengths(~seen)
    long = ~seen & (lasts >= HIDDEN_TICKS)
    moment, world, hider = np.nonzero(long & begins & (np.arange(len(seen)) > 0)[:, None, None])
    spotted = _since(seen, long)[moment - 1, world, hider]
    moment, world, hider, spotted = (column[spotted >= 0] for column in (moment, world, hider, spotted))
    layout, states = trace.at(moment, world)
    one = np.arange(len(world))
    states.agents[one, hider, : Y + 1] = trace.states.agents[spotted, world, hider, : Y + 1]
    states.level[one, hider] = trace.states.level[spotted, world, hider]
    sees = np.asarray(sight_again(trace.slots, layout, states)[:, hiders:, :hiders].any(axis=1))
    stayed = sees[one, hider]
    return occurrences(world[stayed], moment[stayed], hider[stayed])


def _since(seen: np.ndarray, long: np.ndarray) -> np.ndarray:
    """int [moment, world, hider]: the first moment at which the hider was seen since it was last out of sight for long;
    -1 if it was not seen since.
    """
    moments = np.arange(len(seen))[:, None, None]
    last_hidden = np.maximum.accumulate(np.where(long, moments, -1), axis=0)
    since = np.full(seen.shape, -1)
    for moment in range(len(seen)):
        before = since[moment - 1] if moment else since[0]
        fresh = np.where(before > last_hidden[moment], before, -1)
        since[moment] = np.where(seen[moment] & (fresh < 0), moment, fresh)
    return since


STRATEGY = Strategy(
    name="evade",
    title="Escape",
    about="a hider that was seen runs out of sight",
    rank=140,
    find=find,
    sentence="{agent} escapes from sight",
    kind="escape",
    sign=(((0.2, -1.0), (1.0, 0.0), (0.2, 1.0), (0.2, 0.4), (-1.0, 0.4), (-1.0, -0.4), (0.2, -0.4)),),
)
