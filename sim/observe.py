"""What each agent is told: the observation.

An agent's observation is one flat float32 row made of tables: itself, the other agents, boxes, ramps, doors, what
only some games have (sites, food, pillars), its lidar, then existence and visibility masks. Rows of what it does not
see are zero, and so is everything a seeker is told of others during preparation. Doors are map: always given (the
original leaves them to lidar), and so are pillars and sites, unless a game keeps a site to itself.
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
from sim.state import ANGLE, BITES, FREE, HIDERS_LOCK, SEEKERS_LOCK, SPIN, VX, VY, X, Y
from sim.tasks.eating import MOST_BITES

OBSERVATION_VERSION = 3
"""Raised whenever a number in an observation changes its place or meaning; teams remember theirs."""

SELF_WIDTH, AGENT_WIDTH, THING_WIDTH, DOOR_WIDTH = 12, 11, 14, 6
SITE_WIDTH, FOOD_WIDTH, PILLAR_WIDTH = 6, 5, 5


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
    sites   as doors
    food    x, y, share of it that is left, bearing
    pillars x, y, radius, bearing
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
        "sites": (slots.sites, SITE_WIDTH),
        "food": (slots.food, FOOD_WIDTH),
        "pillars": (slots.pillars, PILLAR_WIDTH),
        "lidar": (rays, 1),
        "agents_exist": (slots.agents - 1, 1),
        "agents_seen": (slots.agents - 1, 1),
        "boxes_exist": (slots.boxes, 1),
        "boxes_seen": (slots.boxes, 1),
        "ramps_exist": (slots.ramps, 1),
        "ramps_seen": (slots.ramps, 1),
        "doors_exist": (slots.doors, 1),
        "sites_exist": (slots.sites, 1),
        "food_exist": (slots.food, 1),
        "food_seen": (slots.food, 1),
        "pillars_exist": (slots.pillars, 1),
    }
    return one_after_another(shapes)


def one_after_another(shapes: dict[str, tuple[int, int]]) -> dict[str, Table]:
    tables, start = {}, 0
    for name, (rows, width) in shapes.items():
        tables[name] = Table(start, rows, width)
        start += rows * width
    return tables


def observation_size(slots: Slots) -> int:
    """Numbers in one agent's flat observation."""
    return list(observation_tables(slots).values())[-1].stop


class Clock(NamedTuple):
    """What observation and reward need to know of the scenario."""

    preparation_ticks: int
    ticks: int


@compiled
def put_pose(row, at, pose, fold, origin_x, origin_y, length, speed):
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
def fold_of(slots, layout, w, thing):
    if thing >= slots.boxes:
        return 1.0
    return 4.0 if layout.thing_half[w, thing, 0] == layout.thing_half[w, thing, 1] else 2.0


@compiled
def time_left(clock, tick):
    preparation = max(clock.preparation_ticks - tick, 0) / max(clock.preparation_ticks, 1)
    return preparation, max(clock.ticks - tick, 0) / clock.ticks


@compiled
def _put_self(rules, slots, clock, layout, state, w, agent, row):
    pose, half = state.agents[w, agent], 0.5 * layout.floor[w]
    put_pose(row, 0, pose, 1.0, half, half, half, rules.free_speed_mps)
    row[6] = pose[SPIN] / rules.free_spin_radps
    row[7] = state.level[w, agent]
    row[8] = state.held[w, agent] != FREE
    row[9] = agent >= slots.hiders
    row[10], row[11] = time_left(clock, state.tick[w])


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
            put_pose(row, at, pose, 1.0, me[X], me[Y], length, rules.free_speed_mps)
            row[at + 6] = (agent < slots.hiders) == (other < slots.hiders)
            row[at + 7] = state.held[w, other] != FREE
            row[at + 8] = state.level[w, other]
            _put_bearing(row, at + 9, me, pose[X], pose[Y])
        at += AGENT_WIDTH
    return at, masks + 2 * others


