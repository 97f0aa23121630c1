"""Agents and boxes of the baseline world: pymunk bodies, and what they hold and lock."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence

import numpy as np
import pymunk

from sim.physics.walls import box_overlap, disc_overlap
from sim.rules import RULES
from sim.state import ANGLE, SPIN, VX, VY, X, Y

SUBSTEP_S = RULES.tick_s / RULES.substeps
_MAX_SPEED_MPS = RULES.max_travel_m / SUBSTEP_S

# The plain Python under the compiled functions.
_disc_overlap, _box_overlap = inspect.unwrap(disc_overlap), inspect.unwrap(box_overlap)


class Agent:
    """An agent's body and hands."""

    def __init__(self, index: int, team: int, pose: np.ndarray):
        self.index = index
        self.team = team
        self.category = 2 << index
        self.radius = RULES.agent_radius_m
        self.body = _body(RULES.agent_mass_kg, RULES.agent_moment_kg_m2, pose)
        self.shape = pymunk.Circle(self.body, RULES.agent_radius_m)
        self.shape.filter = pymunk.ShapeFilter(categories=self.category)
        self.held: Thing | None = None
        self.joints: tuple[pymunk.Constraint, ...] = ()

    def overlap(self, x: float, y: float, wall: Sequence[float]) -> tuple[float, float, float]:
        """How deep it would be in a wall, standing at x, y, and the direction out."""
        return _disc_overlap(x, y, self.radius, *wall)


class Thing:
    """A box, and the team that locked it, if any."""

    def __init__(self, index: int, category: int, half: Sequence[float], pose: np.ndarray):
        self.index = index
        self.category = category
        self.half = half
        self.radius = math.hypot(*half)
        self.fold = 4.0 if half[0] == half[1] else 2.0
        self.moment = RULES.thing_mass_kg * self.radius**2 / 3.0
        self.body = _body(RULES.thing_mass_kg, self.moment, pose)
        x, y = half
        self.shape = pymunk.Poly(self.body, [(x, -y), (x, y), (-x, y), (-x, -y)])
        self.shape.filter = pymunk.ShapeFilter(categories=category)
        self.lock: int | None = None

    def overlap(self, x: float, y: float, wall: Sequence[float]) -> tuple[float, float, float]:
        """How deep it would be in a wall, lying at x, y, and the direction out."""
        cos, sin = math.cos(self.body.angle), math.sin(self.body.angle)
        return _box_overlap((x, y, cos, sin, *self.half), *wall)


def _body(mass: float, moment: float, pose: np.ndarray) -> pymunk.Body:
    body = pymunk.Body(mass, moment)
    body.position = float(pose[X]), float(pose[Y])
    body.angle = float(pose[ANGLE])
    body.velocity = float(pose[VX]), float(pose[VY])
    body.angular_velocity = float(pose[SPIN])
    return body


def cap_speed(body: pymunk.Body, radius: float) -> None:
    """Keeps the fastest point of a body, `radius` from its centre, at the speed cap."""
    speed = body.velocity.length + abs(body.angular_velocity) * radius
    if speed > _MAX_SPEED_MPS:
        body.velocity = body.velocity * (_MAX_SPEED_MPS / speed)
        body.angular_velocity *= _MAX_SPEED_MPS / speed
