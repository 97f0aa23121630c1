"""Checks of what callers hand to a Game: scenarios, world numbers, actions, states, arrays to fill.

Each raises an error that names the argument and the value, before anything is changed. Contradictions within a state
are no error: `make_possible` corrects them.
"""

import operator

import numpy as np

from sim.bounds import Bounds, layout_bounds, state_bounds
from sim.climb import FLOOR
from sim.layout import Layout, Slots
from sim.rules import ACTION_SIZES
from sim.scenario import Scenario
from sim.state import DRIFTING, FREE, SPIN, VX, VY, State

_MOST_TICKS = 2**30


def whole_number(name: str, value: object) -> int:
    """The value as an int. Raises ValueError unless it is a whole number of 1 or more."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = 0
    if number < 1:
        raise ValueError(f"{name} must be a whole number of 1 or more, not {value!r}")
    return number


def check_scenario(scenario: Scenario) -> None:
    """Raises TypeError for what is no scenario."""
    if not isinstance(scenario, Scenario):
        raise TypeError(f"scenario must be a Scenario, see sim.scenario.scenario_from_text, not {scenario!r}")


def world_numbers(chosen: object, worlds: int) -> np.ndarray:
    """int64 [chosen world]. Raises TypeError for other than whole numbers, IndexError for worlds that do not exist."""
    numbers = np.asarray(chosen)
    if numbers.ndim != 1 or (numbers.dtype.kind not in "iu" and numbers.size):
        raise TypeError(f"worlds must be a list of whole numbers, not {chosen!r}")
    outside = numbers[(numbers < 0) | (numbers >= worlds)]
    if outside.size:
        raise IndexError(f"world {outside[0]} does not exist; the game has {worlds}, numbered from 0")
    return numbers.astype(np.int64)


def checked_seeds(seeds: object, worlds: int) -> np.ndarray:
    """uint64 [world]. Raises TypeError for other than whole numbers, ValueError for too many, too few or too large."""
    numbers = seeds if isinstance(seeds, np.ndarray) else np.array(seeds, object)  # else large ones become floats
    if numbers.shape != (worlds,):
        raise ValueError(f"{worlds} worlds need {worlds} seeds, not {numbers.shape}")
    if worlds and numbers.dtype.kind not in "iuO":
        raise TypeError(f"seeds must be whole numbers, not {numbers.dtype}")
    if numbers.dtype.kind != "u":
        outside = [seed for seed in numbers.tolist() if not 0 <= operator.index(seed) < 2**64]
        if outside:
            raise ValueError(f"the seed {outside[0]} does not exist; seeds are from 0 up, below 2**64")
    return numbers.astype(np.uint64)


def checked_actions(actions: object, shape: tuple[int, ...]) -> np.ndarray:
    """The actions as an array. Raises ValueError unless they have this shape ([world, agent, 3]) and all exist."""
    chosen = np.asarray(actions)
    if chosen.shape != shape or chosen.dtype.kind not in "iuf":
        raise ValueError(f"actions must be whole numbers {list(shape)}, not {chosen.dtype} {list(chosen.shape)}")
    valid = (chosen >= 0) & (chosen < ACTION_SIZES)
    if chosen.dtype.kind == "f":
        valid &= np.floor(chosen) == chosen
    if not valid.all():
        world, agent, _ = np.argwhere(~valid)[0]
        raise ValueError(
            f"the action {chosen[world, agent].tolist()} of agent {agent} in world {world} does not exist; "
            f"move, turn and hands are whole numbers from 0, below {ACTION_SIZES}"
        )
    return chosen


def array_to_fill(name: str, array: object, shape: tuple[int, ...]) -> np.ndarray:
    """The array. Raises TypeError unless it is of float32, ValueError unless kernels can fill it."""
    if not isinstance(array, np.ndarray) or array.dtype != np.float32:
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(f"{name} must be a float32 array, not {kind}")
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, not {array.shape}")
    if not array.flags.carray:
        raise ValueError(f"{name} must be contiguous, aligned and writeable")
    return array


def check_moment(slots: Slots, layout: Layout, state: State, own: tuple[Layout, State], chosen: np.ndarray) -> None:
    """Raises ValueError if worlds of these slots cannot have this Layout and State, TypeError if they are none.

    `own` is the game's Layout and State: every field must have the shape of its namesake there, with the `chosen`
    worlds (or one for all of them) as its first axis.
    """
    for given, mine in zip((layout, state), own, strict=True):
        if not isinstance(given, type(mine)):
            raise TypeError(f"restore takes a Layout and a State, see Game.snapshot, not {type(given).__name__}")
        for name, field, like in zip(given._fields, given, mine, strict=True):
            _check_shape(name, np.asarray(field), (len(chosen), *like.shape[1:]))
            if np.asarray(field).dtype.kind == "f" and like.dtype.kind != "f":
                raise ValueError(f"{name} must be whole numbers, not {np.asarray(field).dtype}")
    for bounds in (
        Bounds("tick", np.asarray(state.tick), 0, _MOST_TICKS),
        *layout_bounds(layout, slots),
        *state_bounds(layout, state, slots),
    ):
        if place := bounds.first_outside():
            value = np.broadcast_to(bounds.values, (len(chosen), *bounds.values.shape[1:]))[place]
            raise ValueError(f"{bounds.field} cannot be {value} (world {chosen[place[0]]})")


def _check_shape(name: str, field: np.ndarray, shape: tuple[int, ...]) -> None:
    if field.dtype.kind not in "biuf" or field.shape not in (shape, (1, *shape[1:])):
        raise ValueError(f"{name} must be numbers of the shape {shape}, not {field.dtype} of {field.shape}")


def make_possible(slots: Slots, layout: Layout, state: State, worlds: np.ndarray) -> None:
    """Corrects contradictions in what was written: locked things stand still unless they drift, absent agents hold
    nothing, locked and absent things are not held, and without ramps all agents are on the floor.
    """
    if slots.ramps == 0:
        state.level[worlds] = FLOOR
    if slots.things == 0:
        state.held[worlds], state.hold[worlds] = FREE, 0.0
        return
    fixed = state.lock[worlds] != 0
    stands = fixed & (state.lock[worlds] != DRIFTING)
    for column in (VX, VY, SPIN):
        state.things[worlds, :, column] = np.where(stands, 0.0, state.things[worlds, :, column])
    held = state.held[worlds]
    holdable = np.take_along_axis(layout.thing_exists[worlds] & ~fixed, np.maximum(held, 0).astype(int), axis=1)
    drops = (held != FREE) & ~(holdable & layout.agent_exists[worlds])
    state.held[worlds] = np.where(drops, FREE, held)
    state.hold[worlds] = np.where(drops[..., None], 0.0, state.hold[worlds])
