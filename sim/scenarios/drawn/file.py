"""The file of a drawn world: TOML, or the same in one line of JSON where a scenario is named in text.

    name = "two rooms"
    question = "Do hiders go to the room whose door they can shut?"
    floor_m = 6.0

    [[walls]]
    at = [3.0, 0.0]                # a place: a point [x, y], or an area [x0, y0, x1, y1]
    length_m = 6.0                 # a size or angle: a number, or [low, high]
    upright = true

        [[walls.doors]]
        at_m = [0.6, 2.4]
        width_m = 0.5

    [[boxes]]
    at = [3.6, 0.5, 5.5, 2.5]
    length_m = 0.775

    [[agents]]
    side = "hider"
    at = [0.5, 0.5, 2.5, 5.5]

A start draws one point of every area and one number of every range. `sim.scenarios.drawn.items` and
`sim.scenarios.drawn.drawing` say what the keys mean; those with a default may be left out.
"""

import dataclasses
import json
import math
import re
import tomllib
import types
import typing
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.scenarios.drawn.items import Area, Range
from sim.scenarios.drawn.world import DrawnWorld
from sim.scenarios.drawn.writing import LINE_START, field_types

MOST_BYTES = 200_000
"""A larger file is no drawn world."""


def read(text: str, name: str | None = None) -> DrawnWorld:
    """The world in the text of a file; `name` is its name if the text has none.

    Raises:
        UserError: it is no TOML, a key is missing or unknown, or a value is out of bounds; names table and key.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise UserError(f"it is no TOML: {_one_line(error) or 'nested too deep'}") from None
    return _from_table(DrawnWorld, {"name": name, **table} if name else table, "")


def is_line(text: str) -> bool:
    """Whether a scenario's text holds a drawn world in one line."""
    return text.startswith(LINE_START + "{")


def from_line(text: str) -> tuple[DrawnWorld, str]:
    """The world at the beginning of a scenario's text, and the rest of the text.

    Raises:
        UserError: as for `read`.
    """
    try:
        table, end = json.JSONDecoder().raw_decode(text, len(LINE_START))
    except (ValueError, RecursionError):
        raise UserError(f"the drawn world {text[:40]!r}... is damaged") from None
    return _from_table(DrawnWorld, table, ""), text[end:]


def read_file(path: Path) -> DrawnWorld:
    """The world in a file; one without a name is called as the file.

    Raises:
        UserError: the file cannot be read or is too large, or as for `read`.
    """
    shown = _one_line(path)
    try:
        if path.exists() and not path.is_file():
            raise UserError(f"{shown} is no file; give a drawn world, see `hideseek scenarios`")
        with path.open("rb") as file:
            stored = file.read(MOST_BYTES + 1)
        if len(stored) > MOST_BYTES:
            raise UserError(f"{shown}: larger than {MOST_BYTES // 1000} kB, too large for a drawn world")
        content = stored.decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError:
        raise UserError(f"{shown}: not a text file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise UserError(f"{shown} cannot be read ({reason}); give a drawn world, see `hideseek scenarios`") from None
    try:
        return read(content, name_of(path))
    except UserError as error:
        raise UserError(f"{shown}: {error}") from None


def name_of(path: Path) -> str:
    """What a world without a name is called: as its file, as far as a name can be."""
    stem = path.name.rpartition(".")[0] or path.name  # what `stem` makes of dots alone differs between Pythons
    return re.sub(r"[^\w '().-]", "-", stem).lstrip("-'(). ")[:60] or "world"


def _one_line(shown: object) -> str:
    return " ".join(str(shown).split())[:200]


def _from_table(kind: type, table: Any, where: str) -> Any:
    """One dataclass from a table; `where` is its place in the file."""
    if not isinstance(table, dict):
        raise UserError(f"{where or 'it'} must be a table")
    place = f"{where}: " if where else ""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if unknown := [key for key in table if key not in fields]:
        raise UserError(f"{place}{_key(unknown[0])} is unknown; choose from {', '.join(fields)}")
    missing = [name for name, field in fields.items() if name not in table and field.default is dataclasses.MISSING]
    if missing:
        raise UserError(f"{place}{missing[0]} is missing")
    kinds, values = field_types(kind), {}
    for key, value in table.items():
        values[key] = _value(kinds[key], value, f"{where}.{key}" if where else key)
    try:
        return kind(**values)
    except ValueError as error:
        raise UserError(f"{place}{error}") from None


def _key(key: str) -> str:
    return key if re.fullmatch(r"\w{1,40}", key) else repr(key[:40])


def _value(kind: Any, value: Any, where: str) -> Any:
    """A field's value as its dataclass has it; what is of another kind is left for the dataclass to refuse."""
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, list):
            header = re.sub(r"\[\d+\]", "", where)
            raise UserError(f"{where} must be tables of their own: [[{header}]]")
        return tuple(_from_table(typing.get_args(kind)[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    if isinstance(kind, types.UnionType):
        kind = typing.get_args(kind)[0]
    if dataclasses.is_dataclass(kind):
        return _from_table(typing.cast(type, kind), value, where)
    if kind is Area and isinstance(value, list) and len(value) in (2, 4):
        return Area(*map(_number, value * (4 // len(value))))
    if kind is Range:
        numbers = value if isinstance(value, list) else [value, value]
        return Range(*map(_number, numbers)) if len(numbers) == 2 else value
    return _number(value) if kind is float else value


def _number(value: Any) -> Any:
    """Whole numbers are numbers as well."""
    try:
        return float(value) if type(value) is int else value
    except OverflowError:
        return math.inf
