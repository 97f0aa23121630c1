"""Episodes moment by moment, with what takes a long time to work out: what every strategy is found in.

A `Tracer` notes the states of worlds that are played side by side, or of one recording; its `trace` is what it has
noted so far. So an episode is judged in the same way wherever it comes from.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.carried import Carried, follow, nothing_carried
from replays.strategies.evidence.doors import blocking, nothing_blocked
from replays.strategies.evidence.seals import Seals, seals
from sim.climb import UPPER
from sim.game import Game
from sim.layout import Layout, Slots
from sim.state import ANGLE, State, Y, take

MOVED_AT_ALL_M = 0.001
"""A thing that moves less in a tick does not move: a hider that leans on it has not put it there."""
STILL = 0.005
"""Doors are looked at again when a thing has come so far, in metres or radians: a tenth of a cell of the grid."""


class Trace(NamedTuple):
    """Whole episodes of many worlds that began together; moment k is after k ticks.

    Slice the first axis of `states`, `carried` and `seals` for time, the second for worlds.
    """

    slots: Slots
    preparation_ticks: int
    layout: Layout
    """First axis: world."""
    states: State
    """First axes: moment, world."""
    seen: np.ndarray
    """bool [moment, world, agent, agent]: observer, seen; seekers see nothing during preparation."""
    carried: Carried
    """First axes: moment, world."""
    last_hider: np.ndarray
    """int8 [moment, world, thing]: the hider that moved the thing last, -1 for none."""
    blocking: np.ndarray
    """int8 [moment, world, door]: what blocks each door, NOTHING (-1) for nothing."""
    seals: Seals
    """First axes: moment, world; all False at moments that were not judged."""
    over: bool = True
    """No more moments follow."""

    @property
    def worlds(self) -> int:
        return self.seen.shape[1]

    @property
    def ticks(self) -> int:
        """How many ticks were played."""
        return len(self.seen) - 1

    @property
    def judged(self) -> list[int]:
        """The moments at which a seal counts: the end of preparation and the end, as far as they were played."""
        moments = {self.preparation_ticks, self.ticks} if self.over else {self.preparation_ticks}
        return sorted(moment for moment in moments if moment <= self.ticks)

    def state(self, moment: int) -> State:
        """The worlds at a moment; views."""
        return State(*(column[moment] for column in self.states))

    def at(self, moments: np.ndarray, worlds: np.ndarray) -> tuple[Layout, State]:
        """Copies of the layout and state of chosen worlds, each at its own moment; both int [n]."""
        return take(self.layout, worlds), State(*(column[moments, worlds] for column in self.states))

    def in_play(self) -> np.ndarray:
        """bool [moment, 1]: after preparation, when sight is paid for."""
        return np.arange(self.ticks + 1)[:, None] > self.preparation_ticks


def worlds_upstairs(trace: Trace) -> Iterator[tuple[int, Layout, State]]:
    """The worlds in which an agent is on the upper level at some moment: number, layout, and states over time."""
    for world in np.flatnonzero((trace.states.level == UPPER).any(axis=(0, 2))).tolist():
        layout = take(trace.layout, slice(world, world + 1))
        yield world, layout, State(*(column[:, world] for column in trace.states))


class Tracer:
    """Notes episodes of worlds that are played side by side, from their start on."""

    def __init__(
        self, slots: Slots, layout: Layout, ticks: int, preparation_ticks: int, every_seal: bool = False
    ) -> None:
        """Prepares for episodes of at most `ticks` ticks.

        Args:
            slots: entity counts.
            layout: of the worlds; a copy is kept, so a game may go on to its next episodes.
            ticks: how long the episodes are.
            preparation_ticks: how long seekers are blind.
            every_seal: look for seals at every moment, not only at the two that count.
        """
        self.slots, self.ticks, self.preparation_ticks = slots, ticks, preparation_ticks
        self.layout = take(layout, slice(None))
        self.noted = 0
        """How many moments."""
        self._every_seal = every_seal
        self._columns: tuple[np.ndarray, ...] = ()
        self._carried: Carried | None = None

    @classmethod
    def of(cls, game: Game, ticks: int | None = None) -> "Tracer":
        """One for the episodes that a game has just begun, of `ticks` ticks or all; their start is noted."""
        scenario = game.scenario
        tracer = cls(game.slots, game.layout, ticks or scenario.ticks, scenario.preparation_ticks)
        tracer.note(game.state, game.seen.agents)
        return tracer

    def note(self, state: State, seen: np.ndarray) -> None:
        """Notes the next moment; the first is the start.

        Args:
            state: of the worlds.
            seen: bool [world, agent, agent], as in `Trace.seen`.
        """
        if not self.noted:
            self._begin(state, seen)
        moment, trace = self.noted, self._trace
        for column, value in zip(trace.states, state, strict=True):
            column[moment] = value
        trace.seen[moment] = seen
        self.noted += 1
        if moment:
            self._work_out(moment)

    def trace(self, over: bool = True) -> Trace:
        """What was noted so far; views, which go stale when more is noted. `over` as in `Trace`.

        Raises:
            ValueError: nothing was noted.
        """
        if not self.noted:
            raise ValueError("nothing was noted")
        until, trace = slice(0, self.noted), self._trace
        return trace._replace(
            states=State(*(column[until] for column in trace.states)),
            seen=trace.seen[until],
            carried=Carried(*(column[until] for column in trace.carried)),
            last_hider=trace.last_hider[until],
            blocking=trace.blocking[until],
            seals=Seals(*(column[until] for column in trace.seals)),
            over=over,
        )

    def _begin(self, state: State, seen: np.ndarray) -> None:
        worlds, things = state.lock.shape
        moments = (self.ticks + 1, worlds)
        flags, bearing = np.zeros((4, *moments), bool), np.zeros((*moments, things), bool)
        soft, robust, apart, fort = flags
        self._trace = Trace(
            slots=self.slots,
            preparation_ticks=self.preparation_ticks,
            layout=self.layout,
            states=State(*(np.zeros((self.ticks + 1, *column.shape), column.dtype) for column in state)),
            seen=np.zeros((self.ticks + 1, *seen.shape), bool),
            carried=Carried(np.full((*moments, things), -1, np.int8), np.zeros((*moments, things, 2))),
            last_hider=np.full((*moments, things), -1, np.int8),
            blocking=np.repeat(nothing_blocked(self.layout)[None], self.ticks + 1, axis=0),
            seals=Seals(soft, robust, apart, bearing, fort, np.zeros(moments, np.int8)),
        )
        self._now = nothing_carried(state)
        self._looked_at = state.things[..., : ANGLE + 1].copy()

    def _work_out(self, moment: int) -> None:
        trace, start = self._trace, self._trace.state(0)
        before, after = trace.state(moment - 1), trace.state(moment)
        follow(self._now, self.layout, before, after, self.slots)
        trace.carried.mover[moment], trace.carried.by_hiders[moment] = self._now
        steps = np.abs(after.things[..., : Y + 1] - before.things[..., : Y + 1]).max(axis=-1)
        by_hider = (self._now.mover < self.slots.hiders) & (steps > MOVED_AT_ALL_M)
        trace.last_hider[moment] = np.where(by_hider, self._now.mover, trace.last_hider[moment - 1])
        way = np.abs(after.things[..., : ANGLE + 1] - self._looked_at)
        moved = np.asarray((way > STILL).any(axis=(1, 2)))
        self._looked_at[moved] = after.things[moved, :, : ANGLE + 1]
        trace.blocking[moment] = blocking(self.layout, start, after, self._now, moved, trace.blocking[moment - 1])
        if self._every_seal or moment in (self.preparation_ticks, self.ticks):
            found = seals(self.layout, start, after, self._now, self.slots)
            for column, value in zip(trace.seals, found, strict=True):
                column[moment] = value


def trace_episode(slots: Slots, layout: Layout, states: State, seen: np.ndarray, preparation_ticks: int) -> Trace:
    """The trace of one recorded episode, with its seals at every moment.

    Args:
        slots: entity counts.
        layout: one world.
        states: first axis is time.
        seen: bool [moment, agent, agent], observer first.
        preparation_ticks: how long seekers were blind.
    """
    tracer = Tracer(slots, layout, len(seen) - 1, preparation_ticks, every_seal=True)
    for moment in range(len(seen)):
        one = slice(moment, moment + 1)
        tracer.note(State(*(column[one] for column in states)), seen[one])
    return tracer.trace()
