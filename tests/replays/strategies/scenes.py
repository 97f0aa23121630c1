"""Scenes: short episodes made by hand. Places, holds and locks are given; who sees whom follows from them.

A scene is labelled by what was put into it, never by what a detector says. Case k of a strategy is looked at in the
k-th image of the world (`symmetries`), so each detector meets walls and doors of every direction.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from replays.strategies.catalogue import by_name
from replays.strategies.evidence.trace import Trace, trace_episode
from sim.climb import FLOOR, UPPER
from sim.layout import Slots, empty_layout
from sim.sight import look_at_agents
from sim.state import FREE, HIDERS_LOCK, State, empty_state
from tests.replays.strategies.symmetries import SYMMETRIES, image

SLOTS = Slots(hiders=2, seekers=2, boxes=4, ramps=2, walls=3, doors=1)
HIDER, MATE, SEEKER, PARTNER = range(4)
RAMP, OTHER_RAMP = SLOTS.boxes, SLOTS.boxes + 1
FLOOR_M = 6.0

DOWN, UP, LEFT, RIGHT = -np.pi / 2, np.pi / 2, np.pi, 0.0

ROOM = ((3.6, 2.3, 4.4, 2.4), (4.9, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 2.4))
"""The walls of a room in the corner, 2.3 m by 2.3 m inside."""
DOOR = (4.4, 2.3, 4.9, 2.4)
"""Its door, 0.5 m wide."""
IN_DOOR = (4.65, 1.92, 0.0)
"""A square box before the door, 1 cm from the wall; its inner face is 0.37 m further in."""
OFF_DOOR = (4.65, 1.2, 0.0)
"""Where a box leaves the door open."""
Pose = tuple[float, float, float]
Facing = float | Sequence[tuple[float, float]]
"""An angle, or (moment, angle), ..."""

SQUARE, BAR, RAMP_HALF = (0.37, 0.37), (0.825, 0.075), (0.45, 0.3)
"""Half sizes: a square box, an elongated one, and a ramp, whose low edge is at its own -x end."""


class Scene:
    """An episode in the making. Agents and things exist from when they are placed; places between keys are on the
    straight line. `first` and `end` of what lasts are moments, the last not included.
    """

    def __init__(self, label: str, ticks: int = 20, preparation: int = 5, room: bool = False) -> None:
        self.label, self.ticks, self.preparation = label, ticks, preparation
        self.layout = empty_layout(1, SLOTS)
        self.layout.floor[:] = FLOOR_M
        self.layout.thing_lockable[:] = True
        self.states = State(*(np.repeat(column, ticks + 1, axis=0) for column in empty_state(1, SLOTS)))
        self.states.tick[:] = np.arange(ticks + 1)
        if room:
            self.layout.walls[:], self.layout.wall_exists[:] = ROOM, True
            self.layout.doors[:], self.layout.door_exists[:] = DOOR, True

    def walls(self, *walls: tuple[float, float, float, float]) -> "Scene":
        """These walls and no others, and no door."""
        self.layout.wall_exists[:] = self.layout.door_exists[:] = False
        for number, wall in enumerate(walls):
            self.layout.walls[0, number], self.layout.wall_exists[0, number] = wall, True
        return self

    def door(self, door: tuple[float, float, float, float]) -> "Scene":
        """The room's door is there, and as wide."""
        x0, _, x1, _ = self.layout.doors[0, 0] = door
        self.layout.walls[0, 0, 2], self.layout.walls[0, 1, 0] = x0, x1
        return self

    def shifted(self, x: float, y: float) -> "Scene":
        """Everything but the floor is that far away, so that the grid lies otherwise."""
        for rectangles in (self.layout.walls, self.layout.doors):
            rectangles += (x, y, x, y)
        for poses in (self.states.agents, self.states.things):
            poses[..., :2] += x, y
        return self

    def without(self, agent: int) -> "Scene":
        self.layout.agent_exists[0, agent] = False
        return self

    def agent(self, agent: int, *keys: Sequence[float], faces: Facing = 0.0) -> "Scene":
        """Puts an agent at (x, y), or on its way over (moment, x, y), ...; it faces an angle, or turns over
        (moment, angle), ...
        """
        self.layout.agent_exists[0, agent] = True
        self.states.agents[:, agent, :2] = self._way(keys, 2)
        turns = [(0.0, faces)] if isinstance(faces, float) else faces
        self.states.agents[:, agent, 2] = np.interp(np.arange(self.ticks + 1), *np.array(turns, float).T)
        return self

    def thing(self, thing: int, *keys: Sequence[float], half: tuple[float, float] | None = None) -> "Scene":
        """Puts a thing at (x, y, angle), or on its way over (moment, x, y, angle), ..."""
        self.layout.thing_exists[0, thing] = True
        self.layout.thing_half[0, thing] = half or (RAMP_HALF if thing >= RAMP else SQUARE)
        self.states.things[:, thing, :3] = self._way(keys, 3)
        return self

    def bring(self, thing: int, start, pose, by: int, first: int = 1, last: int = 4, half=None) -> "Scene":
        """Between two moments an agent that holds a thing takes it from one pose to another."""
        return self.thing(thing, (first, *start), (last, *pose), half=half).hold(by, thing, first + 1, last + 1)

    def hold(self, agent: int, thing: int, first: int, end: int | None = None) -> "Scene":
        self.states.held[first:end, agent] = thing
        return self

    def release(self, agent: int, moments: Sequence[int]) -> "Scene":
        """Empties an agent's hands at some moments."""
        self.states.held[list(moments), agent] = FREE
        return self

    def lock(self, thing: int, first: int, end: int | None = None, team: int = HIDERS_LOCK) -> "Scene":
        self.states.lock[first:end, thing] = team
        return self

    def upstairs(self, agent: int, first: int = 0, end: int | None = None) -> "Scene":
        self.states.level[first:end, agent] = UPPER
        return self

    def people(self, hiders: Sequence[Sequence[float]], seekers: Sequence[Sequence[float]]) -> "Scene":
        """Puts one agent at each of these places, where it stays."""
        for agent, place in (*zip((HIDER, MATE), hiders, strict=False), *zip((SEEKER, PARTNER), seekers, strict=False)):
            self.agent(agent, place)
        return self

    def on_floor(self, agent: int, first: int = 0, end: int | None = None) -> "Scene":
        self.states.level[first:end, agent] = FLOOR
        return self

    def unlockable(self, thing: int) -> "Scene":
        self.layout.thing_lockable[0, thing] = False
        return self

    def _way(self, keys: Sequence[Sequence[float]], numbers: int) -> np.ndarray:
        rows = [(0, *keys[0])] if len(keys) == 1 and len(keys[0]) == numbers else keys
        moments, *columns = np.array(rows, float).T
        return np.stack([np.interp(np.arange(self.ticks + 1), moments, column) for column in columns], axis=1)

    def trace(self, symmetry: int = 0) -> Trace:
        """What strategies are found in, in an image of the world."""
        layout, states = image(symmetry, self.layout, self.states, FLOOR_M)
        many = type(layout)(*(np.repeat(column, self.ticks + 1, axis=0) for column in layout))
        seen = look_at_agents(SLOTS, many, states).copy()
        seen[: self.preparation, SLOTS.hiders :] = False
        return trace_episode(SLOTS, layout, states, seen, self.preparation)


