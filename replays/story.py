"""The strategies in a recording: found once, kept among its events and in its outcome."""

import dataclasses

from replays.events import HEIGHT_KINDS, door_events, seal_events
from replays.recording import Recording
from replays.strategies.doors import blockades
from replays.strategies.sealed import seals_over_time

DOOR_BLOCKED = "door_blocked"
"""Key of the outcome: did hiders ever block a door? Recordings made before blocked doors were looked for lack it."""


def with_story(recording: Recording) -> Recording:
    """The same recording with its seals and blocked doors: among the events, and in the outcome.

    The outcome also says whether a fort was ever built, and whether anybody climbed, got over a wall or surfed.
    """
    header = recording.header
    found = seals_over_time(recording.layout, recording.states, header.slots)
    outcome = dict(header.outcome)
    for when, tick in (("prep", header.preparation_ticks), ("end", header.ticks)):
        outcome[f"soft_{when}"] = bool(found.soft[tick])
        outcome[f"robust_{when}"] = bool(found.robust[tick])
    outcome["fort"] = bool(found.fort.any())
    for kind in HEIGHT_KINDS:
        outcome[kind.replace(" ", "_")] = any(event.kind == kind for event in recording.events)
    events = sorted([*recording.events, *seal_events(found)], key=lambda event: event.tick)
    told = dataclasses.replace(recording, header=dataclasses.replace(header, outcome=outcome), events=tuple(events))
    return with_doors(told)


def with_doors(recording: Recording) -> Recording:
    """The same recording with its blocked doors; itself, if they have been looked for."""
    header = recording.header
    if DOOR_BLOCKED in header.outcome:
        return recording
    found = blockades(recording.layout, recording.states, header.slots)
    events = sorted([*door_events(found, header.ticks), *recording.events], key=lambda event: event.tick)
    header = dataclasses.replace(header, outcome={**header.outcome, DOOR_BLOCKED: bool(found)})
    return dataclasses.replace(recording, header=header, events=tuple(events))
