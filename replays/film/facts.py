"""The facts of a recording (world, teams, outcome, strategies), kept as JSON so that it need not be read again."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from replays.events import since_last_change
from replays.film.labels import NOTHING, QUIET, found_strategies, trained_steps
from replays.film.origin import LEARNED_ORIGINS, ORIGINS, origin_of
from replays.film.run_start import begun_from, config_of
from replays.format.recording import Recording
from replays.unnamed import agent_steps_of_group, group_of, recordings_of_groups
from sim.errors import UserError
from sim.scenario import brief

HIDDEN, FOUND, ALONE, UNDECIDED = "Hiders win", "Seekers win", "No seekers", "No result"
"""Outcomes of an episode; the last stands in recordings that do not tell."""
OUTCOMES = (HIDDEN, FOUND, ALONE, UNDECIDED)


class Facts(NamedTuple):
    """A recording in a few words and numbers."""

    scenario: str
    """The shortest text that names it."""
    hiders: str
    seekers: str
    """Empty where the game has none."""
    outcome: str
    """One of OUTCOMES."""
    hidden: float | None
    """Share of the play ticks in which no hider was seen, if the recording tells."""
    strategies: tuple[str, ...]
    """Titles, the most telling first; never empty. In a group of episodes the group's name or UNNAMED comes first."""
    moment: int
    """The tick that shows the first of them."""
    lasted: int
    """Ticks that the first of them lasted, all in all; 0 if it takes but a moment."""
    origin: str
    """One of `origin.ORIGINS`."""
    rate: float | None = None
    """Share of the run's episodes with the first of them when this was recorded; None where no run says so."""
    group: str | None = None
    """What tells its group of episodes from the run's others: a name, or "Group 2 of 3"; None outside of groups."""
    begun: str = ""
    """Which trained teams its run began with, as `begun_from` says it; empty where no run says so."""
    stages: str = ""
    """The stages of its run, where it stands for all of them, as `stages_text` says it; else empty."""


_KEPT = (str, str, str, str, (float, int, type(None)), list, int, int, str)
"""Types of the fields that are kept, in their order. The others are not: what runs and people say changes."""


def facts_of(recording: Recording) -> Facts:
    """The facts of a recording; what old recordings lack is left open."""
    header = recording.header
    found = found_strategies(since_last_change(recording.events), header.slots.hiders, header.ticks)
    hidden, win = header.outcome.get("hidden"), header.outcome.get("win")
    alone = not header.slots.seekers
    return Facts(
        scenario=brief(header.scenario),
        hiders=header.hiders,
        seekers="" if alone else header.seekers,
        outcome=ALONE if alone else UNDECIDED if win is None else HIDDEN if win else FOUND,
        hidden=float(hidden) if isinstance(hidden, (int, float)) and 0 <= hidden <= 1 else None,
        strategies=tuple(one.title for one in found) or (NOTHING if alone else QUIET,),
        moment=found[0].tick if found else header.ticks,
        lasted=found[0].lasted if found else 0,
        origin=origin_of(header, recording.events),
    )


def facts_to_text(facts: Facts) -> str:
    """The facts that are kept, as JSON; `facts_from_text` is the inverse."""
    return json.dumps(facts[: len(_KEPT)])


def facts_from_text(text: str) -> Facts:
    """Facts that were written as JSON.

    Raises:
        ValueError: it is something else.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("too deeply nested") from None
    if not isinstance(found, list) or len(found) != len(_KEPT) or not all(map(isinstance, found, _KEPT)):
        raise ValueError("not the facts of a recording")
    facts = Facts(*found)
    if not facts.strategies or not all(isinstance(title, str) for title in facts.strategies):
        raise ValueError("strategies are no titles")
    if facts.origin not in ORIGINS:
        raise ValueError("an unknown origin")
    return facts._replace(strategies=tuple(facts.strategies))


def stage_of(path: Path, facts: Facts) -> int | None:
    """How long the learned teams had been trained, in agent-steps, as far as the recording's place or names say."""
    if facts.origin not in LEARNED_ORIGINS:
        return None
    steps = agent_steps_of(path)
    if steps is not None:
        return steps
    known = [known for name in (facts.hiders, facts.seekers) if (known := trained_steps(name)) is not None]
    return max(known, default=None)


