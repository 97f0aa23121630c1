"""A screen with a document: its file is saved, another one is opened, and short notes say what was done."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pygame

from replays.viewer.edit.dialog import FileDialog
from replays.viewer.edit.document import Document, open_document
from replays.viewer.edit.files import free_file, path_of, untitled_folder, worlds_in
from replays.viewer.edit.new_world import small_world
from replays.viewer.note_screen import NoteScreen
from sim.errors import UserError
from sim.scenarios.drawn.file import name_of
from sim.scenarios.drawn.world import DrawnWorld


class DocumentScreen(NoteScreen):
    """`dialog` asks for a file, if anything does."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.dialog: FileDialog | None = None
        self.has_warned = False
        """The user has been warned that the world is not saved."""
        self._answer: Callable[[str], None] = self._save_as
        self._replaced: Path | None = None
        """A file that may be written over."""

    @property
    def world(self) -> DrawnWorld:
        """The world as it is now."""
        return self.document.world

    def tell(self, message: str) -> None:
        """Shows a message until it is put away; while a file is asked for, between its name and the choices."""
        if self.dialog:
            self.say(message)
        else:
            super().tell(message)

    def attempt(self, action: Callable[[], None]) -> None:
        """Does something that may be refused, and says why."""
        try:
            action()
        except UserError as error:
            self.tell(str(error))
        except ValueError as error:
            self.say(str(error))

    def begin_new(self) -> None:
        """A new, nearly empty world; what was there is kept aside if it is not saved."""
        self._show(Document(small_world()))

    def begin_open(self) -> None:
        """Asks which file to open."""
        self._ask("Open a world", "", self._open, [*worlds_in(self._folder), *worlds_in(untitled_folder())])

    def begin_save_as(self) -> None:
        """Asks under which name to save."""
        path = self.document.path or free_file(Path(), "my-world")
        self._ask("Save as", str(path), self._save_as)

    def save(self) -> None:
        """Saves the world in its file; asks for a name if it has none."""
        if self.document.path is None:
            self.begin_save_as()
        else:
            path = self.document.path
            self.attempt(lambda: self.save_in(path))

    def save_in(self, path: Path, name: str | None = None) -> None:
        """Saves the world in a file, under another name if one is given.

        Raises:
            UserError: it cannot be written.
        """
        self.document.save(path, name)
        self.dialog, self._replaced, self.has_warned = None, None, False
        self.world_changed()
        self.say(f"Saved as {path}")

    def handle_dialog(self, dialog: FileDialog, event: pygame.Event) -> None:
        """Does what an event asks for while a file is asked for."""
        self.stale = True
        key = event.key if event.type == pygame.KEYDOWN else None
        if key == pygame.K_ESCAPE:
            self.dialog, self.note = None, ""
        elif key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self.attempt(lambda: self.answer(dialog))
        else:
            dialog.handle(event)

    def answer(self, dialog: FileDialog) -> None:
        """Opens or saves what was written or chosen; may raise UserError."""
        self.note = ""
        self._answer(dialog.answer)

    def let_note_fade(self, seconds: float) -> None:
        """Lets real time pass for what is written, else for the note, which stays while a file is asked for."""
        if self.dialog:
            self.dialog.advance()
        else:
            super().let_note_fade(seconds)
        if problem := self.document.problem():
            self.tell(problem)

    def resume(self) -> None:
        """Goes on after having been left."""
        super().resume()
        self.has_warned = False

    def show_document(self) -> None:
        """Another document is shown now."""
        self.world_changed()
        if not self.document.was_kept:
            return
        if self.document.history.can_undo:
            self.say("Changes that were not saved the last time are here again; Ctrl+Z takes them back")
        else:
            self.say("The world that was not saved the last time is here again; Ctrl+N begins an empty one")

    def world_changed(self) -> None:
        """There is another version of the world; to be overridden."""
        self.stale = True

    @property
    def _folder(self) -> Path:
        return self.document.path.parent if self.document.path else Path()

    def _ask(self, title: str, text: str, answer: Callable[[str], None], choices: Sequence[Path] = ()) -> None:
        self.dialog, self._answer, self.note = FileDialog(title, text, choices), answer, ""
        self.dialog.ignore_letter()

    def _open(self, text: str) -> None:
        self._show(open_document(path_of(text, Path())))

    def _save_as(self, text: str) -> None:
        path = path_of(text, Path())
        if path.exists() and path not in (self.document.path, self._replaced):
            self._replaced = path
            raise UserError(f"{path} is there already; Enter once more writes over it")
        self.save_in(path, name_of(path))

    def _show(self, document: Document) -> None:
        self.document.close()
        self.document, self.dialog, self.has_warned = document, None, False
        self.show_document()
