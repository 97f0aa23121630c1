"""pymunk spaces for N worlds, advanced at C speed.

Spaces, bodies, shapes and joints are built with pymunk's ordinary API; after that a compiled kernel
moves them through `sim.physics.chipmunk`. State is the truth: before a tick the kernel brings Chipmunk's joints,
locked bodies and filters in line with `State.held`, `State.lock` and `State.level`, afterwards it reads the poses back.

Chipmunk keeps hidden things in a space that was used (cached contacts, index order). So a reset, and a
restore, takes everything out of the space and adds it again in a fixed order: an episode's bytes depend on
its start state and actions alone, never on what the space went through before.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.climb import FLOOR, RAMP_SIDES, ramp_side
from sim.fill import clear_row
from sim.jit import allocating, compiled
from sim.physics.bodies import AGENT_FILTERS
from sim.physics.chipmunk import (
    DYNAMIC,
    KINEMATIC,
    call_for_double,
    call_with_array,
    call_with_double,
    call_with_int,
    call_with_pointer,
    load,
    store,
    store_bits,
    store_pointer,
)
from sim.physics.walls import OUTER_WALLS, free_body, wall_corners, walls_in_the_way
from sim.rules import Rules
from sim.state import ANGLE, FREE, SPIN, VX, VY, X, Y

_FLOOR_KIND, _FLOOR_MASK = AGENT_FILTERS[0].categories, AGENT_FILTERS[0].mask
_UPPER_KIND, _UPPER_MASK = AGENT_FILTERS[1].categories, AGENT_FILTERS[1].mask


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


class Drive(NamedTuple):
    """What follows from the rules, computed once."""

    substep_s: float
    force_n: float
    torque_nm: float
    max_speed_mps: float


def drive(rules: Rules) -> Drive:
    """Force and torque that hold the free speeds against the drag, and the speed cap of any point."""
    substep = rules.tick_s / rules.substeps
    lost = 1.0 - math.exp(-substep / rules.drag_time_s)
    return Drive(
        substep_s=substep,
        force_n=rules.agent_mass_kg * rules.free_speed_mps * lost / substep,
        torque_nm=rules.agent_moment_kg_m2 * rules.free_spin_radps * lost / substep,
        max_speed_mps=rules.max_travel_m / substep,
    )


@compiled
def thing_moment(rules, half_x, half_y):
    """Moment of inertia of a solid rectangle."""
    return rules.thing_mass_kg * (half_x * half_x + half_y * half_y) / 3.0


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
            _part(c, spaces, w, agent)
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
            _fix(c, spaces, rules, layout, state, w, thing)
            _add_body(c, space, body, shape, state.things[w, thing])
            spaces.things_in[w, thing] = True
            _add_ramp_sides(c, spaces, rules, w, thing, half_x, half_y)
    _follow_levels(c, spaces, state, w)
    for agent in range(spaces.agent_bodies.shape[1]):
        if state.held[w, agent] != FREE:
            _join(c, spaces, state, w, agent)


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


@compiled
def _follow_levels(c, spaces, state, w):
    """Makes each agent collide as those of its level do."""
    for agent in range(spaces.agent_shapes.shape[1]):
        upstairs = state.level[w, agent] != FLOOR
        if spaces.upstairs[w, agent] != upstairs:
            shape = spaces.agent_shapes[w, agent]
            store_bits(shape + c.categories, _UPPER_KIND if upstairs else _FLOOR_KIND)
            store_bits(shape + c.mask, _UPPER_MASK if upstairs else _FLOOR_MASK)
            spaces.upstairs[w, agent] = upstairs


@compiled
def _fix(c, spaces, rules, layout, state, w, thing):
    """Makes a thing immovable or movable, as its lock says. Kinematic bodies yield to nothing."""
    locked = state.lock[w, thing] != 0
    if spaces.fixed[w, thing] == locked:
        return
    body = spaces.thing_bodies[w, thing]
    if locked:
        # No time passes in this: it clears what the solver still wants to move the body by, out of an overlap.
        call_with_double(c.body_update_position, body, 0.0)
        call_with_int(c.body_set_type, body, KINEMATIC)
    else:
        call_with_int(c.body_set_type, body, DYNAMIC)
        call_with_double(c.body_set_mass, body, rules.thing_mass_kg)
        moment = thing_moment(rules, layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1])
        call_with_double(c.body_set_moment, body, moment)
    spaces.fixed[w, thing] = locked


@compiled
def _join(c, spaces, state, w, agent):
    """Ties an agent and what it holds together in the pose frozen in `State.hold`."""
    thing = state.held[w, agent]
    body = spaces.thing_bodies[w, thing]
    pivot, gear = spaces.pivots[w, agent], spaces.gears[w, agent]
    store_pointer(pivot + c.body_b, body)
    store_pointer(gear + c.body_b, body)
    store(pivot + c.anchor_a, state.hold[w, agent, 0])
    store(pivot + c.anchor_a + 8, state.hold[w, agent, 1])
    store(pivot + c.pivot_impulse, 0.0)
    store(pivot + c.pivot_impulse + 8, 0.0)
    store(gear + c.gear_impulse, 0.0)
    call_with_double(c.gear_set_phase, gear, state.hold[w, agent, 2])
    call_with_pointer(c.space_add_constraint, spaces.space[w], pivot)
    call_with_pointer(c.space_add_constraint, spaces.space[w], gear)
    spaces.joined[w, agent] = thing


@compiled
def _part(c, spaces, w, agent):
    call_with_pointer(c.space_remove_constraint, spaces.space[w], spaces.pivots[w, agent])
    call_with_pointer(c.space_remove_constraint, spaces.space[w], spaces.gears[w, agent])
    spaces.joined[w, agent] = FREE


@compiled
def _still_joined(c, spaces, state, w, agent):
    """Whether an agent's joints are those of its present hold: a hold may end and be taken anew between two ticks."""
    pivot = spaces.pivots[w, agent]
    return (
        spaces.joined[w, agent] == state.held[w, agent]
        and load(pivot + c.anchor_a) == state.hold[w, agent, 0]
        and load(pivot + c.anchor_a + 8) == state.hold[w, agent, 1]
    )


