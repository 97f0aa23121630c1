"""What moves, as plain arrays.

Sight, reward, observation, drawing, detection and replay are functions of `Layout` and `State`. A State
is complete: an episode goes on from a State that `Game.restore` writes back between two ticks.
"""

from typing import NamedTuple, TypeVar

import numpy as np

from sim.layout import Layout, Slots

X, Y, ANGLE, VX, VY, SPIN = range(6)
"""Columns of a pose: metres, radians (not wrapped), metres and radians per second."""

FREE = -1
"""`held` of an agent with empty hands."""

HIDERS_LOCK, SEEKERS_LOCK = 1, 2
"""The lock of things that a team has locked."""

FIXED_BY_NOBODY = 3
"""The lock of things that an ablation has fixed, or that were drawn so: no team can unlock them."""

CLOSED_TO_SEEKERS = (HIDERS_LOCK, FIXED_BY_NOBODY)
"""The locks that no seeker can undo."""

DRIFTING = 4
"""The lock of things that a scenario moves: they keep their velocity, whatever they meet."""

BITES, BARE = range(2)
"""Columns of food: bites left, and ticks since the last bite."""

Arrays = TypeVar("Arrays", "State", Layout)


class State(NamedTuple):
    """Arrays over worlds; slots that do not exist (see `Layout`) are zero."""

    tick: np.ndarray
    """int32 [world]: ticks played since the true start of the episode."""
    agents: np.ndarray
    """float64 [world, agent, 6]: pose and velocity."""
    things: np.ndarray
    """float64 [world, thing, 6]: pose and velocity."""
    level: np.ndarray
    """int8 [world, agent]: 0 on the floor, 1 on the upper level."""
    held: np.ndarray
    """int8 [world, agent]: the thing in the agent's hands, or FREE."""
    hold: np.ndarray
    """float64 [world, agent, 3]: pose of the held thing in the agent's frame (x, y, angle), frozen at the grab."""
    lock: np.ndarray
    """int8 [world, thing]: 0 unlocked, else HIDERS_LOCK, SEEKERS_LOCK, FIXED_BY_NOBODY or DRIFTING."""
    task_done: np.ndarray
    """bool [world]: the task is done, and pays nothing any more; never in hide-and-seek."""
    food: np.ndarray
    """float64 [world, food, 2]: see BITES and BARE."""


def empty_state(worlds: int, slots: Slots) -> State:
    """A state of `worlds` worlds at tick 0 with everything at the origin and all hands empty."""
    return State(
        tick=np.zeros(worlds, np.int32),
        agents=np.zeros((worlds, slots.agents, 6)),
        things=np.zeros((worlds, slots.things, 6)),
        level=np.zeros((worlds, slots.agents), np.int8),
        held=np.full((worlds, slots.agents), FREE, np.int8),
        hold=np.zeros((worlds, slots.agents, 3)),
        lock=np.zeros((worlds, slots.things), np.int8),
        task_done=np.zeros(worlds, bool),
        food=np.zeros((worlds, slots.all_food, 2)),
    )


def take(arrays: Arrays, worlds: np.ndarray | slice) -> Arrays:
    """A copy of the chosen worlds of a State or Layout; the first axis stays."""
    return type(arrays)(*(np.array(field[worlds]) for field in arrays))


def put(arrays: Arrays, worlds: np.ndarray | slice, values: Arrays) -> None:
    """Writes `values` (as made by `take`) into the chosen worlds."""
    for field, value in zip(arrays, values, strict=True):
        field[worlds] = value