@compiled
def _put_thing(rules, slots, layout, state, w, agent, thing, row, at):
    me, pose, length = state.agents[w, agent], state.things[w, thing], 0.5 * layout.floor[w]
    put_pose(row, at, pose, fold_of(slots, layout, w, thing), me[X], me[Y], length, rules.free_speed_mps)
    own, their = (HIDERS_LOCK, SEEKERS_LOCK) if agent < slots.hiders else (SEEKERS_LOCK, HIDERS_LOCK)
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
def _put_areas(layout, state, w, agent, areas, told, row, at, masks):
    """Fills the table of doors or sites (`areas` [world, area, 4]) at `at` and its mask at `masks`."""
    me, length = state.agents[w, agent], 0.5 * layout.floor[w]
    for area in range(areas.shape[1]):
        row[masks + area] = told[w, area]
        if told[w, area]:
            x0, y0, x1, y1 = areas[w, area]
            x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
            row[at], row[at + 1] = (x - me[X]) / length, (y - me[Y]) / length
            row[at + 2], row[at + 3] = 0.5 * (x1 - x0), 0.5 * (y1 - y0)
            _put_bearing(row, at + 4, me, x, y)
        at += DOOR_WIDTH
    return at, masks + areas.shape[1]


@compiled
def _put_spot(layout, state, w, agent, x, y, number, row, at):
    """A row of food or pillars: where it is, a number, the bearing."""
    me, length = state.agents[w, agent], 0.5 * layout.floor[w]
    row[at], row[at + 1], row[at + 2] = (x - me[X]) / length, (y - me[Y]) / length, number
    _put_bearing(row, at + 3, me, x, y)


@compiled
def _put_food(layout, state, seen, w, agent, row, at, masks):
    """Fills the table of food at `at` and its two masks at `masks`."""
    count = layout.food_exists.shape[1]
    for food in range(count):
        row[masks + food] = layout.food_exists[w, food]
        if seen.food[w, agent, food]:
            row[masks + count + food] = 1.0
            x, y = layout.food[w, food]
            _put_spot(layout, state, w, agent, x, y, state.food[w, food, BITES] / MOST_BITES, row, at)
        at += FOOD_WIDTH
    return at, masks + 2 * count


@compiled
def _put_pillars(layout, state, w, agent, row, at, masks):
    """Fills the table of pillars at `at` and its mask at `masks`."""
    for pillar in range(layout.pillar_exists.shape[1]):
        row[masks + pillar] = layout.pillar_exists[w, pillar]
        if layout.pillar_exists[w, pillar]:
            x, y, radius = layout.pillars[w, pillar]
            _put_spot(layout, state, w, agent, x, y, radius, row, at)
        at += PILLAR_WIDTH
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
        lidar += SITE_WIDTH * slots.sites + FOOD_WIDTH * slots.food + PILLAR_WIDTH * slots.pillars
        masks = lidar + rays
        _put_self(rules, slots, clock, layout, state, w, agent, row)
        at, masks = _put_others(rules, slots, layout, state, seen, w, agent, row, SELF_WIDTH, masks)
        at, masks = _put_things(rules, slots, layout, state, seen, w, agent, 0, slots.boxes, row, at, masks)
        at, masks = _put_things(rules, slots, layout, state, seen, w, agent, slots.boxes, slots.ramps, row, at, masks)
        at, masks = _put_areas(layout, state, w, agent, layout.doors, layout.door_exists, row, at, masks)
        at, masks = _put_areas(layout, state, w, agent, layout.sites, layout.site_observed, row, at, masks)
        at, masks = _put_food(layout, state, seen, w, agent, row, at, masks)
        at = _put_pillars(layout, state, w, agent, row, at, masks)
        for k in range(rays):
            row[at + k] = seen.lidar[w, agent, k] / rules.lidar_range_m


def split(observation: np.ndarray, slots: Slots) -> dict[str, np.ndarray]:
    """The tables of flat observations [..., number] as [..., row, width]; masks as [..., row]; views, no copies."""
    parts = {}
    for name, table in observation_tables(slots).items():
        part = observation[..., table.start : table.stop]
        flat = table.width == 1 or name == "self"
        parts[name] = part if flat else part.reshape(*part.shape[:-1], table.rows, table.width)
    return parts
