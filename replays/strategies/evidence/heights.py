"""What agents do with the upper level: they climb ramps, get over walls, and surf.

An agent *climbs* a ramp when it is lifted to the upper level in it. It *gets over* an inner wall when it comes onto
it upstairs from one side, by way of its centre, and leaves it on the other; who turns back on the wall does not, and
whoever walks through a door never was on it. It *surfs* while it holds upstairs the thing it stands on, if that takes
the thing `SURF_M` or more from where it was when the agent took hold of it.

Who moved the thing does not matter: an agent that clings to a box others drag is carried all the same. Nor does it
matter what getting over a wall is good for: sight says whether it led to an opponent.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.intervals import intervals
from sim.climb import UPPER
from sim.geometry import distance_to_rectangle
from sim.layout import Layout, Slots
from sim.state import FREE, State, X, Y

SURF_M = 1.0
"""How far a thing must come for a ride to count."""


class Climb(NamedTuple):
    """An agent was lifted to the upper level."""

    tick: int
    """The first moment at which it is there."""
    agent: int
    ramp: int
    """The thing that it climbed."""


class Crossing(NamedTuple):
    """An agent got over an inner wall."""

    tick: int
    """The first moment at which its centre is beyond."""
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
    """How far the thing came at most from where it was at first."""


def climbs(layout: Layout, states: State, slots: Slots) -> list[Climb]:
    """Every climb of one episode, in order of time; the first axis of `states` is time."""
    upstairs = states.level == UPPER
    lifted = np.argwhere(upstairs[1:] & ~upstairs[:-1]).tolist()
    ramps = [slots.boxes + ramp for ramp in np.flatnonzero(layout.thing_exists[0, slots.boxes :]).tolist()]
    return [Climb(t + 1, agent, _thing_at(layout, states, t + 1, agent, ramps)) for t, agent in lifted if ramps]


def crossings(layout: Layout, states: State) -> list[Crossing]:
    """Every wall that agents got over in one episode, in order of time; the first axis of `states` is time."""
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
                metres = float(np.hypot(*(path - path[0]).T).max())
                if metres >= SURF_M:
                    found.append(Ride(first, end - 1, agent, thing, metres))
    return sorted(found)


def _thing_at(layout: Layout, states: State, tick: int, agent: int, things: list[int]) -> int:
    """Which of these things an agent's centre is in, or nearest to."""
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
