"""What one team could know of an episode: for captions and signs while a person plays in fog."""

from collections.abc import Callable

import numpy as np

from replays.events import CHANGE_KINDS, NOBODY, Event
from replays.format.recording import Recording
from sim.rules import HIDERS
from sim.sight import Visibility


def members(recording: Recording, team: int) -> np.ndarray:
    """bool [agent]: takes part in a team."""
    hiders = np.arange(recording.header.slots.agents) < recording.header.slots.hiders
    return recording.layout.agent_exists[0] & (hiders if team == HIDERS else ~hiders)


def witnessed(recording: Recording, event: Event, team: int, sight: Callable[[int], Visibility]) -> bool:
    """Whether a team did something itself, or one of it saw who did it.

    What no single agent does, such as a seal, is known to the hiders, and to the seekers that see the thing it rests
    on. Where it rests on no thing (ramps denied), seekers cannot tell. A hider learns that it was spotted or lost from
    a seeker that it sees. `sight` gives what agents see at a tick.
    """
    own = members(recording, team)
    if event.kind in CHANGE_KINDS:
        return True
    if event.agent == NOBODY:
        return team == HIDERS or (event.thing != NOBODY and bool(sight(event.tick).things[0, own, event.thing].any()))
    return bool(own[event.agent]) or sees(recording, event.tick, team, event.agent)


def known_sightings(recording: Recording, team: int | None) -> np.ndarray:
    """bool [T + 1, seeker, hider]: the sightings that count, as far as a team could know; None knows all.

    A hider learns that it is seen only from a seeker that hiders see.
    """
    found = recording.sightings
    if team == HIDERS:
        seekers = recording.header.slots.hiders
        noticed = recording.seen[:, members(recording, HIDERS), seekers:].any(axis=1, keepdims=True)
        found &= np.swapaxes(noticed, 1, 2)
    return found


def sees(recording: Recording, tick: int, team: int, agent: int) -> bool:
    """Whether one of a team sees an agent at a tick; seekers see nobody during preparation."""
    asleep = team != HIDERS and tick < recording.header.preparation_ticks
    return not asleep and bool(recording.seen[tick, members(recording, team), agent].any())
