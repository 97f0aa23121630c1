"""The sanity of a recording's numbers, once their types and shapes are known to be right."""

from collections.abc import Sequence

import numpy as np

from replays.events import CHANGE_KINDS, DOOR_KINDS, NOBODY, SIGHT_KINDS
from replays.format.archive import Malformed
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
    _within("layout_turns", layout.lock_order, 0, max(layout.thing_exists.shape[1] - 1, 0))
    _within("layout_rim", layout.out_of_bounds_margin_m, 0.0, floor / 2)
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


def check_events(rows: np.ndarray, kinds: Sequence[str], ticks: int, slots: Slots) -> None:
    """Checks rows of tick, number among `kinds`, agent, thing, other.

    Raises:
        Malformed: a number is out of bounds, somebody takes part who cannot, or the ticks are not in order.
    """
    _within("events", rows[:, 0], 0, ticks)
    _within("events", rows[:, 1], 0, len(kinds) - 1)
    bounds = np.array([_who(kind, slots) for kind in kinds], int).reshape(-1, 3, 2)[rows[:, 1]]
    if ((rows[:, 2:] < bounds[..., 0]) | (rows[:, 2:] > bounds[..., 1])).any():
        raise Malformed("an event tells of somebody or something that cannot take part in it")
    if (np.diff(rows[:, 0]) < 0).any():
        raise Malformed("events are not in order")


def _who(kind: str, slots: Slots) -> tuple[tuple[int, int], ...]:
    """Lowest and highest agent, thing and other of a kind of event."""
    agent, thing, none = (NOBODY, slots.agents - 1), (0, slots.things - 1), (NOBODY, NOBODY)
    if kind in SIGHT_KINDS:
        return (slots.hiders, slots.agents - 1), none, (0, slots.hiders - 1)
    if kind in DOOR_KINDS:
        return agent, thing, (0, slots.doors - 1)
    if kind in CHANGE_KINDS:
        return none, thing, (NOBODY, slots.doors - 1 if kind == "taken away" else NOBODY)
    return agent, none if kind == "over wall" else thing, none


def _within(name: str, values: np.ndarray, low: float, high: float) -> None:
    """Refuses what is outside [low, high]; NaN is outside everything."""
    if not ((values >= low) & (values <= high)).all():
        raise Malformed(f"{name} has a number outside {low:g} to {high:g}")
