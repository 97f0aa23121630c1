"""Which recordings the gallery shows, and under which headings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from replays.film.facts import OUTCOMES, Facts, is_of_run, run_folder_of, run_of, stage_of
from replays.film.labels import (
    ABOUT,
    NAMED,
    NO_STAGE,
    TRAINED_ON,
    UNREADABLE,
    stage_title,
    stage_titles,
    strategy_titles,
)
from replays.film.origin import LEARNED_ORIGINS, ORIGINS
from replays.unnamed import group_of, place_in_group

BY_STRATEGY, BY_TRAINING = "strategy", "training"
ARRANGEMENTS = (BY_STRATEGY, BY_TRAINING)
NAMES = ("world", "outcome", "strategy")
"""What can be filtered by; also the fields of `Filters`."""

_UNTRAINED = tuple(origin.capitalize() for origin in ORIGINS if origin not in LEARNED_ORIGINS)
"""Headings of what nobody learned, when recordings are grouped by training."""

Known = Facts | str
"""The facts of a recording, or why it cannot be read."""


class Group(NamedTuple):
    """Recordings under one heading."""

    title: str
    about: str
    """What the title means, in a few words; may be empty."""
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Filters:
    """What a recording must be to be shown; None allows everything."""

    world: str | None = None
    outcome: str | None = None
    strategy: str | None = None

    @property
    def any(self) -> bool:
        """Whether something is left out."""
        return any(getattr(self, name) is not None for name in NAMES)

    def matches(self, known: Known) -> bool:
        """Whether a recording is shown; one that cannot be read is shown only where nothing is filtered."""
        if isinstance(known, str):
            return not self.any
        return (
            self.world in (None, known.scenario)
            and self.outcome in (None, known.outcome)
            and (self.strategy is None or self.strategy in known.strategies)
        )

    def with_next(self, name: str, choices: Sequence[str]) -> "Filters":
        """The same filters with the next choice for one of them; after the last comes none."""
        options = [None, *choices]
        present = getattr(self, name)
        place = options.index(present) if present in options else 0
        return replace(self, **{name: options[(place + 1) % len(options)]})


def choices(known: Iterable[Known]) -> dict[str, list[str]]:
    """For each filter, what it could ask for among these recordings."""
    facts = [one for one in known if isinstance(one, Facts)]
    strategies = {title for one in facts for title in one.strategies}
    outcomes = {one.outcome for one in facts}
    return {
        "world": sorted({one.scenario for one in facts}),
        "outcome": [outcome for outcome in OUTCOMES if outcome in outcomes],
        "strategy": strategy_titles(strategies),
    }


def grouped(known: Mapping[Path, Known], filters: Filters, arrangement: str) -> list[Group]:
    """The headings with the recordings under them; empty headings are left out.

    Under a strategy a run has one card; by training it has one for each of its recordings.
    """
    shown: dict[str, list[Path]] = {}
    for path, one in known.items():
        if filters.matches(one):
            shown.setdefault(_heading(path, one, arrangement), []).append(path)
    if arrangement == BY_STRATEGY:
        titles, order, about = strategy_titles(shown), _by_merit, dict.fromkeys(shown, NAMED) | ABOUT
    else:
        titles = [title for title in (*stage_titles(), TRAINED_ON, NO_STAGE, *_UNTRAINED, UNREADABLE) if title in shown]
        order, about = _by_stage, ABOUT | dict.fromkeys(stage_titles(), "of training, in agent-steps")
    for title, paths in shown.items():
        paths.sort(key=lambda path: order(path, known[path]))
        if arrangement == BY_STRATEGY and title != UNREADABLE:
            shown[title] = _newest_of_runs(paths)
    return [Group(title, about.get(title, ""), tuple(shown[title])) for title in titles]


def card_of(path: Path, groups: Sequence[Group]) -> Path:
    """The recording whose card stands for another of its run, if that has none of its own; else the recording."""
    shown = [other for group in groups for other in group.paths]
    if path in shown or not is_of_run(path):
        return path
    run = run_folder_of(path)
    return next((other for other in shown if is_of_run(other) and run_folder_of(other) == run), path)


def _newest_of_runs(paths: Sequence[Path]) -> list[Path]:
    """Of each run's own recordings the newest: it opens with the time line of training, where the others are."""
    newest = {run_folder_of(path): path for path in sorted(paths) if is_of_run(path)}
    return [path for path in paths if newest.get(run_folder_of(path), path) == path or not is_of_run(path)]


def _heading(path: Path, known: Known, arrangement: str) -> str:
    if isinstance(known, str):
        return UNREADABLE
    if arrangement == BY_STRATEGY:
        return known.strategies[0]
    if known.origin not in LEARNED_ORIGINS:
        return known.origin.capitalize()
    stage = stage_of(path, known)
    return TRAINED_ON if known.begun else NO_STAGE if stage is None else stage_title(stage)


def _by_merit(path: Path, known: Known) -> tuple:
    """Learned teams first, then what lasted longest, who hid best, and who was trained longest.

    Groups of episodes come after that, one after the other.
    """
    if isinstance(known, str):
        return len(ORIGINS) + 1, path.name
    if known.group is not None:
        return len(ORIGINS), str(run_folder_of(path)), place_in_group(path)
    place = 0 if known.origin in LEARNED_ORIGINS else ORIGINS.index(known.origin)
    return place, -known.lasted, -(known.hidden or 0.0), -(_stage(path, known) or 0), path.name


def _by_stage(path: Path, known: Known) -> tuple:
    """Run by run, from early to late in training; there group by group."""
    place = place_in_group(path) if group_of(path) else ("", 0, path.name)
    return run_of(path) or "", _stage(path, known) or 0, place


def _stage(path: Path, known: Known) -> int | None:
    return None if isinstance(known, str) else stage_of(path, known)
