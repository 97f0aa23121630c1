"""What agents do on the upper level: they climb ramps, cross walls, and surf.

- An agent *climbs* a ramp when it rises to the upper level inside that ramp.
- It *crosses* an inner wall when its centre enters the wall's rectangle on one side and leaves it on the other, on the
  upper level all the way. Turning back on the wall is no crossing, and neither is walking through a door.
- It *surfs* while, on the upper level, it holds the thing it stands on, if the thing moves at least `SURF_M` away from
  where it was when the agent took hold of it.

It does not matter who moves the thing: an agent also surfs on a box that others drag. Nor does it matter what a
crossing leads to; sight shows whether it led to an opponent.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.intervals import intervals
from sim.climb import UPPER
from sim.geometry import distance_to_rectangle
from sim.layout import Layout, Slots
from sim.state import FREE, State, X, Y

SURF_M = 1.0
"""How far a thing must move for a ride to count."""
_SET_OFF_M = 0.1
"""How far it must be from its first place to be seen to move."""


class Climb(NamedTuple):
    """An agent climbed a ramp."""

    tick: int
    """The first moment at which it is on the upper level."""
    agent: int
    ramp: int
    """The number of that thing."""


class Crossing(NamedTuple):
    """An agent crossed an inner wall."""

    tick: int
    """The first moment at which its centre is on the other side."""
    agent: int
    wall: int


class Ride(NamedTuple):
    """An agent surfed."""

    first: int
    """The first moment at which it holds the thing."""
    last: int
    """The last moment at which it does."""
    agent: int
    thing: int
    metres: float
    """The largest distance of the thing from where it was at first."""
    moving: int
    """The first moment at which the thing is seen to move."""


def climbs(layout: Layout, states: State, slots: Slots) -> list[Climb]:
    """Every climb of one episode, in order of time; the first axis of `states` is time."""
    upstairs = states.level == UPPER
    lifted = np.argwhere(upstairs[1:] & ~upstairs[:-1]).tolist()
    ramps = [slots.boxes + ramp for ramp in np.flatnonzero(layout.thing_exists[0, slots.boxes :]).tolist()]
    return [Climb(t + 1, agent, _thing_at(layout, states, t + 1, agent, ramps)) for t, agent in lifted if ramps]


def crossings(layout: Layout, states: State) -> list[Crossing]:
    """Every crossing of one episode, in order of time; the first axis of `states` is time."""
    upstairs = states.level == UPPER
    found = []
    for agent in np.flatnonzero(upstairs.any(axis=0)).tolist():
        path = states.agents[:, agent, [X, Y]]
        aloft = upstairs[1:, agent] | upstairs[:-1, agent]
        for wall in np.flatnonzero(layout.wall_exists[0]).tolist():
            corners = layout.walls[0, wall]
            thin = int(np.argmin(corners[2:] - corners[:2]))
            side = (path[:, thin] > corners[2 + thin]).astype(int) - (path[:, thin] < corners[thin])
            for first, end in intervals(aloft & _touches(path[:-1], path[1:], corners)):
                if side[first] * side[end] < 0:
                    found.append(Crossing(end, agent, wall))
    return sorted(found)


def rides(states: State) -> list[Ride]:
    """Every ride of one episode, in order of time; the first axis of `states` is time."""
    found = []
    for agent in range(states.held.shape[1]):
        held = np.where(states.level[:, agent] == UPPER, states.held[:, agent], FREE)
        for thing in np.unique(held[held != FREE]).tolist():
            for first, end in intervals(held == thing):
                path = states.things[first:end, thing, [X, Y]]
                metres = np.hypot(*(path - path[0]).T)
                if metres.max() >= SURF_M:
                    moving = first + int(np.argmax(metres >= _SET_OFF_M))
                    found.append(Ride(first, end - 1, agent, thing, float(metres.max()), moving))
    return sorted(found)


def _thing_at(layout: Layout, states: State, tick: int, agent: int, things: list[int]) -> int:
    """The one of these things that contains an agent's centre, or is nearest to it."""
    (x, y), poses = states.agents[tick, agent, [X, Y]].tolist(), states.things[tick]

    def distance(thing: int) -> float:
        return distance_to_rectangle(x, y, poses[thing], *layout.thing_half[0, thing])

    return min(things, key=distance)


def _touches(start: np.ndarray, end: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """bool [step]: whether the segment from `start` to `end` (float [step, 2]) touches a rectangle."""
    way = np.where(end == start, 1e-12, end - start)
    one, other = (corners[:2] - start) / way, (corners[2:] - start) / way
    near, far = np.minimum(one, other).max(axis=1), np.maximum(one, other).min(axis=1)
    return np.maximum(near, 0.0) <= np.minimum(far, 1.0)
