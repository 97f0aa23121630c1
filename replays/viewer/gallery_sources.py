"""Where recordings are: a file, a run's folder, a folder of files, or a folder of runs."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from replays.viewer.gallery_facts import agent_steps_of
from sim.errors import UserError

MOST = 5_000
"""Most recordings that are looked at; the rest of a larger folder is left alone."""


def recordings_in(place: Path) -> list[Path]:
    """The recordings of a place: a run's by training, other folders' by name, and those of all runs in a folder.

    They are resolved: of a bare name in the current folder nobody could tell to which run it belongs.

    Raises:
        UserError: there is no such place, or nothing in it.
    """
    if not place.exists():
        raise UserError(f"{place} does not exist; give a recording or a run folder")
    there = place.resolve()
    if not there.is_dir():
        return [there]
    found = of_run(there) or sorted(there.glob("*.npz")) or of_runs(there)
    if not found:
        raise UserError(f"{place} holds no recordings; give a run that has been trained, or a recording")
    return found[:MOST]


def recordings_of(places: Iterable[Path]) -> list[Path]:
    """The recordings of several places, each once; a run's recording stands for its run.

    A place that is gone or empty has none.
    """
    found: list[Path] = []
    for place in places:
        with suppress(UserError):
            found += siblings(place.resolve()) or recordings_in(place)
    return list(dict.fromkeys(found))


def of_run(folder: Path) -> list[Path]:
    """What the trainer recorded in a run, oldest first; nothing if the folder is no run."""
    return sorted(path for path in folder.glob("replays/*.npz") if agent_steps_of(path) is not None)


def of_runs(folder: Path) -> list[Path]:
    """What was recorded in all runs that lie side by side in a folder."""
    return [path for run in sorted(folder.glob("*")) if run.is_dir() for path in of_run(run)]


def siblings(path: Path) -> list[Path]:
    """All recordings of the run that this one belongs to, by training; none if it belongs to no run."""
    return of_run(path.parent.parent) if agent_steps_of(path) is not None else []
