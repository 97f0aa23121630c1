"""The baseline's physics: one `pymunk.Space` with the walls and all bodies of a world."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pymunk

from policies.bench.baseline.bodies import SUBSTEP_S, Agent, Thing, cap_speed
from sim.layout import Layout, Slots
from sim.rules import HIDERS, RULES, SEEKERS
from sim.state import State

_LOST = 1.0 - math.exp(-SUBSTEP_S / RULES.drag_time_s)
_FORCE_N = RULES.agent_mass_kg * RULES.free_speed_mps * _LOST / SUBSTEP_S
_TORQUE_NM = RULES.agent_moment_kg_m2 * RULES.free_spin_radps * _LOST / SUBSTEP_S

_PUSHES = [(0.0, 0.0)] + [
    (_FORCE_N * math.cos(k * math.pi / 4), _FORCE_N * math.sin(k * math.pi / 4)) for k in range(8)
]
_TWISTS = (0.0, _TORQUE_NM, -_TORQUE_NM)

_ROUNDS_OUT_OF_WALLS = 8

WALLS, BORDERS = 1, 1 << 31
"""Categories of pymunk's shapes; agents and things have one bit each in between."""


class Physics:
    """All that is solid, from the first world of a Layout and of a State in which nothing is held or locked."""

    def __init__(self, layout: Layout, state: State, slots: Slots):
        self.side = float(layout.floor[0])
        self.space = pymunk.Space()
        self.space.iterations = RULES.solver_iterations
        self.space.damping = math.exp(-1.0 / RULES.drag_time_s)
        self.space.collision_slop = RULES.collision_slop_m
        self.space.collision_bias = RULES.collision_bias
        self.walls = layout.walls[0][layout.wall_exists[0]].tolist()
        self._add_walls()
        hiders = slots.hiders
        self.agents = [
            Agent(index, HIDERS if index < hiders else SEEKERS, pose) for index, pose in enumerate(state.agents[0])
        ]
        self.things = [
            Thing(int(index), 2 << (slots.agents + int(index)), layout.thing_half[0, index].tolist(), pose)
            for index, pose in enumerate(state.things[0])
            if layout.thing_exists[0, index]
        ]
        for entity in (*self.agents, *self.things):
            self.space.add(entity.body, entity.shape)

    def _add_walls(self) -> None:
        low, high, thick = 0.0, self.side, 0.5
        borders = [
            [low - thick, low - thick, low, high + thick],
            [high, low - thick, high + thick, high + thick],
            [low - thick, low - thick, high + thick, low],
            [low - thick, high, high + thick, high + thick],
        ]
        self._barriers = borders + self.walls
        # The floor is convex: its borders stop rays, but never stand between two agents.
        for rectangles, category in ((borders, BORDERS), (self.walls, WALLS)):
            for x0, y0, x1, y1 in rectangles:
                shape = pymunk.Poly(self.space.static_body, [(x1, y0), (x1, y1), (x0, y1), (x0, y0)])
                shape.filter = pymunk.ShapeFilter(categories=category)
                self.space.add(shape)

    def grab(self, agent: Agent, thing: Thing) -> None:
        anchor = agent.body.world_to_local(thing.body.position)
        pivot = pymunk.PivotJoint(agent.body, thing.body, anchor, (0.0, 0.0))
        gear = pymunk.GearJoint(agent.body, thing.body, thing.body.angle - agent.body.angle, 1.0)
        self.space.add(pivot, gear)
        agent.held, agent.joints = thing, (pivot, gear)

    def let_go(self, agent: Agent) -> None:
        if agent.held is not None:
            self.space.remove(*agent.joints)
            agent.held, agent.joints = None, ()

    def move(self, actions: Sequence[Sequence[int]]) -> None:
        """A tick of the bodies; `actions` holds (move, turn, hands) for each agent, whose hands have acted."""
        drives = [(_PUSHES[move], _TWISTS[turn]) for move, turn, _ in actions]
        self._fix_the_locked()
        loose = [(thing.body, thing.radius) for thing in self.things if thing.lock is None]
        for _ in range(RULES.substeps):
            for agent, (force, torque) in zip(self.agents, drives, strict=True):
                agent.body.force = force
                agent.body.torque = torque
            self.space.step(SUBSTEP_S)
            for agent in self.agents:
                cap_speed(agent.body, 0.0)
            for body, radius in loose:
                cap_speed(body, radius)
        for agent in self.agents:
            if agent.held is not None and agent.joints[0].impulse / SUBSTEP_S > RULES.hold_break_n:
                self.let_go(agent)
        for entity in (*self.agents, *self.things):
            if entity.body.body_type == pymunk.Body.DYNAMIC:
                self._keep_out_of_walls(entity)

    def _fix_the_locked(self) -> None:
        for thing in self.things:
            fixed = thing.body.body_type == pymunk.Body.KINEMATIC
            if thing.lock is not None and not fixed:
                pymunk.Body.update_position(thing.body, 0.0)  # clears the solver's pending move
                thing.body.body_type = pymunk.Body.KINEMATIC
            elif thing.lock is None and fixed:
                thing.body.body_type = pymunk.Body.DYNAMIC
                thing.body.mass, thing.body.moment = RULES.thing_mass_kg, thing.moment

    def _keep_out_of_walls(self, entity: Agent | Thing) -> None:
        """Moves a body straight out of the walls that it was left too deep in."""
        x, y = start = tuple(entity.body.position)
        for _ in range(_ROUNDS_OUT_OF_WALLS):
            before = x, y
            for wall in self._barriers:
                x0, y0, x1, y1 = wall
                reach = entity.radius
                if x0 - reach < x < x1 + reach and y0 - reach < y < y1 + reach:
                    depth, out_x, out_y = entity.overlap(x, y, wall)
                    excess = max(depth - RULES.max_overlap_m, 0.0)
                    x, y = x + excess * out_x, y + excess * out_y
            if (x, y) == before:
                break
        if (x, y) != start:
            entity.body.position = x, y
            self.space.reindex_shapes_for_body(entity.body)
