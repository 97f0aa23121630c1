"""Groups of a run's episodes that no strategy explains, and what people call them.

RUN/unnamed/N-K/1.npz ...   the most typical episodes of group K that came up after N agent-steps
RUN/unnamed/N-K/name.txt    what somebody called it, once somebody has
"""

import re
from pathlib import Path

from replays.format.archive import replacing
from sim.errors import UserError

FOLDER = "unnamed"
_NAME = "name.txt"
_MOST_LETTERS = 60
_GROUP = re.compile(r"[0-9]{12}-[0-9]{1,2}")


def group_folder(run: Path, agent_steps: int, number: int) -> Path:
    """Where the recordings of a group lie."""
    return run / FOLDER / f"{agent_steps:012}-{number}"


def groups_of(run: Path) -> list[Path]:
    """The folders of all groups of a run, in the order in which they came up."""
    return sorted(path for path in (run / FOLDER).glob("*") if _GROUP.fullmatch(path.name))


def group_of(recording: Path) -> Path | None:
    """The folder of the group that a recording belongs to; None for other recordings."""
    folder = recording.parent
    return folder if folder.parent.name == FOLDER and _GROUP.fullmatch(folder.name) else None


def name_of(group: Path) -> str | None:
    """What a group is called; None if it has no name."""
    try:
        text = (group / _NAME).read_bytes()[: 4 * _MOST_LETTERS].decode("utf-8", errors="replace")
    except OSError:
        return None
    return clean_name(text) or None


def clean_name(text: str) -> str:
    """A name as it is kept: one line of printable letters, not too many."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_MOST_LETTERS]


def set_name(group: Path, text: str) -> None:
    """Names a group; an empty text takes its name away.

    Raises:
        UserError: it cannot be written.
    """
    name = clean_name(text)
    try:
        if name:
            with replacing(group / _NAME) as file:
                file.write(name.encode())
        else:
            (group / _NAME).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{group / _NAME} cannot be written ({error.strerror})") from None
