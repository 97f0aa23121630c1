"""Files of drawn worlds: saved whole or not at all; what is not saved is kept aside until the next time."""

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import platformdirs

from replays.format.archive import free_path, replacing
from sim.errors import UserError
from sim.scenarios.drawn.file import read_file
from sim.scenarios.drawn.world import DrawnWorld
from sim.scenarios.drawn.writing import text

ENDING = ".toml"
_MOST_OFFERED = 40


def save(world: DrawnWorld, path: Path) -> None:
    """Writes the file of a world.

    Raises:
        UserError: it cannot be written.
    """
    with replacing(path) as file:
        file.write(text(world).encode())


def keep_aside(world: DrawnWorld, place: Path) -> None:
    """Keeps a version that is not saved; the newest one stays.

    Raises:
        UserError: it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(f"{place.parent}: cannot be made a folder ({problem.strerror}); save the world") from problem
    save(world, place)


def read_aside(place: Path) -> DrawnWorld | None:
    """What was kept at a place; None if there is nothing, or nothing that can be read."""
    try:
        return read_file(place) if place.is_file() else None
    except UserError:
        return None


def aside(path: Path) -> Path:
    """Where versions of a file that are not saved are kept."""
    digest = hashlib.sha256(str(path.resolve()).encode(errors="surrogateescape")).hexdigest()[:12]
    return unsaved_folder() / f"{path.stem[:40]}-{digest}{ENDING}"


def free_aside() -> Path:
    """Where versions of a world that has no file yet can be kept; another place each time, in every window."""
    return untitled_folder() / f"{datetime.now():%Y-%m-%d %H.%M} {uuid4().hex[:8]}{ENDING}"


def is_untitled(path: Path) -> bool:
    """Whether it holds a world that was never saved."""
    return path.resolve().parent == untitled_folder().resolve()


def newest_untitled() -> Path | None:
    """The newest world that was never saved, if there is one."""
    return next(iter(worlds_in(untitled_folder())), None)


def unsaved_folder() -> Path:
    """The user's own folder for what is not saved."""
    return platformdirs.user_data_path("hideseek", appauthor=False) / "unsaved"


def untitled_folder() -> Path:
    """The part of it for worlds that were never saved."""
    return unsaved_folder() / "untitled"


def path_of(text: str, folder: Path) -> Path:
    """The file that a text names, from a folder on; it ends as files of worlds do.

    Raises:
        UserError: it names none.
    """
    name = text.strip()
    if not name or name.endswith("/"):
        raise UserError("a file needs a name, such as my-world.toml")
    path = folder / Path(name).expanduser()
    return path if path.suffix == ENDING else path.with_name(path.name + ENDING)


def free_file(folder: Path, stem: str) -> Path:
    """A file in a folder that nothing has yet."""
    return free_path(folder, stem, ENDING)


def worlds_in(folder: Path) -> list[Path]:
    """The files in a folder that may be drawn worlds, the newest first."""
    try:
        found = [path for path in folder.glob(f"*{ENDING}") if path.is_file() and path.name != "pyproject.toml"]
        return sorted(found, key=lambda path: -path.stat().st_mtime)[:_MOST_OFFERED]
    except OSError:
        return []
