"""Geometry of points and turned rectangles."""

import math

from sim.jit import compiled
from sim.state import ANGLE, X, Y


@compiled
def distance_to_rectangle(x, y, pose, half_x, half_y):
    """Metres from a point to a rectangle in a pose (x, y, angle, ...); 0 inside."""
    dx, dy = x - pose[X], y - pose[Y]
    cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
    out_x = max(abs(cos * dx + sin * dy) - half_x, 0.0)
    out_y = max(abs(cos * dy - sin * dx) - half_y, 0.0)
    return math.sqrt(out_x * out_x + out_y * out_y)


@compiled
def nearest_in_rectangle(x, y, pose, half_x, half_y):
    """The point of a rectangle in a pose (x, y, angle, ...) that is nearest to a point."""
    dx, dy = x - pose[X], y - pose[Y]
    cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
    at_x = min(max(cos * dx + sin * dy, -half_x), half_x)
    at_y = min(max(cos * dy - sin * dx, -half_y), half_y)
    return pose[X] + cos * at_x - sin * at_y, pose[Y] + sin * at_x + cos * at_y


@compiled
def way_into_rectangle(x, y, pose, half_x, half_y):
    """Metres from a point straight towards a rectangle's centre until the rectangle begins; 0 inside."""
    dx, dy = x - pose[X], y - pose[Y]
    cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
    at_x, at_y = abs(cos * dx + sin * dy), abs(cos * dy - sin * dx)
    outside_x = (at_x - half_x) / at_x if at_x > half_x else 0.0
    outside_y = (at_y - half_y) / at_y if at_y > half_y else 0.0
    return max(outside_x, outside_y) * math.sqrt(dx * dx + dy * dy)
