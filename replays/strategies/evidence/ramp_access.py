"""Where seekers can get: which ramps they can come to, and which they can climb.

All things are solid. Seekers *touch* a ramp if they could stand where it is were it gone: a flood from them
(`free_space`) with the ramp away comes into its rectangle. They can *climb* it if they can come before its low edge,
with the ramp where it is. A seeker on the upper level, or one that fits nowhere, is taken to get anywhere.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.free_space import CELL_M, OPEN, REACHED, cell_of, draw_floor, empty_grid, flood
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.rules import RULES
from sim.state import ANGLE, State, X, Y

BEFORE_M = RULES.agent_radius_m + CELL_M
"""To climb, an agent needs its centre this far in front of the ramp's low edge."""


class RampAccess(NamedTuple):
    """What seekers can do with each ramp."""

    touched: np.ndarray
    """bool [world, ramp]: they can come to it."""
    usable: np.ndarray
    """bool [world, ramp]: they can come to it and it is not locked, or they can climb it."""
    gone: np.ndarray
    """bool [world, ramp]: it lies beyond the floor, taken away by the user of the window."""


def ramps_in_reach(slots: Slots, layout: Layout, state: State, worlds: np.ndarray | None = None) -> RampAccess:
    """Looks at each ramp of some worlds (bool [world], all by default); all False in the others."""
    wanted = np.ones(len(layout.floor), bool) if worlds is None else worlds
    found = RampAccess(*np.zeros((3, len(wanted), slots.ramps), bool))
    if wanted.any():
        solid = np.zeros(slots.things, bool)
        _look(found, layout, state, wanted, slots.hiders, solid, empty_grid(layout))
    return found


@compiled
def _look(found, layout, state, wanted, hiders, solid, grid):
    touched, usable, gone = found
    boxes, cells, stack = len(solid) - touched.shape[1], grid.cells, grid.stack
    for w in range(len(wanted)):
        for ramp in range(touched.shape[1]):
            thing = boxes + ramp
            if not wanted[w] or not layout.thing_exists[w, thing]:
                continue
            if min(state.things[w, thing, X], state.things[w, thing, Y]) < 0.0:  # the user has taken it away
                gone[w, ramp] = True
                continue
            for other in range(len(solid)):
                solid[other] = layout.thing_exists[w, other] and other != thing
            anywhere = _flood_from_seekers(layout, state, w, solid, hiders, cells, stack)
            touched[w, ramp] = anywhere or _is_inside(layout, state, w, thing, cells)
            usable[w, ramp] = touched[w, ramp] and state.lock[w, thing] == 0
            if touched[w, ramp] and not usable[w, ramp]:
                solid[thing] = True
                anywhere = _flood_from_seekers(layout, state, w, solid, hiders, cells, stack)
                usable[w, ramp] = anywhere or _is_before(layout, state, w, thing, cells)


@compiled
def _flood_from_seekers(layout, state, w, solid, hiders, cells, stack):
    """Marks what seekers can reach; True if one of them is where it can get anywhere."""
    side = int(np.ceil(layout.floor[w] / CELL_M))
    draw_floor(layout, state.things, w, solid, side, cells)
    for seeker in range(hiders, state.held.shape[1]):
        if layout.agent_exists[w, seeker]:
            first = cell_of(state, w, seeker, side, cells)
            if first < 0:
                return True
            if cells[first] == OPEN:
                flood(side, first, cells, stack)
    return False


@compiled
def _is_inside(layout, state, w, thing, cells):
    """Whether a cell that is REACHED lies in a thing's rectangle."""
    return _is_reached(layout, state, w, thing, cells, 0.0, layout.thing_half[w, thing, 0])


@compiled
def _is_before(layout, state, w, thing, cells):
    """Whether a cell that is REACHED lies just before a ramp's low edge, at its own -x end."""
    return _is_reached(layout, state, w, thing, cells, -layout.thing_half[w, thing, 0] - BEFORE_M, CELL_M)


@compiled
def _is_reached(layout, state, w, thing, cells, along, half):
    """Whether a cell is REACHED whose place along a thing's x is within `half` of `along`, and within its width."""
    side = int(np.ceil(layout.floor[w] / CELL_M))
    pose, width = state.things[w, thing], layout.thing_half[w, thing, 1]
    cosine, sine = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
    for cell in range(side * side):
        if cells[cell] == REACHED:
            dx, dy = (cell % side + 0.5) * CELL_M - pose[X], (cell // side + 0.5) * CELL_M - pose[Y]
            if abs(cosine * dx + sine * dy - along) <= half and abs(cosine * dy - sine * dx) <= width:
                return True
    return False
