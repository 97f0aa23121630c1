"""What hides one place from another: the lines of sight of `sim.sight`, and what touches them.

The segment from centre to centre must touch no wall, thing or other agent, save the two ends themselves and a ramp that
an end stands in. The floor is convex, so its borders hide nothing.

Inner walls and things are low (`sim.climb`): an agent on the upper level sees over them, and is seen over them. Agents
hide only what is on their own level from agents on that level.

`context` is a `sim.sight.SightContext`.
"""

from typing import NamedTuple

from sim.climb import FLOOR
from sim.geometry import is_within, turn_back
from sim.jit import compiled
from sim.lidar import NOBODY
from sim.state import X, Y


class Line(NamedTuple):
    """A segment from (x, y) to (x + dx, y + dy)."""

    x: float
    y: float
    dx: float
    dy: float


class Ends(NamedTuple):
    """What a line of sight begins and ends at, which hides nothing; NOBODY for none."""

    agent: int
    other: int
    """The agent at its end."""
    thing: int
    """The thing at its end."""


@compiled
def crosses_box(x, y, dx, dy, half_x, half_y):
    """Whether the segment from (x, y) to (x + dx, y + dy) touches the rectangle around the origin."""
    near, far = 0.0, 1.0
    if dx == 0.0:
        if abs(x) > half_x:
            return False
    else:
        a, b = (-half_x - x) / dx, (half_x - x) / dx
        near, far = max(near, min(a, b)), min(far, max(a, b))
    if dy == 0.0:
        if abs(y) > half_y:
            return False
    else:
        a, b = (-half_y - y) / dy, (half_y - y) / dy
        near, far = max(near, min(a, b)), min(far, max(a, b))
    return near <= far


@compiled
def _crosses_disc(x, y, dx, dy, radius):
    """Whether the segment from (x, y) to (x + dx, y + dy) touches the disc around the origin."""
    length_2 = dx * dx + dy * dy
    along = 0.0 if length_2 == 0.0 else min(max(-(x * dx + y * dy) / length_2, 0.0), 1.0)
    near_x, near_y = x + along * dx, y + along * dy
    return near_x * near_x + near_y * near_y <= radius * radius


@compiled
def wall_between(layout, w, line):
    """Whether an inner wall touches a line."""
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            from_x, from_y = line.x - 0.5 * (x0 + x1), line.y - 0.5 * (y0 + y1)
            if crosses_box(from_x, from_y, line.dx, line.dy, 0.5 * (x1 - x0), 0.5 * (y1 - y0)):
                return True
    return False


@compiled
def _thing_between(context, w, line, end):
    """Whether a thing other than `end` hides a line's ends from each other; a ramp around one of them does not."""
    layout = context.layout
    for thing in range(layout.thing_exists.shape[1]):
        if thing != end and layout.thing_exists[w, thing]:
            pose = context.state.things[w, thing]
            cos, sin = context.seen.turned[w, thing]
            half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
            at_x, at_y = turn_back(cos, sin, line.x - pose[X], line.y - pose[Y])
            by_x, by_y = turn_back(cos, sin, line.dx, line.dy)
            if crosses_box(at_x, at_y, by_x, by_y, half_x, half_y) and not (
                thing >= context.slots.boxes
                and (is_within(at_x, at_y, half_x, half_y) or is_within(at_x + by_x, at_y + by_y, half_x, half_y))
            ):
                return True
    return False


@compiled
def _agent_between(context, w, line, ends):
    """Whether an agent on the level of `ends.agent` touches a line between its ends."""
    layout, state = context.layout, context.state
    level = state.level[w, ends.agent]
    for agent in range(layout.agent_exists.shape[1]):
        in_the_way = layout.agent_exists[w, agent] and state.level[w, agent] == level
        if in_the_way and agent != ends.agent and agent != ends.other:
            from_x, from_y = line.x - state.agents[w, agent, X], line.y - state.agents[w, agent, Y]
            if _crosses_disc(from_x, from_y, line.dx, line.dy, context.tables.radius_m):
                return True
    return False


@compiled
def free_line(context, w, line, ends):
    """Whether nothing hides one end of a line from the other."""
    level = context.state.level[w, ends.agent]
    if level != (FLOOR if ends.other == NOBODY else context.state.level[w, ends.other]):
        return True
    if level == FLOOR and (wall_between(context.layout, w, line) or _thing_between(context, w, line, ends.thing)):
        return False
    return not _agent_between(context, w, line, ends)
