"""Fills observations: what each agent sees and knows, as the tables of `sim.schema`.

The rows of what an agent does not see are zero, and so is everything a seeker would see during preparation. Doors are
map: always given (the original leaves them to lidar), and so are pillars and sites, unless a game hides a site.
Positions are relative to the observer, save its own. Agents move along the axes of the world but look and turn
relative to their heading, so a position is given along the axes and its direction (the *bearing*: cosine 1 straight
ahead, sine 1 to the left) relative to the heading as well. Of the other agents, team mates come first, by index.

The angle of a box is given as cosine and sine of `fold` times the angle, with fold 4 for a square and 2 for an
elongated box: turned onto itself, it looks the same. A ramp has fold 1.
"""

import math
from typing import NamedTuple

from sim.fill import clear_row
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.rules import Rules
from sim.schema import OBSERVATION, columns_of, shared_columns
from sim.sight import Visibility
from sim.state import ANGLE, BITES, FREE, HIDERS_LOCK, SEEKERS_LOCK, SPIN, VX, VY, State, X, Y
from sim.tasks.eating import MOST_BITES

_SELF, _AGENT = columns_of(OBSERVATION["self"]), columns_of(OBSERVATION["agents"])
_THING = shared_columns(OBSERVATION["boxes"], OBSERVATION["ramps"])
_AREA = shared_columns(OBSERVATION["doors"], OBSERVATION["sites"])
_PLACE = shared_columns(OBSERVATION["food"], OBSERVATION["pillars"])
_FOOD, _PILLAR = columns_of(OBSERVATION["food"]), columns_of(OBSERVATION["pillars"])
_SELF_WIDTH, _AGENT_WIDTH, _THING_WIDTH = len(_SELF), len(_AGENT), len(_THING)
_AREA_WIDTH, _FOOD_WIDTH, _PILLAR_WIDTH = len(_AREA), len(_FOOD), len(_PILLAR)
assert all(len(OBSERVATION[name].columns) == _THING_WIDTH for name in ("boxes", "ramps"))
assert all(len(OBSERVATION[name].columns) == _AREA_WIDTH for name in ("doors", "sites"))


class Clock(NamedTuple):
    """How long a scenario's episodes are."""

    preparation_ticks: int
    ticks: int


class ObservationContext(NamedTuple):
    """What observations and the global state are functions of."""

    rules: Rules
    slots: Slots
    clock: Clock
    layout: Layout
    state: State
    seen: Visibility


class Frame(NamedTuple):
    """What positions are measured from, and the units of lengths and speeds."""

    x: float
    y: float
    length_m: float
    speed_mps: float


@compiled
def put_pose(row, at, pose, fold, frame):
    """Six numbers: position, direction, velocity."""
    row[at] = (pose[X] - frame.x) / frame.length_m
    row[at + 1] = (pose[Y] - frame.y) / frame.length_m
    row[at + 2] = math.cos(fold * pose[ANGLE])
    row[at + 3] = math.sin(fold * pose[ANGLE])
    row[at + 4] = pose[VX] / frame.speed_mps
    row[at + 5] = pose[VY] / frame.speed_mps


@compiled
def floor_frame(context, w):
    """The frame of a world: its middle, half of its side, the agents' free speed."""
    half = 0.5 * context.layout.floor[w]
    return Frame(half, half, half, context.rules.free_speed_mps)


