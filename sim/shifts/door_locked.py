"""Door locked: box 0 stands before the door, in the room, and is locked by the hiders when the episode starts.

The other boxes and the hiders that start in the room get new places there.
"""

from typing import Any

from sim.errors import UserError
from sim.jit import compiled
from sim.scenarios.placement import NewWorld, place_agent, place_thing
from sim.shifts.shift import Shift, Start, needs
from sim.state import ANGLE, HIDERS_LOCK, X, Y

_GAP_M = 0.005
"""Between the box and the wall."""


def options(scenario: Any) -> Any:
    """The scenario as it is. Raises ValueError unless it has one room with one door, and boxes but no ramps."""
    one_door = getattr(scenario, "two_doors", 1.0) == 0.0 and not scenario.three_doors
    fits = one_door and scenario.boxes > 0 and scenario.ramps == 0
    needs(fits, "door-locked needs one door, a box and no ramps, as quadrant has them")
    return scenario


def place(start: Start) -> None:
    """Shuts the door of each world. Raises UserError if the rest has no room beside the box."""
    slots, room_m = start.scenario.slots, start.scenario.room_m
    if not _place(start.random, start.worlds, start.layout, start.state, room_m, (slots.hiders, slots.boxes)):
        raise UserError("door-locked leaves too little room for boxes and hiders; give room_m more, or fewer boxes")


@compiled
def _place(random, worlds, layout, state, room_m, counts):
    (hiders, boxes), placed = counts, True
    for k in range(len(worlds)):
        world, side = NewWorld(random, k, layout, state, worlds[k]), layout.floor[worlds[k]]
        room = (side - room_m, 0.0, side, room_m)
        _shut(world, room)
        for box in range(1, boxes):
            half = layout.thing_half[worlds[k], box]
            placed = placed and place_thing(world, box, half[0], half[1], room)
        for hider in range(hiders):
            pose = state.agents[worlds[k], hider]
            if pose[X] > room[0] and pose[Y] < room[3]:
                placed = placed and place_agent(world, hider, room)
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


SHIFT = Shift("door-locked", "the door is shut and locked at the start", options, place)
