"""Carry: hiders move a box at least `MOVED_M` from where it was (`evidence.carried`)."""

import numpy as np

from replays.strategies.evidence.seals import MOVED_M
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy, occurrences


def find(trace: Trace) -> np.ndarray:
    """The first moment at which each box has come so far, by the hider that moved it last."""
    boxes = slice(0, trace.slots.boxes)
    away = np.linalg.norm(trace.carried.by_hiders[:, :, boxes], axis=-1) >= MOVED_M
    ever = np.maximum.accumulate(away, axis=0)
    moment, world, box = np.nonzero(ever[1:] & ~ever[:-1])
    return occurrences(world, moment + 1, trace.last_hider[moment + 1, world, box], box)


STRATEGY = Strategy(
    name="carry",
    title="Boxes moved",
    about="hiders carry boxes about",
    rank=145,
    find=find,
    sentence="{agent} has moved {thing}",
    kind="box moved",
    sign=(((-1.0, -0.6), (0.1, -0.6), (0.1, 0.6), (-1.0, 0.6)), ((0.3, -0.6), (1.0, 0.0), (0.3, 0.6))),
    tool="boxes",
)
