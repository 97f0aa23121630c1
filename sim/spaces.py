"""What agents observe and choose, as Gymnasium's spaces, for `sim.env` and `sim.vector`."""

from collections import OrderedDict

import numpy as np
from gymnasium import spaces

from sim.errors import UserError
from sim.layout import Slots
from sim.rules import ACTION_SIZES
from sim.schema import global_state_size, observation_size, split

MULTIDISCRETE, DISCRETE = "multidiscrete", "discrete"
ACTION_COUNT = int(np.prod(ACTION_SIZES))
"""Actions of an agent as one number: (move * 3 + turn) * 4 + hands."""


def check_action_kind(actions: object) -> None:
    """Raises UserError unless it names a kind of action space."""
    if actions not in (MULTIDISCRETE, DISCRETE):
        raise UserError(f"actions: {actions!r} is none of '{MULTIDISCRETE}', '{DISCRETE}'")


def action_space(actions: str) -> spaces.MultiDiscrete | spaces.Discrete:
    """Of one agent; `actions` is MULTIDISCRETE or DISCRETE."""
    return spaces.Discrete(ACTION_COUNT) if actions == DISCRETE else spaces.MultiDiscrete(list(ACTION_SIZES))


def in_parts(chosen: np.ndarray) -> np.ndarray:
    """Actions int [..., 3] (move, turn, hands) for int [...] below ACTION_COUNT."""
    return np.stack(np.unravel_index(chosen, ACTION_SIZES), axis=-1)


def flat_space(slots: Slots) -> spaces.Box:
    """One agent's observation as one row of numbers."""
    return spaces.Box(-np.inf, np.inf, (observation_size(slots),), np.float32)


def table_space(slots: Slots) -> spaces.Dict:
    """One agent's observation as tables; those without rows are left out."""
    # An OrderedDict keeps gymnasium from sorting the keys, so that its `flatten` gives our flat observation.
    parts = OrderedDict()
    for name, table in _with_rows(split(np.empty(observation_size(slots), np.float32), slots)).items():
        low, high, kind = (0, 1, np.int8) if _is_mask(name) else (-np.inf, np.inf, np.float32)
        parts[name] = spaces.Box(low, high, table.shape, kind)
    return spaces.Dict(parts)


def tables(flat: np.ndarray, slots: Slots) -> dict[str, np.ndarray]:
    """Views of one agent's flat observation, as in `table_space`; the masks are copies."""
    parts = _with_rows(split(flat, slots))
    return {name: part.astype(np.int8) if _is_mask(name) else part for name, part in parts.items()}


def state_space(slots: Slots) -> spaces.Box:
    """The global state of a world."""
    return spaces.Box(-np.inf, np.inf, (global_state_size(slots),), np.float32)


def _with_rows(parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: part for name, part in parts.items() if part.size}


def _is_mask(name: str) -> bool:
    return name.endswith(("_exist", "_seen"))