@compiled
def _frame_of(context, w, agent):
    """The frame of an observer."""
    me = context.state.agents[w, agent]
    return Frame(me[X], me[Y], 0.5 * context.layout.floor[w], context.rules.free_speed_mps)


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
def _put_self(context, w, agent, row):
    rules, state = context.rules, context.state
    put_pose(row, _SELF.x, state.agents[w, agent], 1.0, floor_frame(context, w))
    row[_SELF.spin] = state.agents[w, agent, SPIN] / rules.free_spin_radps
    row[_SELF.level] = state.level[w, agent]
    row[_SELF.holds] = state.held[w, agent] != FREE
    row[_SELF.is_seeker] = agent >= context.slots.hiders
    row[_SELF.preparation_left], row[_SELF.time_left] = time_left(context.clock, state.tick[w])


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
def _put_others(context, w, agent, row, at, masks):
    """Fills the agents table at `at` and its two masks at `masks`; returns where each ends."""
    slots, layout, state, seen = context.slots, context.layout, context.state, context.seen
    others, frame = layout.agent_exists.shape[1] - 1, _frame_of(context, w, agent)
    for k in range(others):
        other = _other(slots, agent, k)
        row[masks + k] = layout.agent_exists[w, other]
        if seen.agents[w, agent, other]:
            row[masks + others + k] = 1.0
            pose = state.agents[w, other]
            put_pose(row, at + _AGENT.x, pose, 1.0, frame)
            row[at + _AGENT.is_mate] = (agent < slots.hiders) == (other < slots.hiders)
            row[at + _AGENT.holds] = state.held[w, other] != FREE
            row[at + _AGENT.level] = state.level[w, other]
            _put_bearing(row, at + _AGENT.bearing_cos, state.agents[w, agent], pose[X], pose[Y])
        at += _AGENT_WIDTH
    return at, masks + 2 * others


@compiled
def _put_thing(context, w, agent, thing, row, at):
    rules, slots, layout, state = context.rules, context.slots, context.layout, context.state
    pose = state.things[w, thing]
    put_pose(row, at + _THING.x, pose, fold_of(slots, layout, w, thing), _frame_of(context, w, agent))
    own, their = (HIDERS_LOCK, SEEKERS_LOCK) if agent < slots.hiders else (SEEKERS_LOCK, HIDERS_LOCK)
    row[at + _THING.spin] = pose[SPIN] / rules.free_spin_radps
    row[at + _THING.half_length] = layout.thing_half[w, thing, 0]
    row[at + _THING.half_width] = layout.thing_half[w, thing, 1]
    row[at + _THING.locked_by_us] = state.lock[w, thing] == own
    row[at + _THING.locked_by_them] = state.lock[w, thing] == their
    row[at + _THING.in_my_hands] = state.held[w, agent] == thing
    _put_bearing(row, at + _THING.bearing_cos, state.agents[w, agent], pose[X], pose[Y])


@compiled
def _put_things(context, w, agent, things, row, at, masks):
    """Fills the table of things (first, count) at `at` and its two masks at `masks`; returns where each ends."""
    first, count = things
    for k in range(count):
        thing = first + k
        row[masks + k] = context.layout.thing_exists[w, thing]
        if context.seen.things[w, agent, thing]:
            row[masks + count + k] = 1.0
            _put_thing(context, w, agent, thing, row, at + k * _THING_WIDTH)
    return at + count * _THING_WIDTH, masks + 2 * count


@compiled
def _put_area(context, w, agent, area, row):
    """A row of doors or sites: where an area (x0, y0, x1, y1) lies, its half extents, the bearing."""
    me, length = context.state.agents[w, agent], 0.5 * context.layout.floor[w]
    x0, y0, x1, y1 = area
    x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    row[_AREA.x], row[_AREA.y] = (x - me[X]) / length, (y - me[Y]) / length
    row[_AREA.half_x], row[_AREA.half_y] = 0.5 * (x1 - x0), 0.5 * (y1 - y0)
    _put_bearing(row, _AREA.bearing_cos, me, x, y)


@compiled
def _put_doors(context, w, agent, row, at, masks):
    """Fills the table of doors at `at` and its mask at `masks`; returns where each ends."""
    layout = context.layout
    for door in range(layout.doors.shape[1]):
        row[masks + door] = layout.door_exists[w, door]
        if layout.door_exists[w, door]:
            _put_area(context, w, agent, layout.doors[w, door], row[at : at + _AREA_WIDTH])
        at += _AREA_WIDTH
    return at, masks + layout.doors.shape[1]


