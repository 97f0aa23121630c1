"""What lasts in a film: blocked doors, seals and rides, each with the event that began it."""

from collections.abc import Sequence
from typing import NamedTuple

from replays.events import Event
from replays.strategies.catalogue import strategies
from sim.state import State

_LASTING = {strategy.kind: strategy for strategy in strategies() if strategy.ends or strategy.span}

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


def dated(event: Event, states: State) -> Event:
    """An event at the moment at which people see it."""
    strategy = _LASTING.get(event.kind)
    if strategy is None or strategy.span is None:
        return event
    return event._replace(tick=strategy.span(states, event.tick, event.agent, event.thing)[0])


def stretches(events: Sequence[Event], states: State | None) -> list[Stretch]:
    """What lasts of what these events began, in their order.

    Args:
        events: in order of tick.
        states: of the whole film; None where they may not be told, then what no event ends is left out.
    """
    found = []
    for event in events:
        strategy = _LASTING.get(event.kind)
        if strategy is None:
            continue
        if strategy.ends:
            ended = _end(events, event, strategy.ends)
            found.append(Stretch(event, ended.tick if ended else _NEVER, ended))
        elif strategy.span and states is not None:
            found.append(Stretch(event, strategy.span(states, event.tick, event.agent, event.thing)[1], None))
    return [one for one in found if one.end > one.event.tick]


def _end(events: Sequence[Event], begun: Event, kind: str) -> Event | None:
    """What ends it: an event of that kind, of the same door if it is of a door, or the user who opened that door."""

    def ends(event: Event) -> bool:
        opened = event.kind == "taken away" and event.other == begun.other and begun.kind == "door blocked"
        return event.tick > begun.tick and (opened or (event.kind == kind and event.other == begun.other))

    return next(filter(ends, events), None)
