"""An episode in the making: played tick by tick, from its start or on from a moment of a recording.

A recording has one layout for all its ticks. So a thing that was taken away in the middle still exists in it: from
then on it lies beyond the floor, at `AWAY`, where it touches nothing and is not drawn.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from replays.annotate import in_order, strategies_in
from replays.events import CHANGE_KINDS, Event, find_events, strategy_events
from replays.format.header import FORMAT, Header, clean
from replays.format.recording import Recording, made_by, outcome
from replays.format.validation import AWAY
from replays.strategies.catalogue import find_all
from replays.strategies.evidence.trace import Tracer
from replays.strategies.strategy import NOBODY
from replays.wording import thing_name
from sim.errors import UserError
from sim.layout import Layout, Slots
from sim.scenario import Scenario, full_text, scenario_from_text
from sim.state import FREE, State, X, Y, put, take

if TYPE_CHECKING:
    from sim.game import Game

_MOST = 1000.0
"""No place, angle or speed of a real episode is larger, in metres, radians and seconds."""


@dataclass(frozen=True)
class Changes:
    """What is different from now on."""

    removed: frozenset[int] = field(default_factory=frozenset)
    """Things taken away."""
    unlocked: frozenset[int] = field(default_factory=frozenset)
    """Things whose lock is opened."""

    def in_words(self, slots: Slots) -> str:
        """Such as "without box 1, box 0 unlocked"; nothing where nothing is changed."""
        gone = " and ".join(thing_name(thing, slots) for thing in sorted(self.removed))
        opened = " and ".join(thing_name(thing, slots) for thing in sorted(self.unlocked - self.removed))
        return ", ".join([f"without {gone}"] * bool(gone) + [f"{opened} unlocked"] * bool(opened))

    def events(self, tick: int) -> list[Event]:
        """An event for each thing that is changed, at a tick."""
        gone = [Event(tick, "taken away", NOBODY, thing, NOBODY) for thing in sorted(self.removed)]
        opened = sorted(self.unlocked - self.removed)
        return gone + [Event(tick, "lock opened", NOBODY, thing, NOBODY) for thing in opened]


NO_CHANGES = Changes()


def scenario_of(recording: Recording) -> Scenario:
    """The world of a recording, to play on in.

    Raises:
        UserError: this version knows no such world.
    """
    scenario = scenario_from_text(recording.header.scenario)
    if not is_world_of(scenario, recording):
        raise UserError("this recording's world is not as its scenario is now; it can be watched, not played on")
    return scenario


def is_world_of(scenario: Scenario, recording: Recording) -> bool:
    """Whether a recording's world is as a scenario has it now."""
    header = recording.header
    same = scenario.slots == header.slots and scenario.preparation_ticks == header.preparation_ticks
    return same and bool(recording.layout.floor[0] == scenario.floor_m)


def world_at(recording: Recording, tick: int, changes: Changes) -> tuple[Layout, State]:
    """Copies of a recording's layout and of its state at a tick, changed; both of one world.

    Raises:
        UserError: a body is where or moves as none can, as only a forged recording has it.
    """
    layout, state = take(recording.layout, slice(0, 1)), take(recording.states, slice(tick, tick + 1))
    floor = float(layout.floor[0])
    if not _inside(state.agents[0], floor)[layout.agent_exists[0]].all():
        raise UserError("an agent is beyond the floor here; this recording can be watched, not played on")
    if any((np.abs(numbers) > _MOST).any() for numbers in (state.agents, state.things, state.hold)):
        raise UserError("a body moves as none can here; this recording can be watched, not played on")
    layout.thing_exists[0] &= _inside(state.things[0], floor)
    layout.thing_exists[0, list(changes.removed)] = False
    state.things[0, ~layout.thing_exists[0]] = 0.0
    state.lock[0, list(changes.unlocked)] = 0
    return layout, state


def changed(recording: Recording, tick: int, changes: Changes) -> Recording:
    """The recording with its state at one tick changed, to show what would be played on from."""
    layout, state = world_at(recording, tick, changes)
    states = take(recording.states, slice(None))
    put(states, slice(tick, tick + 1), _parked(state, recording.layout, layout))
    return replace(recording, states=states)


