"""One line of a label file: what it may say. `replays.labels` describes it, and says which labels stand."""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from replays.format.archive import Malformed
from replays.format.header import MOST_TICKS
from replays.questions import Clip, Label, Question, Statement
from sim.errors import UserError

FORMAT = 1

_START = b'{"format": 1, "'
"""Every line begins so; what does not is no line of ours, and is never cut off."""
_CLIP_KEYS = {"file", "sha256", "from", "until"}
_ANSWER_KEYS = {"format", "ask", "choice", "seconds", "time"}
_LABEL_KEYS = _ANSWER_KEYS | {"left", "right"}
_VOTE_KEYS = _ANSWER_KEYS | {"clips", "statement", "feature", "sign"}
_LABEL_CHOICES, _VOTE_CHOICES = ("left", "right", "equal", "skip"), ("yes", "no", "unsure")
_UNDO_KEYS = {"format", "undoes", "time"}
_LONGEST_LINE = 64 * 2**10
"""Bytes; a real line has about 500."""
MOST_QUESTION = 200
"""Letters of a question."""
_MOST_PATH = 4096
_MOST_GROUP = 64
"""Clips of a side."""
_MOST_SECONDS = 1e6
_HASH = re.compile(r"[0-9a-f]{64}")


def clean_question(text: str) -> str:
    """A question as it is kept: one line.

    Raises:
        UserError: it is empty, too long, or has something in it that cannot be printed.
    """
    question = " ".join(text.split())
    if not question or len(question) > MOST_QUESTION or not question.isprintable():
        raise UserError(f"a question is one line of 1 to {MOST_QUESTION} letters, such as 'Which hiders hide better?'")
    return question


def table_of(line: bytes) -> dict[str, Any]:
    """The value of a line. Raises ValueError if it is no JSON object."""
    if len(line) > _LONGEST_LINE:
        raise Malformed("the line is too long")
    raw = json.loads(line.decode())
    if not isinstance(raw, dict):
        raise Malformed("the line is no label")
    return raw


def may_be_cut_short(line: bytes) -> bool:
    """Whether the rest of a line that is no whole one may be missing."""
    return len(line) <= _LONGEST_LINE and (line.startswith(_START) or _START.startswith(line))


def is_undo(raw: dict[str, Any]) -> bool:
    """Whether a line takes a label back. Raises ValueError if its time is none."""
    if set(raw) != _UNDO_KEYS:
        return False
    _time(raw["time"])
    return True


def label_of(raw: dict[str, Any], line: int, folder: Path, asked: str | None) -> Label:
    """The label or vote that a line says.

    Args:
        raw: the line's value.
        line: its number.
        folder: of the label file, all links resolved.
        asked: what earlier lines asked; None for the first.

    Raises:
        ValueError: it is none, or asks something else.
    """
    if (keys := set(raw) - {"undoes"}) not in (_LABEL_KEYS, _VOTE_KEYS):
        raise Malformed("it has other keys than a label")
    ask, choice, seconds = raw["ask"], raw["choice"], raw["seconds"]
    choices = _LABEL_CHOICES if keys == _LABEL_KEYS else _VOTE_CHOICES
    _check_text("ask", ask)
    if asked not in (None, ask):
        raise Malformed("it answers another question than the lines before it")
    if choice not in choices:
        raise Malformed(f"choice is not one of {', '.join(choices)}")
    if type(seconds) not in (int, float) or not 0 <= seconds <= _MOST_SECONDS:
        raise Malformed("seconds is not a length of time")
    return Label(line, ask, _question(raw, folder), choice, float(seconds), _time(raw["time"]))


def _question(raw: dict[str, Any], folder: Path) -> Question:
    """What the line of a label or a vote was asked."""
    if "clips" not in raw:
        return Question(_side(raw["left"], folder), _side(raw["right"], folder))
    text, feature, sign = raw["statement"], raw["feature"], raw["sign"]
    _check_text("statement", text)
    _check_text("feature", feature)
    if type(sign) is not int or sign not in (1, -1):
        raise Malformed("sign is not 1 or -1")
    return Question(_side(raw["clips"], folder), statement=Statement(text, feature, sign))


def _side(raw: Any, folder: Path) -> tuple[Clip, ...]:
    clips = raw if isinstance(raw, list) else [raw]
    if not 0 < len(clips) <= _MOST_GROUP:
        raise Malformed(f"a group has not 1 to {_MOST_GROUP} clips")
    return tuple(_clip(clip, folder) for clip in clips)


def _check_text(name: str, text: Any) -> None:
    if not isinstance(text, str) or not 0 < len(text) <= MOST_QUESTION or not text.isprintable():
        raise Malformed(f"{name} is not a short text")


def _clip(raw: Any, folder: Path) -> Clip:
    if not isinstance(raw, dict) or set(raw) != _CLIP_KEYS:
        raise Malformed("a clip has other keys than file, sha256, from and until")
    name, sha256, first, until = (raw[key] for key in ("file", "sha256", "from", "until"))
    if not isinstance(name, str) or not 0 < len(name) <= _MOST_PATH or "\0" in name:
        raise Malformed("a clip's file is no path")
    if not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
        raise Malformed("a clip's sha256 is not 64 hexadecimal digits")
    if type(first) is not int or type(until) is not int or not 0 <= first < until <= MOST_TICKS:
        raise Malformed("a clip's ticks are not whole numbers in order")
    return Clip(Path(os.path.normpath(folder / name)), sha256, first, until)


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(value) if isinstance(value, str) else None
    if time is None or time.tzinfo is None:
        raise Malformed("time is not a time with its offset from UTC")
    return time
