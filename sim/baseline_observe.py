"""What the baseline world tells its agents and the critic: `sim.observe` as Python lists."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pymunk

from sim.rules import HIDERS, RULES, SEEKERS

if TYPE_CHECKING:
    from sim.baseline import Agent, BaselineWorld, Thing

_NO_AGENT, _NO_THING, _NO_DOOR = [0.0] * 11, [0.0] * 14, [0.0] * 6


def told_to_agent(world: BaselineWorld, me: Agent) -> list[float]:
    """One agent's flat observation, in the order of `sim.observe.observation_tables`."""
    x, y = me.body.position
    half = world.side / 2
    others = [world.agents[index] for index in world.others[me.index]]
    boxes: list[Thing | None] = [None] * world.slots.boxes
    for thing in world.things:
        boxes[thing.index] = thing
    seen = [box is not None and world.sees_things[me.index][box.index] for box in boxes]
    ramps = world.slots.ramps
    row = _pose(world, me.body, 1.0, half, half)
    row += [me.body.angular_velocity / RULES.free_spin_radps, 0.0, me.held is not None, me.team == SEEKERS]
    row += _time_left(world)
    for other in others:
        row += _told_of_agent(world, me, other, x, y) if world.sees[me.index][other.index] else _NO_AGENT
    for box, visible in zip(boxes, seen, strict=True):
        row += _told_of_box(world, me, box, x, y) if box is not None and visible else _NO_THING
    row += _NO_THING * ramps
    for (x0, y0, x1, y1), exists in zip(world.doors, world.door_exists, strict=True):
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        at = [(middle_x - x) / half, (middle_y - y) / half, (x1 - x0) / 2, (y1 - y0) / 2]
        row += [*at, *_bearing(me, middle_x, middle_y)] if exists else _NO_DOOR
    row += world.ranges[me.index]
    row += [1.0] * len(others) + [world.sees[me.index][other.index] for other in others]
    row += [box is not None for box in boxes] + seen
    return row + [0.0] * (2 * ramps) + world.door_exists


def told_to_critic(world: BaselineWorld) -> list[float]:
    """The critic's view, in the order of `sim.overview.overlook`."""
    half, row = world.side / 2, _time_left(world)
    for agent in world.agents:
        row += _pose(world, agent.body, 1.0, half, half)
        row += [agent.body.angular_velocity / RULES.free_spin_radps, 0.0, 1.0, agent.held is not None]
        row += [agent.held is not None and agent.held.index == index for index in range(world.slots.things)]
        row += world.sees[agent.index]
    for thing in world.things:
        row += _pose(world, thing.body, thing.fold, half, half)
        row += [thing.body.angular_velocity / RULES.free_spin_radps, *thing.half]
        row += [thing.lock == HIDERS, thing.lock == SEEKERS, 1.0]
    row += [0.0] * 12 * (world.slots.things - len(world.things))
    for (x0, y0, x1, y1), exists in zip(world.doors, world.door_exists, strict=True):
        middle = [(x0 + x1) / 2 / half - 1.0, (y0 + y1) / 2 / half - 1.0]
        row += [*middle, (x1 - x0) / 2, (y1 - y0) / 2, 1.0] if exists else [0.0] * 5
    return row


def _time_left(world: BaselineWorld) -> list[float]:
    preparation, ticks = world.scenario.preparation_ticks, world.scenario.ticks
    return [max(preparation - world.ticks, 0) / preparation, max(ticks - world.ticks, 0) / ticks]


def _pose(world: BaselineWorld, body: pymunk.Body, fold: float, from_x: float, from_y: float) -> list[float]:
    (x, y), (vx, vy), half, speed = body.position, body.velocity, world.side / 2, RULES.free_speed_mps
    angle = fold * body.angle
    return [(x - from_x) / half, (y - from_y) / half, math.cos(angle), math.sin(angle), vx / speed, vy / speed]


def _told_of_agent(world: BaselineWorld, me: Agent, other: Agent, x: float, y: float) -> list[float]:
    row = _pose(world, other.body, 1.0, x, y)
    return [*row, me.team == other.team, other.held is not None, 0.0, *_bearing(me, *other.body.position)]


def _told_of_box(world: BaselineWorld, me: Agent, box: Thing, x: float, y: float) -> list[float]:
    row = _pose(world, box.body, box.fold, x, y)
    row += [box.body.angular_velocity / RULES.free_spin_radps, *box.half]
    row += [box.lock == me.team, box.lock == 1 - me.team, me.held is box]
    return [*row, *_bearing(me, *box.body.position)]


def _bearing(me: Agent, x: float, y: float) -> list[float]:
    dx, dy = x - me.body.position.x, y - me.body.position.y
    distance, cos, sin = math.hypot(dx, dy), math.cos(me.body.angle), math.sin(me.body.angle)
    return [(cos * dx + sin * dy) / distance, (cos * dy - sin * dx) / distance] if distance else [0.0, 0.0]
