"""The world that is edited: its history, its file, and the version kept aside while it is not saved."""

import dataclasses
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from replays.viewer.edit.files import aside, free_aside, is_untitled, keep_aside, newest_untitled, read_aside, save
from replays.viewer.edit.history import History
from sim.scenarios.drawn.file import name_of, read_file
from sim.scenarios.drawn.world import DrawnWorld


class Document:
    """A world; `path` is its file, if it has one."""

    def __init__(self, world: DrawnWorld, path: Path | None = None, place: Path | None = None) -> None:
        """`place` is where what is not saved is kept aside; what it holds from the last time is there again."""
        self.path = path
        self.history = History(world)
        self.saved: DrawnWorld | None = world
        """As the file has it; None if there is none."""
        self.place = place or free_aside()
        self._keeper = ThreadPoolExecutor(1, "hideseek-keeping")
        self._keeping: Future[None] | None = None
        kept = read_aside(self.place)
        self.was_kept = kept is not None and self.history.add(kept)
        """It begins with changes that were not saved the last time."""

    @property
    def world(self) -> DrawnWorld:
        """As it is now."""
        return self.history.present

    @property
    def is_saved(self) -> bool:
        """Nothing would be lost: the file has the same world, or nothing was drawn yet."""
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

    def save(self, path: Path, name: str | None = None) -> None:
        """Writes the file, and throws away what was kept aside; the world may be given another name.

        Raises:
            UserError: it cannot be written. The world is as it was.
        """
        name = name or self.world.name
        save(dataclasses.replace(self.world, name=name), path)
        self.history.rewrite(lambda world: dataclasses.replace(world, name=name))
        self.saved = self.world
        for place in {self.place, aside(path)}:
            self._keeper.submit(place.unlink, missing_ok=True)
        self.path, self.place = path, aside(path)

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
            self._keeping = self._keeper.submit(self.place.unlink, missing_ok=True)
        elif changed:
            self._keeping = self._keeper.submit(keep_aside, self.world, self.place)
        return changed


def open_document(path: Path) -> Document:
    """The document of a file; of one that was kept aside and has no other file, the world to go on with.

    Raises:
        UserError: it cannot be read, or is no drawn world.
    """
    world = read_file(path)
    return _untitled(world, path) if is_untitled(path) else Document(world, path, aside(path))


def last_document() -> Document | None:
    """The newest world that was never saved, if there is one."""
    path = newest_untitled()
    world = read_aside(path) if path else None
    return _untitled(world, path) if world and path else None


def document_for(world: DrawnWorld, path: Path) -> Document:
    """A document that begins with a world, of a file that is still to be written."""
    document = Document(dataclasses.replace(world, name=name_of(path)), path, aside(path))
    document.saved = None
    return document


def _untitled(world: DrawnWorld, place: Path) -> Document:
    document = Document(world, None, place)
    document.saved, document.was_kept = None, True
    return document
