"""Undo and redo without end, of documents that never change themselves."""

from collections.abc import Callable
from typing import Generic, TypeVar

Document = TypeVar("Document")


class History(Generic[Document]):
    """The versions of a document; `present` is the one that is shown."""

    def __init__(self, first: Document) -> None:
        self.present = first
        self._past: list[Document] = []
        self._future: list[Document] = []

    @property
    def can_undo(self) -> bool:
        """There is an earlier version."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """There is a later version, which was undone."""
        return bool(self._future)

    def add(self, document: Document) -> bool:
        """Makes a new version the present one; False if nothing has changed."""
        if document == self.present:
            return False
        self._past.append(self.present)
        self._future.clear()
        self.present = document
        return True

    def rewrite(self, change: Callable[[Document], Document]) -> None:
        """Changes every version alike, which is no step."""
        self.present = change(self.present)
        self._past, self._future = [change(one) for one in self._past], [change(one) for one in self._future]

    def undo(self) -> bool:
        """Goes back one version; False at the first one."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Takes the last undo back; False if there is none."""
        return self._step(self._future, self._past)

    def _step(self, source: list[Document], target: list[Document]) -> bool:
        if not source:
            return False
        target.append(self.present)
        self.present = source.pop()
        return True
