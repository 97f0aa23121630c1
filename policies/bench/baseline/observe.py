"""What agents of the baseline observe, and its global state: the numbers of `sim.schema`, in its order."""

from __future__ import annotations

import math

import pymunk

from policies.bench.baseline.bodies import Agent, Thing
from policies.bench.baseline.physics import Physics
from policies.bench.baseline.sight import Sight
from sim.layout import Layout
from sim.rules import HIDERS, RULES, SEEKERS
from sim.scenario import Scenario
from sim.schema import GLOBAL_STATE, OBSERVATION

_NO_AGENT, _NO_THING, _NO_DOOR = ([0.0] * len(OBSERVATION[name].columns) for name in ("agents", "boxes", "doors"))
_NO_THING_GLOBAL, _NO_DOOR_GLOBAL = ([0.0] * len(GLOBAL_STATE[name].columns) for name in ("boxes", "doors"))


class Observer:
    """Tells of an episode, as its bodies are and as its sight last was."""

    def __init__(self, scenario: Scenario, layout: Layout, physics: Physics, sight: Sight):
        self._scenario = scenario
        self._slots = scenario.slots
        self._doors = layout.doors[0].tolist()
        self._door_exists = layout.door_exists[0].tolist()
        self._physics = physics
        self._sight = sight
        self._half = physics.side / 2
        self._boxes: list[Thing | None] = [None] * self._slots.boxes
        for thing in physics.things:
            self._boxes[thing.index] = thing
        agents = physics.agents
        self._others = [
            sorted((other for other in agents if other is not me), key=lambda other: other.team != me.team)
            for me in agents
        ]

    def observation(self, me: Agent, ticks: int) -> list[float]:
        """One agent's flat observation after so many ticks."""
        x, y = me.body.position
        others, ramps = self._others[me.index], self._slots.ramps
        sees, sees_things = self._sight.agents[me.index], self._sight.things[me.index]
        seen = [box is not None and sees_things[box.index] for box in self._boxes]
        row = self._pose(me.body, 1.0, self._half, self._half)
        row += [me.body.angular_velocity / RULES.free_spin_radps, 0.0, me.held is not None, me.team == SEEKERS]
        row += self._time_left(ticks)
        for other in others:
            row += self._agent_row(me, other, x, y) if sees[other.index] else _NO_AGENT
        for box, visible in zip(self._boxes, seen, strict=True):
            row += self._box_row(me, box, x, y) if box is not None and visible else _NO_THING
        row += _NO_THING * ramps
        for (x0, y0, x1, y1), exists in zip(self._doors, self._door_exists, strict=True):
            middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
            at = [(middle_x - x) / self._half, (middle_y - y) / self._half, (x1 - x0) / 2, (y1 - y0) / 2]
            row += [*at, *_bearing(me, middle_x, middle_y)] if exists else _NO_DOOR
        row += self._sight.ranges[me.index]
        row += [1.0] * len(others) + [sees[other.index] for other in others]
        row += [box is not None for box in self._boxes] + seen
        return row + [0.0] * (2 * ramps) + self._door_exists

    def global_state(self, ticks: int) -> list[float]:
        """The critic's row after so many ticks."""
        half, row = self._half, self._time_left(ticks)
        for agent in self._physics.agents:
            row += self._pose(agent.body, 1.0, half, half)
            row += [agent.body.angular_velocity / RULES.free_spin_radps, 0.0, 1.0, agent.held is not None]
            row += [agent.held is not None and agent.held.index == index for index in range(self._slots.things)]
            row += self._sight.agents[agent.index]
        for thing in self._physics.things:
            row += self._pose(thing.body, thing.fold, half, half)
            row += [thing.body.angular_velocity / RULES.free_spin_radps, *thing.half]
            row += [thing.lock == HIDERS, thing.lock == SEEKERS, 1.0]
        row += _NO_THING_GLOBAL * (self._slots.things - len(self._physics.things))
        for (x0, y0, x1, y1), exists in zip(self._doors, self._door_exists, strict=True):
            middle = [(x0 + x1) / 2 / half - 1.0, (y0 + y1) / 2 / half - 1.0]
            row += [*middle, (x1 - x0) / 2, (y1 - y0) / 2, 1.0] if exists else _NO_DOOR_GLOBAL
        return row

    def _time_left(self, ticks: int) -> list[float]:
        preparation, whole = self._scenario.preparation_ticks, self._scenario.ticks
        return [max(preparation - ticks, 0) / preparation, max(whole - ticks, 0) / whole]

    def _agent_row(self, me: Agent, other: Agent, x: float, y: float) -> list[float]:
        row = self._pose(other.body, 1.0, x, y)
        return [*row, me.team == other.team, other.held is not None, 0.0, *_bearing(me, *other.body.position)]

    def _box_row(self, me: Agent, box: Thing, x: float, y: float) -> list[float]:
        row = self._pose(box.body, box.fold, x, y)
        row += [box.body.angular_velocity / RULES.free_spin_radps, *box.half]
        row += [box.lock == me.team, box.lock == 1 - me.team, me.held is box]
        return [*row, *_bearing(me, *box.body.position)]

    def _pose(self, body: pymunk.Body, fold: float, from_x: float, from_y: float) -> list[float]:
        (x, y), (vx, vy), half, speed = body.position, body.velocity, self._half, RULES.free_speed_mps
        angle = fold * body.angle
        return [(x - from_x) / half, (y - from_y) / half, math.cos(angle), math.sin(angle), vx / speed, vy / speed]


def _bearing(me: Agent, x: float, y: float) -> list[float]:
    dx, dy = x - me.body.position.x, y - me.body.position.y
    distance, cos, sin = math.hypot(dx, dy), math.cos(me.body.angle), math.sin(me.body.angle)
    return [(cos * dx + sin * dy) / distance, (cos * dy - sin * dx) / distance] if distance else [0.0, 0.0]
