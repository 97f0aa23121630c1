"""The tables of an observation and of the global state: what every number means, where it lies, how it is mirrored.

Kernels, networks, the mirror, the window's agent panel and the documentation read these tables. Lengths are divided by
half the floor's side (`half floors`), speeds by the free speeds, so that all numbers are of order one.

`mirror` names the column that takes a column's place in a world mirrored in the floor's diagonal x + y = floor_m, with
a minus sign where it changes its sign there; by default a column stays as it is.
"""

from collections import namedtuple
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.layout import Slots
from sim.rules import RULES

OBSERVATION_VERSION = 3
"""Raised whenever a number in an observation changes its place or meaning; teams remember theirs."""


class Column(NamedTuple):
    """One number of a row."""

    name: str
    unit: str = ""
    """What it is measured in; empty for a yes (1) or no (0) and for a cosine or sine."""
    mirror: str = ""
    """The column that takes its place in the mirror, perhaps with a minus sign; empty if it stays."""


class TableSchema(NamedTuple):
    """The columns of one kind of rows."""

    columns: tuple[Column, ...]
    masks: tuple[str, ...] = ()
    """Its masks: which rows are in use, then which are seen now. The last one says which rows hold something."""
    mirrored_rows: Literal["", "doors", "rays"] = ""
    """Which rows change places in the mirror: as the scenario's doors do, or as the lidar's rays do."""
    one_each: tuple[str, ...] = ()
    """After the columns: one number for each slot of these kinds."""


_HALF, _SPEED, _SPIN = "half floors", "free speeds", "free spins"
_PLACE = (Column("x", _HALF, "-y"), Column("y", _HALF, "-x"))
_VELOCITY = (Column("velocity_x", _SPEED, "-velocity_y"), Column("velocity_y", _SPEED, "-velocity_x"))
_POSE = (*_PLACE, Column("cos", mirror="-sin"), Column("sin", mirror="-cos"), *_VELOCITY)
_SQUARE_POSE = (*_PLACE, Column("cos"), Column("sin", mirror="-sin"), *_VELOCITY)
"""The angle of a box is folded (see `sim.observe`); as it stands here, the mirror holds for square boxes."""
_TURNING = Column("spin", _SPIN, "-spin")
_SIZE = (Column("half_length", "m"), Column("half_width", "m"))
_EXTENT = (Column("half_x", "m", "half_y"), Column("half_y", "m", "half_x"))
_BEARING = (Column("bearing_cos"), Column("bearing_sin", mirror="-bearing_sin"))
_LOCKS = (Column("locked_by_us"), Column("locked_by_them"), Column("in_my_hands"))
_TIME = (Column("preparation_left", "preparations"), Column("time_left", "episodes"))

OBSERVATION: dict[str, TableSchema] = {
    "self": TableSchema(
        (*_POSE, _TURNING, Column("level", "levels"), Column("holds"), Column("is_seeker"), *_TIME),
    ),
    "agents": TableSchema(
        (*_POSE, Column("is_mate"), Column("holds"), Column("level", "levels"), *_BEARING),
        masks=("agents_exist", "agents_seen"),
    ),
    "boxes": TableSchema(
        (*_SQUARE_POSE, _TURNING, *_SIZE, *_LOCKS, *_BEARING),
        masks=("boxes_exist", "boxes_seen"),
    ),
    "ramps": TableSchema(
        (*_POSE, _TURNING, *_SIZE, *_LOCKS, *_BEARING),
        masks=("ramps_exist", "ramps_seen"),
    ),
    "doors": TableSchema((*_PLACE, *_EXTENT, *_BEARING), masks=("doors_exist",), mirrored_rows="doors"),
    "sites": TableSchema((*_PLACE, *_EXTENT, *_BEARING), masks=("sites_exist",)),
    "food": TableSchema((*_PLACE, Column("left", "full plates"), *_BEARING), masks=("food_exist", "food_seen")),
    "pillars": TableSchema((*_PLACE, Column("radius", "m"), *_BEARING), masks=("pillars_exist",)),
    "lidar": TableSchema((Column("distance", "lidar ranges"),), mirrored_rows="rays"),
}
"""One agent's observation; the masks of all tables follow, in the same order."""

_GLOBAL_LOCKS = (Column("locked_by_hiders"), Column("locked_by_seekers"), Column("exists"))

