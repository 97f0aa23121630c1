"""The sanity of a recording's numbers, once their types and shapes are known to be right."""

from collections.abc import Sequence

import numpy as np

from replays.events import CHANGE_KINDS, DOOR_KINDS, SIGHT_KINDS, STRATEGY_KINDS
from replays.format.archive import Malformed
from replays.format.header import stored_name
from replays.strategies.strategy import NOBODY
from sim.bounds import Bounds, layout_bounds, state_bounds
from sim.layout import Layout, Slots
from sim.rules import ACTION_SIZES
from sim.state import FREE, State, X, Y

AWAY = (-100.0, -100.0)
"""Where things lie that a person took away in the middle of an episode, in metres."""
_MOST_RATE = 1e9


def check_layout(layout: Layout, slots: Slots) -> None:
    """Checks a layout of one world.

    Raises:
        Malformed: a number is not finite, out of bounds or contradicts another.
    """
    for bounds in layout_bounds(layout, slots):
        _check(f"layout_{stored_name(bounds.field)}", bounds)
    if not layout.agent_exists.any():
        raise Malformed("no agent exists")
    if 4 * layout.thing_half[layout.thing_exists].prod(axis=-1).sum() > float(layout.floor[0]) ** 2:
        raise Malformed("its things do not fit on the floor")


def check_states(states: State, layout: Layout, slots: Slots) -> None:
    """Checks the states of one episode in a layout of one world; their first axis is time.

    Raises:
        Malformed: a number is not finite, out of bounds or contradicts another.
    """
    if (states.tick != np.arange(len(states.tick))).any():
        raise Malformed("state_tick does not count 0, 1, 2, ...")
    taken_away = (states.things[..., [X, Y]] == AWAY).all(axis=-1)
    things = states.things.copy()
    things[taken_away, X], things[taken_away, Y] = 0.0, 0.0
    for bounds in state_bounds(layout, states._replace(things=things), slots):
        _check(f"state_{stored_name(bounds.field)}", bounds)
    holding = states.held != FREE
    if holding[:, ~layout.agent_exists[0]].any():
        raise Malformed("an agent that does not take part holds a thing")
    if not layout.thing_exists[0, states.held[holding]].all():
        raise Malformed("an agent holds a thing that does not exist")


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
    if kind in STRATEGY_KINDS:
        others = {"agent": slots.agents, "door": slots.doors}.get(STRATEGY_KINDS[kind].other, 0)
        return agent, (NOBODY, slots.things - 1), (NOBODY, others - 1)
    return agent, thing, none


def _within(name: str, values: np.ndarray, low: float, high: float) -> None:
    """Refuses what is outside [low, high]; NaN is outside everything."""
    _check(name, Bounds(name, values, low, high))


def _check(name: str, bounds: Bounds) -> None:
    """Refuses what is out of bounds; `name` is that of the array in the file."""
    if bounds.first_outside():
        raise Malformed(f"{name} has a number outside {np.min(bounds.low):g} to {np.max(bounds.high):g}")
