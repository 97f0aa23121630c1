"""Label files that grow; see `replays.labels` for what is in them."""

import errno
import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from replays.format.archive import free_space_or
from replays.label_lines import FORMAT
from replays.labels import check_recordings, content_of, parse
from replays.questions import Choice, Clip, Label, Question
from sim.errors import UserError


class LabelWriter:
    """A label file that grows: each line is on the disk before the method that writes it returns.

    `labels` are those that stand, as `read` returns them.
    """

    def __init__(self, path: Path) -> None:
        """Opens a file to go on with it, or begins a new one in a folder that exists.

        Raises:
            UserError: as `read`; or the file cannot be written. It is not changed then.
        """
        self.path = path
        content = content_of(path) if path.exists() else b""
        self.labels, self._bytes = parse(content, path)
        check_recordings(self.labels, path)
        self._lines = content[: self._bytes].count(b"\n")
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            os.ftruncate(self._file, self._bytes)
        except OSError as error:
            raise self._refused(error) from None
        if self._bytes and not content[: self._bytes].endswith(b"\n"):
            self._write(b"\n")
            self._lines += 1

    def add(self, ask: str, question: Question, choice: Choice, seconds: float) -> Label:
        """Appends a label.

        Raises:
            UserError: it cannot be written; the file is as it was.
        """
        label = Label(self._lines + 1, ask, question, choice, round(seconds, 3), _now())
        self._append(_to_json(label, self.path.parent))
        self.labels.append(label)
        return label

    def change(self, label: Label, choice: Choice, seconds: float) -> Label:
        """Appends another answer in the place of a label that stands.

        Raises:
            UserError: it cannot be written; the file is as it was.
            ValueError: the label does not stand.
        """
        place = self.labels.index(label)
        changed = label._replace(line=self._lines + 1, choice=choice, seconds=round(seconds, 3), time=_now())
        self._append(_to_json(changed, self.path.parent, undoes=label.line))
        self.labels[place] = changed
        return changed

    def take_back(self, label: Label) -> None:
        """Appends that a label that stands does not count.

        Raises:
            UserError: it cannot be written; the file is as it was.
            ValueError: the label does not stand.
        """
        place = self.labels.index(label)
        self._append({"format": FORMAT, "undoes": label.line, "time": _now().isoformat()})
        del self.labels[place]

    def close(self) -> None:
        """Closes the file."""
        os.close(self._file)

    def _append(self, raw: dict[str, Any]) -> None:
        self._write(json.dumps(raw, allow_nan=False).encode() + b"\n")
        self._lines += 1

    def _write(self, line: bytes) -> None:
        """Writes bytes at the end, all or none."""
        try:
            if os.fstat(self._file).st_size != self._bytes:
                raise UserError(f"{self.path} was changed by another program; close this and open it again")
            if os.write(self._file, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, self._bytes)
            raise self._refused(error) from None
        self._bytes += len(line)

    def _refused(self, error: OSError) -> UserError:
        return UserError(
            f"{self.path}: cannot be written ({error.strerror or error}); {free_space_or(error)}choose another --labels"
        )


def _to_json(label: Label, folder: Path, undoes: int | None = None) -> dict[str, Any]:
    """A label as the value of its line, in a label file of that folder."""
    raw: dict[str, Any] = {"format": FORMAT, "ask": label.ask, **_question_to_json(label.question, folder)}
    raw |= {"choice": label.choice, "seconds": label.seconds, "time": label.time.isoformat()}
    return raw if undoes is None else {**raw, "undoes": undoes}


def _question_to_json(question: Question, folder: Path) -> dict[str, Any]:
    left, right = (_side_to_json(side, folder) for side in (question.left, question.right))
    if question.statement is None:
        return {"left": left, "right": right}
    text, feature, sign = question.statement
    return {"clips": left, "statement": text, "feature": feature, "sign": sign}


def _side_to_json(side: tuple[Clip, ...], folder: Path) -> Any:
    clips = [_clip_to_json(clip, folder) for clip in side]
    return clips[0] if len(clips) == 1 else clips


def _clip_to_json(clip: Clip, folder: Path) -> dict[str, Any]:
    path = clip.path.resolve()
    with suppress(ValueError):  # on another drive of Windows
        path = Path(os.path.relpath(path, folder.resolve()))
    return {"file": path.as_posix(), "sha256": clip.sha256, "from": clip.first, "until": clip.until}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
