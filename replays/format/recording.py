"""One episode as a file: states, actions and sight of every tick, so that nothing is ever simulated again.

The file is one `.npz` without pickles: `header` (JSON as bytes), `layout_*`, `state_*`, `actions`, `seen`,
`reward`, `events` and, where known, `values`. `replays.format.header.FORMAT` numbers its versions.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from replays.events import CHANGE_KINDS, KINDS, STRATEGY_KINDS, Event, find_events, most_events, sightings
from replays.format.archive import MOST_BYTES, Archive, Expected, Malformed, fits, read_archive, write_arrays
from replays.format.header import FORMAT, Header, clean, header_from_json, header_to_json, stored_name
from replays.format.validation import check_actions, check_events, check_layout, check_rates, check_states
from sim.layout import Layout, Slots, empty_layout
from sim.rules import ACTION_SIZES
from sim.state import Arrays, State, empty_state, take

if TYPE_CHECKING:
    from sim.game import Game

_MADE_BY = ("hideseek", "numpy", "pymunk")
MOST_EVENTS = 50_000
"""Most events of a recording; the longest episodes that were ever played have a fifth of that."""

_ADDED = ("rim", "sites", "site_exists", "site_told", "food", "food_exists", "pillars", "pillar_exists", "turns")
_SINCE = {f"layout_{name}": 2 for name in _ADDED} | {"state_over": 2, "state_food": 2}
"""The format that brought an array; in older files it is as `sim.layout` and `sim.state` have it empty."""

_HEADER_BYTES = range(64 * 2**10)


@dataclass(frozen=True)
class Recording:
    """One episode of one world; T is the number of ticks."""

    header: Header
    layout: Layout
    """First axis 1."""
    states: State
    """First axis is time: T + 1 states, state k after k ticks."""
    actions: np.ndarray
    """int8 [T, agent, 3]: as the players chose them."""
    seen: np.ndarray
    """bool [T + 1, agent, agent]: observer, seen; what the agents were last shown."""
    reward: np.ndarray
    """float32 [T, agent]"""
    values: np.ndarray | None
    """float32 [T, 2]: each team's own estimate of its return before each tick, hiders first; NaN in all ticks for a
    team that has none, None if neither has."""
    events: tuple[Event, ...]
    """In order of tick."""

    @property
    def sightings(self) -> np.ndarray:
        """bool [T + 1, seeker, hider]: as `replays.events.sightings`."""
        return sightings(self.header.slots, self.seen, self.header.preparation_ticks)

    def expected_by(self, agent: int) -> np.ndarray | None:
        """float32 [T]: what an agent's team expected to be paid from each tick on; None if that is unknown."""
        if self.values is None:
            return None
        values = self.values[:, int(agent >= self.header.slots.hiders)]
        return None if np.isnan(values).any() else values


