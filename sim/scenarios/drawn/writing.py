"""The text of a drawn world, as `sim.scenarios.drawn.file` reads it."""

import dataclasses
import functools
import json
import typing
from typing import Any

from sim.scenarios.drawn.drawing import Drawing
from sim.scenarios.drawn.items import Area, Range

LINE_START = "drawn:"
"""How a drawn world in one line begins."""


def text(world: Drawing) -> str:
    """The canonical text of its file; `sim.scenarios.drawn.file.read` is the inverse."""
    head, tables = _lines(_to_table(world), "", "")
    return "\n".join([*head, *tables]) + "\n"


def to_line(world: Drawing) -> str:
    """The world in one line, as recordings, runs and teams name it; `from_line` there is the inverse."""
    return LINE_START + json.dumps(_to_table(world), ensure_ascii=False, separators=(",", ":"))


@functools.cache
def field_types(kind: type) -> dict[str, Any]:
    """The type of each field of a dataclass, in order."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _to_table(item: Any) -> dict[str, Any]:
    """A dataclass as a table of plain values, all keys in order, but for what is empty."""
    table, kinds = {}, field_types(type(item))
    for name, kind in kinds.items():
        value = getattr(item, name)
        match value:
            case Area():
                value = [*map(float, value[:2] if value.is_point else value)]
            case Range():
                value = float(value.low) if value.is_fixed else [*map(float, value)]
            case int() if kind is float:
                value = float(value)
            case tuple():
                value = [_to_table(one) for one in value]
            case _ if dataclasses.is_dataclass(value):
                value = {key: one for key, one in _to_table(value).items() if one}
        if value not in (None, "", [], {}):
            table[name] = value
    return table


def _lines(table: dict[str, Any], where: str, indent: str) -> tuple[list[str], list[str]]:
    """The lines of a table's own keys, and those of the tables in it."""
    own, inner = [], []
    for key, value in table.items():
        name = f"{where}.{key}" if where else key
        if isinstance(value, dict):
            head, _ = _lines(value, name, indent)
            inner += ["", f"{indent}[{name}]", *head]
        elif isinstance(value, list) and isinstance(value[0], dict):
            for one in value:
                head, tables = _lines(one, name, indent + "    " if where else indent)
                deeper = indent + "    " if where else indent
                inner += ["", f"{deeper}[[{name}]]", *head, *tables]
        else:
            own.append(f"{indent}{key} = {json.dumps(value, ensure_ascii=False)}")
    return own, inner
