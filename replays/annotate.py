"""The strategies in a recording: found once, kept among its events and in its outcome."""

import dataclasses
from collections.abc import Iterable

from replays.events import HEIGHT_KINDS, Event, door_events, seal_events
from replays.format.recording import Recording
from replays.strategies.evidence.doors import blockades
from replays.strategies.evidence.seals import Seals, seals_over_time

DOOR_BLOCKED = "door_blocked"
"""Key of the outcome: did hiders ever block a door? Recordings made before blocked doors were looked for lack it."""


def with_strategies(recording: Recording) -> Recording:
    """The same recording with its seals and blocked doors: among the events, and in the outcome."""
    header, states = recording.header, recording.states
    found = seals_over_time(recording.layout, states, header.slots)
    doors = door_events(blockades(recording.layout, states, header.slots), header.ticks)
    events = tuple(sorted([*doors, *recording.events, *seal_events(found)], key=lambda event: event.tick))
    outcome = {**header.outcome, **strategies_in(events, found, header.preparation_ticks)}
    return dataclasses.replace(recording, header=dataclasses.replace(header, outcome=outcome), events=events)


def strategies_in(events: Iterable[Event], found: Seals, preparation: int) -> dict[str, bool]:
    """What an outcome tells of strategies: seals at the end of preparation, if it has ended, and at the end; and
    whether a fort was ever built or a door blocked, and whether anybody climbed, got over a wall or surfed.

    Args:
        events: of an episode, all of them.
        found: the first axis is time.
        preparation: its ticks.
    """
    end, kinds = len(found.soft) - 1, {event.kind for event in events}
    outcome = {}
    for when, tick in (("prep", preparation), ("end", end)):
        if tick <= end:
            outcome[f"soft_{when}"], outcome[f"robust_{when}"] = bool(found.soft[tick]), bool(found.robust[tick])
    outcome |= {"fort": "fort built" in kinds, DOOR_BLOCKED: "door blocked" in kinds}
    return outcome | {kind.replace(" ", "_"): kind in kinds for kind in HEIGHT_KINDS}


def with_doors(recording: Recording) -> Recording:
    """The same recording with its blocked doors; itself, if they have been looked for."""
    header = recording.header
    if DOOR_BLOCKED in header.outcome:
        return recording
    found = blockades(recording.layout, recording.states, header.slots)
    events = sorted([*door_events(found, header.ticks), *recording.events], key=lambda event: event.tick)
    header = dataclasses.replace(header, outcome={**header.outcome, DOOR_BLOCKED: bool(found)})
    return dataclasses.replace(recording, header=header, events=tuple(events))
