"""The sanity of a recording's numbers, once their types and shapes are known to be right."""

import numpy as np

from replays.archive import Malformed
from sim.layout import Layout, Slots
from sim.rules import ACTION_SIZES
from sim.state import DRIFTING, FREE, State

FLOOR_M = (1.0, 100.0)
"""Smallest and largest side of a floor."""
_MARGIN_M = 1.0
"""How far walls and doors may reach beyond the floor."""
_FURTHEST_M = 2 * FLOOR_M[1]
"""How far from the floor's corner a body is believed to be, however it got there."""
_MOST_RATE = 1e9


def check_layout(layout: Layout) -> None:
    """Checks a layout of one world.

    Raises:
        Malformed: a number is not finite, out of bounds or contradicts another.
    """
    _within("layout_floor", layout.floor, *FLOOR_M)
    floor = float(layout.floor[0])
    for name in ("walls", "doors", "sites", "food", "pillars"):
        _within(f"layout_{name}", getattr(layout, name), -_MARGIN_M, floor + _MARGIN_M)
    _within("layout_thing_half", layout.thing_half, 0.0, floor / 2)
    _within("layout_pillars", layout.pillars[..., 2], 0.0, floor / 2)
    _within("layout_turns", layout.turns, 0, max(layout.thing_exists.shape[1] - 1, 0))
    _within("layout_rim", layout.rim, 0.0, floor / 2)
    if not layout.agent_exists.any():
        raise Malformed("no agent exists")
    if (layout.thing_half[layout.thing_exists] <= 0).any():
        raise Malformed("a thing has no size")


def check_states(states: State, slots: Slots) -> None:
    """Checks the states of one episode; their first axis is time.

    Raises:
        Malformed: a number is not finite, out of bounds or contradicts another.
    """
    if (states.tick != np.arange(len(states.tick))).any():
        raise Malformed("state_tick does not count 0, 1, 2, ...")
    for name, bodies in (("state_agents", states.agents), ("state_things", states.things), ("state_hold", states.hold)):
        _within(name, bodies[..., :2], -_FURTHEST_M, _FURTHEST_M)
        _within(name, bodies[..., 2:], -_MOST_RATE, _MOST_RATE)
    _within("state_level", states.level, 0, 1)
    _within("state_held", states.held, FREE, slots.things - 1)
    _within("state_lock", states.lock, 0, DRIFTING)
    _within("state_food", states.food, 0, _MOST_RATE)


def check_actions(actions: np.ndarray) -> None:
    """Checks the chosen actions of one episode.

    Raises:
        Malformed: an action does not exist.
    """
    for column, size in enumerate(ACTION_SIZES):
        _within("actions", actions[..., column], 0, size - 1)


def check_rates(name: str, rates: np.ndarray) -> None:
    """Checks rewards or value estimates.

    Raises:
        Malformed: one is not finite or absurdly large.
    """
    _within(name, rates, -_MOST_RATE, _MOST_RATE)


def check_events(rows: np.ndarray, kinds: int, ticks: int, slots: Slots) -> None:
    """Checks rows of tick, number of the kind, agent, thing, other.

    Raises:
        Malformed: a number is out of bounds, or the ticks are not in order.
    """
    highest = (ticks, kinds - 1, slots.agents - 1, slots.things - 1, max(slots.agents, slots.doors) - 1)
    for column, (low, high) in enumerate(zip((0, 0, -1, -1, -1), highest, strict=True)):
        _within("events", rows[:, column], low, high)
    if (np.diff(rows[:, 0]) < 0).any():
        raise Malformed("events are not in order")


def _within(name: str, values: np.ndarray, low: float, high: float) -> None:
    """Refuses what is outside [low, high]; NaN is outside everything."""
    if not ((values >= low) & (values <= high)).all():
        raise Malformed(f"{name} has a number outside {low:g} to {high:g}")
