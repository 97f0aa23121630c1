"""What families share to place their worlds: the options for their kernels, and the error where there is no room."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.errors import UserError
from sim.layout import Layout
from sim.scenarios.family import Family
from sim.scenarios.placement import try_until_placed
from sim.state import State

_ATTEMPTS = 1000
"""Attempts to build a world before it counts as impossible."""


class NewWorlds(NamedTuple):
    """Worlds that are being built: some worlds of Layout and State, each with its own random numbers."""

    random: np.ndarray
    """uint64 [chosen world]: the state of each generator."""
    worlds: np.ndarray
    """int [chosen world]"""
    layout: Layout
    state: State


def place_worlds(attempt: Callable, scenario: Family, plan: Any, new: NewWorlds, what: str) -> None:
    """Builds each of the worlds until everything in it found a place.

    Args:
        attempt: a kernel `attempt(plan, random, worlds, layout, state, rows, placed)` that builds the chosen worlds
            numbered `rows` once, with the generators of those numbers, and writes into `placed` (bool, by number)
            whether everything found a place.
        scenario: whose worlds they are.
        plan: the options that the kernel needs.
        new: the chosen worlds; their generators go on.
        what: a scenario that is impossible has no room for.

    Raises:
        UserError: a world still had no room after a thousand attempts.
    """
    placed = np.zeros(len(new.worlds), bool)

    def build(rows: np.ndarray) -> np.ndarray:
        attempt(plan, *new, rows, placed)
        return placed[rows]

    if not try_until_placed(build, len(placed), _ATTEMPTS):
        raise UserError(f"scenario '{scenario.short_text()}' has no room for {what}; give them more")


def plan_from(scenario: Family, kind: type) -> Any:
    """A named tuple of that kind, with the scenario's options of the same names."""
    return kind(**{field: getattr(scenario, field) for field in kind._fields})
