"""A recording with what the viewer asks of it again and again, worked out once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from replays.events import MINOR_KINDS, Event, in_time
from replays.film.agent_view import DecodedObservation, decode_observation
from replays.film.focus import Focus, focus_of
from replays.film.lasting import Spans, Stretch, dated, spans_of, stretches
from replays.film.shown import Shown, shown_at
from replays.film.witness import known_sightings, witnessed
from replays.format.header import WITH_PERSON
from replays.format.recording import Recording
from replays.interpolation import Moment, moment
from replays.readings import Readings, readings_of
from replays.strategies.evidence.intervals import intervals
from replays.wording import door_names, end_of_seal, in_words
from sim.scenario import brief
from sim.sight import Visibility
from sim.state import X, Y

_LINGER_TICKS = 10
"""How long an event is news."""
_TRAIL_TICKS = 25
"""How far back trails go."""


@dataclass(frozen=True)
class Film:
    """A recording that is being watched."""

    recording: Recording
    """What is watched."""
    name: str
    """What to call it: the file's name."""
    witness: int | None = None
    """The team whose knowledge limits captions and signs; None shows everything."""
    _latest: dict[str, tuple[Any, Any]] = field(default_factory=dict, repr=False, compare=False)
    """What was last worked out of each sort, with what it was worked out for."""

    @property
    def world(self) -> str:
        """The shortest text that names its world."""
        return _world_name(self.recording.header.scenario)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, as far as the witness could know, when it can be seen; causes come before their effects."""
        events = in_time(dated(event, self._spans) for event in self.recording.events)
        if self.witness is None:
            return tuple(events)
        return tuple(event for event in events if witnessed(self.recording, event, self.witness, self.sight))

    @cached_property
    def _spans(self) -> Spans:
        return spans_of(self.recording.events, self.recording.states)

    @cached_property
    def lasting(self) -> list[Stretch]:
        """What lasts for a while, as far as the witness could know: of what no event ends, nothing."""
        return stretches(self.events, self._spans if self.witness is None else {})

    def lasting_at(self, tick: int) -> list[Event]:
        """What began it, for all that lasts at a tick."""
        return [one.event for one in self.lasting if one.at(tick)]

    def moment(self, time: float) -> Moment:
        """The instant at a time in ticks, as `replays.interpolation.moment`; worked out once for all parts of a frame.

        Do not write to it.
        """
        return self._once("moment", time, lambda: moment(self.recording, time))

    def shown(self, tick: int) -> Shown:
        """What the agents were shown when a tick began."""
        return self._once("shown", tick, lambda: shown_at(self.recording, tick))

    def sight(self, tick: int) -> Visibility:
        """What the agents see when a tick begins."""
        return self.shown(tick).seen

    def observed(self, tick: int, agent: int) -> DecodedObservation:
        """What an agent observes when a tick begins."""
        return self._once(
            "observed", (tick, agent), lambda: decode_observation(self.recording, agent, self.shown(tick))
        )

    @property
    def readings(self) -> Readings | None:
        """The linear probes of the hiders; None if there are none, or while a person plays or has played as a hider.

        And None if they tell things or doors apart that are not in this world: the file is not trusted.
        """
        header = self.recording.header
        if self.witness is not None or header.hiders.endswith(WITH_PERSON):
            return None
        found = readings_of(header.hashes.get("hiders", ""))
        most = {"box": header.slots.things, "door": header.slots.doors}
        if found and any(max(found.scores[name].labels) > most[name] for name in most if name in found.scores):
            return None
        return found

    def read_inside(self, tick: int, agent: int) -> dict[str, np.ndarray] | None:
        """What those probes read from an agent's network when a tick begins, as `Readings.read`.

        None for seekers, and where the observation is only estimated.
        """
        readings = self.readings
        if readings is None or agent not in self.hiders or tick >= self.recording.header.ticks:
            return None
        if self.shown(tick).estimated:
            return None
        return self._once("inside", (tick, agent), lambda: readings.read(self.observed(tick, agent).numbers))

    def _once(self, sort: str, key: object, work: Callable[[], Any]) -> Any:
        kept = self._latest.get(sort)
        if kept is None or kept[0] != key:
            kept = self._latest[sort] = (key, work())
        return kept[1]

    @cached_property
    def hiders(self) -> list[int]:
        """The hiders that take part."""
        exist = self.recording.layout.agent_exists[0, : self.recording.header.slots.hiders]
        return np.flatnonzero(exist).tolist()

    @cached_property
    def agents(self) -> list[int]:
        """The agents that take part."""
        return np.flatnonzero(self.recording.layout.agent_exists[0]).tolist()

    @cached_property
    def sightings(self) -> np.ndarray:
        """bool [T + 1, seeker, hider]: the sightings that count, as far as the witness could know."""
        return known_sightings(self.recording, self.witness)

    @cached_property
    def hidden(self) -> np.ndarray:
        """bool [T + 1, hider]: no seeker sees this hider, as far as the witness could know."""
        return np.asarray(~self.sightings.any(axis=1))

    @cached_property
    def seen_spans(self) -> list[list[tuple[int, int]]]:
        """For each of `hiders`, the first tick and the first tick after of every time it was seen."""
        return [intervals(seen) for seen in self._seen.T]

    @cached_property
    def somebody_seen(self) -> list[tuple[int, int]]:
        """The first tick and the first tick after of every time in which any of them was seen."""
        return intervals(np.asarray(self._seen.any(axis=1)))

    @cached_property
    def _seen(self) -> np.ndarray:
        """bool [T, hider of `hiders`]; the state after the last tick has no room on a time line."""
        return ~self.hidden[:-1, self.hiders]

    @cached_property
    def focus(self) -> Focus:
        """The part of the floor where things happen."""
        return focus_of(self.recording)

    @cached_property
    def _doors(self) -> list[str]:
        return door_names(self.recording.layout)

    def door_name(self, door: int) -> str:
        """What people call a door, such as "the left door"."""
        return self._doors[door]

    @cached_property
    def hidden_share(self) -> np.ndarray:
        """float [T + 1]: share of the play ticks so far in which no hider was seen; NaN before the first."""
        all_hidden = np.asarray(self.hidden.all(axis=1))
        played = np.arange(len(all_hidden)) > self.recording.header.preparation_ticks
        with np.errstate(invalid="ignore"):
            return np.cumsum(all_hidden & played) / np.cumsum(played)

    @cached_property
    def paid_so_far(self) -> np.ndarray:
        """float [T + 1]: what a hider has been paid so far, the mean over hiders."""
        paid = self.recording.reward[:, self.hiders].mean(axis=1, dtype=float)
        return np.concatenate([[0.0], np.cumsum(paid)])

    @property
    def has_seekers(self) -> bool:
        """Hide-and-seek, rather than a job that hiders have to themselves."""
        return self.recording.header.slots.seekers > 0

    def last_events(self, tick: int) -> list[Event]:
        """What the list of events marks at a tick: those of the latest tick with any, while they are fresh."""
        fresh = self.news(tick)
        return [event for event in reversed(fresh) if event.tick == fresh[0].tick]

    def news(self, tick: int) -> list[Event]:
        """What has just happened, the latest first."""
        return [event for event in self.events if tick - _LINGER_TICKS < event.tick <= tick][::-1]

    def shut_doors(self, tick: int) -> list[Event]:
        """The events that blocked the doors that are blocked at a tick."""
        return [event for event in self.lasting_at(tick) if event.kind == "door blocked"]

    def words(self, event: Event) -> str:
        """An event as a short sentence."""
        if event.kind == "seal broken":
            return end_of_seal(event, self.recording.header.slots, self.recording.states)
        return in_words(event, self.recording.header.slots, self._doors)

    def trails(self, time: float, now: np.ndarray) -> np.ndarray:
        """float [moment, agent, 2]: where the agents were in the last ticks, and are `now` (poses [agent, 6])."""
        past = self.recording.states.agents[max(int(time) - _TRAIL_TICKS, 0) : int(time) + 1, :, [X, Y]]
        return np.concatenate([past, now[None, :, [X, Y]]])

    def next_event(self, time: float, direction: int, every: bool = False) -> int | None:
        """The tick of the next strategy, door, seal or change after (direction 1) or before (-1) a time.

        With `every`, of the next event of any kind.
        """
        ticks = [event.tick for event in self.events if every or event.kind not in MINOR_KINDS]
        if direction > 0:
            return min((tick for tick in ticks if tick > time), default=None)
        return max((tick for tick in ticks if tick < time), default=None)


def no_event_text(direction: int, every: bool = False) -> str:
    """What is said where `Film.next_event` finds none."""
    when, key = ("later", "N") if direction > 0 else ("earlier", "B")
    return f"No {when} event." if every else f"No {when} strategy; Shift+{key} goes to every event."


@lru_cache(maxsize=64)
def _world_name(scenario: str) -> str:
    """`sim.scenario.brief`, which parses the text."""
    return brief(scenario)
