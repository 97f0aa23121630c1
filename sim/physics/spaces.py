"""pymunk spaces for N worlds: where their structs are, and what is put into them at a start.

Spaces, bodies, shapes and joints are built with pymunk's ordinary API (`sim.physics.pool`); after that compiled kernels
move them through `sim.physics.intrinsics`, at C speed.

Chipmunk keeps hidden things in a space that was used (cached contacts, index order). So a reset, and a
restore, takes everything out of the space and adds it again in a fixed order: an episode's bytes depend on
its start state and actions alone, never on what the space went through before.
"""

from typing import NamedTuple

import numpy as np

from sim.climb import RAMP_SIDES, ramp_side
from sim.fill import clear_row
from sim.jit import allocating, compiled
from sim.physics.following import fix, follow_levels, join, part
from sim.physics.intrinsics import call_with_array, call_with_double, call_with_pointer, store
from sim.physics.walls import OUTER_WALLS, wall_corners
from sim.state import ANGLE, FREE, SPIN, VX, VY, X, Y


class Spaces(NamedTuple):
    """Addresses of Chipmunk's structs (int64), and what each space holds at present."""

    space: np.ndarray
    """[world]"""
    walls: np.ndarray
    """[world, OUTER_WALLS + wall]: shapes on the space's static body."""
    agent_bodies: np.ndarray
    """[world, agent]"""
    agent_shapes: np.ndarray
    """[world, agent]"""
    thing_bodies: np.ndarray
    """[world, thing]"""
    thing_shapes: np.ndarray
    """[world, thing]"""
    ramp_sides: np.ndarray
    """[world, ramp * RAMP_SIDES]: what agents on the floor meet of each ramp."""
    pivots: np.ndarray
    """[world, agent]: one pivot joint for each agent's hands."""
    gears: np.ndarray
    """[world, agent]: and one gear joint."""
    walls_in: np.ndarray
    """bool, like walls: in the space now."""
    agents_in: np.ndarray
    """bool [world, agent]"""
    things_in: np.ndarray
    """bool [world, thing]"""
    ramp_sides_in: np.ndarray
    """bool, like ramp_sides"""
    upstairs: np.ndarray
    """bool [world, agent]: collides as agents on the upper level do."""
    joined: np.ndarray
    """int8 [world, agent]: the thing an agent's joints tie it to, or FREE."""
    fixed: np.ndarray
    """bool [world, thing]: immovable now."""


@allocating
def _set_rectangle(c, shape, x0, y0, x1, y1):
    vertices = np.array([x1, y0, x1, y1, x0, y1, x0, y0])
    call_with_array(c.poly_set_vertices, shape, 4, vertices.ctypes.data)


@compiled
def _remove_shapes(c, space, shapes, inside):
    for k in range(shapes.shape[0]):
        if inside[k]:
            call_with_pointer(c.space_remove_shape, space, shapes[k])


@compiled
def _remove_bodies(c, space, bodies, inside):
    for k in range(bodies.shape[0]):
        if inside[k]:
            call_with_pointer(c.space_remove_body, space, bodies[k])
            inside[k] = False


@compiled
def clear(c, spaces, push, w):
    """Takes everything out of a space.

    The bodies are left alone in it for one step first: that uses up the bias velocities with which Chipmunk
    was about to push overlapping bodies apart.
    """
    space = spaces.space[w]
    for agent in range(spaces.joined.shape[1]):
        if spaces.joined[w, agent] != FREE:
            part(c, spaces, w, agent)
    _remove_shapes(c, space, spaces.agent_shapes[w], spaces.agents_in[w])
    _remove_shapes(c, space, spaces.thing_shapes[w], spaces.things_in[w])
    _remove_shapes(c, space, spaces.walls[w], spaces.walls_in[w])
    _remove_shapes(c, space, spaces.ramp_sides[w], spaces.ramp_sides_in[w])
    clear_row(spaces.walls_in[w])
    clear_row(spaces.ramp_sides_in[w])
    call_with_double(c.space_step, space, push.substep_s)
    _remove_bodies(c, space, spaces.agent_bodies[w], spaces.agents_in[w])
    _remove_bodies(c, space, spaces.thing_bodies[w], spaces.things_in[w])
    call_with_pointer(c.space_set_shape_id_counter, space, 0)


@compiled
def _add_body(c, space, body, shape, pose):
    """Adds a body in a pose; the index of moving shapes also looks at velocities, so they are set first."""
    store(body + c.position, pose[X])
    store(body + c.position + 8, pose[Y])
    store(body + c.velocity, pose[VX])
    store(body + c.velocity + 8, pose[VY])
    store(body + c.spin, pose[SPIN])
    call_with_double(c.body_set_angle, body, pose[ANGLE])
    call_with_pointer(c.space_add_body, space, body)
    call_with_pointer(c.space_add_shape, space, shape)


@compiled
def place(c, spaces, rules, push, layout, state, w):
    """Brings a space to the canonical form of a Layout and State: a start, or a restore."""
    clear(c, spaces, push, w)
    space = spaces.space[w]
    for wall in range(spaces.walls.shape[1]):
        if wall < OUTER_WALLS or layout.wall_exists[w, wall - OUTER_WALLS]:
            x0, y0, x1, y1 = wall_corners(layout, w, wall)
            _set_rectangle(c, spaces.walls[w, wall], x0, y0, x1, y1)
            call_with_pointer(c.space_add_shape, space, spaces.walls[w, wall])
            spaces.walls_in[w, wall] = True
    for agent in range(spaces.agent_bodies.shape[1]):
        if layout.agent_exists[w, agent]:
            body, shape = spaces.agent_bodies[w, agent], spaces.agent_shapes[w, agent]
            _add_body(c, space, body, shape, state.agents[w, agent])
            spaces.agents_in[w, agent] = True
    for thing in range(spaces.thing_bodies.shape[1]):
        if layout.thing_exists[w, thing]:
            body, shape = spaces.thing_bodies[w, thing], spaces.thing_shapes[w, thing]
            half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
            _set_rectangle(c, shape, -half_x, -half_y, half_x, half_y)
            spaces.fixed[w, thing] = not state.lock[w, thing]  # so that the next line sets it afresh
            fix(c, spaces, rules, layout, state, w, thing)
            _add_body(c, space, body, shape, state.things[w, thing])
            spaces.things_in[w, thing] = True
            _add_ramp_sides(c, spaces, rules, w, thing, half_x, half_y)
    follow_levels(c, spaces, state, w)
    for agent in range(spaces.agent_bodies.shape[1]):
        if state.held[w, agent] != FREE:
            join(c, spaces, state, w, agent)


@compiled
def _add_ramp_sides(c, spaces, rules, w, thing, half_x, half_y):
    """Adds the sides of a thing that is a ramp; ramps are the last things."""
    first = RAMP_SIDES * (thing - spaces.thing_bodies.shape[1]) + spaces.ramp_sides.shape[1]
    for side in range(RAMP_SIDES if first >= 0 else 0):
        shape = spaces.ramp_sides[w, first + side]
        x0, y0, x1, y1 = ramp_side(rules, half_x, half_y, side)
        _set_rectangle(c, shape, x0, y0, x1, y1)
        call_with_pointer(c.space_add_shape, spaces.space[w], shape)
        spaces.ramp_sides_in[w, first + side] = True