class LiveEpisode:
    """An episode in the making; `played` says how many ticks of it there are, of `ticks` in all."""

    def __init__(
        self,
        game: "Game",
        names: tuple[str, str],
        hashes: tuple[str, str],
        seed: int,
        past: Recording | None = None,
        changes: Changes = NO_CHANGES,
    ) -> None:
        """Starts from where world 0 of a game is now, after what was recorded up to that tick.

        Args:
            game: of one world, at the episode's start or restored from `past`.
            names: of the teams that play on, hiders first.
            hashes: of their weights.
            seed: of the episode.
            past: a recording of the ticks before; None at the episode's start.
            changes: what the user has just changed in the game, which `past` does not show.
        """
        scenario, slots = game.scenario, game.slots
        self.game, self.ticks, self.played = game, scenario.ticks, int(game.state.tick[0])
        self.header = Header(
            format=FORMAT,
            made_by=made_by(),
            scenario=full_text(scenario),
            ticks=self.ticks,
            preparation_ticks=scenario.preparation_ticks,
            slots=slots,
            seed=seed,
            hiders=clean(names[0]),
            seekers=clean(names[1]),
            hashes={"hiders": hashes[0], "seekers": hashes[1]},
            outcome={},
        )
        self.played_by_person = bool(past and past.header.outcome.get("played_by"))
        before = past.events if past else ()
        self._changes = [event for event in before if event.kind in CHANGE_KINDS and event.tick <= self.played]
        self._changes += changes.events(self.played)
        self._layout = take(past.layout if past else game.layout, slice(0, 1))
        self._states = State(*(np.repeat(column, self.ticks + 1, axis=0) for column in game.state))
        self._states.tick[:] = np.arange(self.ticks + 1)
        self._seen = np.repeat(game.seen.agents, self.ticks + 1, axis=0)
        self._actions = np.zeros((self.ticks, slots.agents, 3), np.int8)
        self._reward = np.zeros((self.ticks, slots.agents), np.float32)
        self._values = np.full((self.ticks, 2), np.nan, np.float32)
        self._tracer = Tracer(slots, self._layout, self.ticks, scenario.preparation_ticks, every_seal=True)
        if past:
            put(self._states, slice(0, self.played), take(past.states, slice(0, self.played)))
            self._seen[: self.played] = past.seen[: self.played]
            self._actions[: self.played] = past.actions[: self.played]
            self._reward[: self.played] = past.reward[: self.played]
            if past.values is not None:
                self._values[: self.played] = past.values[: self.played]
        self._note_present()
        for moment in range(self.played + 1):
            self._trace(moment)

    @property
    def over(self) -> bool:
        """The episode has run its ticks, or its task is done."""
        return self.played == self.ticks or bool(self.game.terminated[0])

    def play(self, actions: np.ndarray, expected: np.ndarray | None = None) -> None:
        """Plays one tick; `actions` is int8 [1, agent, 3], `expected` as in `TeamPair.expect`."""
        self.game.tick(actions)
        if expected is not None:
            self._values[self.played] = expected[0]
        self._actions[self.played] = actions[0]
        self._reward[self.played] = self.game.reward[0]
        self.played += 1
        self._note_present()
        self._trace(self.played)

    def film(self) -> Recording:
        """The whole episode, to look at while it is played: what is still to come stays as it is now."""
        return Recording(
            header=self.header,
            layout=self._layout,
            states=self._states,
            actions=self._actions,
            seen=self._seen,
            reward=self._reward,
            values=self._expected(self.ticks),
            events=self._events(self.over),
        )

    def recording(self) -> Recording:
        """What was played so far, as an episode of its own.

        Raises:
            ValueError: nothing was played.
        """
        played, preparation = self.played, self.header.preparation_ticks
        if not played:
            raise ValueError("nothing was played")
        seen = self._seen[: played + 1].copy()
        trace = self._tracer.trace()
        since = max((change.tick for change in self._changes), default=0)
        result = outcome(self.header.slots, seen, preparation) | strategies_in(trace, find_all(trace), since)
        if self._changes:
            result["changed"] = True
        if self.played_by_person:
            result["played_by"] = "you"
        return Recording(
            header=replace(self.header, ticks=played, outcome=result),
            layout=take(self._layout, slice(None)),
            states=take(self._states, slice(0, played + 1)),
            actions=self._actions[:played].copy(),
            seen=seen,
            reward=self._reward[:played].copy(),
            values=self._expected(played),
            events=self._events(over=True),
        )

    def _expected(self, ticks: int) -> np.ndarray | None:
        """As in `Recording.values`; a side that did not know at some tick does not know at any."""
        values = self._values[:ticks].copy()
        values[self.played :] = values[max(self.played - 1, 0)]
        unknown = np.isnan(values).any(axis=0)
        values[:, unknown] = np.nan
        return None if unknown.all() else values

    def _note_present(self) -> None:
        """Writes the present state, and the same for all that is to come."""
        rest = slice(self.played, self.ticks + 1)
        now = _parked(take(self.game.state, slice(None)), self._layout, self.game.layout)
        for name, column, value in zip(State._fields, self._states, now, strict=True):
            if name != "tick":
                column[rest] = value[0]
        self._seen[rest] = self.game.seen.agents[0]

    def _trace(self, moment: int) -> None:
        self._tracer.note(take(self._states, slice(moment, moment + 1)), self._seen[moment : moment + 1])

    def _events(self, over: bool) -> tuple[Event, ...]:
        until = slice(0, self.played + 1)
        states = State(*(column[until] for column in self._states))
        actions, seen, preparation = self._actions[: self.played], self._seen[until], self.header.preparation_ticks
        found = find_events(self.header.slots, self._layout, states, actions, seen, preparation)
        trace = self._tracer.trace(over)
        return in_order([*found, *strategy_events(trace, find_all(trace))], self._changes)


def _inside(bodies: np.ndarray, floor: float) -> np.ndarray:
    """bool [body]: its centre is on the floor."""
    return np.asarray(((bodies[:, [X, Y]] >= 0) & (bodies[:, [X, Y]] <= floor)).all(axis=1))


def _parked(state: State, recorded: Layout, present: Layout) -> State:
    """A state of one world; things that were taken away lie beyond the floor, and no agent holds them."""
    gone = recorded.thing_exists[0] & ~present.thing_exists[0]
    state.things[0, gone] = 0.0
    state.things[0, gone, :2] = AWAY
    lost = np.isin(state.held[0], np.flatnonzero(gone))
    state.held[0, lost] = FREE
    state.hold[0, lost] = 0.0
    return state
