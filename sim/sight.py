"""Cones, line of sight and lidar: pure functions of Layout and State.

An agent sees a point if it lies in the agent's cone (edge included, distance zero counts) and the segment
from centre to centre touches no wall, thing or other agent, save the two ends themselves and a ramp that an end
stands in. There is no range limit. The floor is convex, so its borders block nobody; lidar measures them.

Inner walls and things are low (`sim.climb`): they hide nothing from an agent on the upper level, nor that agent
from anybody. Agents hide only what is on their own level from those on it.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.climb import FLOOR
from sim.jit import allocating, compiled
from sim.layout import Layout, Slots
from sim.rules import RULES, Rules
from sim.state import ANGLE, State, X, Y

NOBODY = -1


class Visibility(NamedTuple):
    """Who and what is seen; the first index after the world is the observer."""

    agents: np.ndarray
    """bool [world, agent, agent]; nobody sees itself."""
    things: np.ndarray
    """bool [world, agent, thing]"""
    lidar: np.ndarray
    """float64 [world, agent, ray]: metres to the first surface."""
    food: np.ndarray
    """bool [world, agent, food]"""
    headings: np.ndarray
    """float64 [world, agent, 2]: cosine and sine of each agent's angle."""
    turned: np.ndarray
    """float64 [world, thing, 2]: the same of each thing's."""


def empty_visibility(worlds: int, agents: int, things: int, rays: int = RULES.lidar_rays, food: int = 0) -> Visibility:
    """A Seen in which nobody sees anything."""
    return Visibility(
        agents=np.zeros((worlds, agents, agents), bool),
        things=np.zeros((worlds, agents, things), bool),
        lidar=np.zeros((worlds, agents, rays)),
        food=np.zeros((worlds, agents, food), bool),
        headings=np.zeros((worlds, agents, 2)),
        turned=np.zeros((worlds, things, 2)),
    )


class SightTables(NamedTuple):
    """What sight needs of the rules, computed once."""

    cosines: np.ndarray
    """float64 [ray]: of the lidar's world angles 2*pi*k/rays."""
    sines: np.ndarray
    """float64 [ray]"""
    cone: float
    """Cosine of half the vision cone."""
    radius_m: float
    """Of an agent."""
    range_m: float
    """Of the lidar."""


def make_sight_tables(rules: Rules = RULES) -> SightTables:
    """The tables for these rules."""
    angles = 2.0 * np.pi * np.arange(rules.lidar_rays) / rules.lidar_rays
    cone = math.cos(rules.half_cone_rad)
    return SightTables(np.cos(angles), np.sin(angles), cone, rules.agent_radius_m, rules.lidar_range_m)


@compiled
def put_directions(poses, turned):
    """Fills `turned` [entity, 2] with the cosine and sine of each entity's angle."""
    for k in range(poses.shape[0]):
        turned[k, 0], turned[k, 1] = math.cos(poses[k, ANGLE]), math.sin(poses[k, ANGLE])


@compiled
def in_cone(tables, heading, dx, dy):
    """Whether (dx, dy) lies within the cone around a heading (cosine, sine); zero distance does."""
    return heading[0] * dx + heading[1] * dy >= math.sqrt(dx * dx + dy * dy) * tables.cone


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
def _wall_between(layout, w, x, y, dx, dy):
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            middle_x, middle_y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
            if crosses_box(x - middle_x, y - middle_y, dx, dy, 0.5 * (x1 - x0), 0.5 * (y1 - y0)):
                return True
    return False


@compiled
def _turn_back(cos, sin, x, y):
    """A vector in the axes of a body whose direction is (cos, sin)."""
    return cos * x + sin * y, cos * y - sin * x


@compiled
def _within(x, y, half_x, half_y):
    """Whether a point lies in the rectangle around the origin."""
    return abs(x) <= half_x and abs(y) <= half_y


@compiled
def _thing_between(slots, layout, state, turned, w, x, y, dx, dy, end):
    for thing in range(layout.thing_exists.shape[1]):
        if thing != end and layout.thing_exists[w, thing]:
            pose = state.things[w, thing]
            cos, sin = turned[thing]
            half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
            at_x, at_y = _turn_back(cos, sin, x - pose[X], y - pose[Y])
            by_x, by_y = _turn_back(cos, sin, dx, dy)
            if crosses_box(at_x, at_y, by_x, by_y, half_x, half_y) and not (
                thing >= slots.boxes
                and (_within(at_x, at_y, half_x, half_y) or _within(at_x + by_x, at_y + by_y, half_x, half_y))
            ):
                return True
    return False


