"""What the gallery knows of a recording without keeping it: plain facts, which can be kept as JSON."""

import json
from pathlib import Path
from typing import NamedTuple

from replays.recording import Recording
from replays.viewer.gallery_titles import QUIET, found_strategies
from sim.scenario import brief

HIDDEN, FOUND, UNDECIDED = "Hiders win", "Seekers win", "No result"
"""Outcomes of an episode; the last stands in recordings that do not tell."""
OUTCOMES = (HIDDEN, FOUND, UNDECIDED)


class Facts(NamedTuple):
    """A recording in a few words and numbers."""

    scenario: str
    """The shortest text that names it."""
    hiders: str
    seekers: str
    outcome: str
    """One of OUTCOMES."""
    hidden: float | None
    """Share of the play ticks in which no hider was seen, if the recording tells."""
    strategies: tuple[str, ...]
    """Titles, the most telling first; never empty."""
    moment: int
    """The tick that shows the first of them."""


def facts_of(recording: Recording) -> Facts:
    """The facts of a recording; what old recordings lack is left open."""
    header = recording.header
    found = found_strategies(recording.events, header.slots.hiders)
    hidden, win = header.outcome.get("hidden"), header.outcome.get("win")
    told = isinstance(hidden, (int, float)) and 0 <= hidden <= 1
    return Facts(
        scenario=brief(header.scenario),
        hiders=header.hiders,
        seekers=header.seekers,
        outcome=UNDECIDED if win is None else HIDDEN if win else FOUND,
        hidden=float(hidden) if told else None,
        strategies=tuple(strategy.title for strategy, _ in found) or (QUIET,),
        moment=found[0][1] if found else header.ticks,
    )


def facts_to_text(facts: Facts) -> str:
    """The facts as JSON; `facts_from_text` is the inverse."""
    return json.dumps(facts)


def facts_from_text(text: str) -> Facts:
    """Facts that were written as JSON.

    Raises:
        ValueError: it is something else.
    """
    found = json.loads(text)
    kinds = (str, str, str, str, (float, int, type(None)), list, int)
    if not isinstance(found, list) or len(found) != len(kinds) or not all(map(isinstance, found, kinds)):
        raise ValueError("not the facts of a recording")
    if not found[5] or not all(isinstance(title, str) for title in found[5]):
        raise ValueError("strategies are no titles")
    return Facts(*found[:5], tuple(found[5]), found[6])


def run_of(path: Path) -> str | None:
    """The name of the run that a recording was made by; None if it lies elsewhere."""
    return path.resolve().parent.parent.name if agent_steps_of(path) is not None else None


def agent_steps_of(path: Path) -> int | None:
    """How much training the teams of a run's recording had had, in agent-steps; None for all others."""
    in_run = path.parent.name == "replays" or path.resolve().parent.name == "replays"
    return int(path.stem) if in_run and len(path.stem) == 12 and path.stem.isdecimal() else None
