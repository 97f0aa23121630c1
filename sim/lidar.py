"""Lidar: rays to the first surface, for the agents and for the pictures of what they see.

The kernels take a `sim.sight.SightContext`.
"""

import math
from typing import NamedTuple

from sim.climb import FLOOR
from sim.geometry import is_within, turn_back
from sim.jit import compiled
from sim.state import X, Y

NOBODY = -1


class Origin(NamedTuple):
    """Where rays begin."""

    x: float
    y: float
    level: int
    agent: int
    """The agent whose rays they are; NOBODY lets them pass through all agents."""


@compiled
def _nearer_box(lengths, tables, offset, direction, half):
    """Shortens each ray to where it enters a rectangle of half sides `half` around the origin, turned to `direction`
    (cosine, sine). The rays begin at `offset` (x, y).

    A ray parallel to a side gets a tiny slope, so that no division gives NaN. No branch: this is the hot loop.
    """
    cosines, sines = tables.cosines, tables.sines
    (x, y), (cos, sin), (half_x, half_y) = offset, direction, half
    at_x, at_y = cos * x + sin * y, cos * y - sin * x
    for k in range(lengths.shape[0]):
        along_x = cos * cosines[k] + sin * sines[k]
        along_y = cos * sines[k] - sin * cosines[k]
        slow_x = 1.0 / (along_x if abs(along_x) > 1e-200 else 1e-200)
        slow_y = 1.0 / (along_y if abs(along_y) > 1e-200 else 1e-200)
        reach_x, reach_y = half_x * abs(slow_x), half_y * abs(slow_y)
        middle_x, middle_y = -at_x * slow_x, -at_y * slow_y
        near = max(middle_x - reach_x, middle_y - reach_y)
        far = min(middle_x + reach_x, middle_y + reach_y)
        hit = max(near, 0.0)
        lengths[k] = min(lengths[k], hit) if far >= hit else lengths[k]


@compiled
def _nearer_disc(lengths, tables, x, y):
    """Shortens each ray from (x, y) to where it enters an agent at the origin."""
    cosines, sines, radius = tables.cosines, tables.sines, tables.radius_m
    for k in range(lengths.shape[0]):
        middle = -(x * cosines[k] + y * sines[k])
        inside = radius * radius - (x * x + y * y - middle * middle)
        reach = math.sqrt(max(inside, 0.0))
        hit = max(middle - reach, 0.0)
        lengths[k] = min(lengths[k], hit) if inside >= 0.0 and middle + reach >= 0.0 else lengths[k]


@compiled
def _to_border(lengths, tables, origin, side, limit):
    """Sets each ray from an origin on the floor to the floor's border or the limit."""
    cosines, sines, x, y = tables.cosines, tables.sines, origin.x, origin.y
    for k in range(lengths.shape[0]):
        to_x = (side - x if cosines[k] > 0.0 else -x) / (cosines[k] if abs(cosines[k]) > 1e-200 else 1e-200)
        to_y = (side - y if sines[k] > 0.0 else -y) / (sines[k] if abs(sines[k]) > 1e-200 else 1e-200)
        lengths[k] = max(min(min(abs(to_x), abs(to_y)), limit), 0.0)


@compiled
def cast_rays(context, w, origin, limit, lengths):
    """Fills `lengths` [ray] with the metres from an origin to the first surface in each direction of the tables, or
    the limit.

    A ramp around the origin does not count. All in one function: split up, it is compiled into slower loops.
    """
    tables, layout, state, x, y = context.tables, context.layout, context.state, origin.x, origin.y
    _to_border(lengths, tables, origin, layout.floor[w], limit)
    for wall in range(layout.walls.shape[1] if origin.level == FLOOR else 0):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            offset, half = (x - 0.5 * (x0 + x1), y - 0.5 * (y0 + y1)), (0.5 * (x1 - x0), 0.5 * (y1 - y0))
            _nearer_box(lengths, tables, offset, (1.0, 0.0), half)
    for thing in range(layout.thing_exists.shape[1] if origin.level == FLOOR else 0):
        pose, half = state.things[w, thing], (layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1])
        cos, sin = context.seen.turned[w, thing]
        offset = (x - pose[X], y - pose[Y])
        around = thing >= context.slots.boxes and is_within(*turn_back(cos, sin, *offset), half[0], half[1])
        if layout.thing_exists[w, thing] and not around:
            _nearer_box(lengths, tables, offset, (cos, sin), half)
    for agent in range(layout.agent_exists.shape[1] if origin.agent != NOBODY else 0):
        if agent != origin.agent and layout.agent_exists[w, agent] and state.level[w, agent] == origin.level:
            _nearer_disc(lengths, tables, x - state.agents[w, agent, X], y - state.agents[w, agent, Y])


@compiled
def measure(context, w):
    """Every agent's lidar."""
    for agent in range(context.layout.agent_exists.shape[1]):
        lengths = context.seen.lidar[w, agent]
        lengths[:] = 0.0
        if context.layout.agent_exists[w, agent]:
            pose = context.state.agents[w, agent]
            origin = Origin(pose[X], pose[Y], context.state.level[w, agent], agent)
            cast_rays(context, w, origin, context.tables.range_m, lengths)
