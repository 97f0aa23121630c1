"""The pymunk objects of one world; `sim.physics` and `sim.plain` move them."""

import math

import pymunk

from sim.layout import Slots
from sim.rules import Rules
from sim.walls import OUTER_WALLS


class World:
    """One pymunk space with every object its slots may need; at first only the space's own static body is in it."""

    def __init__(self, slots: Slots, rules: Rules):
        self.space = pymunk.Space()
        self.space.iterations = rules.solver_iterations
        self.space.damping = math.exp(-1.0 / rules.drag_time_s)
        self.space.collision_slop = rules.collision_slop_m
        self.space.collision_bias = rules.collision_bias
        static = self.space.static_body
        self.walls = [_rectangle(static) for _ in range(OUTER_WALLS + slots.walls)]
        self.agent_bodies = [pymunk.Body(rules.agent_mass_kg, rules.agent_moment_kg_m2) for _ in range(slots.agents)]
        self.agent_shapes = [pymunk.Circle(body, rules.agent_radius_m) for body in self.agent_bodies]
        self.thing_bodies = [pymunk.Body(rules.thing_mass_kg, 1.0) for _ in range(slots.things)]
        self.thing_shapes = [_rectangle(body) for body in self.thing_bodies]
        # A joint's second body is filled in when something is held; until then it is the static body.
        self.pivots = [pymunk.PivotJoint(body, static, (0.0, 0.0), (0.0, 0.0)) for body in self.agent_bodies]
        self.gears = [pymunk.GearJoint(body, static, 0.0, 1.0) for body in self.agent_bodies]


def _rectangle(body: pymunk.Body) -> pymunk.Poly:
    return pymunk.Poly(body, [(0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)])