@compiled
def follow_state(c, spaces, rules, layout, state, w):
    """Brings joints, locked bodies and what agents collide with in line with the State."""
    _follow_levels(c, spaces, state, w)
    for agent in range(spaces.joined.shape[1]):
        if spaces.joined[w, agent] != FREE and not _still_joined(c, spaces, state, w, agent):
            _part(c, spaces, w, agent)
    for thing in range(spaces.fixed.shape[1]):
        if spaces.things_in[w, thing]:
            _fix(c, spaces, rules, layout, state, w, thing)
    for agent in range(spaces.joined.shape[1]):
        if spaces.joined[w, agent] == FREE and state.held[w, agent] != FREE:
            _join(c, spaces, state, w, agent)


@compiled
def speed_scale(push, vx, vy, spin, radius):
    """The factor that keeps the fastest point of a body (`radius` from its centre) at the speed cap."""
    speed = math.sqrt(vx * vx + vy * vy) + abs(spin) * radius
    return push.max_speed_mps / speed if speed > push.max_speed_mps else 1.0


@compiled
def _cap(c, push, body, radius):
    vx, vy, spin = load(body + c.velocity), load(body + c.velocity + 8), load(body + c.spin)
    scale = speed_scale(push, vx, vy, spin, radius)
    if scale != 1.0:
        store(body + c.velocity, scale * vx)
        store(body + c.velocity + 8, scale * vy)
        store(body + c.spin, scale * spin)


@compiled
def advance(c, spaces, rules, push, layout, forces, w):
    """One tick of Chipmunk: `forces` [world, agent, 3] is force x, y and torque; it lasts all substeps.

    Chipmunk moves bodies at the start of a step with the velocities the last step left, so capping those
    after each step bounds what any point travels. A disc's spin moves no point of its outline.
    """
    for _ in range(rules.substeps):
        for agent in range(spaces.agent_bodies.shape[1]):
            if spaces.agents_in[w, agent]:
                body = spaces.agent_bodies[w, agent]
                store(body + c.force, forces[w, agent, 0])
                store(body + c.force + 8, forces[w, agent, 1])
                store(body + c.torque, forces[w, agent, 2])
        call_with_double(c.space_step, spaces.space[w], push.substep_s)
        for agent in range(spaces.agent_bodies.shape[1]):
            if spaces.agents_in[w, agent]:
                _cap(c, push, spaces.agent_bodies[w, agent], 0.0)
        for thing in range(spaces.thing_bodies.shape[1]):
            if spaces.things_in[w, thing] and not spaces.fixed[w, thing]:
                half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
                _cap(c, push, spaces.thing_bodies[w, thing], math.sqrt(half_x * half_x + half_y * half_y))


@compiled
def _read(c, body, pose):
    pose[X], pose[Y] = load(body + c.position), load(body + c.position + 8)
    pose[ANGLE] = load(body + c.angle)
    pose[VX], pose[VY] = load(body + c.velocity), load(body + c.velocity + 8)
    pose[SPIN] = load(body + c.spin)


@compiled
def read_back(c, spaces, rules, push, state, w):
    """Copies poses into the State and tears the holds that pulled too hard in the last substep."""
    for agent in range(spaces.agent_bodies.shape[1]):
        if spaces.agents_in[w, agent]:
            _read(c, spaces.agent_bodies[w, agent], state.agents[w, agent])
        if spaces.joined[w, agent] != FREE:
            pull = call_for_double(c.constraint_impulse, spaces.pivots[w, agent]) / push.substep_s
            if pull > rules.hold_break_n:
                state.held[w, agent] = FREE
                clear_row(state.hold[w, agent])
    for thing in range(spaces.thing_bodies.shape[1]):
        if spaces.things_in[w, thing]:
            _read(c, spaces.thing_bodies[w, thing], state.things[w, thing])


@compiled
def _write_position(c, body, pose):
    store(body + c.position, pose[X])
    store(body + c.position + 8, pose[Y])
    call_with_double(c.body_set_angle, body, pose[ANGLE])


@compiled
def keep_out_of_walls(c, spaces, rules, layout, state, w):
    """Takes bodies out of the walls they were left too deep in; see `sim.physics.walls`."""
    for agent in range(spaces.agent_bodies.shape[1]):
        pose, walls = state.agents[w, agent], walls_in_the_way(layout, state.level[w, agent])
        if spaces.agents_in[w, agent] and free_body(rules, layout, pose, w, walls, (rules.agent_radius_m, 0.0, 0.0)):
            _write_position(c, spaces.agent_bodies[w, agent], pose)
    for thing in range(spaces.thing_bodies.shape[1]):
        pose, half, walls = state.things[w, thing], layout.thing_half[w, thing], walls_in_the_way(layout, FLOOR)
        movable = spaces.things_in[w, thing] and not spaces.fixed[w, thing]
        if movable and free_body(rules, layout, pose, w, walls, (0.0, half[0], half[1])):
            _write_position(c, spaces.thing_bodies[w, thing], pose)
