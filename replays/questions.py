"""What a person is asked about clips, and answers: which of two they like better, which of two groups, or whether a
statement is what they want.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from replays.format.archive import MOST_BYTES
from replays.format.recording import Recording
from replays.format.recording import read as read_recording
from sim.errors import UserError

Choice = Literal["left", "right", "equal", "skip", "yes", "no", "unsure"]
"""An answer: one of the first four about two sides, one of the last three about a statement."""
Kind = Literal["pairs", "groups", "votes"]


class Clip(NamedTuple):
    """Some ticks of a recording."""

    path: Path
    """Of the recording."""
    sha256: str
    """Of the recording file's bytes, in hexadecimal."""
    first: int
    """Tick of the first state."""
    until: int
    """Tick of the last state, which is later."""

    @property
    def ticks(self) -> int:
        """How many ticks are played; there is one more state."""
        return self.until - self.first


class Statement(NamedTuple):
    """Something that may be wanted: more of a feature, or less."""

    text: str
    """What is shown, such as "Hiders stay near each other"."""
    feature: str
    """A name of `policies.preferences.features`."""
    sign: int
    """1 for more of it, -1 for less."""


class Question(NamedTuple):
    """Two sides to compare, or clips that show what a statement means."""

    left: tuple[Clip, ...]
    """One clip, or a group; all there are of a statement."""
    right: tuple[Clip, ...] = ()
    statement: Statement | None = None

    @property
    def clips(self) -> tuple[Clip, ...]:
        """All of them."""
        return self.left + self.right

    @property
    def kind(self) -> Kind:
        """Whether it is about two clips, about groups or about a statement."""
        return "votes" if self.statement else "groups" if len(self.clips) > 2 else "pairs"

    @property
    def key(self) -> object:
        """The same for the same question, whichever side is on the left and wherever the files lie."""
        return frozenset(frozenset(clip[1:] for clip in side) for side in (self.left, self.right)), self.statement

    def same_as(self, other: "Question") -> bool:
        """Whether both show the same on the same sides, wherever the files lie."""
        sides = ([[clip[1:] for clip in side] for side in (one.left, one.right)] for one in (self, other))
        return self.statement == other.statement and next(sides) == next(sides)

    def swapped(self) -> "Question":
        """With its sides exchanged."""
        return self._replace(left=self.right, right=self.left)


class Label(NamedTuple):
    """What a person answered."""

    line: int
    """Its line in the file, from 1 on."""
    ask: str
    """The question of the file."""
    question: Question
    """The clips that it was asked about."""
    choice: Choice
    seconds: float
    """How long the person took."""
    time: datetime
    """When it was given; with a time zone."""


def pair(left: Clip, right: Clip) -> Question:
    """One clip against another."""
    return Question((left,), (right,))


def recording_of(clip: Clip) -> Recording:
    """The recording that a clip is a part of.

    Raises:
        UserError: it cannot be read, or is too short.
    """
    recording = read_recording(clip.path)
    if clip.until > recording.header.ticks:
        raise UserError(f"{clip.path} has {recording.header.ticks} ticks; a label shows ticks up to {clip.until}")
    return recording


def clip_of(path: Path, first: int, until: int) -> Clip:
    """Some ticks of a recording file as it is now.

    Raises:
        UserError: the file cannot be read.
    """
    return Clip(path.resolve(), hash_of(path), first, until)


def hash_of(path: Path) -> str:
    """SHA-256 of a recording file's bytes, in hexadecimal.

    Raises:
        UserError: it cannot be read.
    """
    return hashlib.sha256(bytes_of(path, MOST_BYTES)).hexdigest()


def bytes_of(path: Path, most: int) -> bytes:
    """The bytes of a plain file. Raises UserError if it cannot be read or has more than `most` bytes."""
    try:
        if not path.is_file():  # to open a pipe would wait for a writer
            raise UserError(f"{path}: there is no such file; check the name")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be opened ({error.strerror or error}); check the name") from None
    if len(content) > most:
        raise UserError(f"{path}: larger than {most >> 20} MiB; choose another file")
    return content
