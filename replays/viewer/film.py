"""A recording with what the viewer asks of it again and again, worked out once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from replays.events import Event
from replays.recording import Recording

_LINGER_TICKS = 8
"""How long the caption tells an event."""


@dataclass(frozen=True)
class Film:
    """A recording that is being watched."""

    recording: Recording
    """What is watched."""
    name: str
    """What to call it: the file's name."""

    @cached_property
    def hiders(self) -> list[int]:
        """The hiders that take part."""
        exist = self.recording.layout.agent_exists[0, : self.recording.header.slots.hiders]
        return np.flatnonzero(exist).tolist()

    @cached_property
    def hidden(self) -> np.ndarray:
        """bool [T + 1, hider]"""
        return self.recording.hidden

    @cached_property
    def hidden_share(self) -> np.ndarray:
        """float [T + 1]: share of the play ticks so far in which no hider was seen; NaN before the first."""
        all_hidden = np.asarray(self.hidden.all(axis=1))
        played = np.arange(len(all_hidden)) > self.recording.header.preparation_ticks
        with np.errstate(invalid="ignore"):
            return np.cumsum(all_hidden & played) / np.cumsum(played)

    def last_events(self, tick: int) -> list[Event]:
        """What the caption tells at a tick: the events of the latest tick with any, while they are fresh."""
        fresh = [event for event in self.recording.events if tick - _LINGER_TICKS < event.tick <= tick]
        return [event for event in fresh if event.tick == fresh[-1].tick]

    def next_event(self, time: float, direction: int) -> int | None:
        """The tick of the next event after (direction 1) or before (-1) a time."""
        ticks = [event.tick for event in self.recording.events]
        if direction > 0:
            return min((tick for tick in ticks if tick > time), default=None)
        return max((tick for tick in ticks if tick < time), default=None)
