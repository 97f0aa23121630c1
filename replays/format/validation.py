"""The sanity of a recording's numbers, once their types and shapes are known to be right."""

from collections.abc import Sequence

import numpy as np

from replays.events import CHANGE_KINDS, DOOR_KINDS, SIGHT_KINDS, STRATEGY_KINDS
from replays.format.archive import Malformed
from replays.strategies.strategy import NOBODY
from sim.layout import Layout, Slots
from sim.rules import ACTION_SIZES, RULES
from sim.state import ANGLE, DRIFTING, FREE, SPIN, VX, VY, State, X, Y

FLOOR_M = (1.0, 45.0)
"""Smallest and largest side of a floor; scenarios have up to 40 m."""
AWAY = (-100.0, -100.0)
"""Where things lie that a person took away in the middle of an episode, in metres."""
_MARGIN_M = 1.0
"""How far walls, doors and bodies may reach beyond the floor."""
_LEAST_HALF_M = 0.02
"""Half the width of the thinnest thing; scenarios allow boxes of 0.05 m."""
_MOST_SPEED_MPS, _MOST_SPIN_RADPS = 10 * RULES.free_speed_mps, 20 * RULES.free_spin_radps
"""Far above what physics allows, see `Rules.max_travel_m`."""
_MOST_ANGLE_RAD = 1e5
"""Angles are not wrapped; the longest episode turns an agent by a twentieth of this."""
_MOST_HOLD_M = 10.0
"""How far from an agent the middle of the thing is that it holds."""
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
    if (layout.thing_half[layout.thing_exists] < _LEAST_HALF_M).any():
        raise Malformed(f"a thing is thinner than {2 * _LEAST_HALF_M:g} m")
    if 4 * layout.thing_half[layout.thing_exists].prod(axis=-1).sum() > floor**2:
        raise Malformed("its things do not fit on the floor")


def check_states(states: State, layout: Layout, slots: Slots) -> None:
    """Checks the states of one episode in a layout of one world; their first axis is time.

    Raises:
        Malformed: a number is not finite, out of bounds or contradicts another.
    """
    if (states.tick != np.arange(len(states.tick))).any():
        raise Malformed("state_tick does not count 0, 1, 2, ...")
    floor = float(layout.floor[0])
    taken_away = (states.things[..., [X, Y]] == AWAY).all(axis=-1)
    _check_bodies("state_agents", states.agents.reshape(-1, 6), floor)
    _check_bodies("state_things", states.things[~taken_away], floor)
    _check_bodies("state_things", states.things[taken_away] - (*AWAY, 0.0, 0.0, 0.0, 0.0), floor)
    _within("state_hold", states.hold[..., :2], -_MOST_HOLD_M, _MOST_HOLD_M)
    _within("state_hold", states.hold[..., 2], -_MOST_ANGLE_RAD, _MOST_ANGLE_RAD)
    _within("state_level", states.level, 0, 1)
    _within("state_held", states.held, FREE, slots.things - 1)
    holding = states.held != FREE
    if holding[:, ~layout.agent_exists[0]].any():
        raise Malformed("an agent that does not take part holds a thing")
    if not layout.thing_exists[0, states.held[holding]].all():
        raise Malformed("an agent holds a thing that does not exist")
    _within("state_lock", states.lock, 0, DRIFTING)
    _within("state_food", states.food, 0, _MOST_RATE)


def _check_bodies(name: str, bodies: np.ndarray, floor: float) -> None:
    """Refuses poses off the floor and speeds that no body reaches; `bodies` is [body, 6]."""
    _within(f"{name} (places)", bodies[:, [X, Y]], -_MARGIN_M, floor + _MARGIN_M)
    _within(f"{name} (angles)", bodies[:, ANGLE], -_MOST_ANGLE_RAD, _MOST_ANGLE_RAD)
    _within(f"{name} (speeds)", bodies[:, [VX, VY]], -_MOST_SPEED_MPS, _MOST_SPEED_MPS)
    _within(f"{name} (spins)", bodies[:, SPIN], -_MOST_SPIN_RADPS, _MOST_SPIN_RADPS)


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
    if not ((values >= low) & (values <= high)).all():
        raise Malformed(f"{name} has a number outside {low:g} to {high:g}")
