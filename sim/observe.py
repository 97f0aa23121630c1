"""What each agent is told (the observation), and what the critic is told (the overview).

An agent's observation is one flat float32 row made of tables: itself, the other agents, boxes, ramps, doors,
its lidar, then existence and visibility masks. Rows of what it does not see are zero, and so is everything a
seeker is told of others during preparation. Doors are map: always given (the original leaves them to lidar).
Positions are relative to the observer, save its own; lengths are divided by half the floor, speeds by the
free speeds, so that all numbers are of order one. Agents move along the axes of the world but look and turn
relative to their heading, so a position is told along the axes and its direction (the *bearing*) relative to
the heading as well.

The angle of a box is told as cosine and sine of `fold` times the angle, with fold 4 for a square and 2 for an
elongated box: turned onto itself, it looks the same. A ramp has fold 1.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.jit import compiled
from sim.layout import Slots
from sim.rules import RULES
from sim.state import ANGLE, FREE, SPIN, VX, VY, X, Y

OBSERVATION_VERSION = 3
"""Raised whenever a number in an observation changes its place or meaning; teams remember theirs."""

SELF_WIDTH, AGENT_WIDTH, THING_WIDTH, DOOR_WIDTH = 12, 11, 14, 6


class Table(NamedTuple):
    """A slice of the flat observation: `rows` x `width` numbers from `start` on."""

    start: int
    rows: int
    width: int

    @property
    def stop(self) -> int:
        return self.start + self.rows * self.width


def observation_tables(slots: Slots, rays: int = RULES.lidar_rays) -> dict[str, Table]:
    """Where each table lies in the flat observation, in order.

    self    x, y, cos, sin, velocity x, y, spin, level, holds something, is seeker, preparation left, time left
    agents  x, y, cos, sin, velocity x, y, is team mate, holds something, level, bearing; team mates first, by index
    boxes   x, y, cos, sin (folded), velocity x, y, spin, half length, half width, locked by us, by them, in my hands,
            bearing
    ramps   as boxes
    doors   x, y, half extents in x and y, bearing
    lidar   one number a ray
    masks   one number a row: *_exist, and *_seen for what is visible now

    A bearing is two numbers: cosine (1 straight ahead) and sine (1 to the left).
    """
    shapes = {
        "self": (1, SELF_WIDTH),
        "agents": (slots.agents - 1, AGENT_WIDTH),
        "boxes": (slots.boxes, THING_WIDTH),
        "ramps": (slots.ramps, THING_WIDTH),
        "doors": (slots.doors, DOOR_WIDTH),
        "lidar": (rays, 1),
        "agents_exist": (slots.agents - 1, 1),
        "agents_seen": (slots.agents - 1, 1),
        "boxes_exist": (slots.boxes, 1),
        "boxes_seen": (slots.boxes, 1),
        "ramps_exist": (slots.ramps, 1),
        "ramps_seen": (slots.ramps, 1),
        "doors_exist": (slots.doors, 1),
    }
    return _one_after_another(shapes)


def _one_after_another(shapes: dict[str, tuple[int, int]]) -> dict[str, Table]:
    tables, start = {}, 0
    for name, (rows, width) in shapes.items():
        tables[name] = Table(start, rows, width)
        start += rows * width
    return tables


def observation_size(slots: Slots) -> int:
    """Numbers in one agent's flat observation."""
    return list(observation_tables(slots).values())[-1].stop


def overview_tables(slots: Slots) -> dict[str, Table]:
    """Where each table lies in the critic's view of one world, in order.

    time    preparation left, time left
    agents  x, y, cos, sin, velocity x, y, spin, level, exists, holds something, each thing in hands, each agent seen
    boxes   x, y, cos, sin (folded), velocity x, y, spin, half length, half width, locked by hiders, by seekers, exists
    ramps   as boxes
    doors   x, y, half extents in x and y, exists
    """
    agent = 10 + slots.things + slots.agents
    return _one_after_another(
        {
            "time": (1, 2),
            "agents": (slots.agents, agent),
            "boxes": (slots.boxes, 12),
            "ramps": (slots.ramps, 12),
            "doors": (slots.doors, 5),
        }
    )


def overview_size(slots: Slots) -> int:
    """Numbers in the critic's view of one world."""
    return list(overview_tables(slots).values())[-1].stop


class Clock(NamedTuple):
    """What observation and reward need to know of the scenario."""

    preparation_ticks: int
    ticks: int


