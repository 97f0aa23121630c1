"""Whether a thing at a place keeps clear of what is in a new world already: what the ways of placing things share.

A place is x, y and angle; `half` is half of the thing's length and width, more where it is to keep a distance.
"""

import math

from sim.climb import FLOOR
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.physics.walls import box_overlap, depth_in_thing, is_wall, wall_corners, walls_in_the_way
from sim.state import X, Y


@compiled
def clear_of_walls(world, place, half, depth_m):
    """Whether it overlaps no wall by more than a depth; the floor's borders are walls as well."""
    layout, w, (x, y, angle) = world.layout, world.w, place
    cos, sin, half_x, half_y = math.cos(angle), math.sin(angle), half[0], half[1]
    for wall in range(walls_in_the_way(layout, FLOOR)):
        if is_wall(layout, w, wall):
            x0, y0, x1, y1 = wall_corners(layout, w, wall)
            if box_overlap((x, y, cos, sin, half_x, half_y), x0, y0, x1, y1)[0] > depth_m:
                return False
    return True


@compiled
def clear_of_doors(world, place, half, apart_m):
    """Whether it is at least `apart_m` from the middle of every door."""
    layout, w = world.layout, world.w
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            if distance_to_rectangle(0.5 * (x0 + x1), 0.5 * (y0 + y1), place, half[0], half[1]) < apart_m:
                return False
    return True


@compiled
def clear_of_things(world, place, half, things, depth_m):
    """Whether it overlaps none of the things 0..things-1 by more than a depth."""
    layout, state, w, (x, y, angle) = world.layout, world.state, world.w, place
    for other in range(things):
        if layout.thing_exists[w, other]:
            pose, size = state.things[w, other], layout.thing_half[w, other]
            around = math.hypot(half[0], half[1]) + math.hypot(size[0], size[1])
            near = (x - pose[X]) ** 2 + (y - pose[Y]) ** 2 <= around * around
            if near and depth_in_thing(x, y, angle, half[0], half[1], pose, size) > depth_m:
                return False
    return True
