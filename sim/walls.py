"""Walls as rectangles, and how what is left inside them is taken out.

Chipmunk detects an overlap after it has happened and, with a body squeezed between immovable things, may
leave it there. So at the end of every tick a body that is deeper in a wall than `max_overlap_m` is moved
straight out to that depth; its velocity is left to the solver.
"""

import math

from sim.jit import compiled
from sim.state import ANGLE, X, Y

OUTER_WALLS = 4
"""The floor's borders come first among a world's walls; only they stand in the way of agents on the upper level."""

_OUTER_THICKNESS_M = 0.5
_ROUNDS = 64
"""A body in a corner is moved out of one wall and then the other; in a sharp one that takes some rounds, and many where
a thing has been wedged aslant between two walls that are closer than it is long."""
_ROUNDING_M = 1e-9
"""A body that was just moved out to the allowed depth is not moved again for the last digit of it."""


@compiled
def wall_corners(layout, w, wall):
    """x0, y0, x1, y1 of a space's wall: the four borders of the floor, then the inner walls."""
    side, thick = layout.floor[w], _OUTER_THICKNESS_M
    if wall == 0:
        return -thick, -thick, 0.0, side + thick
    if wall == 1:
        return side, -thick, side + thick, side + thick
    if wall == 2:
        return -thick, -thick, side + thick, 0.0
    if wall == 3:
        return -thick, side, side + thick, side + thick
    inner = layout.walls[w, wall - OUTER_WALLS]
    return inner[0], inner[1], inner[2], inner[3]


@compiled
def walls_in_the_way(layout, level):
    """How many of a world's walls, counted from the first, stand in the way on a level."""
    return OUTER_WALLS + (layout.walls.shape[1] if level == 0 else 0)


@compiled
def is_wall(layout, w, wall):
    """Whether a world has this wall."""
    return wall < OUTER_WALLS or layout.wall_exists[w, wall - OUTER_WALLS]


@compiled
def disc_overlap(x, y, radius, x0, y0, x1, y1):
    """Depth of a disc in a rectangle (negative outside), and the direction out of it.

    The disc's centre is outside the rectangle; nothing gets further in within one tick.
    """
    dx, dy = x - min(max(x, x0), x1), y - min(max(y, y0), y1)
    distance = math.sqrt(dx * dx + dy * dy)
    if distance == 0.0:
        return -1.0, 0.0, 0.0
    return radius - distance, dx / distance, dy / distance


@compiled
def box_overlap(x, y, cos, sin, half_x, half_y, x0, y0, x1, y1):
    """Depth of a turned rectangle in an upright one (negative outside), and the direction out of it.

    The least depth over the four axes on which two rectangles can be apart.
    """
    dx, dy = x - 0.5 * (x0 + x1), y - 0.5 * (y0 + y1)
    wall_x, wall_y = 0.5 * (x1 - x0), 0.5 * (y1 - y0)
    cross, along = abs(cos), abs(sin)
    depth_x = wall_x + cross * half_x + along * half_y - abs(dx)
    depth_y = wall_y + along * half_x + cross * half_y - abs(dy)
    on_x, on_y = cos * dx + sin * dy, cos * dy - sin * dx
    depth_a = half_x + cross * wall_x + along * wall_y - abs(on_x)
    depth_b = half_y + along * wall_x + cross * wall_y - abs(on_y)
    best = min(min(depth_x, depth_y), min(depth_a, depth_b))
    if best == depth_x:
        return best, math.copysign(1.0, dx), 0.0
    if best == depth_y:
        return best, 0.0, math.copysign(1.0, dy)
    sign = math.copysign(1.0, on_x if best == depth_a else on_y)
    return (best, sign * cos, sign * sin) if best == depth_a else (best, -sign * sin, sign * cos)


@compiled
def free_body(rules, layout, pose, w, walls, radius, half_x, half_y):
    """Moves a disc (of a radius above 0) or else a rectangle out of the first so many walls, in `pose`; True if it
    had to.
    """
    moved = False
    cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
    for _ in range(_ROUNDS):
        again = False
        for wall in range(walls):
            if is_wall(layout, w, wall):
                x0, y0, x1, y1 = wall_corners(layout, w, wall)
                if radius > 0.0:
                    depth, out_x, out_y = disc_overlap(pose[X], pose[Y], radius, x0, y0, x1, y1)
                else:
                    depth, out_x, out_y = box_overlap(pose[X], pose[Y], cos, sin, half_x, half_y, x0, y0, x1, y1)
                if depth > rules.max_overlap_m + _ROUNDING_M:
                    pose[X] += (depth - rules.max_overlap_m) * out_x
                    pose[Y] += (depth - rules.max_overlap_m) * out_y
                    moved = again = True
        if not again:
            break
    return moved
