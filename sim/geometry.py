"""Geometry that several rooms of the house need."""

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
