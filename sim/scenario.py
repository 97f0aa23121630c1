"""What a scenario is, and how one is named in text: on the command line, in teams and in recordings.

    quadrant                        the default of a family
    quadrant-original               a preset
    quadrant:room_m=3.0,boxes=1     a family or preset with options
    my.toml                         a world that somebody drew, see `sim.scenarios.drawn.file`
    my.toml:ticks=300               that with options
    quadrant+no-seekers             any of these with shifts, see `sim.shifts.shift`

Families are found by folder: every module in `sim/scenarios/` holds one frozen dataclass of options and a
dictionary PRESETS of its instances by name. Shifts are found likewise, in `sim/shifts/`.

Recordings, runs and teams name a drawn world by all that is in its file, in one line (`full_text`): they do not need
the file again.
"""

import dataclasses
import difflib
import functools
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np

import sim.scenarios
from sim.errors import UserError
from sim.fields import field_docs
from sim.layout import Layout, Slots
from sim.shifts.shifted import Shifted, shifts_text, unshifted
from sim.state import State

_DRAWN = re.compile(r"(?P<path>.*\.toml)(?::(?P<options>[^+]*))?(?P<shifts>\+.*)?", re.DOTALL | re.IGNORECASE)
"""The text of a drawn world: its path may hold colons and plus signs too."""
_MOST_UNKNOWN = 1_000
"""Letters of a text that names no scenario."""
TRAPS = "traps"
"""Not a scenario: the name under which `hideseek evaluate` plays every shipped trap."""
_DRAWN_OPTIONS = ("ticks", "preparation_ticks", "reward")
"""What can be changed of a drawn world without drawing it anew."""

Payment = Literal["team", "individual", "team_mean"]
"""How sight is paid: the team together, each agent by itself, or the mean of that over the team."""


@runtime_checkable
class Scenario(Protocol):
    """A frozen dataclass of options for a family of worlds."""

    @property
    def hiders(self) -> int: ...
    @property
    def seekers(self) -> int: ...
    @property
    def ticks(self) -> int: ...
    @property
    def preparation_ticks(self) -> int: ...
    @property
    def floor_m(self) -> float: ...
    @property
    def reward(self) -> Payment: ...

    @property
    def task(self) -> int:
        """The game, see `sim.tasks.kinds`; HIDE_AND_SEEK pays for sight alone."""
        ...

    @property
    def mirrored_doors(self) -> tuple[int, ...] | None:
        """The slot of each door in a world's mirror image (in the floor's diagonal x + y = floor_m); None if images are
        not as likely as originals, with the same things in the same slots.
        """
        ...

    @property
    def slots(self) -> Slots:
        """How many entities its worlds have room for."""
        ...

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; each depends on its own seed (uint64) alone."""
        ...


def require(condition: bool, message: str) -> None:
    """Raises ValueError with a message unless a condition on the options holds."""
    if not condition:
        raise ValueError(message)


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
        UserError: a shift is unknown or does not suit the scenario, or has a share that it cannot have.
    """
    if not shifts:
        return scenario
    found = {}
    for text in shifts:
        name, equals, share = text.partition("=")
        try:
            found[name] = float(share) if equals else 1.0
        except ValueError:
            raise UserError(f"shift '{text}': give NAME or NAME=SHARE, with a share of episodes such as 0.1") from None
    try:
        return Shifted(unshifted(scenario), tuple(found.items()))
    except ValueError as error:
        raise UserError(f"scenario '{scenario_text(unshifted(scenario))}' with {'+'.join(shifts)}: {error}") from None


def scenario_from_text(text: str) -> Scenario:
    """The scenario a text names that stands in a file: no other file is read.

    Raises:
        UserError: a name, option, value or shift is unknown, or a drawn world is damaged.
    """
    if _drawn("file").is_line(text):
        world, shifts = _drawn("file").from_line(text)
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
    world = _drawn("file").read_file(Path(drawn["path"]))
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


