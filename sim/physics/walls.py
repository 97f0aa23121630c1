"""Walls as rectangles, and how bodies that overlap them are moved out.

Chipmunk detects an overlap after it has happened and, with a body squeezed between immovable things, may not undo it.
So at the end of every tick a body that is deeper in a wall than `max_overlap_m` is moved straight out to that depth;
the solver takes care of its velocity. A thing that is longer than a room is wide can be wedged so that no shift frees
it; then it is turned as well.
"""

import math

from sim.jit import compiled
from sim.state import ANGLE, X, Y

OUTER_WALLS = 4
"""The floor's borders come first among a world's walls; only they stand in the way of agents on the upper level."""

_OUTER_THICKNESS_M = 0.5
_SHIFTS, _ROUNDS = 64, 256
"""A body in a corner is moved out of one wall and then the other; in a sharp one that takes some rounds, and many where
a thing is aslant between two walls that are hardly further apart than it is wide. After _SHIFTS of them it is wedged.
"""
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
def box_overlap(box, x0, y0, x1, y1):
    """Depth of a turned rectangle in an upright one (negative outside), and the direction out of it.

    The least depth over the four axes on which two rectangles can be apart. `box` is x, y, cos, sin, half_x, half_y.
    """
    x, y, cos, sin, half_x, half_y = box
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
def depth_in_thing(x, y, angle, half_x, half_y, pose, half):
    """Depth of a turned rectangle in a thing, of half sides `half`; negative outside."""
    dx, dy, turn = x - pose[X], y - pose[Y], angle - pose[ANGLE]
    cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
    at_x, at_y = cos * dx + sin * dy, cos * dy - sin * dx
    box = (at_x, at_y, math.cos(turn), math.sin(turn), half_x, half_y)
    depth, _, _ = box_overlap(box, -half[0], -half[1], half[0], half[1])
    return depth


@compiled
def _touched_point(box, wall, out):
    """Where a wall (x0, y0, x1, y1) and a turned rectangle in it touch, seen from the rectangle's middle: the deepest
    corner, of the rectangle if the way out is the wall's own axis, else of the wall.
    """
    (x, y, cos, sin, half_x, half_y), (x0, y0, x1, y1), (out_x, out_y) = box, wall, out
    if abs(out_x) == 1.0 or abs(out_y) == 1.0:
        along = -math.copysign(half_x, cos * out_x + sin * out_y)
        across = -math.copysign(half_y, cos * out_y - sin * out_x)
        return cos * along - sin * across, sin * along + cos * across
    return (x1 if out_x > 0.0 else x0) - x, (y1 if out_y > 0.0 else y0) - y


@compiled
def _turn_out(pose, excess, point, out, half):
    """Moves and turns a rectangle of half sides `half` until one of its points has come so far out, by the least
    effort (position-based dynamics, Müller et al. 2007).
    """
    (point_x, point_y), (out_x, out_y), (half_x, half_y) = point, out, half
    lever = point_x * out_y - point_y * out_x
    inertia = (half_x * half_x + half_y * half_y) / 3.0  # of a body of mass 1
    push = excess / (1.0 + lever * lever / inertia)
    pose[X] += push * out_x
    pose[Y] += push * out_y
    pose[ANGLE] += push * lever / inertia


@compiled
def free_body(rules, layout, pose, w, walls, shape):
    """Moves a body out of the first `walls` walls, in `pose`; True if it had to.

    `shape` is radius, half_x, half_y: a disc if the radius is above 0, else a rectangle.
    """
    radius, half_x, half_y = shape
    moved = False
    for number in range(_ROUNDS):
        cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
        again = False
        for wall in range(walls):
            if is_wall(layout, w, wall):
                x0, y0, x1, y1 = wall_corners(layout, w, wall)
                if radius > 0.0:
                    depth, out_x, out_y = disc_overlap(pose[X], pose[Y], radius, x0, y0, x1, y1)
                else:
                    box = (pose[X], pose[Y], cos, sin, half_x, half_y)
                    depth, out_x, out_y = box_overlap(box, x0, y0, x1, y1)
                excess = depth - rules.max_overlap_m
                if excess > _ROUNDING_M:
                    if number < _SHIFTS or radius > 0.0:
                        pose[X] += excess * out_x
                        pose[Y] += excess * out_y
                    else:
                        box, out = (pose[X], pose[Y], cos, sin, half_x, half_y), (out_x, out_y)
                        point = _touched_point(box, (x0, y0, x1, y1), out)
                        _turn_out(pose, excess, point, out, (half_x, half_y))
                    moved = again = True
        if not again:
            break
    return moved
