"""A tick of Chipmunk, after which the poses are read back into the State.

`spaces` is a `sim.physics.spaces.Spaces`.
"""

import math

from sim.climb import FLOOR
from sim.fill import clear_row
from sim.jit import compiled
from sim.physics.drive import speed_scale
from sim.physics.intrinsics import call_for_double, call_with_double, load, store
from sim.physics.walls import free_body, walls_in_the_way
from sim.state import ANGLE, FREE, SPIN, VX, VY, X, Y


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
