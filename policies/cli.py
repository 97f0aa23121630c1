"""The `hideseek` command: reads the command line, runs the verb, and turns what went wrong into one line.

Whatever a user can put right ends with one line on stderr and exit code 2, Ctrl-C with 130.
"""

import functools
import inspect
import operator
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Protocol

from tyro.conf import subcommand

from policies.choices import choices
from policies.commands.command_line import parse
from policies.commands.editing import Edit
from policies.commands.errors import in_one_line
from policies.commands.evaluation import Evaluate, Rate, Record
from policies.commands.listing import Keys, Presets, Scenarios, Teams
from policies.commands.machine import Bench, Warm
from policies.commands.probing import Probe
from policies.commands.ranking import Rank
from policies.commands.reporting import Report, Tournament
from policies.commands.streams import prepare_streams
from policies.commands.training import Train
from policies.commands.tuning import Tune
from policies.commands.window import Export, Play, Watch
from sim.errors import UserError


class Verb(Protocol):
    """A parsed command line."""

    def run(self) -> int:
        """Does it, and returns the exit code."""
        ...


_VERBS = (
    Train,
    Watch,
    Play,
    Edit,
    Record,
    Evaluate,
    Rate,
    Report,
    Tournament,
    Rank,
    Tune,
    Probe,
    Export,
    Scenarios,
    Teams,
    Presets,
    Keys,
    Bench,
    Warm,
)
VERBS: dict[str, type[Verb]] = {kind.__name__.lower(): kind for kind in _VERBS}
"""What each verb of the command line is parsed into; its `run` does it and returns the exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line (the process's own by default) and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame greets on standard output
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # torch's threads only wait for each other over networks this small
    prepare_streams()
    return in_one_line(lambda: _run(words))


def _run(words: list[str]) -> int:
    if words == ["--version"]:
        print(f"hideseek {_version()}")
        return 0
    return _parse(words).run()


def _parse(words: list[str]) -> Verb:
    """The verb with its options. Raises UserError for a command line that makes no sense, SystemExit for help."""
    if not words:
        raise UserError(f"name a command: {', '.join(VERBS)}; hideseek --help tells more")
    verb, options = words[0], words[1:]
    if verb in VERBS:
        return parse(VERBS[verb], f"hideseek {verb}", inspect.getdoc(VERBS[verb]) or "", options)
    if not verb.startswith("-"):
        raise UserError(f"'{verb}' is no command; {choices(verb, VERBS)}")
    about = f"A laboratory for emergent behaviour that fits on a laptop. Version {_version()}."
    verbs = [Annotated[kind, subcommand(name)] for name, kind in VERBS.items()]
    return parse(functools.reduce(operator.or_, verbs), "hideseek", about, words)  # how tyro names subcommands


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hideseek")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