def found(name: str, scene: Scene, symmetry: int = 0) -> list[list[int]]:
    """Moment, agent, thing and other of each occurrence of a strategy in a scene."""
    return by_name(name).find(scene.trace(symmetry))[:, 1:].tolist()


def cases(scenes: Sequence[Scene]) -> list[Any]:
    """The parameters of a test that looks at each scene in an image of its own: (scene, symmetry)."""
    return [pytest.param(scene, k % SYMMETRIES, id=f"{k}: {scene.label}") for k, scene in enumerate(scenes)]


INSIDE = ((5.45, 0.2), (5.8, 0.25))
"""Two hiders in the lower right corner of the floor."""
CORNER = ((5.63, 0.87, 0.0), (4.85, 0.37, 0.0))
"""Two square boxes around them, with 4 cm between."""
PARKED = ((1.0, 5.0, 0.0), (1.0, 5.3, 0.0), (3.0, 5.0, 0.0), (3.0, 5.3, 0.0))
"""Where things lie at first."""
OUTSIDE = ((0.3, 3.6), (4.8, 4.6))
"""Two seekers."""


def built(label: str, poses, by: Sequence[int], half=SQUARE, inside=INSIDE, outside=OUTSIDE, since=1) -> Scene:
    """Things are brought to their poses one after the other, thing k by agent `by[k]`, on an open floor. The end of
    preparation is moment 8, the end 16.
    """
    scene = Scene(label, 16, 8)
    for thing, (pose, agent) in enumerate(zip(poses, by, strict=True)):
        scene.bring(thing, PARKED[thing], pose, agent, since + thing, since + thing + 1, half)
    return scene.people(inside, outside)


def ring(spread: float = 0.0) -> tuple[Pose, ...]:
    """Four elongated boxes around (2.6, 3.0), their ends 1 cm apart and `spread` more."""
    d = spread
    return (1.99 - d, 3.0, UP), (3.21 + d, 3.0, UP), (2.6, 3.91 + d, 0.0), (2.6, 2.09 - d, 0.0)


def bay(base: float = 0.0, spread: float = 0.0, x: float = 2.6) -> tuple[Pose, ...]:
    """Three elongated boxes around (x, base + 0.8), open towards y = base."""
    side, y = 0.61 + spread, base + 0.835 + spread
    return (x - side, y, UP), (x + side, y, UP), (x, base + 1.745 + 2 * spread, 0.0)


IN_RING, IN_BAY = ((2.4, 2.8), (2.8, 3.2)), ((2.4, 0.5), (2.8, 0.8))
