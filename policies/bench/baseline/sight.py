"""What agents of the baseline see and what their lidars measure, each line and ray asked of pymunk in turn."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pymunk

from policies.bench.baseline.bodies import Agent
from policies.bench.baseline.physics import BORDERS, Physics
from sim.layout import Slots
from sim.rules import HIDERS, RULES

_COS_HALF_CONE = math.cos(RULES.half_cone_rad)
_RAYS = [2.0 * math.pi * k / RULES.lidar_rays for k in range(RULES.lidar_rays)]
RAY_ENDS = [(RULES.lidar_range_m * math.cos(angle), RULES.lidar_range_m * math.sin(angle)) for angle in _RAYS]

Line = tuple[float, float, float, float, int]
"""x and y of both ends, and the categories of the two ends, which hide nothing from each other."""


class Sight:
    """What was seen at the last `look`: `agents` [agent][agent], `things` [agent][thing] and `ranges` [agent][ray]."""

    def __init__(self, physics: Physics, slots: Slots):
        self.physics = physics
        self._slots = slots
        self._filters: dict[int, pymunk.ShapeFilter] = {}

    def look(self, preparing: bool) -> None:
        """Looks from where everything is now; seekers are blind during preparation."""
        agents, things = self._slots.agents, self._slots.things
        lookers = [agent for agent in self.physics.agents if agent.team == HIDERS or not preparing]
        self.agents = [[False] * agents for _ in range(agents)]
        self.things = [[False] * things for _ in range(agents)]
        self.ranges = [[0.0] * RULES.lidar_rays for _ in range(agents)]
        poses = [(entity, *entity.body.position) for entity in (*self.physics.agents, *self.physics.things)]
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
            rows = self.agents if isinstance(other, Agent) else self.things
            rows[agent.index][other.index] = free
        for agent, ranges in zip(lookers, self._cast(lookers), strict=True):
            self.ranges[agent.index] = ranges

    @property
    def hidden(self) -> bool:
        """Whether no seeker sees a hider."""
        hiders = self._slots.hiders
        return not any(True in row[:hiders] for row in self.agents[hiders:])

    def _free(self, lines: list[Line]) -> Sequence[bool]:
        """For each line, whether only its ends touch it."""
        first = self.physics.space.segment_query_first
        return [
            first((x, y), (other_x, other_y), 0.0, self._all_but(BORDERS | ends)) is None
            for x, y, other_x, other_y, ends in lines
        ]

    def _cast(self, lookers: list[Agent]) -> Sequence[list[float]]:
        """The lidars of some agents, as fractions of the range."""
        first, lidars = self.physics.space.segment_query_first, []
        for agent in lookers:
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
