"""What a strategy is: a name, words, a sign, and how it is found.

**To add one**, write a file in this folder: a docstring that defines it, `find(trace)`, and `STRATEGY`. The catalogue
finds the file. From then on the strategy is an event and an outcome of recordings, a group of the gallery, a sign above
the time line, a rate of `hideseek evaluate` and of a run's metrics, and a line of the report. A test belongs to it:
`tests/replays/strategies/` has one for each, and one that all must pass.

A strategy is found in a `Trace`: whole episodes of many worlds, or of one. Its rule sees states and sight only, never
what teams intend or expect, and its thresholds are fixed before anybody looks at what they find.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from replays.strategies.evidence.trace import Trace
from sim.state import State

NOBODY = -1
"""In an Occurrence: no agent, or no thing, takes part."""

Point: TypeAlias = tuple[float, float]


class Disc(NamedTuple):
    """A round part of a sign."""

    x: float
    y: float
    radius: float


Shape: TypeAlias = Disc | tuple[Point, ...]
"""A part of a sign: a disc or the corners of a polygon, between -1 and 1; y points down."""


class Occurrence(NamedTuple):
    """A strategy is seen; see `find_all`."""

    world: int
    moment: int
    """The first moment that shows it."""
    agent: int
    """Who does it, or NOBODY."""
    thing: int
    """With what, or NOBODY."""
    other: int
    """Another agent or a door that takes part, or NOBODY."""


@dataclass(frozen=True)
class Strategy:
    """Something teams do that has a name."""

    name: str
    """As in JSON: lower case, joined by "_"."""
    title: str
    """As a heading."""
    about: str
    """What it is, in a few words for people."""
    rank: int
    """The most interesting first: a recording is shown under the first that it has."""
    find: Callable[[Trace], np.ndarray]
    """Where it occurs: int [occurrence, 5], the columns of an `Occurrence`, as `occurrences` makes them."""
    sentence: str
    """What is said of an event, with {agent}, {thing} and {other}: "{agent} surfs on {thing}"."""
    kind: str
    """The kind of event that shows it."""
    sign: tuple[Shape, ...]
    """How it is drawn above the time line."""
    other: str = ""
    """What `other` is: "agent", "door", or nothing."""
    ends: str | None = None
    """The kind of event that ends it; None where no event does."""
    spans: Callable[[State], dict[tuple[int, int, int], tuple[int, int]]] | None = None
    """Where no event ends what lasts: from the states of one episode, by an occurrence's moment, agent and thing, the
    first moment at which people see it and the first at which they no longer do."""
    tool: str | None = None
    """The tool that it needs (`sim.tools.TOOLS`): without it the team must do otherwise."""
    own_event: bool = True
    """Its events are what `find` finds. False where `replays.events` tells the same in more detail."""


def occurrences(
    world: np.ndarray,
    moment: np.ndarray | int,
    agent: np.ndarray | int = NOBODY,
    thing: np.ndarray | int = NOBODY,
    other: np.ndarray | int = NOBODY,
) -> np.ndarray:
    """int64 [occurrence, 5]: the columns side by side, in order of world and moment."""
    columns = np.broadcast_arrays(np.asarray(world, np.int64), moment, agent, thing, other)
    rows = np.stack(columns, axis=-1).reshape(-1, 5)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def when_judged(trace: Trace, holds: Callable[[int], np.ndarray]) -> np.ndarray:
    """The moments at which a seal counts and at which something holds, with the first thing that the seal rests on.

    Args:
        trace: where it is looked for.
        holds: bool [world] at a moment.
    """
    rows = [np.zeros((0, 5), np.int64)]
    for moment in trace.judged if trace.slots.things else ():
        world = np.flatnonzero(holds(moment))
        rows.append(occurrences(world, moment, NOBODY, trace.seals.bearing[moment, world].argmax(axis=-1)))
    return occurrences(*np.concatenate(rows).T)


def first_of_each(rows: np.ndarray, *columns: int) -> np.ndarray:
    """The first of those occurrences that agree in these columns, and in their world."""
    if not len(rows):
        return rows
    _, first = np.unique(rows[:, [0, *columns]], axis=0, return_index=True)
    return rows[np.sort(first)]
