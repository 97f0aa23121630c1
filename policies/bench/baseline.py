"""The same game as a competent pymunk user writes it: one `pymunk.Space`, and Python for everything else.

Only `hideseek bench` uses it, to compare the compiled game with it. pymunk answers lines of sight and rays here
(`Space.segment_query_first`), numpy does in `policies.bench.baseline_numpy`. It follows `sim.rules` and gives the
observations of `sim.observe`; tests compare them. It plays worlds without ramps only: it has no upper level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pymunk

from policies.bench.baseline_bodies import SUBSTEP_S, Agent, Thing, cap_speed
from sim.layout import Layout, empty_layout
from sim.rules import GRAB, HIDERS, LOCK, RELEASE, RULES, SEEKERS
from sim.scenario import Scenario
from sim.schema import GLOBAL_STATE, OBSERVATION
from sim.state import State, empty_state

_LOST = 1.0 - math.exp(-SUBSTEP_S / RULES.drag_time_s)
_FORCE_N = RULES.agent_mass_kg * RULES.free_speed_mps * _LOST / SUBSTEP_S
_TORQUE_NM = RULES.agent_moment_kg_m2 * RULES.free_spin_radps * _LOST / SUBSTEP_S
_COS_HALF_CONE = math.cos(RULES.half_cone_rad)

_PUSHES = [(0.0, 0.0)] + [
    (_FORCE_N * math.cos(k * math.pi / 4), _FORCE_N * math.sin(k * math.pi / 4)) for k in range(8)
]
_TWISTS = (0.0, _TORQUE_NM, -_TORQUE_NM)
_RAYS = [2.0 * math.pi * k / RULES.lidar_rays for k in range(RULES.lidar_rays)]
RAY_ENDS = [(RULES.lidar_range_m * math.cos(angle), RULES.lidar_range_m * math.sin(angle)) for angle in _RAYS]

_ROUNDS_OUT_OF_WALLS = 8

WALLS, _BORDERS = 1, 1 << 31
"""Categories of pymunk's shapes; agents and things have one bit each in between."""

Line = tuple[float, float, float, float, int]
"""x and y of both ends, and the categories of the two ends, which hide nothing from each other."""


