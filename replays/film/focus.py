"""The part of the floor where things happen, for pictures that have no room for all of it."""

from typing import NamedTuple

import numpy as np

from replays.format.recording import Recording
from sim.render.canvas import MARGIN_M, Camera

_AROUND_M = 0.75
"""How much of the floor is shown around hiders and things."""
_CLOSEST = 2.0
"""How many times larger than if it showed the whole floor a picture is at most."""


class Focus(NamedTuple):
    """A square, in metres; parts of it may lie outside the floor."""

    left: float
    bottom: float
    side: float
    whole: float
    """Side of the whole floor with its border, whose corner lies at minus the border."""


def focus_of(recording: Recording) -> Focus:
    """The square in which hiders, things and doors are over time, within the floor and its border."""
    layout, states = recording.layout, recording.states
    hiders = np.flatnonzero(layout.agent_exists[0, : recording.header.slots.hiders])
    things, doors = np.flatnonzero(layout.thing_exists[0]), np.flatnonzero(layout.door_exists[0])
    floor = float(layout.floor[0])
    whole = floor + 2 * MARGIN_M
    moving = (states.agents[:, hiders, :2], states.things[:, things, :2], layout.doors[0, doors].reshape(-1, 2))
    places = np.concatenate([where.reshape(-1, 2) for where in moving])
    if not len(places):
        return Focus(-MARGIN_M, -MARGIN_M, whole, whole)
    places = np.clip(places, 0.0, floor)
    low, high = places.min(axis=0) - _AROUND_M, places.max(axis=0) + _AROUND_M
    side = min(max(float((high - low).max()), whole / _CLOSEST), whole)
    corner = np.clip((low + high) / 2 - side / 2, -MARGIN_M, floor + MARGIN_M - side)
    return Focus(float(corner[0]), float(corner[1]), side, whole)


def camera_on(size: tuple[int, int], focus: Focus) -> Camera:
    """The camera that shows a square in an area of this size, as large as it fits.

    The square lies in the middle, or to one side where beyond it there would be nothing and before it there is floor.
    """
    scale = max(min(size), 1) / focus.side
    left, bottom = (
        _start(low, focus, length / scale) for low, length in ((focus.left, size[0]), (focus.bottom, size[1]))
    )
    # Whole pixels, so that what is drawn straight onto them keeps its shape.
    return Camera(round(-scale * left), round(size[1] + scale * bottom), scale)


def _start(low: float, focus: Focus, length: float) -> float:
    """Where in the world, in metres, an area begins that is `length` long and shows the square from `low` on."""
    room = focus.whole - length
    start = low - (length - focus.side) / 2
    return min(max(start, -MARGIN_M), -MARGIN_M + room) if room > 0 else -MARGIN_M + room / 2
