"""Tools that an ablation takes away from both teams: things, and what hands can do with them."""

from collections.abc import Collection
from typing import Literal, get_args

import numpy as np

from sim.errors import UserError
from sim.layout import Layout, Slots
from sim.rules import GRAB, KEEP, LOCK
from sim.state import FIXED_BY_NOBODY, State

Tool = Literal["lock", "grab", "boxes", "ramps", "pushing", "surfing"]
"""Without `pushing` nobody can move a thing; without `surfing` nobody upstairs can hold one, as a rider must."""
TOOLS: tuple[Tool, ...] = get_args(Tool)
"""All of them."""


def check_tools(names: Collection[str]) -> None:
    """Raises UserError if one is no tool."""
    if unknown := set(names) - set(TOOLS):
        raise UserError(f"cannot play without '{min(unknown)}'; choose from {', '.join(TOOLS)}")


def keep_hands_still(without: Collection[str], actions: np.ndarray, upstairs: np.ndarray) -> None:
    """Changes what hands cannot do into KEEP.

    Args:
        without: tools.
        actions: int8 [world, agent, 3], as `sim.rules.ACTION_SIZES`.
        upstairs: bool [world, agent], who is on the upper level.
    """
    hands = actions[..., 2]
    if "lock" in without:
        hands[hands == LOCK] = KEEP
    if "grab" in without:
        hands[hands == GRAB] = KEEP
    if "surfing" in without:
        hands[(hands == GRAB) & upstairs] = KEEP


def take_from_worlds(without: Collection[str], slots: Slots, start: tuple[Layout, State], worlds: np.ndarray) -> None:
    """Removes things, or fixes them, where episodes start in some worlds (int [chosen world])."""
    layout, state = start
    if "boxes" in without:
        layout.thing_exists[worlds, : slots.boxes] = False
    if "ramps" in without:
        layout.thing_exists[worlds, slots.boxes :] = False
    if "pushing" in without:
        state.lock[worlds] = np.where(layout.thing_exists[worlds], FIXED_BY_NOBODY, 0)