@compiled
def _put_sites(context, w, agent, row, at, masks):
    """Fills the table of sites at `at` and its mask at `masks`; returns where each ends."""
    layout = context.layout
    for site in range(layout.sites.shape[1]):
        row[masks + site] = layout.site_observed[w, site]
        if layout.site_observed[w, site]:
            _put_area(context, w, agent, layout.sites[w, site], row[at : at + _AREA_WIDTH])
        at += _AREA_WIDTH
    return at, masks + layout.sites.shape[1]


@compiled
def _put_place(context, w, agent, x, y, row):
    """Where food or a pillar is."""
    me, length = context.state.agents[w, agent], 0.5 * context.layout.floor[w]
    row[_PLACE.x], row[_PLACE.y] = (x - me[X]) / length, (y - me[Y]) / length
    _put_bearing(row, _PLACE.bearing_cos, me, x, y)


@compiled
def _put_food(context, w, agent, row, at, masks):
    """Fills the table of observed food at `at` and its two masks at `masks`; returns where each ends."""
    layout, count = context.layout, context.slots.food
    for food in range(count):
        row[masks + food] = layout.food_exists[w, food]
        if context.seen.food[w, agent, food]:
            row[masks + count + food] = 1.0
            x, y = layout.food[w, food]
            _put_place(context, w, agent, x, y, row[at : at + _FOOD_WIDTH])
            row[at + _FOOD.left] = context.state.food[w, food, BITES] / MOST_BITES
        at += _FOOD_WIDTH
    return at, masks + 2 * count


@compiled
def _put_pillars(context, w, agent, row, at, masks):
    """Fills the table of pillars at `at` and its mask at `masks`; returns where the table ends."""
    layout = context.layout
    for pillar in range(layout.pillar_exists.shape[1]):
        row[masks + pillar] = layout.pillar_exists[w, pillar]
        if layout.pillar_exists[w, pillar]:
            x, y, radius = layout.pillars[w, pillar]
            _put_place(context, w, agent, x, y, row[at : at + _PILLAR_WIDTH])
            row[at + _PILLAR.radius] = radius
        at += _PILLAR_WIDTH
    return at


@compiled
def _lidar_start(slots):
    """Where the lidar begins: after all tables of entities."""
    start = _SELF_WIDTH + _AGENT_WIDTH * (slots.hiders + slots.seekers - 1)
    start += _THING_WIDTH * (slots.boxes + slots.ramps) + _AREA_WIDTH * (slots.doors + slots.sites)
    return start + _FOOD_WIDTH * slots.food + _PILLAR_WIDTH * slots.pillars


@compiled
def observe(context, w, observation):
    """Fills one world of `observation` [world, agent, number] from what the agents see (`context.seen`)."""
    slots, lidar = context.slots, context.seen.lidar
    for agent in range(context.layout.agent_exists.shape[1]):
        row = observation[w, agent]
        clear_row(row)
        if not context.layout.agent_exists[w, agent]:
            continue
        masks = _lidar_start(slots) + lidar.shape[2]
        _put_self(context, w, agent, row)
        at, masks = _put_others(context, w, agent, row, _SELF_WIDTH, masks)
        at, masks = _put_things(context, w, agent, (0, slots.boxes), row, at, masks)
        at, masks = _put_things(context, w, agent, (slots.boxes, slots.ramps), row, at, masks)
        at, masks = _put_doors(context, w, agent, row, at, masks)
        at, masks = _put_sites(context, w, agent, row, at, masks)
        at, masks = _put_food(context, w, agent, row, at, masks)
        at = _put_pillars(context, w, agent, row, at, masks)
        for k in range(lidar.shape[2]):
            row[at + k] = lidar[w, agent, k] / context.rules.lidar_range_m
