"""How a scenario is named in text: on the command line, in teams and in recordings.

    quadrant                        the default of a family
    quadrant-original               a preset
    quadrant:room_m=3.0,boxes=1     a family or preset with options
    my.toml                         a world that somebody drew, see `sim.scenarios.drawn.file`
    my.toml:ticks=300               that with options
    quadrant+no-seekers             any of these with shifts, see `sim.shifts.shift`

`sim.scenarios.family` says what a scenario is. Families are found by folder: every module in `sim/scenarios/` holds one
frozen dataclass of options and a dictionary PRESETS of its instances by name. Shifts are found likewise, in
`sim/shifts/`. So no family may import this module.

Recordings, runs and teams name a drawn world by all that is in its file, in one line (`full_text`): they do not need
the file again.
"""

import dataclasses
import difflib
import functools
import importlib
import pkgutil
import re
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import sim.scenarios
from sim.errors import UserError
from sim.fields import field_docs
from sim.scenarios.family import Scenario, closest_text
from sim.shifts.shifted import Shifted, shifts_text, unshifted

_DRAWN = re.compile(r"(?P<path>.*\.toml)(?::(?P<options>[^+]*))?(?P<shifts>\+.*)?", re.DOTALL | re.IGNORECASE)
"""The text of a drawn world: its path may hold colons and plus signs too."""
_PATH = re.compile(r"[./\\]")
"""What stands in paths, and in no name of a scenario."""
_MOST_UNKNOWN = 1_000
"""Letters of a text that names no scenario."""
TRAPS = "traps"
"""Not a scenario: the name under which `hideseek evaluate` plays every shipped trap."""


@functools.cache
def presets() -> dict[str, Scenario]:
    """Every named scenario, the default of each family among them."""
    found: dict[str, Scenario] = {}
    for module in pkgutil.iter_modules(sim.scenarios.__path__):
        family = importlib.import_module(f"sim.scenarios.{module.name}")
        found.update(getattr(family, "PRESETS", {}))  # a module without presets is a helper of the families
    return found


def scenario_names() -> list[str]:
    """All names that `scenario_from_text` takes without options."""
    return sorted(presets())


def shifted(scenario: Scenario, shifts: Sequence[str]) -> Scenario:
    """The scenario with shifts, each a NAME or NAME=SHARE, in place of its own; without any, as it is.

    Raises:
        UserError: a shift is unknown, named twice or does not suit the scenario, or has a share that it cannot have.
    """
    if not shifts:
        return scenario
    found = {}
    for text in shifts:
        name, equals, share = text.partition("=")
        if name in found:
            raise UserError(f"shift '{name}' is named twice")
        try:
            found[name] = float(share) if equals else 1.0
        except ValueError:
            raise UserError(f"shift '{text}': give NAME or NAME=SHARE, with a share of episodes such as 0.1") from None
    try:
        return Shifted(unshifted(scenario), tuple(found.items()))
    except ValueError as error:
        raise UserError(f"scenario '{scenario_text(unshifted(scenario))}' with {'+'.join(shifts)}: {error}") from None


def scenario_from_text(text: str) -> Scenario:
    """The scenario a text names that may be a stranger's: no file is read.

    So "my.toml" is refused; `scenario_from_user` reads drawn worlds, as `sim.env.parallel_env` does.

    Raises:
        UserError: a name, option, value or shift is unknown, or a drawn world is damaged.
    """
    from sim.scenarios.drawn.file import from_line, is_line  # loads the compiler, as the families do

    if is_line(text):
        world, shifts = from_line(text)
        return _with_shifts(world, shifts)
    base, plus, shifts = text.partition("+")
    return _with_shifts(_from_text(base), plus + shifts)


def scenario_from_user(text: str) -> Scenario:
    """The scenario a person names, which may also be the path of a drawn world.

    Raises:
        UserError: as for `scenario_from_text` and `sim.scenarios.drawn.file.read_file`, or a side has no agent.
    """
    if not (drawn := _DRAWN.fullmatch(text)):
        return scenario_from_text(text)
    from sim.scenarios.drawn.file import read_file

    world = read_file(Path(drawn["path"]))
    world.check_sides()
    return _with_shifts(_with_options(world, drawn["path"], drawn["options"] or ""), drawn["shifts"] or "")


def _with_shifts(scenario: Scenario, text: str) -> Scenario:
    """The scenario with the shifts at the end of its text, each after a plus sign."""
    before, *shifts = text.split("+")
    if before:
        raise UserError(f"'{before[:40]}' after a drawn world is no shift; see `hideseek scenarios`")
    return shifted(scenario, shifts)