class BaselineWorld:
    """One world of a scenario.

    After `reset`, `build` and `tick`, `observation` holds a float32 row for each agent, `reward` a number, and
    `global_state` is the critic's float32 row. Things fill their slots from the first on.
    """

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        self.slots = scenario.slots
        self._layout = empty_layout(1, self.slots)
        self._state = empty_state(1, self.slots)
        self._filters: dict[int, pymunk.ShapeFilter] = {}
        agents = range(self.slots.agents)
        teams = [HIDERS if index < self.slots.hiders else SEEKERS for index in agents]
        self.others = [
            sorted((other for other in agents if other != me), key=lambda other: teams[other] != teams[me])
            for me in agents
        ]

    def reset(self, seed: int) -> None:
        """Starts the episode that `Game.reset` starts with this seed."""
        self.scenario.place(np.array([seed], np.uint64), np.array([0]), self._layout, self._state)
        self.build(self._layout, self._state)

    def build(self, layout: Layout, state: State) -> None:
        """Starts from the first world of a Layout and of a State in which nothing is held or locked."""
        self.ticks = int(state.tick[0])
        self.side = float(layout.floor[0])
        self.space = pymunk.Space()
        self.space.iterations = RULES.solver_iterations
        self.space.damping = math.exp(-1.0 / RULES.drag_time_s)
        self.space.collision_slop = RULES.collision_slop_m
        self.space.collision_bias = RULES.collision_bias
        self.walls = layout.walls[0][layout.wall_exists[0]].tolist()
        self.doors = layout.doors[0].tolist()
        self.door_exists = layout.door_exists[0].tolist()
        self._add_walls()
        self.agents = [
            Agent(index, HIDERS if index < self.slots.hiders else SEEKERS, pose)
            for index, pose in enumerate(state.agents[0])
        ]
        self.things = [
            Thing(int(index), 2 << (self.slots.agents + int(index)), layout.thing_half[0, index].tolist(), pose)
            for index, pose in enumerate(state.things[0])
            if layout.thing_exists[0, index]
        ]
        for entity in (*self.agents, *self.things):
            self.space.add(entity.body, entity.shape)
        self.reward = [0.0] * len(self.agents)
        self._look()
        self._observe()

    def _add_walls(self) -> None:
        low, high, thick = 0.0, self.side, 0.5
        borders = [
            [low - thick, low - thick, low, high + thick],
            [high, low - thick, high + thick, high + thick],
            [low - thick, low - thick, high + thick, low],
            [low - thick, high, high + thick, high + thick],
        ]
        self.barriers = borders + self.walls
        # The floor is convex: its borders stop rays, but never stand between two agents.
        for rectangles, category in ((borders, _BORDERS), (self.walls, WALLS)):
            for x0, y0, x1, y1 in rectangles:
                shape = pymunk.Poly(self.space.static_body, [(x1, y0), (x1, y1), (x0, y1), (x0, y0)])
                shape.filter = pymunk.ShapeFilter(categories=category)
                self.space.add(shape)

    @property
    def preparing(self) -> bool:
        return self.ticks < self.scenario.preparation_ticks

    def tick(self, actions: Sequence[Sequence[int]]) -> None:
        """Plays one tick; `actions` holds (move, turn, hands) for each agent."""
        preparing = self.preparing
        if preparing:
            still = (0, 0, 0)
            actions = [still if a.team == SEEKERS else chosen for a, chosen in zip(self.agents, actions, strict=True)]
        self._use_hands([hands for _, _, hands in actions])
        self._move([(_PUSHES[move], _TWISTS[turn]) for move, turn, _ in actions])
        self.ticks += 1
        self._look()
        paid = 0.0 if preparing else (1.0 if self.hidden else -1.0)
        self.reward = [paid if agent.team == HIDERS else -paid for agent in self.agents]
        self._observe()

    @property
    def hidden(self) -> bool:
        """Whether no seeker sees a hider."""
        hiders = self.slots.hiders
        return not any(True in row[:hiders] for row in self.sees[hiders:])

    def _use_hands(self, hands: list[int]) -> None:
        """All releases, then all locks, then all grabs."""
        for agent, hand in zip(self.agents, hands, strict=True):
            if hand == RELEASE:
                self._let_go(agent)
        wanted: dict[Thing, set[int]] = {}
        for agent, hand in zip(self.agents, hands, strict=True):
            thing = (agent.held or self._nearest(agent)) if hand == LOCK else None
            if thing is not None:
                wanted.setdefault(thing, set()).add(agent.team)
        for thing, teams in wanted.items():
            if len(teams) == 1 and thing.lock is None:
                self._lock(thing, teams.pop())
        for agent, hand in zip(self.agents, hands, strict=True):
            thing = self._nearest(agent) if hand == GRAB and agent.held is None else None
            if thing is not None and thing.lock in (None, agent.team):
                thing.lock = None
                self._grab(agent, thing)

    def _nearest(self, agent: Agent) -> Thing | None:
        """The nearest thing that the agent sees and reaches."""
        best, best_gap = None, RULES.reach_m
        for thing in self.things:
            if self.sees_things[agent.index][thing.index]:
                x, y = thing.body.world_to_local(agent.body.position)
                out_x, out_y = max(abs(x) - thing.half[0], 0.0), max(abs(y) - thing.half[1], 0.0)
                gap = math.hypot(out_x, out_y) - RULES.agent_radius_m
                if gap < best_gap or (best is None and gap == best_gap):
                    best, best_gap = thing, gap
        return best

    def _lock(self, thing: Thing, team: int) -> None:
        thing.lock = team
        for agent in self.agents:
            if agent.held is thing:
                self._let_go(agent)

    def _grab(self, agent: Agent, thing: Thing) -> None:
        anchor = agent.body.world_to_local(thing.body.position)
        pivot = pymunk.PivotJoint(agent.body, thing.body, anchor, (0.0, 0.0))
        gear = pymunk.GearJoint(agent.body, thing.body, thing.body.angle - agent.body.angle, 1.0)
        self.space.add(pivot, gear)
        agent.held, agent.joints = thing, (pivot, gear)

    def _let_go(self, agent: Agent) -> None:
        if agent.held is not None:
            self.space.remove(*agent.joints)
            agent.held, agent.joints = None, ()

    def _fix_the_locked(self) -> None:
        for thing in self.things:
            fixed = thing.body.body_type == pymunk.Body.KINEMATIC
            if thing.lock is not None and not fixed:
                pymunk.Body.update_position(thing.body, 0.0)  # clears the solver's pending move
                thing.body.body_type = pymunk.Body.KINEMATIC
            elif thing.lock is None and fixed:
                thing.body.body_type = pymunk.Body.DYNAMIC
                thing.body.mass, thing.body.moment = RULES.thing_mass_kg, thing.moment

    def _move(self, drives: list[tuple[tuple[float, float], float]]) -> None:
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
                self._let_go(agent)
        for entity in (*self.agents, *self.things):
            if entity.body.body_type == pymunk.Body.DYNAMIC:
                self._keep_out_of_walls(entity)

    def _keep_out_of_walls(self, entity: Agent | Thing) -> None:
        """Moves a body straight out of the walls that it was left too deep in."""
        x, y = start = tuple(entity.body.position)
        for _ in range(_ROUNDS_OUT_OF_WALLS):
            before = x, y
            for wall in self.barriers:
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

    def _observe(self) -> None:
        self.observation = [np.array(agent_observation(self, agent), np.float32) for agent in self.agents]
        self.global_state = np.array(global_state(self), np.float32)

    def _look(self) -> None:
        """Fills `sees` [agent][agent], `sees_things` [agent][thing] and `ranges` [agent][ray]."""
        agents, things = self.slots.agents, self.slots.things
        lookers = [agent for agent in self.agents if agent.team == HIDERS or not self.preparing]
        self.sees = [[False] * agents for _ in range(agents)]
        self.sees_things = [[False] * things for _ in range(agents)]
        self.ranges = [[0.0] * RULES.lidar_rays for _ in range(agents)]
        poses = [(entity, *entity.body.position) for entity in (*self.agents, *self.things)]
        lines: list[Line] = []
        ends = []
        for agent in lookers:
            (x, y), heading = agent.body.position, agent.body.angle
            ahead_x, ahead_y = math.cos(heading), math.sin(heading)
            for other, other_x, other_y in poses:
                dx, dy = other_x - x, other_y - y
                if other is not agent and ahead_x * dx + ahead_y * dy >= math.sqrt(dx * dx + dy * dy) * _COS_HALF_CONE:
                    lines.append((x, y, other_x, other_y, agent.category | other.category))
                    ends.append((agent, other))
        for (agent, other), free in zip(ends, self._free(lines), strict=True):
            rows = self.sees if isinstance(other, Agent) else self.sees_things
            rows[agent.index][other.index] = free
        for agent, ranges in zip(lookers, self._cast(lookers), strict=True):
            self.ranges[agent.index] = ranges

    def _free(self, lines: list[Line]) -> Sequence[bool]:
        """For each line, whether only its ends touch it."""
        first = self.space.segment_query_first
        return [
            first((x, y), (other_x, other_y), 0.0, self._all_but(_BORDERS | ends)) is None
            for x, y, other_x, other_y, ends in lines
        ]

    def _cast(self, agents: list[Agent]) -> Sequence[list[float]]:
        """The lidars of some agents, as fractions of the range."""
        first, lidars = self.space.segment_query_first, []
        for agent in agents:
            x, y = agent.body.position
            but_me = self._all_but(agent.category)
            hits = [first((x, y), (x + to_x, y + to_y), 0.0, but_me) for to_x, to_y in RAY_ENDS]
            lidars.append([1.0 if hit is None else hit.alpha for hit in hits])
        return lidars

    def _all_but(self, categories: int) -> pymunk.ShapeFilter:
        if categories not in self._filters:
            mask = pymunk.ShapeFilter.ALL_MASKS() & ~categories
            self._filters[categories] = pymunk.ShapeFilter(mask=mask)
        return self._filters[categories]


