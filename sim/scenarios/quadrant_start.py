"""Where the boxes, ramps and agents of a quadrant start: at random places, drawn until everything fits."""

import math

import numpy as np

from sim.jit import compiled
from sim.rng import uniform
from sim.rules import RULES
from sim.scenarios.clearance import clear_of_doors, clear_of_walls
from sim.scenarios.placement import NewWorld, empty_world, random_pose
from sim.scenarios.quadrant_walls import build
from sim.state import ANGLE, X, Y

_TRIES = 400
_IN_DOOR_ALONG_M = 0.6
"""How far a ramp in a doorway reaches in or out: its middle from the door's, at most. Its half is 0.45 long..."""
_IN_DOOR_ASIDE_M = 0.05
"""...how far it stands beside the door's middle..."""
_IN_DOOR_RAD = 0.1
"""...and how far it is turned."""


@compiled
def _clear_of_bodies(world, x, y, radius, agents, things):
    """Whether a disc keeps clear of the agents and things placed so far (things by their circumscribed circle)."""
    layout, state, w = world.layout, world.state, world.w
    for agent in range(agents):
        dx, dy, apart = state.agents[w, agent, X] - x, state.agents[w, agent, Y] - y, RULES.agent_radius_m + radius
        if layout.agent_exists[w, agent] and dx * dx + dy * dy < apart * apart:
            return False
    for thing in range(things):
        dx, dy = state.things[w, thing, X] - x, state.things[w, thing, Y] - y
        apart = math.hypot(layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]) + radius
        if dx * dx + dy * dy < apart * apart:
            return False
    return True


@compiled
def _place_box(plan, world, thing):
    """Anywhere in the room where it fits, at any angle; False if no place was found."""
    random, k, layout, state, w = world
    half = 0.5 * plan.box_m
    layout.thing_exists[w, thing] = True
    layout.thing_lockable[w, thing] = True
    layout.thing_half[w, thing] = half
    for _ in range(_TRIES):
        angle = uniform(random, k, -math.pi, math.pi)
        margin = half * (abs(math.cos(angle)) + abs(math.sin(angle)))
        x = plan.floor_m - plan.room_m + uniform(random, k, margin, plan.room_m - margin)
        y = uniform(random, k, margin, plan.room_m - margin)
        if clear_of_doors(world, (x, y, angle), layout.thing_half[w, thing], plan.door_clear_m) and _clear_of_bodies(
            world, x, y, half * math.sqrt(2.0), 0, thing
        ):
            state.things[w, thing, X], state.things[w, thing, Y], state.things[w, thing, ANGLE] = x, y, angle
            return True
    return False


@compiled
def _distance_to_doors(layout, w, x, y):
    """From a point to the centre of the nearest door."""
    nearest = np.inf
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            nearest = min(nearest, math.hypot(0.5 * (x0 + x1) - x, 0.5 * (y0 + y1) - y))
    return nearest


@compiled
def _draw_door(plan, world):
    """A door that is drawn: x0, y0, x1, y1."""
    layout, w = world.layout, world.w
    door = int(uniform(world.random, world.k, 0.0, len(layout.doors[w])))
    while not layout.door_exists[w, door]:
        door = (door + 1) % len(layout.doors[w])
    x0, y0, x1, y1 = layout.doors[w, door]
    return x0, y0, x1, y1


@compiled
def _around_a_door(plan, world):
    """A square of the floor, around a door that is drawn: x0, y0, x1, y1. A ramp near a door may start there."""
    near, side = plan.ramp_near_m, plan.floor_m
    x0, y0, x1, y1 = _draw_door(plan, world)
    x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    return max(x - near, 0.0), max(y - near, 0.0), min(x + near, side), min(y + near, side)


@compiled
def _pose_in_a_door(plan, world):
    """x, y and angle of a ramp in a doorway that is drawn, nearly along the way through."""
    random, k = world.random, world.k
    x0, y0, x1, y1 = _draw_door(plan, world)
    along = uniform(random, k, -_IN_DOOR_ALONG_M, _IN_DOOR_ALONG_M)
    aside = uniform(random, k, -_IN_DOOR_ASIDE_M, _IN_DOOR_ASIDE_M)
    angle = uniform(random, k, -_IN_DOOR_RAD, _IN_DOOR_RAD)
    if uniform(random, k, 0.0, 1.0) < 0.5:
        angle += math.pi
    x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    if x1 - x0 < y1 - y0:  # the door of an upright wall
        return x + along, y + aside, angle
    return x + aside, y + along, angle + 0.5 * math.pi


