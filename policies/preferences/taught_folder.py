"""What a run keeps of the measurement after it was taught:

RUN/taught/figures.json      what `policies.preferences.judge` returns
RUN/taught/before-K.npz      episodes 0 to 2 of the team, and after-K.npz of the newest checkpoint
RUN/taught/hacked.npz        of the first 256 episodes the first that meets a weak goal and not the strong one
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from policies.agents.folders import read_json
from policies.preferences.measure import Taught
from replays.format.archive import replacing
from replays.format.recording import Recording, read, write
from sim.errors import UserError

FORMAT = 1
"""Of `figures.json`."""
FOLDER, FIGURES, HACKED = "taught", "figures.json", "hacked.npz"
STARTS = 3
"""Recordings of so many starts are kept."""


def figures_of(run: Path) -> dict[str, Any] | None:
    """What `judge` kept in a run; None if there is nothing.

    Raises:
        UserError: it is damaged or of another version.
    """
    try:
        return read_json(run / FOLDER / FIGURES, FORMAT)
    except FileNotFoundError:
        return None


def recordings_of(run: Path) -> tuple[list[Recording], list[Recording], Recording | None]:
    """The recordings that `judge` kept: before, after, and of a hacked episode if there was one.

    Raises:
        UserError: one cannot be read.
    """
    folder = run / FOLDER
    before, after = (
        [read(path) for path in sorted(folder.glob(f"{name}-[0-9].npz"))[:STARTS]] for name in ("before", "after")
    )
    return before, after, read(folder / HACKED) if (folder / HACKED).exists() else None


def keep(run: Path, result: dict[str, Any], before: Taught, after: Taught) -> None:
    """Writes all of that in the place of what an earlier measurement kept. Raises UserError if it cannot be written."""
    folder = run / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        earlier = [path for name in ("before", "after") for path in folder.glob(f"{name}-[0-9].npz")]
        for path in (folder / FIGURES, folder / HACKED, *earlier):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written ({error.strerror}); choose another --run") from None
    for name, taught in (("before", before), ("after", after)):
        for number in range(min(STARTS, taught.played.trace.worlds)):
            write(taught.played.recording(number), folder / f"{name}-{number}.npz")
    hacked = np.flatnonzero(after.goals.get("hacked", np.zeros(0, bool))[: after.played.trace.worlds])
    if len(hacked):
        write(after.played.recording(int(hacked[0])), folder / HACKED)
    with replacing(folder / FIGURES) as file:  # last: a folder that has it is whole
        file.write(json.dumps({"format": FORMAT, **result}, indent=1).encode())