def _from_text(text: str) -> Scenario:
    name, _, options = text.partition(":")
    if name == TRAPS:
        raise UserError(
            "'traps' are shipped worlds with a question each, which only `hideseek evaluate` plays together; "
            "give one of them, such as trap-corridor, see `hideseek scenarios`"
        )
    if _DRAWN.fullmatch(name):
        raise UserError(f"'{name}' is a file, and only names are taken here; in Python, scenario_from_user reads it")
    if name not in presets() and _PATH.search(name):
        raise UserError(f"'{name}' is no scenario, see `hideseek scenarios`; the file of a drawn world ends in .toml")
    if name not in presets():
        near = " or ".join(difflib.get_close_matches(name, scenario_names(), n=2))
        raise UserError(f"scenario '{name}' is unknown; {near and f'try {near}, or '}see `hideseek scenarios`")
    return _with_options(presets()[name], name, options)


def _with_options(base: Scenario, name: str, options: str) -> Scenario:
    """A scenario of some name with the options in a text."""
    changes: dict[str, object] = {}
    for part in filter(None, options.split(",")):
        key, equals, value = (word.strip() for word in part.partition("="))
        if key in changes:
            raise UserError(f"scenario '{name}': option '{key}' is given twice")
        changes[key] = _value(name, base, key, value if equals else "")
    try:
        return dataclasses.replace(base, **changes)  # type: ignore[type-var]
    except ValueError as error:
        raise UserError(f"scenario '{name}:{options}': {error}") from None


def scenario_text(scenario: Scenario) -> str:
    """The shortest text that names this scenario: the closest preset of its family, then the options that differ.

    A drawn world that is not shipped is NAME.toml, whatever the name of its file was, then its options as far as they
    are not those of a file that names none.
    """
    base = unshifted(scenario)
    text = closest_text(base, presets()) or closest_text(base, {f"{base.name}.toml": base.with_usual_options})
    return text + shifts_text(scenario)


def text_without_file(scenario: Scenario) -> str:
    """The shortest text that means the same where the file of a drawn world is not."""
    return unshifted(scenario).short_text() + shifts_text(scenario)


def full_text(scenario: Scenario) -> str:
    """A text with every option, for files: it means the same world when a default has changed since.

    That of a drawn world holds the whole drawing, in one line.
    """
    return unshifted(scenario).full_text() + shifts_text(scenario)


def family_of(scenario: Scenario) -> str:
    """The name of the family's default; all drawn worlds are the family `drawn`."""
    return unshifted(scenario).family


def brief(text: str) -> str:
    """The shortest text for a scenario named in a file; the text itself, cut if long, where it is unknown here."""
    try:
        return scenario_text(scenario_from_text(text))
    except UserError:
        return text[:_MOST_UNKNOWN]


def name_and_options(text: str) -> tuple[str, str]:
    """The name in a scenario's text, and what follows it, its options and shifts, without the colon between."""
    name = re.split(r"[:+]", text, maxsplit=1)[0]
    return name, text[len(name) :].removeprefix(":")


def options_of(scenario: Scenario) -> dict[str, object]:
    """A scenario's options by name, as they stand in JSON; those without its shifts."""
    return unshifted(scenario).options


def changes_of(scenario: Scenario) -> str:
    """The family with the options in which it differs from the family's default.

    Nothing if it is the default, or drawn: drawn worlds have none.
    """
    default = presets().get(family_of(scenario))
    changes = unshifted(scenario).changes(default) if default else []
    return f"{family_of(scenario)}:{','.join(changes)}" if changes else ""


def story_of(scenario: Scenario) -> str:
    """The family's description, with a plan; its first line is a summary. A drawn world has its question there."""
    return unshifted(scenario).story


def meanings_of(scenario: Scenario) -> dict[str, str]:
    """The meaning of each option: the docstrings under the fields."""
    docs = field_docs(type(unshifted(scenario)))
    return {name: docs[name] for name in options_of(scenario)}


def _value(name: str, base: Scenario, key: str, text: str) -> object:
    """Parses one option by the type of its field."""
    kinds = typing.get_type_hints(type(base))
    if key not in options_of(base):
        raise UserError(f"scenario '{name}' has no option '{key}'; it has {', '.join(options_of(base))}")
    kind = kinds[key]
    try:
        if typing.get_origin(kind) is Literal:
            return {str(choice): choice for choice in typing.get_args(kind)}[text]
        if kind is bool:
            return {"true": True, "false": False}[text.lower()]
        return kind(text)
    except (KeyError, ValueError):
        wanted = " or ".join(map(str, typing.get_args(kind))) if typing.get_args(kind) else _kind_name(kind)
        raise UserError(f"scenario '{name}': option '{key}' wants {wanted}, not '{text}'") from None


def _kind_name(kind: type | types.GenericAlias) -> str:
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, str(kind))  # type: ignore[call-overload]
