"""The pymunk objects of one world; kernels (`spaces`, `following`, `moving`) and `sim.physics.plain` move them.

Filters decide what collides with what. Agents on the floor meet outer walls, everything low and each other, but of a
ramp only its three thin sides; agents on the upper level meet outer walls and each other. For walls and things a ramp
is a whole rectangle.
"""

import math

import pymunk

from sim.climb import RAMP_SIDES
from sim.layout import Slots
from sim.physics.walls import OUTER_WALLS
from sim.rules import Rules

_ON_FLOOR, _UPSTAIRS, _BORDER, _LOW, _RAMP, _SIDE = (1 << kind for kind in range(6))
"""Kinds of shapes: agents on either level, outer walls, inner walls and boxes, ramps, and the sides of ramps."""

AGENT_FILTERS = (
    pymunk.ShapeFilter(categories=_ON_FLOOR, mask=_ON_FLOOR | _BORDER | _LOW | _SIDE),
    pymunk.ShapeFilter(categories=_UPSTAIRS, mask=_UPSTAIRS | _BORDER),
)
"""What an agent collides with, by its level."""
_BORDER_FILTER = pymunk.ShapeFilter(categories=_BORDER)
_LOW_FILTER = pymunk.ShapeFilter(categories=_LOW)
_RAMP_FILTER = pymunk.ShapeFilter(categories=_RAMP, mask=_BORDER | _LOW | _RAMP)
_SIDE_FILTER = pymunk.ShapeFilter(categories=_SIDE, mask=_ON_FLOOR)


class World:
    """One pymunk space with every object its slots may need; at first only the space's own static body is in it."""

    def __init__(self, slots: Slots, rules: Rules):
        self.space = pymunk.Space()
        self.space.iterations = rules.solver_iterations
        self.space.damping = math.exp(-1.0 / rules.drag_time_s)
        self.space.collision_slop = rules.collision_slop_m
        self.space.collision_bias = rules.collision_bias
        static = self.space.static_body
        self.walls = [_rectangle(static, _BORDER_FILTER) for _ in range(OUTER_WALLS)]
        self.walls += [_rectangle(static, _LOW_FILTER) for _ in range(slots.walls)]
        self.agent_bodies = [pymunk.Body(rules.agent_mass_kg, rules.agent_moment_kg_m2) for _ in range(slots.agents)]
        self.agent_shapes = [pymunk.Circle(body, rules.agent_radius_m) for body in self.agent_bodies]
        for shape in self.agent_shapes:
            shape.filter = AGENT_FILTERS[0]
        self.thing_bodies = [pymunk.Body(rules.thing_mass_kg, 1.0) for _ in range(slots.things)]
        boxes, ramps = self.thing_bodies[: slots.boxes], self.thing_bodies[slots.boxes :]
        self.thing_shapes = [_rectangle(body, _LOW_FILTER) for body in boxes]
        self.thing_shapes += [_rectangle(body, _RAMP_FILTER) for body in ramps]
        self.ramp_sides = [_rectangle(body, _SIDE_FILTER) for body in ramps for _ in range(RAMP_SIDES)]
        # A joint's second body is filled in when something is held; until then it is the static body.
        self.pivots = [pymunk.PivotJoint(body, static, (0.0, 0.0), (0.0, 0.0)) for body in self.agent_bodies]
        self.gears = [pymunk.GearJoint(body, static, 0.0, 1.0) for body in self.agent_bodies]
        self._make_room()

    def _make_room(self) -> None:
        """Lets everything that moves into the space once.

        Chipmunk goes through moving shapes in the order of a hash table that grows and never shrinks, so without it a
        world in which there were more once would be played in another order, and rounded otherwise, than a new one.
        """
        moving = [*self.agent_bodies, *self.thing_bodies, *self.agent_shapes, *self.thing_shapes, *self.ramp_sides]
        self.space.add(*moving)
        self.space.remove(*moving)


def _rectangle(body: pymunk.Body, kind: pymunk.ShapeFilter) -> pymunk.Poly:
    shape = pymunk.Poly(body, [(0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)])
    shape.filter = kind
    return shape
