"""Shelter: put boxes around a pillar, so that it cannot be seen from the floor's border.

As in the original (`envs/shelter_construction.py` with the numbers of `shelter.jsonnet`): 25 rays from each side of
the floor, evenly spaced, aim at the pillar's middle; each that reaches the pillar costs 0.001 in every tick. Only boxes
stop them. All agents are paid the same. The original's rays start 0.2 m inside of its walls, which stand on the floor.
"""

import math

from sim.jit import compiled
from sim.line_of_sight import Line, crosses_box
from sim.state import X, Y

RAYS = 25
"""From each side."""
RAY_COST = 0.001


@compiled
def ray_start(ray, from_side, side):
    """Where a ray starts: `from_side` on each side, evenly spaced, counter-clockwise from the floor's corner."""
    along = (ray % from_side) * side / from_side
    border = ray // from_side
    if border == 0:
        return along, 0.0
    if border == 1:
        return side, along
    if border == 2:
        return side - along, side
    return 0.0, side - along


@compiled
def _is_stopped(layout, state, turned, w, line):
    """Whether a thing touches a line."""
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            cos, sin = turned[thing]
            from_x, from_y = line.x - state.things[w, thing, X], line.y - state.things[w, thing, Y]
            if crosses_box(
                cos * from_x + sin * from_y,
                cos * from_y - sin * from_x,
                cos * line.dx + sin * line.dy,
                cos * line.dy - sin * line.dx,
                layout.thing_half[w, thing, 0],
                layout.thing_half[w, thing, 1],
            ):
                return True
    return False


@compiled
def rays_that_arrive(layout, state, turned, w):
    """How many rays reach the first pillar of a world; `turned` [thing, 2] holds the things' directions."""
    side = layout.floor[w]
    at_x, at_y, radius = layout.pillars[w, 0]
    count = 0
    for ray in range(4 * RAYS):
        x, y = ray_start(ray, RAYS, side)
        away = math.sqrt((at_x - x) * (at_x - x) + (at_y - y) * (at_y - y))
        share = max(away - radius, 0.0) / away
        line = Line(x, y, share * (at_x - x), share * (at_y - y))
        count += not _is_stopped(layout, state, turned, w, line)
    return count


@compiled
def pay_guards(slots, layout, state, seen, reward, w):
    """Pays the hiders of one world for a tick."""
    cost = RAY_COST * rays_that_arrive(layout, state, seen.turned[w], w)
    for hider in range(slots.hiders):
        reward[w, hider] = -cost if layout.agent_exists[w, hider] else 0.0
