"""What lasts in a film: blocked doors, seals and rides, each with the event that began it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from replays.events import Event
from replays.strategies.catalogue import strategies
from sim.state import State

ENDS = {strategy.kind: strategy.ends for strategy in strategies() if strategy.ends}
"""Kinds of events that begin what lasts, with the kind that ends it."""
_SPANS = {strategy.kind: strategy.spans for strategy in strategies() if strategy.spans}

Spans: TypeAlias = Mapping[tuple[int, str, int, int], tuple[int, int]]
"""By an event's tick, kind, agent and thing: the first tick that shows it to people, and the first that no longer does.
Of what lasts and no event ends."""

_NEVER = 1 << 31
"""A tick that no film has."""


class Stretch(NamedTuple):
    """Something that lasts."""

    event: Event
    """What began it."""
    end: int
    """The first tick that no longer shows it; beyond the film's last tick where that shows it still."""
    ended: Event | None
    """What ended it, if an event did."""

    def at(self, tick: int) -> bool:
        """Whether it is so at a tick."""
        return self.event.tick <= tick < self.end


def spans_of(events: Sequence[Event], states: State) -> Spans:
    """The spans of the kinds that are among the events."""
    kinds = {event.kind for event in events}
    return {
        (tick, kind, agent, thing): span
        for kind, find in _SPANS.items()
        if kind in kinds
        for (tick, agent, thing), span in find(states).items()
    }


def dated(event: Event, spans: Spans) -> Event:
    """An event at the moment at which people see it."""
    span = spans.get(event[:4])
    return event._replace(tick=span[0]) if span else event


def stretches(events: Sequence[Event], spans: Spans) -> list[Stretch]:
    """What lasts of what these events, in order of tick and `dated`, began; in their order."""
    ends: dict[tuple[str, int], list[Event]] = {}
    for event in events:  # a door that opens as the user takes a thing away is named by that event
        kind = "door open again" if event.kind == "taken away" else event.kind
        ends.setdefault((kind, event.other), []).append(event)
    seen = {(first, *about): end for (_, *about), (first, end) in spans.items()}
    found = []
    for event in events:
        if event.kind in ENDS:
            later = ends.get((ENDS[event.kind], event.other), [])
            place = bisect_right(later, event.tick, key=lambda one: one.tick)
            ended = later[place] if place < len(later) else None
            found.append(Stretch(event, ended.tick if ended else _NEVER, ended))
        elif event[:4] in seen:
            found.append(Stretch(event, seen[event[:4]], None))
    return found


def together(found: Iterable[Stretch], ticks: int) -> list[tuple[int, int]]:
    """From when to when at least one of these lasts, in a film of so many ticks; they are in order of tick.

    Where one begins at the first tick that no longer shows another, the two are one.
    """
    merged: list[tuple[int, int]] = []
    for one in found:
        first, end = one.event.tick, min(one.end, ticks)
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((first, end))
    return merged