GLOBAL_STATE: dict[str, TableSchema] = {
    "time": TableSchema(_TIME),
    "agents": TableSchema(
        (*_POSE, _TURNING, Column("level", "levels"), Column("exists"), Column("holds")),
        one_each=("things", "agents"),
    ),
    "boxes": TableSchema((*_SQUARE_POSE, _TURNING, *_SIZE, *_GLOBAL_LOCKS)),
    "ramps": TableSchema((*_POSE, _TURNING, *_SIZE, *_GLOBAL_LOCKS)),
    "doors": TableSchema((*_PLACE, *_EXTENT, Column("exists")), mirrored_rows="doors"),
    "sites": TableSchema((*_PLACE, *_EXTENT, Column("exists"), Column("task_done"))),
    "food": TableSchema(
        (*_PLACE, Column("left", "full plates"), Column("regrown", "regrowing times"), Column("exists"))
    ),
    "pillars": TableSchema((*_PLACE, Column("radius", "m"), Column("exists"))),
    "lock_order": TableSchema((Column("is_next"),)),
}
"""The input of the critics. After an agent's columns: each thing is in its hands, it sees each agent."""

ENTITY_MASKS = {name: table.masks[-1] for name, table in OBSERVATION.items() if table.masks}
"""Each kind of entity, and the mask of the rows that hold something."""

OWN_TABLES = tuple(name for name, table in OBSERVATION.items() if not table.masks)
"""What an agent knows of itself."""


class Table(NamedTuple):
    """A slice of a flat row: `rows` x `width` numbers from `start` on."""

    start: int
    rows: int
    width: int

    @property
    def stop(self) -> int:
        return self.start + self.rows * self.width


def observation_tables(slots: Slots) -> dict[str, Table]:
    """Where each table lies in the flat observation, in order."""
    shapes = {name: (_rows(name, slots), len(table.columns)) for name, table in OBSERVATION.items()}
    for name, table in OBSERVATION.items():
        shapes.update({mask: (shapes[name][0], 1) for mask in table.masks})
    return _one_after_another(shapes)


def global_state_tables(slots: Slots) -> dict[str, Table]:
    """Where each table lies in the global state of one world, in order."""
    counts = {"time": 1, "agents": slots.agents}
    shapes = {}
    for name, table in GLOBAL_STATE.items():
        width = len(table.columns) + sum(getattr(slots, kind) for kind in table.one_each)
        shapes[name] = (counts[name] if name in counts else getattr(slots, name), width)
    return _one_after_another(shapes)


def agents_one_each(global_state: np.ndarray, slots: Slots) -> dict[str, np.ndarray]:
    """By kind, what follows an agent's columns in global states [world, number]: [world, agent, slot]; views.

    For "things", whether each is in the agent's hands; for "agents", whether it sees each.
    """
    table, start, parts = global_state_tables(slots)["agents"], len(GLOBAL_STATE["agents"].columns), {}
    rows = global_state[:, table.start : table.stop].reshape(len(global_state), table.rows, table.width)
    for kind in GLOBAL_STATE["agents"].one_each:
        parts[kind] = rows[..., start : start + getattr(slots, kind)]
        start += getattr(slots, kind)
    return parts


def _rows(name: str, slots: Slots) -> int:
    counts = {"self": 1, "agents": slots.agents - 1, "lidar": RULES.lidar_rays}
    return counts[name] if name in counts else getattr(slots, name)


def _one_after_another(shapes: dict[str, tuple[int, int]]) -> dict[str, Table]:
    tables, start = {}, 0
    for name, (rows, width) in shapes.items():
        tables[name] = Table(start, rows, width)
        start += rows * width
    return tables


def observation_size(slots: Slots) -> int:
    """Numbers in one agent's flat observation."""
    return list(observation_tables(slots).values())[-1].stop


def global_state_size(slots: Slots) -> int:
    """Numbers in the global state of one world."""
    return list(global_state_tables(slots).values())[-1].stop


def split(observation: np.ndarray, slots: Slots) -> dict[str, np.ndarray]:
    """The tables of flat observations [..., number] as [..., row, width]; masks as [..., row]; views, no copies."""
    parts = {}
    for name, table in observation_tables(slots).items():
        part = observation[..., table.start : table.stop]
        flat = table.width == 1 or name == "self"
        parts[name] = part if flat else part.reshape(*part.shape[:-1], table.rows, table.width)
    return parts


def columns_of(table: TableSchema) -> Any:
    """A named tuple with the index of each column by its name, which kernels can read."""
    return shared_columns(table)


def shared_columns(*tables: TableSchema) -> Any:
    """As `columns_of`, of the columns that all these tables have, for kernels that write rows of each.

    Raises ValueError if one lies elsewhere in another table.
    """
    found = [{column.name: index for index, column in enumerate(table.columns)} for table in tables]
    names = [name for name in found[0] if all(name in others for others in found)]
    moved = [name for name in names if len({others[name] for others in found}) > 1]
    if moved:
        raise ValueError(f"the column {moved[0]} does not lie at the same place in these tables")
    return namedtuple("Columns", names)(*(found[0][name] for name in names))
