"""What a command says when something goes wrong: one line on stderr and an exit code."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from sim.errors import UserError, extra_missing

BAD_INPUT, INTERRUPTED = 2, 130
"""Exit codes: the user can put it right; Ctrl-C."""

_FROM_TRAIN = ("openskill", "ruptures", "safetensors", "scipy", "sklearn", "threadpoolctl", "torch")
"""What the extra `train` installs."""
_OUT_OF_MEMORY = (
    "allocate memory",
    "bad_alloc",
    "can't start new thread",
    "could not create a primitive",
    "failed to map segment",
    "without exception set",
    "without setting an exception",
    "without raising an exception",
)
"""Parts of what torch (oneDNN speaks of primitives), threads, and libraries that are being loaded say where Python says
MemoryError. The last three are Python's, about compiled code that failed and could not even make an error of it."""
_LONGEST_MESSAGE = 600
"""Letters of an error message; a longer one loses its middle. The longest list of names to choose from fits."""


def in_one_line(command: Callable[[], int]) -> int:
    """Runs a command and returns its exit code; an error is reported in one line, and so is Ctrl-C."""
    try:
        code = _exit_code(command)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt as interrupt:  # it has words where a command knows what is kept
        _say("; ".join(["stopped", *map(str, interrupt.args)]))
        return INTERRUPTED
    except BrokenPipeError:
        _flush(sys.stdout)
        return 1  # the reader of our output has enough
    except Exception as error:
        message = _message_of(error)
        if message is None:
            raise
        if isinstance(error, OSError):
            _flush(sys.stdout)
        _say(message)
        return BAD_INPUT


def _message_of(error: Exception) -> str | None:
    """The message for the user; None if the error is a bug of the program."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, MemoryError | RecursionError):
        return f"too large or too deep for this machine ({str(error) or type(error).__name__}); give it less"
    if any(words in str(error) for words in _OUT_OF_MEMORY):
        return f"too large for this machine's memory ({error}); give it less"
    if isinstance(error, ModuleNotFoundError) and error.name in _FROM_TRAIN:
        return str(extra_missing("this command", "train"))
    if isinstance(error, OSError):
        return f"{error.filename or 'output'}: {error.strerror or error}"
    return None


def _exit_code(command: Callable[[], int]) -> int:
    """Help, and rich on a broken pipe, leave the program by SystemExit."""
    try:
        return command()
    except SystemExit as leaving:
        return int(leaving.code or 0)


def _flush(stream: TextIO) -> None:
    """Drops what cannot be written any more; Python would complain again when it flushes at the end."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(words: str) -> None:
    """Prints words in one line, and escapes what cannot be printed: parts may come from a stranger's file."""
    letters = (letter if letter.isprintable() else _escaped(letter) for letter in " ".join(words.split()))
    message = "".join(letters)
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE // 2]} ... {message[-_LONGEST_MESSAGE // 2 :]}"
    with suppress(OSError):  # whoever read it may have gone, as by the same Ctrl-C
        print(f"hideseek: {message}", file=sys.stderr)
    _flush(sys.stderr)


def _escaped(letter: str) -> str:
    """A letter that cannot be printed by its number; half of a byte of a file name that is no UTF-8 as that byte."""
    if "\udc80" <= letter <= "\udcff":
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")
