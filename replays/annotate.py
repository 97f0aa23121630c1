"""The strategies in a recording: found once, kept among its events and in its outcome."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from replays.events import (
    CHANGE_KINDS,
    SIGHT_KINDS,
    Event,
    find_events,
    sight_events,
    strategy_events,
    with_changes,
)
from replays.format.recording import Recording
from replays.strategies.catalogue import find_all, names, seal_flags
from replays.strategies.evidence.trace import Trace, trace_episode


def with_strategies(recording: Recording) -> Recording:
    """The same recording with all of its events, and with the strategies that occur in its outcome.

    What the user changed in it stays an event; strategies count from the last change on.
    """
    header, states = recording.header, recording.states
    trace = trace_episode(header.slots, recording.layout, states, recording.seen, header.preparation_ticks)
    found = find_all(trace)
    events = find_events(
        header.slots, recording.layout, states, recording.actions, recording.seen, header.preparation_ticks
    )
    events += strategy_events(trace, found)
    changes = [event for event in recording.events if event.kind in CHANGE_KINDS]
    outcome = {
        **header.outcome,
        **strategies_in(trace, found, since=max((change.tick for change in changes), default=0)),
    }
    header = dataclasses.replace(header, outcome=outcome)
    return dataclasses.replace(recording, header=header, events=in_order(events, changes))


def in_order(events: list[Event], changes: list[Event]) -> tuple[Event, ...]:
    """Events of an episode and what the user changed, in order of tick."""
    return tuple(with_changes(sorted(events, key=lambda event: event.tick), changes))


def strategies_in(trace: Trace, found: Mapping[str, np.ndarray], since: int = 0) -> dict[str, bool]:
    """What an outcome tells of strategies: whether each occurs from a moment on, and the seals at the end of
    preparation, if that was played, and at the end.

    Args:
        trace: of one world.
        found: what `catalogue.find_all` found in it.
        since: what began before this moment does not count.
    """
    outcome = {name: bool((rows[:, 1] >= since).any()) for name, rows in found.items()}
    seals = {name: bool(worlds[0]) for name, worlds in seal_flags(trace).items() if not name.startswith("fort_")}
    return outcome | seals


def searched(recording: Recording) -> Recording:
    """The same recording with the strategies and sightings that count today; itself, if its own are those."""
    if not set(names()) <= recording.header.outcome.keys():
        return with_strategies(recording)
    header, events = recording.header, recording.events
    # Older versions also noted whom seekers see in the moment in which they open their eyes.
    if all(event.kind not in SIGHT_KINDS or event.tick > header.preparation_ticks for event in events):
        return recording
    others = [event for event in events if event.kind not in SIGHT_KINDS]
    counted = sight_events(header.slots, recording.seen, header.preparation_ticks)
    return dataclasses.replace(recording, events=tuple(sorted([*others, *counted], key=lambda event: event.tick)))
