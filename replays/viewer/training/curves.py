"""Which numbers of a run's metrics are shown as curves: what they are called, their colours, and when they rise."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from replays.format.metrics import LEVELS, SMOOTHED, Metrics
from replays.viewer.widgets.plot import Curves, Line, Onset
from sim.render.palette import GREY, HIDER, INK, SEEKER, SITE, Colour

_WORTH_SHOWING = 0.01
_BROWN: Colour = (150, 100, 40)
_GREEN: Colour = (0, 130, 100)
_GOLD: Colour = (196, 140, 0)
_TEAL: Colour = (0, 150, 170)
_RED: Colour = (200, 40, 60)
_OLIVE: Colour = (110, 130, 20)
_PINK: Colour = (204, 90, 160)
_CORAL: Colour = (240, 130, 120)
_SKY: Colour = (90, 180, 235)


class Kind(NamedTuple):
    """A number of the metrics that has a curve."""

    name: str
    label: str
    colour: Colour
    always: bool = False
    """Shown from the start; others once they are worth showing."""
    strategy: bool = True
    """A rate whose onset is marked."""
    count: bool = False
    """A number per episode, not a share."""


KINDS = (
    Kind("hidden", "hidden", HIDER, always=True, strategy=False),
    Kind("chase", "chase", _CORAL),
    Kind("carry", "boxes moved", _SKY),
    Kind("door_blocked", "door blocked", _GOLD, always=True),
    Kind("soft_end", "sealed", SITE, always=True),
    Kind("robust_end", "sealed and locked", _BROWN, always=True),
    Kind("fort_end", "in a fort", _GREEN),
    Kind("shelter", "in a shelter", _TEAL),
    Kind("over_wall", "over the wall", SEEKER),
    Kind("seen_from_above", "seen from above", _RED),
    Kind("ramp_theft", "ramp taken in", _OLIVE),
    Kind("ramp_denied", "ramps denied", _PINK),
    Kind("surf", "surfing", INK),
    Kind("done", "task done", _GREEN),
    Kind("hider_locks", "locks an episode", GREY, always=True, strategy=False, count=True),
)
"""In the order of the legend, which is about that in which they come: chases are learned in the first minutes."""
NAMES = tuple(kind.name for kind in KINDS)


def curves_of(metrics: Metrics, changes: tuple[int, ...] = ()) -> Curves:
    """The curves of a run's metrics; `changes` as in `Curves`."""
    lines = (_line(kind, metrics) for kind in KINDS if kind.name in metrics.rates)
    return Curves(
        np.array(metrics.agent_steps, np.int64),
        np.array(metrics.seconds, float),
        tuple(line for kind, line in lines if kind.always or np.nanmax(line.values) >= _WORTH_SHOWING),
        changes,
    )


def smoothed(values: Iterable[float]) -> np.ndarray:
    """The mean of each value and the few before it; unknown ones (NaN) do not count."""
    found = np.array(list(values), float)
    known = ~np.isnan(found)
    sums = np.concatenate([np.zeros(SMOOTHED), np.cumsum(np.where(known, found, 0.0))])
    counts = np.concatenate([np.zeros(SMOOTHED), np.cumsum(known)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return (sums[SMOOTHED:] - sums[:-SMOOTHED]) / (counts[SMOOTHED:] - counts[:-SMOOTHED])


def onsets(agent_steps: list[int], values: np.ndarray) -> tuple[Onset, ...]:
    """Where smoothed values first rise to each level; those that have it from the start never do.

    The first few points are means of too few updates.
    """
    found = []
    for level in LEVELS:
        above = values[SMOOTHED - 1 :] >= level
        risen = np.flatnonzero(above[1:] & ~above[:-1])
        if len(risen):
            found.append(Onset(agent_steps[int(risen[0]) + SMOOTHED], level))
    return tuple(found)


def _line(kind: Kind, metrics: Metrics) -> tuple[Kind, Line]:
    values = smoothed(metrics.rates[kind.name])
    if not kind.count:
        values = np.minimum(values, 1.0)
    found = onsets(metrics.agent_steps, values) if kind.strategy else ()
    top = _top(float(np.nanmax(values))) if kind.count else 1.0
    name = f"{kind.label} (of {top:.0f})" if kind.count else kind.label
    return kind, Line(kind.name, name, kind.colour, values, top, found)


def _top(largest: float) -> float:
    """The upper edge of a curve that is not a share: an even number."""
    return max(2.0 * np.ceil(largest / 2.0), 2.0)
