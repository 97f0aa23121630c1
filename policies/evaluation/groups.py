"""Keeps the groups that nobody has named beside their run, and says what is in them."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from policies.evaluation.stages import Played, RunStages
from replays.format.recording import Recording, read, write
from replays.report.documents.run import Group, UnknownGroup
from replays.unnamed import group_folder, groups_of, name_of
from sim.errors import UserError

MOST = 6
"""Most groups that are kept."""


class Kept(NamedTuple):
    """Groups as they were kept."""

    data: list[UnknownGroup]
    typical: list[Recording]
    """The most typical episode of each."""


def keep_groups(run: Path, found: Sequence[Group], stages: RunStages) -> Kept:
    """Writes the typical episodes of groups that no strategy explains into the run's folder.

    Groups that were kept before and have no name go; those that a person has named stay.

    Args:
        run: its folder.
        found: the groups, the most interesting first.
        stages: plays the episodes of a stage once more.

    Raises:
        UserError: the folder cannot be written.
    """
    kept, played = Kept([], []), dict[int, Played]()
    _clear(run)
    for group in [one for one in found if not one["explained_by"]][:MOST]:
        for stage in {stage for stage, _ in group["typical"]} - played.keys():
            played[stage] = stages.play(stage)
        recordings = [played[stage].recording(episode) for stage, episode in group["typical"]]
        folder = _named_before(run, recordings)
        if folder is None:
            folder = _free_folder(run, group["agent_steps"])
            _write(recordings, folder)
        files = [str(path.relative_to(run)) for path in sorted(folder.glob("*.npz"))]
        kept.data.append({**group, "files": files, "named": name_of(folder)})
        kept.typical.append(recordings[0])
    return kept


def _named_before(run: Path, recordings: Sequence[Recording]) -> Path | None:
    """The folder of a group that a person has named, if it has one of these episodes."""
    wanted = {_identity(recording) for recording in recordings}
    for folder in groups_of(run):
        with suppress(UserError):
            if any(_identity(read(path)) in wanted for path in folder.glob("*.npz")):
                return folder
    return None


def _identity(recording: Recording) -> tuple[int, str, str]:
    """The start and the teams of an episode."""
    return recording.header.seed, recording.header.hashes["hiders"], recording.header.hashes["seekers"]


def _free_folder(run: Path, agent_steps: int) -> Path:
    number = 0
    while group_folder(run, agent_steps, number).exists():
        number += 1
    return group_folder(run, agent_steps, number)


def _clear(run: Path) -> None:
    for folder in groups_of(run):
        if name_of(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)


def _write(recordings: Sequence[Recording], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made a folder ({error.strerror})") from None
    for number, recording in enumerate(recordings):
        write(recording, folder / f"{number + 1}.npz")
