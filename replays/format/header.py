"""What a recording says about itself, and how older versions of that are read."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from replays.format.archive import Malformed
from sim.layout import Slots

FORMAT = 3
"""Version of the file format that is written. Format 1 knew no sites, food, pillars and turns, format 2 no food that
nobody observes."""


def _without(*kinds: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Gives a header slots of some kinds that its format did not know: none."""

    def upgraded(raw: dict[str, Any]) -> dict[str, Any]:
        slots = raw.get("slots")
        if not isinstance(slots, dict):
            raise Malformed("its header has no slots")
        return {**raw, "slots": {**slots, **dict.fromkeys(kinds, 0)}}

    return upgraded


UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: _without("sites", "food", "pillars", "turns"),
    2: _without("unobserved_food"),
}
"""For every older format, the function that turns its header into one of the next format."""

MOST_TICKS = 10_000
"""Longest episode, as in the scenarios."""
MOST_SLOTS = 60
"""Most entities of one sort."""
_MOST_BODIES = {"hiders": 12, "seekers": 12, "boxes": 24, "ramps": 12}
"""Bodies take time to draw; scenarios have at most 3 agents a side, 9 boxes and 3 ramps."""

STORED_NAMES = {
    "out_of_bounds_margin_m": "rim",
    "site_observed": "site_told",
    "lock_order": "turns",
    "task_done": "over",
}
"""What fields of `Layout`, `State` and `Slots` are called in files, where that is not their name today."""

GOAL_MARK = ":goal="
"""Separates a team's name from the goals that its hiders are given."""
WITH_PERSON = ", and you"
"""How the names of teams end that a person played in."""

_MOST_TEXT = 1_000
_MOST_SCENARIO = 100_000
"""Drawn worlds stand there with all that is in them."""
_MOST_ROWS = 100


@dataclass(frozen=True)
class Header:
    """What a recording says about itself."""

    format: int
    """Version of the file format."""
    made_by: dict[str, str]
    """Versions of what made it, by package."""
    scenario: str
    """The scenario as text, options included."""
    ticks: int
    """Ticks played."""
    preparation_ticks: int
    """The first ticks, in which seekers are blind and still."""
    slots: Slots
    """Entity counts of the arrays."""
    seed: int
    """Seed of the episode."""
    hiders: str
    """Name of the hiders' team."""
    seekers: str
    """Name of the seekers' team."""
    hashes: dict[str, str]
    """Hash of each team's weights, by side."""
    outcome: dict[str, str | float | bool | None]
    """What sums the episode up: `hidden` (share of play ticks), `win`, and what others add."""


def clean(name: str) -> str:
    """A name as a header may hold it: cut where it is too long, with a space for what cannot be printed."""
    return "".join(letter if letter.isprintable() else " " for letter in name[:_MOST_TEXT])


def header_to_json(header: Header) -> dict[str, Any]:
    """The header as plain values; `header_from_json` is the inverse."""
    return {**vars(header), "slots": slots_to_json(header.slots)}


def slots_to_json(slots: Slots) -> dict[str, int]:
    return {stored_name(name): count for name, count in slots._asdict().items()}


def slots_from_json(raw: Mapping[str, int]) -> Slots:
    """The inverse of `slots_to_json`; fields that have a default may be missing. Raises TypeError for other fields."""
    names = {stored_name(name): name for name in Slots._fields}
    return Slots(**{names.get(stored, stored): count for stored, count in raw.items()})


def stored_name(field: str) -> str:
    """What a field of `Layout`, `State` or `Slots` is called in files."""
    return STORED_NAMES.get(field, field)


def header_from_json(raw: Any) -> Header:
    """A header of any format up to the present one, checked field by field.

    Raises:
        Malformed: a field is missing or out of bounds, or the format is unknown.
    """
    if not isinstance(raw, dict):
        raise Malformed("its header is no table")
    raw = upgrade(raw)
    slots = raw.get("slots")
    if not isinstance(slots, dict) or set(slots) != set(map(stored_name, Slots._fields)):
        raise Malformed("its header has no slots")
    counts = slots_from_json({name: _whole(slots, name, 0, _MOST_BODIES.get(name, MOST_SLOTS)) for name in slots})
    if counts.agents == 0:
        raise Malformed("it has no agents")
    return Header(
        format=FORMAT,
        made_by=_table(raw, "made_by"),
        scenario=_text(raw, "scenario", _MOST_SCENARIO),
        ticks=_whole(raw, "ticks", 1, MOST_TICKS),
        preparation_ticks=_whole(raw, "preparation_ticks", 0, MOST_TICKS),
        slots=counts,
        seed=_whole(raw, "seed", 0, 2**64 - 1),
        hiders=_text(raw, "hiders"),
        seekers=_text(raw, "seekers"),
        hashes=_table(raw, "hashes"),
        outcome=_outcome(raw),
    )


def upgrade(raw: dict[str, Any]) -> dict[str, Any]:
    """The header of any format up to `FORMAT` as a header of `FORMAT`.

    Raises:
        Malformed: an unknown format.
    """
    found = _whole(raw, "format", 0, 2**31)
    if found > FORMAT:
        raise Malformed(f"its format {found} is newer than this hideseek; update to open it")
    for number in range(found, FORMAT):
        if number not in UPGRADES:
            raise Malformed(f"unknown format {found}")
        raw = UPGRADES[number](raw)
    return raw


def _whole(raw: dict[str, Any], name: str, low: int, high: int) -> int:
    value = raw.get(name)
    if type(value) is not int or not low <= value <= high:
        raise Malformed(f"{name} is not a whole number from {low} to {high}")
    return value


def _text(raw: dict[str, Any], name: str, most: int = _MOST_TEXT) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise Malformed(f"{name} is not a short text")
    return value


def _rows(raw: dict[str, Any], name: str) -> dict[str, Any]:
    rows = raw.get(name)
    if not isinstance(rows, dict) or len(rows) > _MOST_ROWS:
        raise Malformed(f"{name} is not a short table")
    _text({"names": "".join(rows)}, "names")
    return rows


def _table(raw: dict[str, Any], name: str) -> dict[str, str]:
    rows = _rows(raw, name)
    return {key: _text(rows, key) for key in rows}


def _outcome(raw: dict[str, Any]) -> dict[str, str | float | bool | None]:
    rows = _rows(raw, "outcome")
    for key, value in rows.items():
        if isinstance(value, str):
            _text(rows, key)
        elif value is not None and not (isinstance(value, (int, float)) and math.isfinite(value)):
            raise Malformed(f"outcome {key[:40]!r} is not a number, a short text or null")
    return rows