class Recorder:
    """Writes down one world of a game, tick by tick, from the true start of its episode.

    It keeps no game, so a copy of a recorder goes on with a copy of the game.
    """

    def __init__(
        self, game: "Game", world: int = 0, *, seed: int, hiders: str, seekers: str, hashes: Mapping[str, str]
    ) -> None:
        """Notes the start; `hiders` and `seekers` are team names, of which what cannot be printed is replaced.

        Raises:
            ValueError: the world has already played.
        """
        if game.state.tick[world] != 0:
            raise ValueError("a recording starts with the episode")
        self._scenario, self._world = game.scenario, world
        self._seed, self._hiders, self._seekers, self._hashes = seed, clean(hiders), clean(seekers), dict(hashes)
        self._layout = take(game.layout, slice(world, world + 1))
        self._states = [take(game.state, slice(world, world + 1))]
        self._seen = [game.seen.agents[world].copy()]
        self._actions: list[np.ndarray] = []
        self._reward: list[np.ndarray] = []
        self._values: list[np.ndarray] = []

    def add(self, game: "Game", actions: np.ndarray, values: np.ndarray | None = None) -> None:
        """Notes the tick just played.

        Args:
            game: the one that played it.
            actions: int8 [world, agent, 3], as handed to `game.tick`.
            values: float [2], each team's value estimate before the tick, NaN for a team that has none; in all
                ticks or in none.
        """
        self._states.append(take(game.state, slice(self._world, self._world + 1)))
        self._seen.append(game.seen.agents[self._world].copy())
        self._actions.append(np.array(actions[self._world], np.int8))
        self._reward.append(np.array(game.reward[self._world], np.float32))
        if values is not None:
            self._values.append(np.array(values, np.float32))

    def finish(self) -> Recording:
        """The recording of what was added, with its events and outcome.

        Raises:
            ValueError: no tick was added, or value estimates came with some ticks only.
        """
        from sim.scenario import full_text

        if not self._actions or len(self._values) not in (0, len(self._actions)):
            raise ValueError("a recording needs a tick, and value estimates for all ticks or for none")
        slots, preparation_ticks = self._scenario.slots, self._scenario.preparation_ticks
        states = State(*(np.concatenate(column) for column in zip(*self._states, strict=True)))
        actions, seen = np.stack(self._actions), np.stack(self._seen)
        header = Header(
            format=FORMAT,
            made_by=made_by(),
            scenario=full_text(self._scenario),
            ticks=len(actions),
            preparation_ticks=preparation_ticks,
            slots=slots,
            seed=int(self._seed),
            hiders=self._hiders,
            seekers=self._seekers,
            hashes=self._hashes,
            outcome=outcome(slots, seen, preparation_ticks),
        )
        return Recording(
            header=header,
            layout=self._layout,
            states=states,
            actions=actions,
            seen=seen,
            reward=np.stack(self._reward),
            values=np.stack(self._values) if self._values else None,
            events=tuple(find_events(slots, self._layout, states, actions, seen, preparation_ticks)),
        )


def made_by() -> dict[str, str]:
    """Versions of what makes recordings here, by package."""
    return {package: _version(package) for package in _MADE_BY}


def outcome(slots: Slots, seen: np.ndarray, preparation_ticks: int) -> dict[str, str | float | bool | None]:
    """Share of play ticks in which no hider is seen, and whether hiders won; None before the first play tick, and
    where nobody seeks.

    Args:
        slots: entity counts.
        seen: bool [T + 1, agent, agent], observer first.
        preparation_ticks: how long seekers are blind.
    """
    counted = sightings(slots, seen, preparation_ticks)[preparation_ticks + 1 :]
    hidden = np.asarray(~counted.any(axis=(1, 2)))
    share = float(hidden.mean()) if len(hidden) and slots.seekers else None
    return {"hidden": share, "win": None if share is None else share > 0.5}


def write(recording: Recording, path: Path) -> None:
    """Writes a recording; the same recording gives the same bytes.

    Raises:
        ValueError: the recording is one that `read` would refuse.
        UserError: the file cannot be written. What was there before is untouched.
    """
    occur = {event.kind for event in recording.events}
    # Older versions know fewer kinds: a file names the newer ones only where they occur.
    kinds = [kind for kind in KINDS if kind in occur or kind not in (*STRATEGY_KINDS, *CHANGE_KINDS)]
    text = json.dumps({**header_to_json(recording.header), "event_kinds": kinds}, allow_nan=False)
    rows = [(event.tick, kinds.index(event.kind), *event[2:]) for event in recording.events]
    arrays = {"header": np.frombuffer(text.encode(), np.uint8), "events": np.array(rows, np.int32).reshape(-1, 5)}
    arrays |= {f"layout_{stored_name(name)}": array for name, array in recording.layout._asdict().items()}
    arrays |= {f"state_{stored_name(name)}": array for name, array in recording.states._asdict().items()}
    arrays |= {"actions": recording.actions, "seen": recording.seen, "reward": recording.reward}
    if recording.values is not None:
        arrays["values"] = recording.values
    if sum(array.nbytes for array in arrays.values()) > MOST_BYTES // 2:
        raise ValueError("the recording is too large")
    for name, (dtype, shape) in _expected(recording.header).items():
        if name in arrays and (arrays[name].dtype != dtype or not fits(arrays[name].shape, shape)):
            raise ValueError(f"{name} is {arrays[name].dtype} {arrays[name].shape}, not {dtype} {shape}")
    header_from_json(json.loads(text))
    _check(recording, arrays["events"], kinds)
    write_arrays(path, arrays)


