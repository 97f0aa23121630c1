"""The world that is edited: its history, its file, and the version kept aside while it is not saved."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from replays.viewer.edit.files import forget_aside, keep_aside, kept_aside, save
from replays.viewer.edit.history import History
from sim.errors import UserError
from sim.scenarios.drawn.file import read_file
from sim.scenarios.drawn.world import DrawnWorld


class Document:
    """A world; `path` is its file, if it has one. What was kept aside the last time is there again, as a first step."""

    def __init__(self, world: DrawnWorld, path: Path | None = None) -> None:
        self.path = path
        self.history = History(world)
        self.saved = world
        """As the file has it."""
        self._keeper = ThreadPoolExecutor(1, "hideseek-keeping")
        self._keeping: Future[None] | None = None
        kept = kept_aside(path)
        self.was_kept = kept is not None and self.history.add(kept)
        """It begins with changes that were not saved the last time."""

    @property
    def world(self) -> DrawnWorld:
        """As it is now."""
        return self.history.present

    @property
    def is_saved(self) -> bool:
        """The file has the same world."""
        return self.world == self.saved

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.name if self.path else "no file yet"

    def change(self, world: DrawnWorld) -> bool:
        """Makes another version the present one; False if it is the same."""
        return self._kept(self.history.add(world))

    def undo(self) -> bool:
        """Goes back one step."""
        return self._kept(self.history.undo())

    def redo(self) -> bool:
        """Goes one step further again."""
        return self._kept(self.history.redo())

    def save(self, path: Path) -> None:
        """Writes the file, and throws away what was kept aside.

        Raises:
            UserError: it cannot be written.
        """
        save(self.world, path)
        before, self.path, self.saved = self.path, path, self.world
        for place in {before, path}:
            self._keeper.submit(forget_aside, place)

    def problem(self) -> str | None:
        """Why the last version could not be kept aside; asked once."""
        if self._keeping is None or not self._keeping.done():
            return None
        error, self._keeping = self._keeping.exception(), None
        return str(error) if error else None

    def close(self) -> None:
        """Waits until everything is written."""
        self._keeper.shutdown()

    def _kept(self, changed: bool) -> bool:
        """Keeps a new version aside, in another thread: a disk may be slow."""
        if changed and self.is_saved:
            self._keeping = self._keeper.submit(forget_aside, self.path)
        elif changed:
            self._keeping = self._keeper.submit(keep_aside, self.world, self.path)
        return changed


def open_document(path: Path) -> Document:
    """The document of a file.

    Raises:
        UserError: it cannot be read, or is no drawn world.
    """
    if not path.exists():
        raise UserError(f"{path} does not exist; hideseek edit without a name begins a new world")
    return Document(read_file(path), path)
