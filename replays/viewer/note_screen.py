"""A screen that says for a short while what a key has just done."""

from replays.viewer.screen import ScreenBase

_NOTE_S = 5.0
"""How long a note stays."""


class NoteScreen(ScreenBase):
    """`note` is what has just been done, or why not; empty when it has faded."""

    def __init__(self) -> None:
        super().__init__()
        self.note = ""
        self._note_left = 0.0

    def say(self, note: str) -> None:
        """Shows for a short while what has been done."""
        self.note, self._note_left, self.stale = note, _NOTE_S, True

    def let_note_fade(self, seconds: float) -> None:
        """Lets real time pass for the note."""
        if self.note:
            self._note_left -= seconds
            if self._note_left <= 0:
                self.note, self.stale = "", True
