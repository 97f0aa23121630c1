"""Writing the files of a run so that a full disk is one clear line, and a kill leaves no half of a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from replays.format.archive import free_space_or, replacing
from sim.errors import UserError


@contextmanager
def storing(run: Path) -> Iterator[None]:
    """Raises UserError for what cannot be written in the folder `run`."""
    try:
        yield
    except OSError as error:
        place = error.filename or run
        raise UserError(
            f"{place} cannot be written ({error.strerror}); {free_space_or(error)}choose another --run"
        ) from None


def replace_text(path: Path, text: str) -> None:
    """Writes a whole file, or leaves the old one as it was."""
    with replacing(path) as file:
        file.write(text.encode())


def flush(path: Path) -> None:
    """Has the system write a file or folder to the disk; Windows knows no such thing for folders."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
