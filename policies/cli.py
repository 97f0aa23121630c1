"""The `hideseek` command: reads the command line, runs the verb, and turns what went wrong into one line.

Whatever a user can put right ends with one line on stderr and exit code 2, Ctrl-C with 130.
"""

import contextlib
import inspect
import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Annotated, Any, Protocol

import tyro
from tyro.conf import FlagCreatePairsOff, subcommand

from policies.commands.errors import in_one_line
from policies.commands.evaluation import Evaluate, Rate, Record
from policies.commands.listing import Keys, Presets, Scenarios, Teams
from policies.commands.machine import Bench, Warm
from policies.commands.streams import prepare_streams
from policies.commands.training import Train
from policies.commands.window import Export, Play, Watch
from sim.errors import UserError


class Verb(Protocol):
    """A parsed command line."""

    def run(self) -> int:
        """Does it, and returns the exit code."""
        ...


_VERBS = (Train, Watch, Play, Record, Evaluate, Rate, Export, Scenarios, Teams, Presets, Keys, Bench, Warm)
VERBS: dict[str, type[Verb]] = {kind.__name__.lower(): kind for kind in _VERBS}
"""What each verb of the command line is parsed into; its `run` does it and returns the exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line (the process's own by default) and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame greets on standard output
    prepare_streams()
    return in_one_line(lambda: _run(words))


def _run(words: list[str]) -> int:
    if words == ["--version"]:
        print(f"hideseek {_version()}")
        return 0
    return _parse(words).run()


def _parse(words: list[str]) -> Verb:
    """The verb with its options. Raises UserError for a command line that makes no sense, SystemExit for help."""
    choices = ", ".join(VERBS)
    if not words:
        raise UserError(f"name a command: {choices}; hideseek --help tells more")
    verb, options = words[0], words[1:]
    if verb in VERBS:
        return _parse_as(VERBS[verb], f"hideseek {verb}", inspect.getdoc(VERBS[verb]) or "", options)
    if not verb.startswith("-"):
        raise UserError(f"'{verb}' is no command; choose {choices}")
    about = f"A laboratory for emergent behaviour that fits on a laptop. Version {_version()}."
    return _parse_as(
        _union([Annotated[kind, subcommand(name)] for name, kind in VERBS.items()]), "hideseek", about, words
    )


def _parse_as(kind: Any, program: str, about: str, words: list[str]) -> Verb:
    """Words as one of tyro's kinds; `about` stands over its help."""
    columns = shutil.get_terminal_size().columns
    about = "\n\n".join(textwrap.fill(paragraph, columns) for paragraph in about.split("\n\n"))
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(kind, prog=program, description=about, args=words, config=(FlagCreatePairsOff,))
    except SystemExit as leaving:
        if not leaving.code:
            raise
        raise UserError(f"{_in_one_line(said.getvalue())}; see {program} --help") from None


def _union(kinds: list):
    """A union type of annotated dataclasses, which is how tyro is told of subcommands."""
    found = kinds[0]
    for kind in kinds[1:]:
        found |= kind
    return found


def _in_one_line(box: str) -> str:
    """What tyro says in a box, above the box's first rule."""
    plain = re.split("│ ─{8}", re.sub(r"\x1b\[[0-9;]*m", "", box))[0]
    missing = re.findall(r"│ {5}(\S+)", plain) if "Missing from" in plain else []
    if missing:
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    lines = [line.strip("│╭╮╰╯─ \n") if "│" in line else "" for line in plain.splitlines()[1:]]
    told = "\n".join(lines).partition("Got errors")[0]
    told = " ".join(told.split()).rstrip(".:")
    wrong = re.fullmatch(r"Error parsing (\S+): .*'(.*)'\]?", told)
    if wrong:
        return f"{wrong[1]} cannot be '{wrong[2]}'"
    return told[:1].lower() + told[1:]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hideseek")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
