"""Door locked: box 0 stands before the door, in the room, and is locked by the hiders when the episode starts.

The other boxes and the hiders that start in the room get new places there.
"""

from typing import Any, NamedTuple

from sim.jit import compiled
from sim.scenarios.attempts import NewWorlds, place_worlds, plan_from
from sim.scenarios.placement import NewWorld, move_agent, move_thing
from sim.shifts.shift import Shift, Start, needs
from sim.state import ANGLE, HIDERS_LOCK, X, Y

_GAP_M = 0.005
"""Between the box and the wall."""


def suits(world: Any) -> None:
    """Raises ValueError unless a scenario has one room with one door, and boxes but no ramps."""
    one_door = getattr(world, "two_doors", 1.0) == 0.0 and not world.three_doors
    fits = one_door and world.boxes > 0 and world.ramps == 0
    needs(fits, "door-locked needs one door, a box and no ramps, as quadrant has them")


class Plan(NamedTuple):
    """What the kernels below need of the options."""

    room_m: float
    hiders: int
    boxes: int


def place(start: Start) -> None:
    """Shuts the door of each world. Raises UserError if the rest has no room beside the box."""
    new = NewWorlds(start.random, start.worlds, start.layout, start.state)
    plan = plan_from(start.scenario, Plan)
    place_worlds(_attempt, start.scenario, plan, new, "boxes and hiders beside a shut door")


@compiled
def _attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        placed[k] = _place(plan, NewWorld(random, k, layout, state, worlds[k]))


@compiled
def _place(plan, world):
    """Shuts the door, then moves boxes and the hiders in the room; False if one found no place."""
    layout, state, w = world.layout, world.state, world.w
    room, placed = (layout.floor[w] - plan.room_m, 0.0, layout.floor[w], plan.room_m), True
    _shut(world, room)
    for box in range(1, plan.boxes):
        placed = placed and move_thing(world, box, room)
    for hider in range(plan.hiders):
        pose = state.agents[w, hider]
        if pose[X] > room[0] and pose[Y] < room[3]:
            placed = placed and move_agent(world, hider, room)
    return placed


@compiled
def _shut(world, room):
    """Puts box 0 before the one door, as near its middle as the room's corners allow, and locks it."""
    layout, state, w = world.layout, world.state, world.w
    half, pose = layout.thing_half[w, 0, 0], state.things[w, 0]
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            if x1 - x0 < y1 - y0:
                pose[X] = room[0] + half + _GAP_M
                pose[Y] = min(max(0.5 * (y0 + y1), half + _GAP_M), room[3] - half - _GAP_M)
            else:
                pose[X] = min(max(0.5 * (x0 + x1), room[0] + half + _GAP_M), room[2] - half - _GAP_M)
                pose[Y] = room[3] - half - _GAP_M
    pose[ANGLE], state.lock[w, 0] = 0.0, HIDERS_LOCK


SHIFT = Shift("door-locked", "the door is shut and locked at the start", suits=suits, place=place)
