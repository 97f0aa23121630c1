"""Blockades: how long doors are blocked (see `doors`), by what, and who opens them again.

Blockades and openings shorter than `BRIEF_TICKS` are passed over: a box that is pushed about in a doorway would
otherwise open and shut it several times a second.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.doors import NOTHING
from replays.strategies.evidence.intervals import intervals

BRIEF_TICKS = 3
"""Blockades and openings shorter than this are passed over."""


class Blockade(NamedTuple):
    """A door that was blocked for a while."""

    door: int
    first: int
    """The first moment at which it is blocked."""
    last: int
    """The last moment at which it is."""
    thing: int
    """What blocks it at first."""
    hider: int
    """The hider that put it there."""
    opener: int
    """Who last held or touched `last_thing` when the door was open again, or NOTHING; NOTHING too if it never was."""
    last_thing: int
    """What blocks it at last: another thing may have taken the place of the first."""


def blockades_in(things: np.ndarray, movers: np.ndarray, hiders: np.ndarray, over: bool = True) -> list[Blockade]:
    """The blockades in a sequence of moments, in order of their beginning; brief ones are passed over.

    Args:
        things: int8 [moment, door], what `blocking` found at each.
        movers: int8 [moment, thing], as in `Carried`.
        hiders: int8 [moment, thing], the hider that held or touched it last, -1 for none.
        over: no more moments follow. If some do, what has just begun is passed over until it has lasted.
    """
    found, moments = [], len(things)
    for door in range(things.shape[1]):
        for first, end in _lasting(things[:, door] != NOTHING, over):
            blockers = things[first:end, door]
            thing, last_thing = blockers[blockers != NOTHING][[0, -1]].tolist()
            opener = int(movers[end, last_thing]) if end < moments else NOTHING
            found.append(Blockade(door, first, end - 1, thing, int(hiders[first, thing]), opener, last_thing))
    return sorted(found, key=lambda blockade: blockade.first)


def _lasting(shut: np.ndarray, over: bool) -> list[tuple[int, int]]:
    """First moment and first moment after of every blockade, once what is brief has been passed over."""
    steady = shut.copy()
    for state in (False, True):
        for first, end in intervals(steady == state):
            if end - first < BRIEF_TICKS and first > 0 and (end < len(steady) or not over):
                steady[first:end] = not state
    return intervals(steady)