_NO_AGENT, _NO_THING, _NO_DOOR = ([0.0] * len(OBSERVATION[name].columns) for name in ("agents", "boxes", "doors"))
_NO_THING_GLOBAL, _NO_DOOR_GLOBAL = ([0.0] * len(GLOBAL_STATE[name].columns) for name in ("boxes", "doors"))


def agent_observation(world: BaselineWorld, me: Agent) -> list[float]:
    """One agent's flat observation, in the order of `sim.schema.OBSERVATION`."""
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
        row += _agent_row(world, me, other, x, y) if world.sees[me.index][other.index] else _NO_AGENT
    for box, visible in zip(boxes, seen, strict=True):
        row += _box_row(world, me, box, x, y) if box is not None and visible else _NO_THING
    row += _NO_THING * ramps
    for (x0, y0, x1, y1), exists in zip(world.doors, world.door_exists, strict=True):
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        at = [(middle_x - x) / half, (middle_y - y) / half, (x1 - x0) / 2, (y1 - y0) / 2]
        row += [*at, *_bearing(me, middle_x, middle_y)] if exists else _NO_DOOR
    row += world.ranges[me.index]
    row += [1.0] * len(others) + [world.sees[me.index][other.index] for other in others]
    row += [box is not None for box in boxes] + seen
    return row + [0.0] * (2 * ramps) + world.door_exists