def run_of(path: Path) -> str | None:
    """The name of the run that a recording was made by; None if it lies elsewhere."""
    folder = run_folder_of(path)
    return None if folder is None else folder.name


def run_folder_of(path: Path) -> Path | None:
    """The folder of the run that a recording lies in, as one of its own or in a group; None if it lies elsewhere."""
    group = group_of(path)
    return group.parent.parent if group else path.parent.parent if is_of_run(path) else None


def begun_of(path: Path) -> str:
    """Which trained teams the run of a recording began with, as `begun_from` says it; empty where no run says so."""
    run = run_folder_of(path)
    return begun_from(config_of(run)) if run else ""


def agent_steps_of(path: Path) -> int | None:
    """How much training the teams of a run's recording had had, in agent-steps; None for all others.

    For a recording of a group: after how much training the group came up.
    """
    group = group_of(path)
    return agent_steps_of_group(group) if group else int(path.stem) if is_of_run(path) else None


def is_of_run(path: Path) -> bool:
    """Whether a recording is one of a run's own, with a place in its training."""
    return path.parent.name == "replays" and len(path.stem) == 12 and path.stem.isdecimal()


MOST = 5_000
"""Most recordings that are looked at; the rest of a larger folder is left alone."""


def recordings_in(place: Path) -> list[Path]:
    """The recordings of a place: a run's by training, other folders' by name, and those of all runs in a folder.

    The recordings of a run's groups come before its own: the last one of a run is its newest.
    They are resolved: of a bare name in the current folder nobody could tell to which run it belongs.

    Raises:
        UserError: there is no such place, or nothing in it.
    """
    if not place.exists():
        raise UserError(f"{place} does not exist; give a recording or a run folder")
    there = place.resolve()
    if not there.is_dir():
        return [there]
    found = _with_groups(there) or sorted(there.glob("*.npz")) or of_runs(there)
    if not found:
        raise UserError(f"{place} holds no recordings; give a run that has been trained, or a recording")
    return found[:MOST]


def recordings_of(places: Iterable[Path]) -> list[Path]:
    """The recordings of several places, each once; a run's recording stands for its run.

    A place that is gone, empty or cannot be read has none.
    """
    found: list[Path] = []
    for place in places:
        with suppress(UserError, OSError, RuntimeError):  # the last is what Python 3.11 says of links in a circle
            found += recordings_in(run_folder_of(place.resolve()) or place)
    return list(dict.fromkeys(found))


def of_run(folder: Path) -> list[Path]:
    """What the trainer recorded in a run, oldest first; nothing if the folder is no run."""
    return sorted(path for path in folder.glob("replays/*.npz") if agent_steps_of(path) is not None)


def of_runs(folder: Path) -> list[Path]:
    """What was recorded in all runs that lie side by side in a folder, with their groups, and in folders beside."""
    places = [place for place in sorted(folder.glob("*")) if place.is_dir()]
    return [path for place in places for path in _with_groups(place) or sorted(place.glob("*.npz"))]


def _with_groups(run: Path) -> list[Path]:
    return [*recordings_of_groups(run), *of_run(run)]


def siblings(path: Path) -> list[Path]:
    """A run's own recordings, by training, if this is one of them; else none."""
    return of_run(path.parent.parent) if is_of_run(path) else []


def neighbour(family: Sequence[Path], path: Path, steps: int) -> Path | None:
    """The recording of a run `steps` places later (or, below 0, earlier) in its training; None beyond its ends.

    The recording itself may have been thinned away meanwhile.
    """
    others = [other for other in family if (other > path if steps > 0 else other < path)]
    return (others[:steps][-1] if steps > 0 else others[steps:][0]) if others else None
