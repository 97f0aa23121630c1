"""Groups of a run's episodes that no strategy explains, as the gallery shows them: by number, or by name."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from replays.film.facts import Facts
from replays.film.labels import UNNAMED
from replays.unnamed import group_of, groups_of, name_of


class EpisodeGroup(NamedTuple):
    """A group of episodes and what it is called."""

    number: int
    """Its place among the groups of its run, from 1."""
    count: int
    """How many groups its run has."""
    name: str | None

    @property
    def heading(self) -> str:
        """What its recordings are shown under."""
        return self.name or UNNAMED

    @property
    def title(self) -> str:
        """What tells it from the other groups of its run."""
        return self.name or f"Group {self.number} of {self.count}"

    def facts(self, facts: Facts) -> Facts:
        """The facts of one of its recordings, as the gallery shows them."""
        strategies = (self.heading, *facts.strategies)
        return facts._replace(strategies=strategies, lasted=0, rate=None, group=self.title)


def read_groups(recordings: Iterable[Path]) -> dict[Path, EpisodeGroup]:
    """All groups of the runs whose groups some of these recordings belong to, by folder, with their present names."""
    runs = {group.parent.parent for path in recordings if (group := group_of(path))}
    found = {run: groups_of(run) for run in runs}
    return {
        folder: EpisodeGroup(number, len(folders), name_of(folder))
        for folders in found.values()
        for number, folder in enumerate(folders, start=1)
    }