@compiled
def _place_ramp(plan, world, thing):
    """Where it fits, near or in a door if the plan says so, at any angle; False if no place was found."""
    layout, state, w = world.layout, world.state, world.w
    anywhere = plan.ramp_near_m == 0.0
    area = (0.0, 0.0, plan.floor_m, plan.floor_m) if anywhere else _around_a_door(plan, world)
    layout.thing_exists[w, thing] = True
    layout.thing_lockable[w, thing] = plan.ramps_lock
    layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1] = 0.5 * RULES.ramp_length_m, 0.5 * RULES.ramp_width_m
    radius = 0.5 * math.hypot(RULES.ramp_length_m, RULES.ramp_width_m)
    may_be_in_door = thing == plan.boxes and plan.ramp_in_door > 0.0
    in_door = may_be_in_door and uniform(world.random, world.k, 0.0, 1.0) < plan.ramp_in_door
    for _ in range(_TRIES):
        x, y, angle = _pose_in_a_door(plan, world) if in_door else random_pose(world, area)
        place, size = (x, y, angle), layout.thing_half[w, thing]
        allowed = in_door or (
            (anywhere or _distance_to_doors(layout, w, x, y) <= plan.ramp_near_m)
            and clear_of_doors(world, place, size, plan.door_clear_m)
        )
        if allowed and clear_of_walls(world, place, size, 0.0) and _clear_of_bodies(world, x, y, radius, 0, thing):
            state.things[w, thing, X], state.things[w, thing, Y], state.things[w, thing, ANGLE] = x, y, angle
            return True
    return False


@compiled
def _allowed(plan, world, agent, x, y):
    """Whether an agent may start at a point, as far as walls and doors go."""
    radius = RULES.agent_radius_m
    left, top = plan.floor_m - plan.room_m, plan.room_m
    inside = x > left + radius and y < top - radius
    outside = x < left - RULES.wall_m - radius or y > top + RULES.wall_m + radius
    if agent < plan.hiders:
        return inside or (plan.hiders_anywhere and outside)
    return outside and plan.seeker_near_m <= _distance_to_doors(world.layout, world.w, x, y) <= plan.seeker_far_m


@compiled
def _place_agent(plan, world, agent):
    """Anywhere allowed and free, looking anywhere; False if no place was found."""
    random, k, layout, state, w = world
    layout.agent_exists[w, agent] = True
    radius = RULES.agent_radius_m
    in_room = agent < plan.hiders and not plan.hiders_anywhere
    for _ in range(_TRIES):
        low_x = plan.floor_m - plan.room_m if in_room else 0.0
        high_y = plan.room_m if in_room else plan.floor_m
        x = uniform(random, k, low_x + radius, plan.floor_m - radius)
        y = uniform(random, k, radius, high_y - radius)
        angle = uniform(random, k, -math.pi, math.pi)
        if _allowed(plan, world, agent, x, y) and _clear_of_bodies(world, x, y, radius, agent, plan.boxes + plan.ramps):
            pose = state.agents[w, agent]
            pose[X], pose[Y], pose[ANGLE] = x, y, angle
            return True
    return False


@compiled
def _furnish(plan, world):
    """Places boxes, then ramps, then agents; False if one found no place."""
    for thing in range(plan.boxes):
        if not _place_box(plan, world, thing):
            return False
    for thing in range(plan.boxes, plan.boxes + plan.ramps):
        if not _place_ramp(plan, world, thing):
            return False
    placed = True
    for agent in range(world.layout.agent_exists.shape[1]):
        placed = placed and _place_agent(plan, world, agent)
    return placed


@compiled
def attempt(plan, random, worlds, layout, state, rows, placed):
    """One attempt for each of the worlds; see `place_worlds`."""
    for k in rows:
        empty_world(layout, state, worlds[k], plan.floor_m)
        world = NewWorld(random, k, layout, state, worlds[k])
        build(plan, world)
        placed[k] = _furnish(plan, world)
