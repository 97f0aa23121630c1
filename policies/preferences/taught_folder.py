"""What a tuned run's folder keeps of its evaluation:

RUN/taught/figures.json      what `policies.preferences.tuning_evaluation` returns
RUN/taught/before-K.npz      episodes 0 to 2 of the hiders before tuning
RUN/taught/after-K.npz       the same episodes of the newest checkpoint
RUN/taught/hacked-K.npz      of the first 256 episodes the first three that meet a weak goal and not the strong one;
                             older versions kept one, hacked.npz
"""

import json
from pathlib import Path
from typing import cast

import numpy as np

from policies.agents.folders import read_json
from policies.preferences.scored_episodes import ScoredEpisodes
from replays.format.archive import replacing
from replays.format.recording import Recording, read, write
from replays.report.documents.taught import TaughtDocument
from sim.errors import UserError

FORMAT = 1
"""Version of `figures.json`."""
FOLDER, FIGURES = "taught", "figures.json"
_BEFORE, _AFTER, _HACKED = "before-[0-9].npz", "after-[0-9].npz", "hacked*.npz"
STARTS = 3
"""Number of starts of which recordings are kept, before and after; and of hacked episodes."""


def figures_of(run: Path) -> TaughtDocument | None:
    """The result of `evaluate_tuning` that a run keeps; None if it keeps none.

    Raises:
        UserError: it is damaged or of another version.
    """
    try:
        return cast(TaughtDocument, read_json(run / FOLDER / FIGURES, FORMAT))
    except FileNotFoundError:
        return None


def recordings_of(run: Path) -> tuple[list[Recording], list[Recording], list[Recording]]:
    """The recordings that a run keeps: before, after, and of hacked episodes.

    Raises:
        UserError: one cannot be read.
    """
    folder = run / FOLDER
    before, after, hacked = (
        [read(path) for path in sorted(folder.glob(pattern))[:STARTS]] for pattern in (_BEFORE, _AFTER, _HACKED)
    )
    return before, after, hacked


def keep_evaluation(run: Path, result: TaughtDocument, before: ScoredEpisodes, after: ScoredEpisodes) -> None:
    """Writes figures and recordings in place of those of an earlier evaluation. Raises UserError if it cannot."""
    folder = run / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        earlier = [path for pattern in (_BEFORE, _AFTER, _HACKED) for path in folder.glob(pattern)]
        for path in (folder / FIGURES, *earlier):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written ({error.strerror}); choose another --run") from None
    for name, episodes in (("before", before), ("after", after)):
        for number in range(min(STARTS, episodes.played.trace.worlds)):
            write(episodes.played.recording(number), folder / f"{name}-{number}.npz")
    hacked = np.flatnonzero(after.goals.get("hacked", np.zeros(0, bool))[: after.played.trace.worlds])
    for number, episode in enumerate(hacked[:STARTS]):
        write(after.played.recording(int(episode)), folder / f"hacked-{number}.npz")
    with replacing(folder / FIGURES) as file:  # last: a folder that has this file is complete
        file.write(json.dumps({"format": FORMAT, **result}, indent=1).encode())