@compiled
def _agent_between(tables, layout, state, w, x, y, dx, dy, end_1, end_2):
    """Whether an agent of the level of `end_1` is in between."""
    level = state.level[w, end_1]
    for agent in range(layout.agent_exists.shape[1]):
        there = layout.agent_exists[w, agent] and state.level[w, agent] == level
        if there and agent != end_1 and agent != end_2:
            from_x, from_y = x - state.agents[w, agent, X], y - state.agents[w, agent, Y]
            if _crosses_disc(from_x, from_y, dx, dy, tables.radius_m):
                return True
    return False


@compiled
def free_line(tables, slots, layout, state, turned, w, x, y, dx, dy, agent, other, thing):
    """Whether nothing hides one end of the segment from (x, y) by (dx, dy) from the other.

    It begins at `agent` and ends at the agent `other` (NOBODY for none) or a `thing`. `turned` holds the
    directions of the things.
    """
    level, level_there = state.level[w, agent], FLOOR if other == NOBODY else state.level[w, other]
    if level != level_there:
        return True
    if level == FLOOR and (
        _wall_between(layout, w, x, y, dx, dy) or _thing_between(slots, layout, state, turned, w, x, y, dx, dy, thing)
    ):
        return False
    return not _agent_between(tables, layout, state, w, x, y, dx, dy, agent, other)


@compiled
def _look_at_agents(tables, slots, layout, state, headings, turned, seen, w):
    for one in range(layout.agent_exists.shape[1]):
        seen.agents[w, one, one] = False
        a = state.agents[w, one]
        for other in range(one):
            b = state.agents[w, other]
            there, back = False, False
            if layout.agent_exists[w, one] and layout.agent_exists[w, other]:
                dx, dy = b[X] - a[X], b[Y] - a[Y]
                there, back = in_cone(tables, headings[one], dx, dy), in_cone(tables, headings[other], -dx, -dy)
                if there or back:
                    free = free_line(tables, slots, layout, state, turned, w, a[X], a[Y], dx, dy, one, other, NOBODY)
                    there, back = there and free, back and free
            seen.agents[w, one, other], seen.agents[w, other, one] = there, back


@compiled
def _look_at_things(tables, slots, layout, state, headings, turned, seen, w):
    for agent in range(layout.agent_exists.shape[1]):
        a = state.agents[w, agent]
        for thing in range(layout.thing_exists.shape[1]):
            sees = False
            if layout.agent_exists[w, agent] and layout.thing_exists[w, thing]:
                dx, dy = state.things[w, thing, X] - a[X], state.things[w, thing, Y] - a[Y]
                sees = in_cone(tables, headings[agent], dx, dy) and free_line(
                    tables, slots, layout, state, turned, w, a[X], a[Y], dx, dy, agent, NOBODY, thing
                )
            seen.things[w, agent, thing] = sees


@compiled
def _look_at_food(tables, slots, layout, state, headings, turned, seen, w):
    for agent in range(layout.agent_exists.shape[1]):
        a = state.agents[w, agent]
        for food in range(layout.food_exists.shape[1]):
            sees = False
            if layout.agent_exists[w, agent] and layout.food_exists[w, food]:
                dx, dy = layout.food[w, food, X] - a[X], layout.food[w, food, Y] - a[Y]
                sees = in_cone(tables, headings[agent], dx, dy) and free_line(
                    tables, slots, layout, state, turned, w, a[X], a[Y], dx, dy, agent, NOBODY, NOBODY
                )
            seen.food[w, agent, food] = sees


@compiled
def _nearer_box(lengths, cosines, sines, x, y, cos, sin, half_x, half_y):
    """Shortens each ray from (x, y) to where it enters a rectangle around the origin, turned by (cos, sin).

    A ray parallel to a side gets a tiny slope, so that no division gives NaN. No branch: this is the hot loop.
    """
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
def _nearer_disc(lengths, cosines, sines, x, y, radius):
    """Shortens each ray from (x, y) to where it enters a disc around the origin."""
    for k in range(lengths.shape[0]):
        middle = -(x * cosines[k] + y * sines[k])
        inside = radius * radius - (x * x + y * y - middle * middle)
        reach = math.sqrt(max(inside, 0.0))
        hit = max(middle - reach, 0.0)
        lengths[k] = min(lengths[k], hit) if inside >= 0.0 and middle + reach >= 0.0 else lengths[k]


