"""Where boxes must stand to hide a pillar: how the solver chooses places in `shelter`.

What is locked around the pillar leaves open arcs, through which rays from the border still reach it. A box belongs to
one end of an arc, close to the pillar; where it is longer than the arc, before the arc's middle, as far out as its
neighbours make it stand. Of all boxes and ends, the pair is chosen that stops most rays for the time it takes.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.carrying import is_taken
from policies.scripted.steering import distance_to_way, wrapped
from sim.jit import allocating, compiled
from sim.line_of_sight import crosses_box
from sim.physics.walls import depth_in_thing
from sim.rules import RULES
from sim.state import ANGLE, X, Y
from sim.tasks.shelter import ray_start

_FROM_SIDE = 100
"""Rays from each side of the floor..."""
_RAYS = 4 * _FROM_SIDE
"""...and from all four."""
_APART = 10
"""While nothing is locked, one ray in this many shows where to begin."""
_WORTH_RAYS = 3
"""Fewer rays than these are not worth a box."""
_PILLAR_GAP_M = 0.03
_NEIGHBOUR_GAP_M = 0.02
"""What is left between a box and what it stands by."""
_STEP_M = 0.02
_FARTHEST_M = 0.6
"""A box that stands farther out than this is not part of the ring."""
_OBSTACLE_S, _LANE_S = 20.0, 10.0
"""What it takes longer if another box lies where this one belongs, or on the way there."""
_CARRY_MPS = 0.4 * RULES.free_speed_mps
_HANDLING_S = 2.0
"""What it takes to grab a box, to turn it and to set it down."""


class Rays(NamedTuple):
    """The rays from the border to the pillar."""

    angles: np.ndarray
    """float64 [ray]: the angle at which each arrives."""
    is_open: np.ndarray
    """bool [ray]: whether it passes what is locked and what others are to lock."""


class RingPlace(NamedTuple):
    """A place for a box in the ring."""

    x: float
    y: float
    angle: float
    """The direction from the pillar."""
    near_m: float
    """From the pillar's middle to the box's inner side."""
    fits: bool


@allocating
def choose_in_ring(context, jobs, w, agent):
    """Gives an agent the best box and place; neither if nothing is to be gained."""
    rays = Rays(np.zeros(_RAYS), np.ones(_RAYS, np.bool_))
    _look(context, jobs, w, rays)
    best, untouched = 0.0, _all_open(rays)
    for box in range(context.layout.thing_exists.shape[1]):
        if not context.layout.thing_exists[w, box] or context.state.lock[w, box] != 0 or is_taken(jobs.box[w], box):
            continue
        half_x, half_y = context.layout.thing_half[w, box]
        for ray in range(_RAYS):
            starts, ends = not rays.is_open[ray - 1], not rays.is_open[(ray + 1) % _RAYS]
            if rays.is_open[ray] and (starts or ends or (untouched and ray % _APART == 0)):
                place = _place_at_arc(context, w, rays, box, ray, 1 if starts else -1)
                worth = _worth(context, jobs, w, agent, rays, box, place) if place.fits else 0.0
                if worth > best:
                    best = worth
                    jobs.box[w, agent], jobs.place[w, agent] = box, box
                    chosen = jobs.places[w, box]
                    chosen[0], chosen[1], chosen[2] = place.x, place.y, place.angle + 0.5 * np.pi
                    chosen[3], chosen[4] = half_x, half_y


@compiled
def _all_open(rays):
    count = 0
    for ray in range(_RAYS):
        count += rays.is_open[ray]
    return count == _RAYS


@compiled
def _look(context, jobs, w, rays):
    """Fills the rays in."""
    layout, state = context.layout, context.state
    for ray in range(_RAYS):
        x, y = ray_start(ray, _FROM_SIDE, layout.floor[w])
        dx, dy = layout.pillars[w, 0, X] - x, layout.pillars[w, 0, Y] - y
        rays.angles[ray] = np.arctan2(-dy, -dx)
        for thing in range(layout.thing_exists.shape[1]):
            half = layout.thing_half[w, thing]
            if state.lock[w, thing] != 0 and _stops(state.things[w, thing], half, x, y, dx, dy):
                rays.is_open[ray] = False
        for other in range(jobs.place.shape[1]):
            place = jobs.places[w, jobs.place[w, other]]
            if jobs.place[w, other] >= 0 and _stops(place, place[3:], x, y, dx, dy):
                rays.is_open[ray] = False


@compiled
def _stops(pose, half, x, y, dx, dy):
    """Does a box stop the ray that starts at x, y and goes on by dx, dy?"""
    cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
    from_x, from_y = x - pose[X], y - pose[Y]
    on_x, on_y = cos * from_x + sin * from_y, cos * from_y - sin * from_x
    return crosses_box(on_x, on_y, cos * dx + sin * dy, cos * dy - sin * dx, half[0], half[1])


@compiled
def _place_at_arc(context, w, rays, box, ray, sign):
    """Where a box belongs at the end of an arc that begins at a ray and goes on in one direction."""
    center_x, center_y, radius = context.layout.pillars[w, 0]
    half_x, half_y = context.layout.thing_half[w, box]
    near = radius + _PILLAR_GAP_M
    shift = min(np.arctan2(half_x, near), 0.5 * _width(rays, ray, sign))
    angle, out = rays.angles[ray] + sign * shift, 0.0
    x, y = center_x + (near + half_y) * np.cos(angle), center_y + (near + half_y) * np.sin(angle)
    while _neighbours(context, w, box, (x, y, angle), True) > 0:
        out += _STEP_M
        x, y = x + _STEP_M * np.cos(angle), y + _STEP_M * np.sin(angle)
        if out > _FARTHEST_M:
            return RingPlace(x, y, angle, near + out, False)
    return RingPlace(x, y, angle, near + out, True)


@compiled
def _worth(context, jobs, w, agent, rays, box, place):
    """Rays stopped by a box in a place, per second that this takes; 0 if they are too few."""
    center_x, center_y, _ = context.layout.pillars[w, 0]
    pose, body = context.state.things[w, box], context.state.agents[w, agent]
    stopped, covers = 0, np.arctan2(context.layout.thing_half[w, box, 0], place.near_m)
    for other in range(_RAYS):
        stopped += rays.is_open[other] and abs(wrapped(rays.angles[other] - place.angle)) <= covers
    seconds = np.hypot(pose[X] - body[X], pose[Y] - body[Y]) / RULES.free_speed_mps + _HANDLING_S
    inwards = np.hypot(pose[X] - center_x, pose[Y] - center_y) - place.near_m
    around = place.near_m * abs(wrapped(np.arctan2(pose[Y] - center_y, pose[X] - center_x) - place.angle))
    at = place.x, place.y, place.angle
    seconds += (abs(inwards) + around) / _CARRY_MPS
    seconds += _OBSTACLE_S * _neighbours(context, w, box, at, False)
    seconds += _LANE_S * _in_lane(context, w, box, at)
    return stopped / (seconds * (1.0 + jobs.tries[w, box])) if stopped >= _WORTH_RAYS else 0.0


@compiled
def _width(rays, ray, sign):
    """The angle of the arc that begins at a ray and goes on in one direction."""
    last = ray
    for _ in range(_RAYS - 1):
        following = (last + sign) % _RAYS
        if not rays.is_open[following]:
            break
        last = following
    return (sign * (rays.angles[last] - rays.angles[ray])) % (2.0 * np.pi)


@compiled
def _in_lane(context, w, box, place):
    """How many free boxes a box meets that goes straight to its place (x, y, angle), turned as it is to be there."""
    layout, state = context.layout, context.state
    x, y, angle = place
    pose, count = state.things[w, box], 0
    half_x, half_y = layout.thing_half[w, box]
    slant = np.arctan2(y - pose[Y], x - pose[X]) - angle
    wide = half_x * abs(np.cos(slant)) + half_y * abs(np.sin(slant))
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box and state.lock[w, thing] == 0:
            around = wide + layout.thing_half[w, thing, 1]
            count += distance_to_way(state.things[w, thing], pose, x, y) < around
    return count


@compiled
def _neighbours(context, w, box, place, locked):
    """How many boxes that are locked, or are not, a box would touch in a place (x, y, angle)."""
    layout, state = context.layout, context.state
    x, y, angle = place
    half_x, half_y = layout.thing_half[w, box]
    count = 0
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box and (state.lock[w, thing] != 0) == locked:
            pose, other = state.things[w, thing], layout.thing_half[w, thing]
            depth = depth_in_thing(x, y, angle + 0.5 * np.pi, half_x, half_y, pose, other)
            count += depth > -_NEIGHBOUR_GAP_M
    return count
