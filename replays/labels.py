r"""What a person preferred: a file of labels, each of which answers a question about clips of recordings.

A label file is JSON lines that are only ever appended, in UTF-8, each ended by "\n". Lines count from 1. There are
four kinds:

    a label      {"format": 1, "ask": TEXT, "left": SIDE, "right": SIDE, "choice": "left"|"right"|"equal"|"skip",
                  "seconds": S, "time": TIME}
    a vote       {"format": 1, "ask": TEXT, "clips": SIDE, "statement": TEXT, "feature": NAME, "sign": 1|-1,
                  "choice": "yes"|"no"|"unsure", "seconds": S, "time": TIME}
    a change     a label or vote and "undoes": N: it takes the place of the one of line N
    an undo      {"format": 1, "undoes": N, "time": TIME}: the label or vote of line N is taken back

    SIDE         CLIP, or a group: [CLIP, CLIP, ...]
    CLIP         {"file": PATH, "sha256": HASH, "from": TICK, "until": TICK}

`ask` is the question that the person answered, the same in all lines of a file. `choice` says which clip, or which
group as a whole, answers it better; "skip" says that the person could not tell what to say. A vote says whether what
the statement says answers it well, "yes", or its opposite does, "no"; its clips are examples. It is about more of a
feature of `policies.preferences.features`, or less, by its sign. `seconds` is how long that took, TIME is ISO 8601 with
its offset from UTC. PATH is relative to the folder of the label file where possible, with "/" between its parts; HASH
is that of the recording file's bytes, in hexadecimal. A clip has the states `from` to `until` of a recording, both
included, and the actions `from` to `until` - 1. N is the line of a label that stands: an earlier label, vote or change
that no line before this one undoes.

A process may be killed while it writes: a last line that is the beginning of one of these and has no "\n" is ignored
when reading, and cut off before the next line is written. A last line that lacks nothing but its "\n" counts.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from replays.format.archive import Malformed
from replays.label_lines import FORMAT, is_undo, label_of, may_be_cut_short, table_of
from replays.questions import Choice, Label, bytes_of, hash_of
from sim.errors import UserError

PREFERRED: dict[Choice, float] = {"left": 1.0, "right": 0.0, "equal": 0.5, "yes": 1.0, "no": 0.0}
"""By answer, how much the left side (or what a statement says) is preferred; "skip" and "unsure" say nothing."""
_MIRRORED: dict[Choice, Choice] = {"left": "right", "right": "left"}
_MOST_FILE_BYTES = 64 * 2**20


class Agreement(NamedTuple):
    """How often a person answered the same when a question came again."""

    same: int
    repeats: int


def read(path: Path) -> list[Label]:
    """The labels that stand, in the order in which their pairs were first labelled; a change has its label's place.

    Every recording that they name is there, and is the one that was shown.

    Raises:
        UserError: the file cannot be read, a line is broken, labels answer different questions, or a recording is
            missing or has changed.
    """
    labels, _ = parse(content_of(path), path)
    check_recordings(labels, path)
    return labels


def agreement(labels: Sequence[Label]) -> Agreement:
    """Of the questions that were answered again; skipped ones do not count."""
    first: dict[object, Label] = {}
    same = repeats = 0
    for label in labels:
        before = first.setdefault(label.question.key, label)
        if before is label or "skip" in (before.choice, label.choice):
            continue
        swapped = not label.question.same_as(before.question)
        repeats += 1
        same += (_MIRRORED.get(label.choice, label.choice) if swapped else label.choice) == before.choice
    return Agreement(same, repeats)


def parse(content: bytes, path: Path) -> tuple[list[Label], int]:
    """The labels that stand in the bytes of a label file, and how many of these bytes are whole lines.

    The recordings are not looked for.

    Args:
        content: of the file.
        path: of the file, from whose folder clips are found; it need not exist.

    Raises:
        UserError: a line is broken, or labels answer different questions.
    """
    reader = _Reader(path)
    whole = content.rfind(b"\n") + 1
    for line in content[:whole].split(b"\n")[:-1]:
        reader.add(line)
    torn = content[whole:]
    if torn and reader.add_last(torn):
        whole = len(content)
    return reader.labels, whole


class _Reader:
    """Takes lines one after the other, and knows which labels stand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = path.parent.resolve()
        self._lines = 0
        self._ask: str | None = None
        self._standing: dict[int, Label] = {}
        """By the line of the pair's first label."""
        self._places: dict[int, int] = {}
        """Where in `_standing` the label of a line is."""

    @property
    def labels(self) -> list[Label]:
        return list(self._standing.values())

    def add(self, line: bytes) -> None:
        """Takes a whole line. Raises UserError if it is broken."""
        self._lines += 1
        try:
            self._take(table_of(line))
        except (Malformed, ValueError, RecursionError) as problem:
            raise self._refused(problem) from None

    def add_last(self, line: bytes) -> bool:
        """Takes a line without end; returns whether it is a whole one. Raises UserError if no line begins so."""
        try:
            raw = table_of(line)
        except (Malformed, ValueError, RecursionError) as problem:
            if not may_be_cut_short(line):
                self._lines += 1
                raise self._refused(problem) from None
            return False
        self._lines += 1
        try:
            self._take(raw)
        except (Malformed, ValueError) as problem:
            raise self._refused(problem) from None
        return True

    def _take(self, raw: dict[str, Any]) -> None:
        if raw.get("format") != FORMAT:
            raise Malformed(f"its format is not {FORMAT}")
        undone = raw.get("undoes")
        if "undoes" in raw and (type(undone) is not int or undone not in self._places):
            raise Malformed("it undoes a line that is no label, or is undone already")
        if is_undo(raw):
            del self._standing[self._places.pop(raw["undoes"])]
            return
        label = label_of(raw, self._lines, self._folder, self._ask)
        place = self._lines if undone is None else self._places.pop(undone)
        if undone is not None and not label.question.same_as(self._standing[place].question):
            raise Malformed(f"it changes the label of line {undone}, which shows other clips")
        self._ask = label.ask
        self._standing[place], self._places[self._lines] = label, place

    def _refused(self, problem: Exception) -> UserError:
        what = "no line of JSON" if isinstance(problem, (json.JSONDecodeError, UnicodeDecodeError)) else problem
        return UserError(
            f"{self._path}, line {self._lines}: {what}; mend or remove the line, or choose another --labels"
        )


def content_of(path: Path) -> bytes:
    """The bytes of a label file. Raises UserError if it cannot be read."""
    return bytes_of(path, _MOST_FILE_BYTES)


def check_recordings(labels: list[Label], path: Path) -> None:
    """Raises UserError if a recording that labels name is missing or another one than was shown."""
    hashes: dict[Path, str] = {}
    for label in labels:
        for clip in label.question.clips:
            if clip.path not in hashes:
                if not os.path.isfile(clip.path):  # pathlib's raises OSError for a name that is too long
                    raise UserError(f"{path}, line {label.line}: {clip.path} is not there; put the recording back")
                hashes[clip.path] = hash_of(clip.path)
            if hashes[clip.path] != clip.sha256:
                raise UserError(
                    f"{path}, line {label.line}: {clip.path} is not the recording that was labelled; put that one back"
                )