@compiled
def _to_border(lengths, cosines, sines, x, y, side, limit):
    """Sets each ray from (x, y), inside the floor, to the floor's border or the limit."""
    for k in range(lengths.shape[0]):
        to_x = (side - x if cosines[k] > 0.0 else -x) / (cosines[k] if abs(cosines[k]) > 1e-200 else 1e-200)
        to_y = (side - y if sines[k] > 0.0 else -y) / (sines[k] if abs(sines[k]) > 1e-200 else 1e-200)
        lengths[k] = max(min(min(abs(to_x), abs(to_y)), limit), 0.0)


@compiled
def cast_rays(tables, slots, layout, state, turned, w, x, y, level, limit, but_agent, agents_too, lengths):
    """Fills `lengths` [ray] with the metres from (x, y) on a level to the first surface in each direction of the eyes.

    A ramp around (x, y) counts for nothing. All in one function: split up, it is compiled into slower loops.
    """
    cosines, sines = tables.cosines, tables.sines
    _to_border(lengths, cosines, sines, x, y, layout.floor[w], limit)
    for wall in range(layout.walls.shape[1] if level == FLOOR else 0):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            from_x, from_y = x - 0.5 * (x0 + x1), y - 0.5 * (y0 + y1)
            _nearer_box(lengths, cosines, sines, from_x, from_y, 1.0, 0.0, 0.5 * (x1 - x0), 0.5 * (y1 - y0))
    for thing in range(layout.thing_exists.shape[1] if level == FLOOR else 0):
        pose, half = state.things[w, thing], layout.thing_half[w, thing]
        cos, sin = turned[thing]
        from_x, from_y = x - pose[X], y - pose[Y]
        around = thing >= slots.boxes and _within(*_turn_back(cos, sin, from_x, from_y), half[0], half[1])
        if layout.thing_exists[w, thing] and not around:
            _nearer_box(lengths, cosines, sines, from_x, from_y, cos, sin, half[0], half[1])
    for agent in range(layout.agent_exists.shape[1] if agents_too else 0):
        if agent != but_agent and layout.agent_exists[w, agent] and state.level[w, agent] == level:
            from_x, from_y = x - state.agents[w, agent, X], y - state.agents[w, agent, Y]
            _nearer_disc(lengths, cosines, sines, from_x, from_y, tables.radius_m)


@compiled
def _measure(tables, slots, layout, state, turned, seen, w):
    """Every agent's lidar."""
    for agent in range(layout.agent_exists.shape[1]):
        lengths = seen.lidar[w, agent]
        lengths[:] = 0.0
        if layout.agent_exists[w, agent]:
            x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
            level = state.level[w, agent]
            cast_rays(tables, slots, layout, state, turned, w, x, y, level, tables.range_m, agent, True, lengths)


@compiled
def look_around(tables, slots, layout, state, seen, w):
    """Fills one world of `seen`."""
    headings, turned = seen.headings[w], seen.turned[w]
    put_directions(state.agents[w], headings)
    put_directions(state.things[w], turned)
    _look_at_agents(tables, slots, layout, state, headings, turned, seen, w)
    _look_at_things(tables, slots, layout, state, headings, turned, seen, w)
    _look_at_food(tables, slots, layout, state, headings, turned, seen, w)
    _measure(tables, slots, layout, state, turned, seen, w)


@compiled
def _look_everywhere(tables, slots, layout, state, seen):
    for w in range(layout.floor.shape[0]):
        look_around(tables, slots, layout, state, seen, w)


@allocating
def _cast_from(tables, slots, layout, state, w, x, y, level, limit, lengths):
    turned = np.empty((state.things.shape[1], 2))
    put_directions(state.things[w], turned)
    cast_rays(tables, slots, layout, state, turned, w, x, y, level, limit, NOBODY, False, lengths)


def look(slots: Slots, layout: Layout, state: State) -> Visibility:
    """Who sees whom and what in each world, and every lidar, with no regard to the preparation phase."""
    seen = empty_visibility(
        len(layout.floor), layout.agent_exists.shape[1], layout.thing_exists.shape[1], food=layout.food_exists.shape[1]
    )
    _look_everywhere(make_sight_tables(), slots, layout, state, seen)
    return seen


def ray_lengths(
    slots: Slots,
    layout: Layout,
    state: State,
    world: int,
    origin: tuple[float, float],
    level: int,
    angles: np.ndarray,
) -> np.ndarray:
    """float64 [angle]: metres from a point on a level to the first wall, thing or border in each direction.

    Agents let pass; on the upper level so does all but the border.
    """
    lengths = np.empty(len(angles))
    tables = make_sight_tables()._replace(cosines=np.cos(angles), sines=np.sin(angles))
    _cast_from(tables, slots, layout, state, world, *origin, level, 2.0 * float(layout.floor[world]), lengths)
    return lengths
