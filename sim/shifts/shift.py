"""What a shift is: a change of a scenario's worlds that teams did not meet in training.

    quadrant+no-seekers                        a shifted scenario, wherever a scenario is named
    quadrant:boxes=2+no-lock+seeker-inside     two shifts at once
    quadrant+seeker-inside=0.1                 one in ten episodes is shifted; only where the start alone is changed

Except in `more-agents` and `three-doors`, agents observe as many rows as in the world as it was, so that every team can
play there.

What a shift may do, and when:

    options, slots    once, when the scenario is made
    suits             after that, with the options of all shifts: refuses a world
    place             after the scenario has placed a start: moves agents and things that take part, or takes them out;
                      puts none in, and leaves the slots of those that are absent empty
    act               before each tick: writes `game.actions`
    see               after each start, restore and tick: writes `game.seen`, `hidden`, `observation`, `global_state`
    pay               after each tick, last of all: writes `game.reward`, and the food that was eaten

A restored world is neither placed again nor paid. Several shifts run in the order of their `order`, whatever order the
text names them in; those that contradict each other are refused.

**To add one**, write a file in this folder: a docstring that defines it, and `SHIFT`. Tests that
all shifts must pass are in `tests/sim/test_shifts.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

import numpy as np

from sim.layout import Layout, Slots
from sim.state import State

Hook: TypeAlias = Callable[[Any, np.ndarray], None]
"""Gets the `sim.game.Game`, and the numbers (int) of the worlds that just started or ticked."""


class Start(NamedTuple):
    """Worlds that were just placed."""

    scenario: Any
    """The scenario that placed them."""
    random: np.ndarray
    """uint64 [n]: a generator for each of the worlds (`sim.rng`)."""
    worlds: np.ndarray
    """int [n]: their numbers in layout and state."""
    layout: Layout
    state: State


@dataclass(frozen=True)
class Shift:
    """A change of a scenario's worlds; functions that are None change nothing."""

    name: str
    """As in text: lower case, joined by "-"."""
    about: str
    """What is different, in a few words for people."""
    options: Callable[[Any], Any] = lambda scenario: scenario
    """Gives the scenario with other options. Raises ValueError if a scenario cannot have them."""
    suits: Callable[[Any], None] = lambda world: None
    """Raises ValueError if a scenario, which has the options of all shifts, has no such worlds."""
    place: Callable[[Start], None] | None = None
    """Changes fresh starts."""
    slots: Callable[[Slots], Slots] = lambda slots: slots
    """Gives the slots, with room for what `place` adds and nobody observes."""
    act: Hook | None = None
    """Changes `game.actions` before each tick."""
    see: Hook | None = None
    """Changes what was seen and observed, after each start, restore and tick."""
    pay: Hook | None = None
    """Changes `game.reward` after each tick; beside `place`, only where that left its mark in layout or state."""
    without: tuple[str, ...] = ()
    """Tools that neither team has, see `sim.tools.TOOLS`."""
    order: int = 0
    """Of several shifts, those of a lower order run first; of the same order, by name. Things are placed before agents,
    and agents before some are taken out; what replaces the pay for sight comes before what adds to it."""
    contradicts: tuple[str, ...] = ()
    """Shifts beside which it cannot be in all episodes. Where both have a share, an episode may have both."""

    @property
    def only_start(self) -> bool:
        """Whether layout and state hold all of it, so that a share of the episodes can be shifted."""
        return self.place is not None and not any((self.act, self.see, self.without))

    def drawn(self, seeds: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Which episodes are shifted (bool [n]), and their generators (uint64), from the seeds of n episodes."""
        from sim.shifts.draws import draw  # compiled: a scenario's text is read without it

        random, draws = seeds ^ np.uint64(crc32(self.name.encode())), np.empty(len(seeds))
        draw(random, draws)
        return draws < share, random[draws < share]


def needs(condition: bool, message: str) -> None:
    """Raises ValueError with a message unless a condition holds."""
    if not condition:
        raise ValueError(message)