def global_state(world: BaselineWorld) -> list[float]:
    """The global state, in the order of `sim.schema.GLOBAL_STATE`."""
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
    row += _NO_THING_GLOBAL * (world.slots.things - len(world.things))
    for (x0, y0, x1, y1), exists in zip(world.doors, world.door_exists, strict=True):
        middle = [(x0 + x1) / 2 / half - 1.0, (y0 + y1) / 2 / half - 1.0]
        row += [*middle, (x1 - x0) / 2, (y1 - y0) / 2, 1.0] if exists else _NO_DOOR_GLOBAL
    return row


def _time_left(world: BaselineWorld) -> list[float]:
    preparation, ticks = world.scenario.preparation_ticks, world.scenario.ticks
    return [max(preparation - world.ticks, 0) / preparation, max(ticks - world.ticks, 0) / ticks]


def _pose(world: BaselineWorld, body: pymunk.Body, fold: float, from_x: float, from_y: float) -> list[float]:
    (x, y), (vx, vy), half, speed = body.position, body.velocity, world.side / 2, RULES.free_speed_mps
    angle = fold * body.angle
    return [(x - from_x) / half, (y - from_y) / half, math.cos(angle), math.sin(angle), vx / speed, vy / speed]


def _agent_row(world: BaselineWorld, me: Agent, other: Agent, x: float, y: float) -> list[float]:
    row = _pose(world, other.body, 1.0, x, y)
    return [*row, me.team == other.team, other.held is not None, 0.0, *_bearing(me, *other.body.position)]


def _box_row(world: BaselineWorld, me: Agent, box: Thing, x: float, y: float) -> list[float]:
    row = _pose(world, box.body, box.fold, x, y)
    row += [box.body.angular_velocity / RULES.free_spin_radps, *box.half]
    row += [box.lock == me.team, box.lock == 1 - me.team, me.held is box]
    return [*row, *_bearing(me, *box.body.position)]


def _bearing(me: Agent, x: float, y: float) -> list[float]:
    dx, dy = x - me.body.position.x, y - me.body.position.y
    distance, cos, sin = math.hypot(dx, dy), math.cos(me.body.angle), math.sin(me.body.angle)
    return [(cos * dx + sin * dy) / distance, (cos * dy - sin * dx) / distance] if distance else [0.0, 0.0]
