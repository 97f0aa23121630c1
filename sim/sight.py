"""Who sees whom and what, in each agent's cone; `look_around` adds lidar. Pure functions of Layout and State.

An agent sees a point if it lies in the agent's cone (edge included, distance zero counts) and nothing hides it
(`sim.line_of_sight`). There is no range limit.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.lidar import NOBODY, Origin, cast_rays, measure
from sim.line_of_sight import Ends, Line, free_line
from sim.rules import RULES
from sim.state import ANGLE, State, X, Y


class Visibility(NamedTuple):
    """Who and what is seen; the first index after the world is the observer."""

    agents: np.ndarray
    """bool [world, agent, agent]; no agent sees itself."""
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


def empty_visibility(worlds: int, agents: int, things: int, food: int = 0) -> Visibility:
    """A Visibility in which nobody sees anything."""
    return Visibility(
        agents=np.zeros((worlds, agents, agents), bool),
        things=np.zeros((worlds, agents, things), bool),
        lidar=np.zeros((worlds, agents, RULES.lidar_rays)),
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


def make_sight_tables() -> SightTables:
    """The tables for our rules."""
    angles = 2.0 * np.pi * np.arange(RULES.lidar_rays) / RULES.lidar_rays
    cone = math.cos(RULES.half_cone_rad)
    return SightTables(np.cos(angles), np.sin(angles), cone, RULES.agent_radius_m, RULES.lidar_range_m)


class SightContext(NamedTuple):
    """What sight is a function of; `seen` is filled."""

    tables: SightTables
    slots: Slots
    layout: Layout
    state: State
    seen: Visibility


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
def _look_at_agents(context, w):
    layout, state, seen, headings = context.layout, context.state, context.seen, context.seen.headings[w]
    for one in range(layout.agent_exists.shape[1]):
        seen.agents[w, one, one] = False
        a = state.agents[w, one]
        for other in range(one):
            b = state.agents[w, other]
            sees, is_seen = False, False
            if layout.agent_exists[w, one] and layout.agent_exists[w, other]:
                dx, dy = b[X] - a[X], b[Y] - a[Y]
                sees = in_cone(context.tables, headings[one], dx, dy)
                is_seen = in_cone(context.tables, headings[other], -dx, -dy)
                if sees or is_seen:
                    free = free_line(context, w, Line(a[X], a[Y], dx, dy), Ends(one, other, NOBODY))
                    sees, is_seen = sees and free, is_seen and free
            seen.agents[w, one, other], seen.agents[w, other, one] = sees, is_seen


@compiled
def _look_at_things(context, w):
    layout, state = context.layout, context.state
    for agent in range(layout.agent_exists.shape[1]):
        a = state.agents[w, agent]
        for thing in range(layout.thing_exists.shape[1]):
            sees = False
            if layout.agent_exists[w, agent] and layout.thing_exists[w, thing]:
                dx, dy = state.things[w, thing, X] - a[X], state.things[w, thing, Y] - a[Y]
                sees = in_cone(context.tables, context.seen.headings[w, agent], dx, dy) and free_line(
                    context, w, Line(a[X], a[Y], dx, dy), Ends(agent, NOBODY, thing)
                )
            context.seen.things[w, agent, thing] = sees


@compiled
def _look_at_food(context, w):
    layout, state = context.layout, context.state
    for agent in range(layout.agent_exists.shape[1]):
        a = state.agents[w, agent]
        for food in range(layout.food_exists.shape[1]):
            sees = False
            if layout.agent_exists[w, agent] and layout.food_exists[w, food]:
                dx, dy = layout.food[w, food, X] - a[X], layout.food[w, food, Y] - a[Y]
                sees = in_cone(context.tables, context.seen.headings[w, agent], dx, dy) and free_line(
                    context, w, Line(a[X], a[Y], dx, dy), Ends(agent, NOBODY, NOBODY)
                )
            context.seen.food[w, agent, food] = sees


@compiled
def look_around(context, w):
    """Fills one world of `context.seen`."""
    put_directions(context.state.agents[w], context.seen.headings[w])
    put_directions(context.state.things[w], context.seen.turned[w])
    _look_at_agents(context, w)
    _look_at_things(context, w)
    _look_at_food(context, w)
    measure(context, w)


@compiled
def blindfold(slots, seen, w):
    """Empties what the seekers of one world see, lidar included."""
    for seeker in range(slots.hiders, slots.hiders + slots.seekers):
        for agent in range(slots.hiders + slots.seekers):
            seen.agents[w, seeker, agent] = False
        for thing in range(seen.things.shape[2]):
            seen.things[w, seeker, thing] = False
        for ray in range(seen.lidar.shape[2]):
            seen.lidar[w, seeker, ray] = 0.0
        for food in range(seen.food.shape[2]):
            seen.food[w, seeker, food] = False


@compiled
def _look_everywhere(context):
    for w in range(context.layout.floor.shape[0]):
        look_around(context, w)


@compiled
def _look_at_agents_everywhere(context):
    for w in range(context.layout.floor.shape[0]):
        put_directions(context.state.agents[w], context.seen.headings[w])
        put_directions(context.state.things[w], context.seen.turned[w])
        _look_at_agents(context, w)


@compiled
def _cast_from(context, w, origin, limit, lengths):
    put_directions(context.state.things[w], context.seen.turned[w])
    cast_rays(context, w, origin, limit, lengths)


def look(slots: Slots, layout: Layout, state: State) -> Visibility:
    """Who sees whom and what in each world, and every lidar, with no regard to the preparation phase."""
    context = SightContext(make_sight_tables(), slots, layout, state, _visibility_of(layout))
    _look_everywhere(context)
    return context.seen


def look_at_agents(slots: Slots, layout: Layout, state: State) -> np.ndarray:
    """bool [world, agent, agent]: who sees whom, as in `look`, which also looks at all else."""
    context = SightContext(make_sight_tables(), slots, layout, state, _visibility_of(layout))
    _look_at_agents_everywhere(context)
    return context.seen.agents


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

    The rays pass through agents; on the upper level they stop only at the border.
    """
    lengths = np.empty(len(angles))
    tables = make_sight_tables()._replace(cosines=np.cos(angles), sines=np.sin(angles))
    context = SightContext(tables, slots, layout, state, _visibility_of(layout))
    _cast_from(context, world, Origin(*origin, level, NOBODY), 2.0 * float(layout.floor[world]), lengths)
    return lengths


def _visibility_of(layout: Layout) -> Visibility:
    """A Visibility for the worlds of a layout, in which nobody sees anything."""
    (worlds, agents), things, food = layout.agent_exists.shape, layout.thing_exists.shape[1], layout.food.shape[1]
    return empty_visibility(worlds, agents, things, food=food)