@compiled
def _put_pose(row, at, pose, fold, origin_x, origin_y, length, speed):
    """Six numbers: position from an origin, direction, velocity."""
    row[at] = (pose[X] - origin_x) / length
    row[at + 1] = (pose[Y] - origin_y) / length
    row[at + 2] = math.cos(fold * pose[ANGLE])
    row[at + 3] = math.sin(fold * pose[ANGLE])
    row[at + 4] = pose[VX] / speed
    row[at + 5] = pose[VY] / speed


@compiled
def _put_bearing(row, at, me, x, y):
    """Two numbers: the direction from an agent to a point, relative to its heading; zeros for where it stands."""
    dx, dy = x - me[X], y - me[Y]
    distance, cos, sin = math.sqrt(dx * dx + dy * dy), math.cos(me[ANGLE]), math.sin(me[ANGLE])
    if distance > 0.0:
        row[at] = (cos * dx + sin * dy) / distance
        row[at + 1] = (cos * dy - sin * dx) / distance


@compiled
def _fold(slots, layout, w, thing):
    if thing >= slots.boxes:
        return 1.0
    return 4.0 if layout.thing_half[w, thing, 0] == layout.thing_half[w, thing, 1] else 2.0


@compiled
def _time_left(clock, tick):
    preparation = max(clock.preparation_ticks - tick, 0) / max(clock.preparation_ticks, 1)
    return preparation, max(clock.ticks - tick, 0) / clock.ticks


@compiled
def _put_self(rules, slots, clock, layout, state, w, agent, row):
    pose, half = state.agents[w, agent], 0.5 * layout.floor[w]
    _put_pose(row, 0, pose, 1.0, half, half, half, rules.free_speed_mps)
    row[6] = pose[SPIN] / rules.free_spin_radps
    row[7] = state.level[w, agent]
    row[8] = state.held[w, agent] != FREE
    row[9] = agent >= slots.hiders
    row[10], row[11] = _time_left(clock, state.tick[w])


@compiled
def _other(slots, agent, k):
    """The k-th other agent as this agent counts them: team mates first, then opponents."""
    first, count = (0, slots.hiders) if agent < slots.hiders else (slots.hiders, slots.seekers)
    if k < count - 1:
        mate = first + k
        return mate if mate < agent else mate + 1
    opponent = k - (count - 1)
    return slots.hiders + opponent if first == 0 else opponent


@compiled
def _put_others(rules, slots, layout, state, seen, w, agent, row, at, masks):
    """Fills the agents table at `at` and its two masks at `masks`; returns where each ends."""
    me, length, others = state.agents[w, agent], 0.5 * layout.floor[w], layout.agent_exists.shape[1] - 1
    for k in range(others):
        other = _other(slots, agent, k)
        row[masks + k] = layout.agent_exists[w, other]
        if seen.agents[w, agent, other]:
            row[masks + others + k] = 1.0
            pose = state.agents[w, other]
            _put_pose(row, at, pose, 1.0, me[X], me[Y], length, rules.free_speed_mps)
            row[at + 6] = (agent < slots.hiders) == (other < slots.hiders)
            row[at + 7] = state.held[w, other] != FREE
            row[at + 8] = state.level[w, other]
            _put_bearing(row, at + 9, me, pose[X], pose[Y])
        at += AGENT_WIDTH
    return at, masks + 2 * others


@compiled
def _put_thing(rules, slots, layout, state, w, agent, thing, row, at):
    me, pose, length = state.agents[w, agent], state.things[w, thing], 0.5 * layout.floor[w]
    _put_pose(row, at, pose, _fold(slots, layout, w, thing), me[X], me[Y], length, rules.free_speed_mps)
    own, their = (1, 2) if agent < slots.hiders else (2, 1)
    row[at + 6] = pose[SPIN] / rules.free_spin_radps
    row[at + 7] = layout.thing_half[w, thing, 0]
    row[at + 8] = layout.thing_half[w, thing, 1]
    row[at + 9] = state.lock[w, thing] == own
    row[at + 10] = state.lock[w, thing] == their
    row[at + 11] = state.held[w, agent] == thing
    _put_bearing(row, at + 12, me, pose[X], pose[Y])


@compiled
def _put_things(rules, slots, layout, state, seen, w, agent, first, count, row, at, masks):
    """Fills the table of things first..first+count-1 at `at` and its two masks at `masks`."""
    for k in range(count):
        thing = first + k
        row[masks + k] = layout.thing_exists[w, thing]
        if seen.things[w, agent, thing]:
            row[masks + count + k] = 1.0
            _put_thing(rules, slots, layout, state, w, agent, thing, row, at + k * THING_WIDTH)
    return at + count * THING_WIDTH, masks + 2 * count


