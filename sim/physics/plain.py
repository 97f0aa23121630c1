"""The same physics through pymunk's ordinary API: the fallback where `sim.physics.chipmunk` does not work, and the test
oracle.

Every method here does to one `World` what its namesake in `spaces`, `following` or `moving` does through addresses.
"""

import math

import numpy as np
import pymunk

from sim.climb import FLOOR, RAMP_SIDES, ramp_side
from sim.jit import in_python
from sim.layout import Layout, Slots
from sim.physics.bodies import AGENT_FILTERS, World
from sim.physics.drive import Drive, speed_scale, thing_moment
from sim.physics.walls import OUTER_WALLS, free_body, wall_corners, walls_in_the_way
from sim.rules import Rules
from sim.state import ANGLE, FREE, SPIN, VX, VY, State, X, Y


class PlainSpace:
    """One world, stepped by `Space.step`."""

    def __init__(self, slots: Slots, rules: Rules, push: Drive):
        self.world = World(slots, rules)
        self.rules, self.push = rules, push
        self.joints: dict[int, tuple[int, list[pymunk.Constraint]]] = {}

    def place(self, layout: Layout, state: State, w: int) -> None:
        """Brings the space to the canonical form of a Layout and State."""
        space, world = self.world.space, self.world
        space.remove(*space.constraints, *space.shapes)
        space.step(self.push.substep_s)
        space.remove(*space.bodies)
        self.joints.clear()
        _reset_shape_counter(space)
        for wall, shape in enumerate(world.walls):
            if wall < OUTER_WALLS or layout.wall_exists[w, wall - OUTER_WALLS]:
                _set_rectangle(shape, *in_python(wall_corners)(layout, w, wall))
                space.add(shape)
        for agent, (body, shape) in enumerate(zip(world.agent_bodies, world.agent_shapes, strict=True)):
            if layout.agent_exists[w, agent]:
                _add_body(space, body, shape, state.agents[w, agent])
        for thing, (body, shape) in enumerate(zip(world.thing_bodies, world.thing_shapes, strict=True)):
            if layout.thing_exists[w, thing]:
                half_x, half_y = layout.thing_half[w, thing]
                _set_rectangle(shape, -half_x, -half_y, half_x, half_y)
                if body.body_type != pymunk.Body.KINEMATIC:
                    body.body_type = pymunk.Body.KINEMATIC  # so that the next line sets it afresh
                self._fix(layout, state, w, thing)
                _add_body(space, body, shape, state.things[w, thing])
                self._add_ramp_sides(thing, half_x, half_y)
        self._follow_levels(state, w)
        for agent in range(len(world.agent_bodies)):
            self._join(state, w, agent)

    def _add_ramp_sides(self, thing: int, half_x: float, half_y: float) -> None:
        sides = self.world.ramp_sides
        first = RAMP_SIDES * (thing - len(self.world.thing_bodies)) + len(sides)
        for side in range(RAMP_SIDES if first >= 0 else 0):
            _set_rectangle(sides[first + side], *in_python(ramp_side)(self.rules, half_x, half_y, side))
            self.world.space.add(sides[first + side])

    def _follow_levels(self, state: State, w: int) -> None:
        for shape, level in zip(self.world.agent_shapes, state.level[w], strict=True):
            shape.filter = AGENT_FILTERS[int(level != FLOOR)]

    def _fix(self, layout: Layout, state: State, w: int, thing: int) -> None:
        body = self.world.thing_bodies[thing]
        wanted = pymunk.Body.KINEMATIC if state.lock[w, thing] else pymunk.Body.DYNAMIC
        if body.body_type != wanted:
            if wanted == pymunk.Body.KINEMATIC:
                pymunk.Body.update_position(body, 0.0)  # clears the solver's pending move, as the compiled one does
            body.body_type = wanted
            if wanted == pymunk.Body.DYNAMIC:
                body.mass = self.rules.thing_mass_kg
                body.moment = in_python(thing_moment)(self.rules, *layout.thing_half[w, thing])

    def _join(self, state: State, w: int, agent: int) -> None:
        thing = int(state.held[w, agent])
        if agent in self.joints or thing == FREE:
            return
        body, other = self.world.agent_bodies[agent], self.world.thing_bodies[thing]
        x, y, angle = state.hold[w, agent]
        pair = [pymunk.PivotJoint(body, other, (x, y), (0.0, 0.0)), pymunk.GearJoint(body, other, angle, 1.0)]
        self.world.space.add(*pair)
        self.joints[agent] = (thing, pair)

    def _still_joined(self, state: State, w: int, agent: int) -> bool:
        thing, (pivot, _) = self.joints[agent]
        return thing == state.held[w, agent] and pivot.anchor_a == tuple(state.hold[w, agent, :ANGLE])

    def follow_state(self, layout: Layout, state: State, w: int) -> None:
        """Brings joints, locked bodies and what agents collide with in line with the State."""
        self._follow_levels(state, w)
        for agent in [agent for agent in sorted(self.joints) if not self._still_joined(state, w, agent)]:
            self.world.space.remove(*self.joints.pop(agent)[1])
        for thing in np.flatnonzero(layout.thing_exists[w]):
            self._fix(layout, state, w, int(thing))
        for agent in range(len(self.world.agent_bodies)):
            self._join(state, w, agent)

    def advance(self, layout: Layout, forces: np.ndarray, w: int) -> None:
        """One tick; `forces` [world, agent, 3] is force x, y and torque."""
        agents = [self.world.agent_bodies[agent] for agent in np.flatnonzero(layout.agent_exists[w])]
        things = [self.world.thing_bodies[thing] for thing in np.flatnonzero(layout.thing_exists[w])]
        halves = layout.thing_half[w][layout.thing_exists[w]]
        for _ in range(self.rules.substeps):
            for body, (x, y, torque) in zip(agents, forces[w][layout.agent_exists[w]], strict=True):
                body.force, body.torque = (x, y), torque
            self.world.space.step(self.push.substep_s)
            for body in agents:
                self._cap(body, 0.0)
            for body, (half_x, half_y) in zip(things, halves, strict=True):
                if body.body_type == pymunk.Body.DYNAMIC:
                    self._cap(body, math.sqrt(half_x * half_x + half_y * half_y))

    def _cap(self, body: pymunk.Body, radius: float) -> None:
        (vx, vy), spin = body.velocity, body.angular_velocity
        scale = in_python(speed_scale)(self.push, vx, vy, spin, radius)
        if scale != 1.0:
            body.velocity, body.angular_velocity = (scale * vx, scale * vy), scale * spin

    def read_back(self, layout: Layout, state: State, w: int) -> None:
        """Copies poses into the State and tears the holds that pulled too hard in the last substep."""
        for agent in np.flatnonzero(layout.agent_exists[w]):
            _read(self.world.agent_bodies[agent], state.agents[w, agent])
        for agent, (_, (pivot, _)) in self.joints.items():
            if pivot.impulse / self.push.substep_s > self.rules.hold_break_n:
                state.held[w, agent] = FREE
                state.hold[w, agent] = 0.0
        for thing in np.flatnonzero(layout.thing_exists[w]):
            _read(self.world.thing_bodies[thing], state.things[w, thing])

    def keep_out_of_walls(self, layout: Layout, state: State, w: int) -> None:
        """Takes bodies out of the walls they were left too deep in."""
        for agent in np.flatnonzero(layout.agent_exists[w]):
            pose, walls = state.agents[w, agent], in_python(walls_in_the_way)(layout, state.level[w, agent])
            if free_body(self.rules, layout, pose, w, walls, (self.rules.agent_radius_m, 0.0, 0.0)):
                self.world.agent_bodies[agent].position = tuple(pose[:ANGLE])
        for thing in np.flatnonzero(layout.thing_exists[w]):
            body, pose, walls = (
                self.world.thing_bodies[thing],
                state.things[w, thing],
                in_python(walls_in_the_way)(layout, FLOOR),
            )
            movable = body.body_type == pymunk.Body.DYNAMIC
            if movable and free_body(self.rules, layout, pose, w, walls, (0.0, *layout.thing_half[w, thing])):
                body.position, body.angle = tuple(pose[:ANGLE]), pose[ANGLE]


def _reset_shape_counter(space: pymunk.Space) -> None:
    from pymunk._chipmunk_cffi import lib

    lib.cpSpaceSetShapeIDCounter(space._space, 0)


def _set_rectangle(shape: pymunk.Poly, x0: float, y0: float, x1: float, y1: float) -> None:
    shape.unsafe_set_vertices([(x1, y0), (x1, y1), (x0, y1), (x0, y0)])


def _add_body(space: pymunk.Space, body: pymunk.Body, shape: pymunk.Shape, pose: np.ndarray) -> None:
    body.position, body.velocity = (pose[X], pose[Y]), (pose[VX], pose[VY])
    body.angular_velocity, body.angle = pose[SPIN], pose[ANGLE]
    space.add(body, shape)


def _read(body: pymunk.Body, pose: np.ndarray) -> None:
    pose[X], pose[Y] = body.position
    pose[ANGLE] = body.angle
    pose[VX], pose[VY] = body.velocity
    pose[SPIN] = body.angular_velocity
