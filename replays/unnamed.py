"""Groups of a run's episodes that no strategy explains, and what people call them.

RUN/unnamed/N-K/1.npz ...   the most typical episodes of group K that came up after N agent-steps
RUN/unnamed/N-K/name.txt    what somebody called it, once somebody has
"""

import re
from pathlib import Path

from replays.format.archive import replacing
from replays.format.header import clean
from sim.errors import UserError

FOLDER = "unnamed"
_NAME = "name.txt"
MOST_LETTERS = 60
"""Longest name."""
_MOST_BYTES = 4 * MOST_LETTERS
_GROUP = re.compile(r"[0-9]{12}-[0-9]{1,2}")


def group_folder(run: Path, agent_steps: int, number: int) -> Path:
    """Where the recordings of a group lie."""
    return run / FOLDER / f"{agent_steps:012}-{number}"


def groups_of(run: Path) -> list[Path]:
    """The folders of all groups of a run, in the order in which they came up."""
    return sorted(path for path in (run / FOLDER).glob("*") if _GROUP.fullmatch(path.name) and path.is_dir())


def recordings_of_groups(run: Path) -> list[Path]:
    """The recordings of all groups of a run: group by group, the most typical of each first."""
    return [path for group in groups_of(run) for path in sorted(group.glob("*.npz"), key=place_in_group)]


def place_in_group(recording: Path) -> tuple[str, int, str]:
    """Sorts the recordings of a run's groups: 2.npz comes before 10.npz."""
    return recording.parent.name, len(recording.name), recording.name


def group_of(recording: Path) -> Path | None:
    """The folder of the group that a recording belongs to; None for other recordings."""
    folder = recording.parent
    return folder if folder.parent.name == FOLDER and _GROUP.fullmatch(folder.name) else None


def agent_steps_of_group(group: Path) -> int:
    """After how much training the group of a folder came up, in agent-steps."""
    return int(group.name.partition("-")[0])


def name_of(group: Path) -> str | None:
    """What a group is called; None if it has no name."""
    path = group / _NAME
    try:
        if not path.is_file():  # to open a pipe would wait for a writer
            return None
        with open(path, "rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return None
    return clean_name(text) or None


def clean_name(text: str) -> str:
    """A name as it is kept: one line of at most MOST_LETTERS printable letters."""
    return " ".join(clean(text).split())[:MOST_LETTERS].rstrip()


def set_name(group: Path, text: str) -> None:
    """Names a group; an empty text takes its name away.

    Raises:
        UserError: it cannot be written.
    """
    name, path = clean_name(text), group / _NAME
    if name:
        with replacing(path) as file:
            file.write(name.encode())
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path}: cannot be removed ({error.strerror})") from None
