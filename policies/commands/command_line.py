"""Words of a command line as a dataclass, by tyro; its help and its complaints in our own form."""

import contextlib
import io
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

import tyro
from tyro.conf import FlagCreatePairsOff

from sim.errors import UserError

_REPLACED = (
    (r"error parsing (\S+): .*'(.*)'\]?", r"\1 cannot be '\2'"),
    (r"error parsing (\S+): .*", r"\1 has a value that is too long"),
    (r"missing value for argument '(\S+)'.*", r"\1 needs a value"),
    (r"invalid choice (.*) for argument '(\S+)'\. Expected one of \('(.*)'\)", r"\2 cannot be \1; choose \3"),
)
"""Patterns of what tyro says, and what we say instead."""
_UNKNOWN = "Unrecognized options: "
_MOST_NEAR = 2
"""Options that are offered for one that is unknown."""
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


class _Captured(io.StringIO):
    """Takes what tyro prints. It draws the same boxes whatever standard output can encode, for we read them."""

    encoding = "utf-8"

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def parse(kind: Any, program: str, about: str, words: list[str]) -> Any:
    """An instance of a dataclass (or of a union of such), of words.

    Args:
        kind: what tyro makes a command line of.
        program: what the user typed before the words.
        about: stands over the help.
        words: options and their values.

    Raises:
        UserError: the words make no sense.
        SystemExit: they asked for help, which is printed.
    """
    out, error = _Captured(sys.stdout.isatty()), _Captured(False)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            return tyro.cli(kind, prog=program, description=about, args=words, config=(FlagCreatePairsOff,))
    except SystemExit as leaving:
        if leaving.code:
            said = _in_one_line(error.getvalue())
            raise UserError(f"{said}{' ' if said.endswith('?') else '; '}see {program} --help") from None
        print(_fitted(out.getvalue()), end="")
        raise


def _fitted(text: str) -> str:
    """Help with lines that fit the terminal; tyro sees to its boxes itself, and not to what stands over them."""
    usage, boxes, rest = text.partition("╭")
    usage, _, about = re.sub(_STYLES, "", usage).partition("\n")
    whole = re.sub(r"\[[^]]*]", lambda option: option[0].replace(" ", "\0"), usage)  # no break within an option
    whole = whole.replace(",", ", ")  # but within the names to choose from
    columns, indent = shutil.get_terminal_size().columns, " " * len("usage: ")
    lines = textwrap.wrap(whole, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    lines += [textwrap.fill(line, columns) for line in about.split("\n")]
    return "\n".join(lines).replace("\0", " ") + boxes + rest


def _in_one_line(box: str) -> str:
    """What tyro says in a box, above the box's first rule, in our words where we have better ones."""
    plain, *more = re.sub(_STYLES, "", box).split("│ ────────")
    missing = re.findall(r"│ {5}(\S+)", plain) if "Missing from" in plain else []
    if missing:
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    lines = [line.strip("│╭╮╰╯─ \n") if "│" in line else "" for line in plain.splitlines()[1:]]
    message = " ".join("\n".join(lines).partition("Got errors")[0].split()).rstrip(".:")
    if message.startswith(_UNKNOWN):
        return _unknown(message.removeprefix(_UNKNOWN).split(", "), re.findall(r"│ {5}(--[\w-]+)", "".join(more)))
    for pattern, words in _REPLACED:
        if found := re.fullmatch(pattern, message, re.IGNORECASE):
            return found.expand(words).replace("', '", ", ")
    return message[:1].lower() + message[1:]


def _unknown(words: Sequence[str], near: Sequence[str]) -> str:
    """What is said of words that mean nothing; `near` are options that tyro takes for alike."""
    options = [word.partition("=")[0] for word in words if word.startswith("-")]
    if not options:
        return f"'{words[0]}' is one word too many"
    meant = " or ".join(list(dict.fromkeys(near))[:_MOST_NEAR])
    return f"{options[0]} is no option" + (f"; did you mean {meant}?" if meant else "")
