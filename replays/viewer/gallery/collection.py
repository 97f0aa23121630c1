"""The gallery's recordings: what is known of each, which of them are shown, and in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pygame

from replays.film.facts import Facts, agent_steps_of, is_of_run, run_folder_of
from replays.film.units import stages_text
from replays.unnamed import set_name
from replays.viewer.gallery import filters
from replays.viewer.gallery.filters import ARRANGEMENTS, BY_STRATEGY, Filters, Group, Known
from replays.viewer.gallery.groups import EpisodeGroup, read_groups
from replays.viewer.gallery.loader import RecordingLoader


class Collection:
    """Recordings that a loader reads, with the groups of episodes that some belong to."""

    def __init__(self, loader: RecordingLoader) -> None:
        self.paths: list[Path] = []
        self.filters, self.arrangement = Filters(), ARRANGEMENTS[0]
        self._groups: dict[Path, EpisodeGroup] = {}
        self._stages: dict[Path, str] = {}
        self._loader = loader

    @property
    def missing(self) -> int:
        """How many recordings have not been read yet."""
        return self._loader.missing

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._loader.version

    def add(self, paths: Sequence[Path]) -> None:
        """Takes in more recordings."""
        self.paths = list(dict.fromkeys([*self.paths, *paths]))
        self._groups, self._stages = read_groups(self.paths), _stages_of_runs(self.paths)
        self._loader.add(self.paths)

    def facts(self, path: Path) -> Known | None:
        """What is known of a recording, with its group, or the stages it stands for; None as long as nothing is."""
        known, group = self._loader.facts(path), self.group_of(path)
        if not isinstance(known, Facts):
            return known
        if group:
            return group.facts(known)
        run = run_folder_of(path) if self.arrangement == BY_STRATEGY else None
        return known._replace(stages=self._stages.get(run, "")) if run else known

    def readable(self, path: Path) -> bool:
        """Whether a recording was read, and could be."""
        return isinstance(self._loader.facts(path), Facts)

    def picture(self, path: Path) -> pygame.Surface | None:
        """The thumbnail of a recording; None while it is on its way, or if there is none."""
        return self._loader.picture(path)

    def strategy_of(self, path: Path) -> str:
        """The title of the strategy that a recording is shown for; empty where it is shown for its training."""
        known = self.facts(path)
        if self.filters.strategy is not None or not isinstance(known, Facts) or self.arrangement != BY_STRATEGY:
            return self.filters.strategy or ""
        return known.strategies[0]

    def group_of(self, path: Path | None) -> EpisodeGroup | None:
        """The group of episodes that a recording belongs to."""
        return self._groups.get(path.parent) if path else None

    def grouped(self) -> list[Group]:
        """What passes the filters, under headings."""
        return filters.grouped(self._known(), self.filters, self.arrangement)

    def rearrange(self) -> None:
        """Groups by the next sort of heading."""
        place = ARRANGEMENTS.index(self.arrangement)
        self.arrangement = ARRANGEMENTS[(place + 1) % len(ARRANGEMENTS)]

    def filter(self, name: str) -> None:
        """Turns one of the filters on to its next choice that shows something beside the other filters."""
        others = replace(self.filters, **{name: None})
        choices = filters.choices(known for known in self._known().values() if others.matches(known))
        self.filters = self.filters.with_next(name, choices[name])

    def show_all(self) -> None:
        """Puts all filters away."""
        self.filters = Filters()

    def name_group(self, folder: Path, name: str) -> None:
        """Names the group of episodes in a folder. Raises UserError if the name cannot be kept."""
        heading = self._groups[folder].heading
        set_name(folder, name)
        self._groups = read_groups(self.paths)
        if self.filters.strategy == heading:
            self.filters = replace(self.filters, strategy=None)  # else its recordings would vanish

    def _known(self) -> dict[Path, Known]:
        found = ((path, self.facts(path)) for path in self.paths)
        return {path: known for path, known in found if known is not None}


def _stages_of_runs(paths: Iterable[Path]) -> dict[Path, str]:
    """What the runs say that have more than one of these recordings, by folder."""
    stages: dict[Path, list[int]] = {}
    for path in paths:
        run, steps = run_folder_of(path), agent_steps_of(path)
        if run and steps is not None and is_of_run(path):
            stages.setdefault(run, []).append(steps)
    return {run: stages_text(steps) for run, steps in stages.items() if len(steps) > 1}