@compiled
def _put_doors(layout, state, w, agent, row, at, masks):
    me, length = state.agents[w, agent], 0.5 * layout.floor[w]
    for door in range(layout.doors.shape[1]):
        row[masks + door] = layout.door_exists[w, door]
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
            row[at], row[at + 1] = (x - me[X]) / length, (y - me[Y]) / length
            row[at + 2], row[at + 3] = 0.5 * (x1 - x0), 0.5 * (y1 - y0)
            _put_bearing(row, at + 4, me, x, y)
        at += DOOR_WIDTH
    return at


@compiled
def observe(rules, slots, clock, layout, state, seen, w, observation):
    """Fills one world of `observation` [world, agent, number] from what the agents are shown (`seen`)."""
    rays = seen.lidar.shape[2]
    for agent in range(layout.agent_exists.shape[1]):
        row = observation[w, agent]
        row[:] = 0.0
        if not layout.agent_exists[w, agent]:
            continue
        lidar = SELF_WIDTH + AGENT_WIDTH * (slots.hiders + slots.seekers - 1)
        lidar += THING_WIDTH * (slots.boxes + slots.ramps) + DOOR_WIDTH * slots.doors
        masks = lidar + rays
        _put_self(rules, slots, clock, layout, state, w, agent, row)
        at, masks = _put_others(rules, slots, layout, state, seen, w, agent, row, SELF_WIDTH, masks)
        at, masks = _put_things(rules, slots, layout, state, seen, w, agent, 0, slots.boxes, row, at, masks)
        at, masks = _put_things(rules, slots, layout, state, seen, w, agent, slots.boxes, slots.ramps, row, at, masks)
        at = _put_doors(layout, state, w, agent, row, at, masks)
        for k in range(rays):
            row[at + k] = seen.lidar[w, agent, k] / rules.lidar_range_m


@compiled
def _overview_agents(rules, layout, state, seen, w, row, at):
    half, agents, things = 0.5 * layout.floor[w], layout.agent_exists.shape[1], layout.thing_exists.shape[1]
    for agent in range(agents):
        if layout.agent_exists[w, agent]:
            _put_pose(row, at, state.agents[w, agent], 1.0, half, half, half, rules.free_speed_mps)
            row[at + 6] = state.agents[w, agent, SPIN] / rules.free_spin_radps
            row[at + 7] = state.level[w, agent]
            row[at + 8] = 1.0
            row[at + 9] = state.held[w, agent] != FREE
            for thing in range(things):
                row[at + 10 + thing] = state.held[w, agent] == thing
            for other in range(agents):
                row[at + 10 + things + other] = seen.agents[w, agent, other]
        at += 10 + things + agents
    return at


@compiled
def overlook(rules, slots, clock, layout, state, seen, w, overview):
    """Fills one world of `overview` [world, number] with everything: all poses, hands, locks, sight, doors, time."""
    row, half = overview[w], 0.5 * layout.floor[w]
    row[:] = 0.0
    row[0], row[1] = _time_left(clock, state.tick[w])
    at = _overview_agents(rules, layout, state, seen, w, row, 2)
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            fold = _fold(slots, layout, w, thing)
            _put_pose(row, at, state.things[w, thing], fold, half, half, half, rules.free_speed_mps)
            row[at + 6] = state.things[w, thing, SPIN] / rules.free_spin_radps
            row[at + 7], row[at + 8] = layout.thing_half[w, thing]
            row[at + 9] = state.lock[w, thing] == 1
            row[at + 10] = state.lock[w, thing] == 2
            row[at + 11] = 1.0
        at += 12
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            row[at], row[at + 1] = (0.5 * (x0 + x1) - half) / half, (0.5 * (y0 + y1) - half) / half
            row[at + 2], row[at + 3], row[at + 4] = 0.5 * (x1 - x0), 0.5 * (y1 - y0), 1.0
        at += 5


def split(observation: np.ndarray, slots: Slots) -> dict[str, np.ndarray]:
    """The tables of flat observations [..., number] as [..., row, width]; masks as [..., row]; views, no copies."""
    parts = {}
    for name, table in observation_tables(slots).items():
        part = observation[..., table.start : table.stop]
        flat = table.width == 1 or name == "self"
        parts[name] = part if flat else part.reshape(*part.shape[:-1], table.rows, table.width)
    return parts
