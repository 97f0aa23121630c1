"""What happened in an episode: what hands do and eyes see, doors and seals, and every strategy of the catalogue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from replays.strategies.catalogue import strategies
from replays.strategies.evidence.blockades import Blockade, blockades_in
from replays.strategies.evidence.doors import NOTHING
from replays.strategies.evidence.intervals import intervals
from replays.strategies.evidence.seals import Seals
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import NOBODY
from sim.geometry import distance_to_rectangle
from sim.layout import Layout, Slots
from sim.rules import GRAB, HIDERS, LOCK, SEEKERS
from sim.state import FREE, State, X, Y

HAND_KINDS = ("grab", "release", "lock", "unlock")
SIGHT_KINDS = ("spotted", "lost")
MINOR_KINDS = (*HAND_KINDS, *SIGHT_KINDS)
"""What hands do and eyes see: a film may have hundreds. All others are strategies, doors, seals and changes."""
DOOR_KINDS = ("door blocked", "door open again")
SHUT_KINDS = ("room sealed", "fort built")
"""How a seal begins; "seal broken" ends either."""
CHANGE_KINDS = ("taken away", "lock opened")
"""What the user of the window did to the world, rather than an agent. Only recordings with such events name them."""
STRATEGY_KINDS = {strategy.kind: strategy for strategy in strategies() if strategy.own_event}
"""Kinds of events that only the catalogue knows, with the strategy that each shows."""
KINDS = (
    *(*HAND_KINDS, *SIGHT_KINDS, *SHUT_KINDS, "seal broken"),
    *DOOR_KINDS,
    *STRATEGY_KINDS,
    *CHANGE_KINDS,
)
"""Every kind of event. Recordings store a kind by its name, so the order may change."""
_CAUSES = (
    *(*CHANGE_KINDS, "lock", "unlock", "release", "grab", "box moved", "climb", "surf", "over wall"),
    *(*DOOR_KINDS, *SHUT_KINDS, "seal broken", *SIGHT_KINDS),
)
_PLACES = {kind: place for place, kind in enumerate(dict.fromkeys((*_CAUSES, *KINDS)))}
"""Causes before effects: the hands, what moves and rises by them, what that shuts and opens, and who is seen then."""

OWNERS = (1 + HIDERS, 1 + SEEKERS)
"""Values of `State.lock` that a team has set; others (0 unlocked, FIXED_BY_NOBODY, DRIFTING) are no team's doing."""


class Event(NamedTuple):
    """Something that happened during one tick."""

    tick: int
    """Number of the first state that shows it, so tick - 1 is the tick whose actions did it."""
    kind: str
    """One of KINDS."""
    agent: int
    """Who did it; for "spotted" and "lost" the seeker; for seals and changes NOBODY; for doors the last to move the
    thing; for strategies see `Occurrence`."""
    thing: int
    """What it was done to, or NOBODY; for seals what they rest on; for doors what blocks or blocked them."""
    other: int
    """For "spotted" and "lost" the hider, for doors the door's number, for "taken away" the door that is open again
    without the thing; for strategies see `Occurrence`; else NOBODY."""


def in_time(events: Iterable[Event]) -> list[Event]:
    """Events in order of tick, and in each tick causes before effects."""
    return sorted(events, key=lambda event: (event.tick, _PLACES[event.kind]))


def find_events(
    slots: Slots, layout: Layout, states: State, actions: np.ndarray, seen: np.ndarray, preparation_ticks: int
) -> list[Event]:
    """What hands did and eyes saw in one episode, in order of tick; of sight what `sightings` counts.

    Args:
        slots: entity counts.
        layout: one world.
        states: first axis is time, ticks + 1 long.
        actions: int8 [ticks, agent, 3].
        seen: bool [ticks + 1, agent, agent], observer first.
        preparation_ticks: how long seekers are blind.
    """
    counted = sightings(slots, seen, preparation_ticks)
    team = np.arange(slots.agents) >= slots.hiders
    events: list[Event] = []
    for tick in range(1, len(states.tick)):
        events.extend(_lock_events(tick, team, layout, states, actions))
        events.extend(_hold_events(tick, states))
        events.extend(_sight_events(tick, slots, counted))
    return events


def sight_events(slots: Slots, seen: np.ndarray, preparation_ticks: int) -> list[Event]:
    """What eyes saw alone, of what `find_events` finds."""
    counted = sightings(slots, seen, preparation_ticks)
    return [event for tick in range(1, len(seen)) for event in _sight_events(tick, slots, counted)]


def sightings(slots: Slots, seen: np.ndarray, preparation_ticks: int) -> np.ndarray:
    """bool [ticks + 1, seeker, hider]: the sightings that count: from the state after the first tick of play on.

    What seekers see in the moment in which they open their eyes costs hiders nothing.
    """
    counted = seen[:, slots.hiders :, : slots.hiders].copy()
    counted[: preparation_ticks + 1] = False
    return counted


def strategy_events(trace: Trace, found: Mapping[str, np.ndarray]) -> list[Event]:
    """The strategies of one episode as events: blocked doors, seals, and those that only the catalogue knows.

    Args:
        trace: of one world.
        found: what `catalogue.find_all` found in it.
    """
    seals = Seals(*(column[:, 0] for column in trace.seals))
    events = [*door_events(_blockades(trace), trace.ticks), *seal_events(seals)]
    for kind, strategy in STRATEGY_KINDS.items():
        events += [Event(tick, kind, *who) for _, tick, *who in found[strategy.name].tolist()]
    return events