def read(path: Path) -> Recording:
    """Reads and checks a recording; whoever made the file, it cannot harm.

    Raises:
        UserError: no such file, or anything in it is not as it should be.
    """
    return read_archive(path, "a hideseek recording", _parse)


def _parse(archive: Archive) -> Recording:
    text = archive.read("header", (np.dtype(np.uint8), (_HEADER_BYTES,)))
    raw = json.loads(text.tobytes().decode(), parse_constant=_refuse_constant)
    header = header_from_json(raw)
    kinds = raw.get("event_kinds")
    if not isinstance(kinds, list) or not all(kind in KINDS for kind in kinds):
        raise Malformed("it has unknown kinds of events")
    names = archive.names()
    later = {name for name, since in _SINCE.items() if since > raw["format"]}
    expected = {name: what for name, what in _expected(header).items() if name not in later}
    if foreign := names - expected.keys():
        raise Malformed(f"unknown entry {min(foreign)[:60]!r}")
    arrays = {name: archive.read(name, expected[name]) for name in expected if name != "values" or name in names}
    recording = Recording(
        header=header,
        layout=_filled(empty_layout(1, header.slots), "layout_", arrays),
        states=_filled(empty_state(header.ticks + 1, header.slots), "state_", arrays),
        actions=arrays["actions"],
        seen=arrays["seen"],
        reward=arrays["reward"],
        values=arrays.get("values"),
        events=(),
    )
    _check(recording, arrays["events"], kinds)
    events = tuple(Event(tick, kinds[kind], *who) for tick, kind, *who in arrays["events"].tolist())
    return Recording(**{**vars(recording), "events": events})


def _filled(empty: Arrays, prefix: str, arrays: Mapping[str, np.ndarray]) -> Arrays:
    """A Layout or State with the arrays that the file has of it."""
    stored = {name: f"{prefix}{stored_name(name)}" for name in empty._fields}
    return empty._replace(**{name: arrays[entry] for name, entry in stored.items() if entry in arrays})


def _check(recording: Recording, rows: np.ndarray, kinds: Sequence[str]) -> None:
    """Refuses numbers that contradict the header or each other."""
    header = recording.header
    check_layout(recording.layout, header.slots)
    check_states(recording.states, recording.layout, header.slots)
    check_actions(recording.actions)
    check_rates("reward", recording.reward)
    if recording.values is not None:
        unknown = np.isnan(recording.values).all(axis=0)
        check_rates("values", recording.values[:, ~unknown])
    check_events(rows, kinds, header.ticks, header.slots)


def _expected(header: Header) -> dict[str, Expected]:
    """Type and shape of every array of a recording with this header."""
    slots, ticks, agents = header.slots, header.ticks, header.slots.agents
    expected: dict[str, Expected] = {"header": (np.dtype(np.uint8), (_HEADER_BYTES,))}
    for name, array in empty_layout(1, slots)._asdict().items():
        expected[f"layout_{stored_name(name)}"] = (array.dtype, array.shape)
    for name, array in empty_state(1, slots)._asdict().items():
        expected[f"state_{stored_name(name)}"] = (array.dtype, (ticks + 1, *array.shape[1:]))
    expected["actions"] = (np.dtype(np.int8), (ticks, agents, len(ACTION_SIZES)))
    expected["seen"] = (np.dtype(bool), (ticks + 1, agents, agents))
    expected["reward"] = (np.dtype(np.float32), (ticks, agents))
    expected["values"] = (np.dtype(np.float32), (ticks, 2))
    expected["events"] = (np.dtype(np.int32), (range(min(most_events(slots, ticks), MOST_EVENTS) + 1), 5))
    return expected


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"its header holds {name}")
