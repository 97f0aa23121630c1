"""What agents of the baseline see, with every line of sight and every ray of a tick cast at once in numpy.

numpy's cost is per call, not per ray, so that most of what remains is the physics loop in Python.
"""

from collections.abc import Sequence

import numpy as np

from policies.bench.baseline.bodies import Agent
from policies.bench.baseline.physics import WALLS, Physics
from policies.bench.baseline.sight import RAY_ENDS, Line, Sight
from sim.layout import Slots
from sim.rules import RULES


class NumpySight(Sight):
    """The same sight, from numpy."""

    def __init__(self, physics: Physics, slots: Slots):
        super().__init__(physics, slots)
        walls = np.array(physics.walls).reshape(-1, 4)
        things = np.array([thing.half for thing in physics.things]).reshape(-1, 2)
        self._wall_centres = (walls[:, 2:] + walls[:, :2]) / 2
        self._halves = np.concatenate([(walls[:, 2:] - walls[:, :2]) / 2, things])[:, None]

    def _free(self, lines: list[Line]) -> Sequence[bool]:
        if not lines:
            return []
        starts = np.array([line[:2] for line in lines])
        steps = np.array([line[2:4] for line in lines]) - starts
        entities = (*self.physics.things, *self.physics.agents)
        categories = np.array([WALLS] * len(self.physics.walls) + [entity.category for entity in entities])
        ends = np.array([line[4] for line in lines])
        first = np.concatenate([self._enter_boxes(starts, steps), self._enter_discs(starts, steps)])
        return (~np.any((first <= 1.0) & (categories[:, None] & ends == 0), axis=0)).tolist()

    def _cast(self, lookers: list[Agent]) -> Sequence[list[float]]:
        if not lookers:
            return []
        starts = np.repeat(np.array([agent.body.position for agent in lookers]), RULES.lidar_rays, axis=0)
        steps = np.tile(np.array(RAY_ENDS), (len(lookers), 1))
        to_border = np.abs((np.where(steps > 0.0, self.physics.side, 0.0) - starts) / _not_zero(steps)).min(axis=1)
        discs = self._enter_discs(starts, steps).reshape(len(self.physics.agents), len(lookers), RULES.lidar_rays)
        for row, agent in enumerate(lookers):
            discs[agent.index, row] = np.inf
        boxes = self._enter_boxes(starts, steps).min(axis=0, initial=1.0)
        nearest = np.minimum(np.minimum(boxes, to_border).reshape(len(lookers), -1), discs.min(axis=0))
        return nearest.tolist()

    def _enter_boxes(self, starts: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """Where along each step [box, step] it enters a wall or thing; inf if it does not."""
        centres = np.concatenate(
            [self._wall_centres, np.array([thing.body.position for thing in self.physics.things]).reshape(-1, 2)]
        )
        turns = np.array([0.0] * len(self.physics.walls) + [thing.body.angle for thing in self.physics.things])
        cos, sin = np.cos(turns), np.sin(turns)
        turn = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
        along = _not_zero(steps @ turn)
        middle, reach = (centres[:, None] - starts) @ turn / along, np.abs(self._halves / along)
        near, far = np.maximum((middle - reach).max(axis=2), 0.0), (middle + reach).min(axis=2)
        return np.where(near <= far, near, np.inf)

    def _enter_discs(self, starts: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """Where along each step [agent, step] it enters an agent; inf if it does not."""
        centres = np.array([agent.body.position for agent in self.physics.agents])
        to = centres[:, None] - starts
        length_2 = np.maximum((steps * steps).sum(axis=1), 1e-300)
        middle = (to * steps).sum(axis=2) / length_2
        inside = RULES.agent_radius_m**2 - (to * to).sum(axis=2) + middle**2 * length_2
        reach = np.sqrt(np.maximum(inside, 0.0) / length_2)
        enters = (inside >= 0.0) & (middle + reach >= 0.0)
        return np.where(enters, np.maximum(middle - reach, 0.0), np.inf)


def _not_zero(steps: np.ndarray) -> np.ndarray:
    """Gives a step along a side a tiny slope, so that no division gives NaN."""
    return np.where(np.abs(steps) > 1e-200, steps, 1e-200)