def _drawn(module: str) -> Any:
    """A module of drawn worlds. As all families they import this module, so it loads them only when they are needed."""
    return importlib.import_module(f"sim.scenarios.drawn.{module}")


def is_drawn(scenario: Scenario) -> bool:
    """Whether somebody drew it, with shifts or without; the shipped traps are drawn as well."""
    return isinstance(unshifted(scenario), _drawn("world").DrawnWorld)


def scenario_text(scenario: Scenario) -> str:
    """The shortest text that names this scenario: the closest preset of its family, then the options that differ.

    A drawn world that is not shipped is NAME.toml, whatever the name of its file was.
    """
    base = unshifted(scenario)
    differing = {name: _changes(base, preset) for name, preset in presets().items() if _is_akin(base, preset)}
    if not differing:
        return f"{base.name}.toml{shifts_text(scenario)}"
    name = min(differing, key=lambda name: (len(differing[name]), name))
    return (f"{name}:{','.join(differing[name])}" if differing[name] else name) + shifts_text(scenario)


def _is_akin(scenario: Scenario, preset: Scenario) -> bool:
    """Whether options make a scenario of a preset: they are of one family, or one drawing."""
    if type(preset) is not type(scenario):
        return False
    if not is_drawn(preset):
        return True
    drawn: Any = scenario
    same = {"room_for": drawn.room_for, **options_of(drawn)}
    return drawn.name == preset.name and dataclasses.replace(preset, **same) == drawn  # type: ignore


def family_of(scenario: Scenario) -> str:
    """The name of the family's default; all drawn worlds are the family `drawn`."""
    if is_drawn(scenario):
        return "drawn"
    return next(name for name, preset in presets().items() if type(preset) is type(unshifted(scenario)))


def full_text(scenario: Scenario) -> str:
    """A text with every option, for files: it means the same world when a default has changed since.

    That of a drawn world holds the whole drawing, in one line.
    """
    if is_drawn(scenario):
        return _drawn("file").to_line(unshifted(scenario)) + shifts_text(scenario)
    options = ",".join(f"{key}={in_text(value)}" for key, value in options_of(scenario).items())
    return f"{family_of(scenario)}:{options}{shifts_text(scenario)}"


def brief(text: str) -> str:
    """The shortest text for a scenario named in a file; the text itself, cut if long, where it is unknown here."""
    try:
        return scenario_text(scenario_from_text(text))
    except UserError:
        return text[:_MOST_UNKNOWN]


def options_of(scenario: Scenario) -> dict[str, object]:
    """A scenario's options by name, as they stand in JSON; those without its shifts."""
    base = unshifted(scenario)
    if is_drawn(base):
        return {name: getattr(base, name) for name in _DRAWN_OPTIONS}
    return dataclasses.asdict(base)  # type: ignore[call-overload]


def changes_of(scenario: Scenario) -> str:
    """The family with the options in which it differs from the family's default; nothing if it is the default."""
    if is_drawn(scenario):
        return ""
    family = family_of(scenario)
    changes = _changes(scenario, presets()[family])
    return f"{family}:{','.join(changes)}" if changes else ""


def _changes(scenario: Scenario, base: Scenario) -> list[str]:
    """The options in which it differs from another of its family, as text."""
    usual = options_of(base)
    return [f"{key}={in_text(value)}" for key, value in options_of(scenario).items() if value != usual[key]]


def story_of(scenario: Scenario) -> str:
    """The family's description, with a plan; its first line is a summary. A drawn world has its question there."""
    if is_drawn(scenario):
        return unshifted(scenario).story
    return inspect.getdoc(inspect.getmodule(type(unshifted(scenario)))) or ""


def meanings_of(scenario: Scenario) -> dict[str, str]:
    """The meaning of each option: the docstrings under the fields."""
    docs = field_docs(type(unshifted(scenario)))
    return {name: docs[name] for name in options_of(scenario)}


def in_text(value: object) -> str:
    """An option's value as it stands in the text of a scenario."""
    return str(value).lower() if isinstance(value, bool) else str(value)


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
