"""Standard streams as commands need them: open, wide enough, and able to print any text."""

import codecs
import os
import shutil
import sys

_NARROWEST = 40
"""Columns: help in fewer cannot be laid out."""
_HANDLER = "hideseek"
_ASCII = {
    "\u2026": "...",
    "\u2192": "->",
    "\u2190": "<-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2022": "*",
    "\xb5": "u",
    "\xb1": "+-",
    "\xd7": "x",
}


def prepare_streams() -> None:
    """Mends what the caller left closed, too narrow or unable to encode; output goes nowhere where nobody reads it."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors=_HANDLER)
    if shutil.get_terminal_size().columns < _NARROWEST:
        os.environ["COLUMNS"] = str(_NARROWEST)


def _open_closed() -> None:
    """Gives standard streams that were closed (`>&-`) the null device, so that no other file takes their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """What stands for letters that a stream cannot encode: a likeness in ASCII, else the letter's number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_likeness, error.object[error.start : error.end])), error.end


def _likeness(letter: str) -> str:
    if letter in _ASCII:
        return _ASCII[letter]
    if "\u2500" <= letter <= "\u257f":  # lines and corners of boxes
        return {"\u2502": "|", "\u2503": "|", "\u2551": "|", "\u2500": "-", "\u2501": "-", "\u2550": "-"}.get(
            letter, "+"
        )
    if "\udc80" <= letter <= "\udcff":  # a byte of a file name that is no UTF-8
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("ascii", "backslashreplace").decode("ascii")


codecs.register_error(_HANDLER, _plainer)
