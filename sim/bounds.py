"""Bounds of the numbers in a Layout and a State: what a Game restores is what a recording may hold."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from sim.layout import Layout, Slots
from sim.rules import RULES
from sim.state import ANGLE, DRIFTING, FREE, SPIN, VX, VY, State, X, Y
from sim.tasks.eating import MOST_BITES, REGROWING_TICKS

_FLOOR_M = (1.0, 45.0)
"""Smallest and largest side of a floor; scenarios have up to 40 m."""
_MARGIN_M = 1.0
"""How far walls and doors may reach beyond the floor, and bodies lie outside of it."""
_LEAST_HALF_M = 0.02
"""Half the width of the thinnest thing; scenarios allow boxes of 0.05 m."""
_MOST_SPEED_MPS = 2.0 * RULES.max_travel_m / (RULES.tick_s / RULES.substeps)
"""Twice what physics allows: a faster body would leave the floor in one step."""
_MOST_SPIN_RADPS = 20.0 * RULES.free_spin_radps
"""Physics allows no point of a body more than its speed, which is less spin for the smallest box."""
_MOST_ANGLE_RAD = 1e5
"""Angles are not wrapped; the longest episode turns an agent by a twentieth of this."""
_MOST_HOLD_M = 10.0
"""How far from an agent the middle of the thing is that it holds."""

_Limit: TypeAlias = np.ndarray | float


class Bounds(NamedTuple):
    """What the numbers of one field must lie within."""

    field: str
    """Of Layout or State."""
    values: np.ndarray
    """[world, ...]"""
    low: _Limit
    high: _Limit
    """A number, or one for each world."""

    def first_outside(self) -> tuple[int, ...] | None:
        """The place of the first value outside [low, high], world first, or None; NaN is outside everything."""
        low, high = (np.reshape(limit, (-1,) + (1,) * (self.values.ndim - 1)) for limit in (self.low, self.high))
        inside = (self.values >= low) & (self.values <= high)
        return None if inside.all() else tuple(map(int, np.argwhere(~inside)[0]))


def layout_bounds(layout: Layout, slots: Slots) -> Iterator[Bounds]:
    """The bounds of a Layout, whose arrays have the shapes that these slots give."""
    floor, half = np.asarray(layout.floor), np.asarray(layout.thing_half)
    yield Bounds("floor", floor, *_FLOOR_M)
    for name in ("walls", "doors", "sites", "food", "pillars"):
        yield Bounds(name, np.asarray(getattr(layout, name)), -_MARGIN_M, floor + _MARGIN_M)
    yield Bounds("pillars", np.asarray(layout.pillars)[..., 2], 0.0, floor / 2)
    yield Bounds("thing_half", half, 0.0, floor / 2)
    exists = np.asarray(layout.thing_exists, bool)[..., None]
    yield Bounds("thing_half", np.where(exists, half, _LEAST_HALF_M), _LEAST_HALF_M, floor / 2)
    yield Bounds("out_of_bounds_margin_m", np.asarray(layout.out_of_bounds_margin_m), 0.0, floor / 2)
    yield Bounds("lock_order", np.asarray(layout.lock_order), 0, max(slots.things - 1, 0))


def state_bounds(layout: Layout, state: State, slots: Slots) -> Iterator[Bounds]:
    """The bounds of a State of that Layout; all but those of its tick.

    The layout may have one world for all of the state's.
    """
    floor, hold = np.asarray(layout.floor), np.asarray(state.hold)
    for name in ("agents", "things"):
        bodies = np.asarray(getattr(state, name))
        yield Bounds(name, bodies[..., [X, Y]], -_MARGIN_M, floor + _MARGIN_M)
        yield Bounds(name, bodies[..., ANGLE], -_MOST_ANGLE_RAD, _MOST_ANGLE_RAD)
        yield Bounds(name, bodies[..., [VX, VY]], -_MOST_SPEED_MPS, _MOST_SPEED_MPS)
        yield Bounds(name, bodies[..., SPIN], -_MOST_SPIN_RADPS, _MOST_SPIN_RADPS)
    yield Bounds("level", np.asarray(state.level), 0, 1)
    yield Bounds("held", np.asarray(state.held), FREE, slots.things - 1)
    yield Bounds("hold", hold[..., [X, Y]], -_MOST_HOLD_M, _MOST_HOLD_M)
    yield Bounds("hold", hold[..., ANGLE], -_MOST_ANGLE_RAD, _MOST_ANGLE_RAD)
    yield Bounds("lock", np.asarray(state.lock), 0, DRIFTING)
    yield Bounds("task_done", np.asarray(state.task_done), 0, 1)
    yield Bounds("food", np.asarray(state.food), 0, max(MOST_BITES, REGROWING_TICKS + 1))