def _blockades(trace: Trace) -> list[Blockade]:
    if not (trace.blocking != NOTHING).any():
        return []
    return blockades_in(trace.blocking[:, 0], trace.carried.mover[:, 0], trace.last_hider[:, 0], trace.over)


def seal_events(seals: Seals) -> list[Event]:
    """When the hiders shut themselves in, in a room or a fort, and when that ended: one event for each thing that the
    seal rests on.

    A seal counts as a fort if it is one for more than half of its time: a box on its way to a door may be one for a
    moment.

    Args:
        seals: of one episode; the first axis is time, ticks + 1 long.
    """
    events: list[Event] = []
    for first, end in intervals(seals.soft | seals.robust | seals.apart):
        if first > 0:
            kind = SHUT_KINDS[int(seals.fort[first:end].mean() > 0.5)]
            events += [Event(first, kind, NOBODY, thing, NOBODY) for thing in _bearing(seals, first)]
        if end < len(seals.soft):
            events += [Event(end, "seal broken", NOBODY, thing, NOBODY) for thing in _bearing(seals, end - 1)]
    return events


def _bearing(seals: Seals, moment: int) -> list[int]:
    return np.flatnonzero(seals.bearing[moment]).tolist()


def door_events(blockades: Iterable[Blockade], ticks: int) -> list[Event]:
    """When hiders blocked a door, and when it was open again before the end of an episode of `ticks` ticks."""
    events: list[Event] = []
    for door, first, last, thing, hider, opener, last_thing in blockades:
        events.append(Event(first, "door blocked", hider, thing, door))
        if last < ticks:
            events.append(Event(last + 1, "door open again", opener, last_thing, door))
    return sorted(events, key=lambda event: event.tick)


def with_changes(events: Iterable[Event], changes: Iterable[Event]) -> list[Event]:
    """The events of an episode together with what the user changed, in order of tick.

    What the change itself causes (hands let go, a lock is open, a door is open again) is not an agent's doing, so
    those events go; a door that opens is named by the change.
    """
    by_thing = {(change.tick, change.thing): change for change in changes}
    kept = []
    for event in events:
        change = by_thing.get((event.tick, event.thing))
        if change is None or event.kind not in ("release", "unlock", "door open again"):
            kept.append(event)
        elif event.kind == "door open again":
            by_thing[change.tick, change.thing] = change._replace(other=event.other)
    return sorted([*by_thing.values(), *kept], key=lambda event: event.tick)


def since_last_change(events: Sequence[Event]) -> list[Event]:
    """The events since the user last changed the world; all of them where that never happened."""
    first = max((event.tick for event in events if event.kind in CHANGE_KINDS), default=0)
    return [event for event in events if event.tick >= first]


def most_events(slots: Slots, ticks: int) -> int:
    """How many events an episode of `ticks` ticks has at most."""
    locks, seals, holds, sightings = slots.things, slots.things, 2 * slots.agents, slots.hiders
    strategies = len(STRATEGY_KINDS) * max(slots.agents, slots.hiders * slots.seekers, slots.things)
    return ticks * (locks + seals + holds + sightings + slots.doors + strategies)


def _lock_events(tick: int, team: np.ndarray, layout: Layout, states: State, actions: np.ndarray) -> Iterator[Event]:
    before, after = states.lock[tick - 1], states.lock[tick]
    for thing in np.flatnonzero(before != after).tolist():
        if after[thing] in OWNERS:
            kind, owner, hands = "lock", after[thing] - 1, LOCK
        elif before[thing] in OWNERS:
            kind, owner, hands = "unlock", before[thing] - 1, GRAB
        else:
            continue
        agent = _doer(tick, thing, team == owner, hands, layout, states, actions)
        yield Event(tick, kind, agent, thing, NOBODY)


def _doer(
    tick: int, thing: int, members: np.ndarray, hands: int, layout: Layout, states: State, actions: np.ndarray
) -> int:
    """The agent whose action locked or unlocked a thing: the one that holds it then, else the nearest that tried."""
    tried = members & layout.agent_exists[0] & (actions[tick - 1, :, 2] == hands)
    if not tried.any():
        return NOBODY
    holding = tried & (states.held[tick - 1 if hands == LOCK else tick] == thing)
    candidates = holding if holding.any() else tried
    pose, half = states.things[tick - 1, thing], layout.thing_half[0, thing]

    def gap(agent: int) -> float:
        x, y = states.agents[tick - 1, agent, [X, Y]]
        return distance_to_rectangle(x, y, pose, *half)

    return min(np.flatnonzero(candidates).tolist(), key=gap)


def _hold_events(tick: int, states: State) -> Iterator[Event]:
    """Grabs and releases; a hold that ends because its thing was locked makes no event beside the lock."""
    before, after = states.held[tick - 1], states.held[tick]
    for agent in np.flatnonzero(before != after).tolist():
        old, new = int(before[agent]), int(after[agent])
        if old != FREE and (states.lock[tick, old] == 0 or states.lock[tick - 1, old] != 0):
            yield Event(tick, "release", agent, old, NOBODY)
        if new != FREE:
            yield Event(tick, "grab", agent, new, NOBODY)


def _sight_events(tick: int, slots: Slots, counted: np.ndarray) -> Iterator[Event]:
    """A hider comes into the seekers' sight, or leaves it altogether."""
    before, after = counted[tick - 1], counted[tick]
    for hider in range(slots.hiders):
        if after[:, hider].any() and not before[:, hider].any():
            yield Event(tick, "spotted", slots.hiders + int(np.argmax(after[:, hider])), NOBODY, hider)
        elif before[:, hider].any() and not after[:, hider].any():
            yield Event(tick, "lost", slots.hiders + int(np.argmax(before[:, hider])), NOBODY, hider)
