"""Where boxes belong that are to hide a pillar: what the solver has in mind in `shelter`.

What is locked around the pillar leaves open arcs, through which rays from the border still reach it. A box belongs to
one end of an arc, close to the pillar; where it is longer than the arc, before the arc's middle, as far out as its
neighbours make it stand. Of all boxes and ends those are chosen that stop most rays for the time it takes.
"""

import numpy as np

from policies.scripted.steering import wrapped
from sim.jit import allocating, compiled
from sim.physics.walls import depth_in_thing
from sim.rules import RULES
from sim.sight import crosses_box
from sim.state import ANGLE, X, Y
from sim.tasks.shelter import ray_start

_FROM_SIDE = 100
_RAYS = 4 * _FROM_SIDE
"""Rays that are looked at: so many from each side of the floor."""
_APART = 10
"""As long as nothing is locked, one of so many rays shows where to begin."""
_WORTH_RAYS = 3
"""Fewer rays than these are not worth a box."""
_PILLAR_GAP_M = 0.03
_NEIGHBOUR_GAP_M = 0.02
"""What is left between a box and what it stands by."""
_STEP_M = 0.02
_FARTHEST_M = 0.6
"""A box that stands farther out than this is none of the ring."""
_OBSTACLE_S, _LANE_S = 20.0, 10.0
"""What it takes longer if another box lies where this one belongs, or on the way there."""
_CARRY_MPS = 0.4 * RULES.free_speed_mps
_HANDLING_S = 2.0
"""What it takes to grab a box, to turn it and to set it down."""


@allocating
def choose_in_ring(layout, state, jobs, w, agent):
    """Gives an agent the box and the place that are best; neither if no more is to be won."""
    angles, is_open = np.zeros(_RAYS), np.ones(_RAYS, np.bool_)
    _look(layout, state, jobs, w, angles, is_open)
    best, untouched = 0.0, is_open.all()
    for box in range(layout.thing_exists.shape[1]):
        if not layout.thing_exists[w, box] or state.lock[w, box] != 0 or (jobs.box[w] == box).any():
            continue
        for ray in range(_RAYS):
            starts, ends = not is_open[ray - 1], not is_open[(ray + 1) % _RAYS]
            if is_open[ray] and (starts or ends or (untouched and ray % _APART == 0)):
                best = _try(layout, state, jobs, w, agent, box, ray, 1 if starts else -1, angles, is_open, best)


@compiled
def _look(layout, state, jobs, w, angles, is_open):
    """Fills in at which angle each ray comes and whether it passes what is locked and what others are to lock."""
    for ray in range(_RAYS):
        x, y = ray_start(ray, _FROM_SIDE, layout.floor[w])
        dx, dy = layout.pillars[w, 0, X] - x, layout.pillars[w, 0, Y] - y
        angles[ray] = np.arctan2(-dy, -dx)
        for thing in range(layout.thing_exists.shape[1]):
            half = layout.thing_half[w, thing]
            if state.lock[w, thing] != 0 and _stops(state.things[w, thing], half, x, y, dx, dy):
                is_open[ray] = False
        for other in range(jobs.place.shape[1]):
            place = jobs.places[w, jobs.place[w, other]]
            if jobs.place[w, other] >= 0 and _stops(place, place[3:], x, y, dx, dy):
                is_open[ray] = False


@compiled
def _stops(pose, half, x, y, dx, dy):
    cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
    from_x, from_y = x - pose[X], y - pose[Y]
    on_x, on_y = cos * from_x + sin * from_y, cos * from_y - sin * from_x
    return crosses_box(on_x, on_y, cos * dx + sin * dy, cos * dy - sin * dx, half[0], half[1])


@compiled
def _try(layout, state, jobs, w, agent, box, ray, sign, angles, is_open, best):
    """Compares a box at one end of an arc with the best choice so far, which is worth `best`; the better one's worth
    now.
    """
    center_x, center_y, radius = layout.pillars[w, 0]
    half, pose, body = layout.thing_half[w, box], state.things[w, box], state.agents[w, agent]
    near = radius + _PILLAR_GAP_M
    shift = min(np.arctan2(half[0], near), 0.5 * _width(ray, sign, angles, is_open))
    angle, out = angles[ray] + sign * shift, 0.0
    x, y = center_x + (near + half[1]) * np.cos(angle), center_y + (near + half[1]) * np.sin(angle)
    while _neighbours(layout, state, w, box, x, y, angle, True) > 0:
        out += _STEP_M
        x, y = x + _STEP_M * np.cos(angle), y + _STEP_M * np.sin(angle)
        if out > _FARTHEST_M:
            return best
    stopped, covers = 0, np.arctan2(half[0], near + out)
    for other in range(_RAYS):
        stopped += is_open[other] and abs(wrapped(angles[other] - angle)) <= covers
    seconds = np.hypot(pose[X] - body[X], pose[Y] - body[Y]) / RULES.free_speed_mps + _HANDLING_S
    inwards = np.hypot(pose[X] - center_x, pose[Y] - center_y) - near - out
    around = (near + out) * abs(wrapped(np.arctan2(pose[Y] - center_y, pose[X] - center_x) - angle))
    seconds += (abs(inwards) + around) / _CARRY_MPS
    seconds += _OBSTACLE_S * _neighbours(layout, state, w, box, x, y, angle, False)
    seconds += _LANE_S * _in_lane(layout, state, w, box, x, y, angle)
    worth = stopped / (seconds * (1.0 + jobs.tries[w, box]))
    if stopped < _WORTH_RAYS or worth <= best:
        return best
    jobs.box[w, agent], jobs.place[w, agent] = box, box
    jobs.places[w, box] = (x, y, angle + 0.5 * np.pi, half[0], half[1])
    return worth


@compiled
def _width(ray, sign, angles, is_open):
    """The angle of the arc that begins at a ray and goes on in one direction."""
    last = ray
    for _ in range(_RAYS - 1):
        following = (last + sign) % _RAYS
        if not is_open[following]:
            break
        last = following
    return (sign * (angles[last] - angles[ray])) % (2.0 * np.pi)


@compiled
def _in_lane(layout, state, w, box, x, y, angle):
    """How many free boxes a box meets that goes straight to its place, turned as it is to be there."""
    pose, half, count = state.things[w, box], layout.thing_half[w, box], 0
    way_x, way_y = x - pose[X], y - pose[Y]
    slant = np.arctan2(way_y, way_x) - angle
    wide = half[0] * abs(np.cos(slant)) + half[1] * abs(np.sin(slant))
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box and state.lock[w, thing] == 0:
            off_x, off_y = state.things[w, thing, X] - pose[X], state.things[w, thing, Y] - pose[Y]
            share = (off_x * way_x + off_y * way_y) / max(way_x * way_x + way_y * way_y, 1e-9)
            share = min(max(share, 0.0), 1.0)
            count += np.hypot(off_x - share * way_x, off_y - share * way_y) < wide + layout.thing_half[w, thing, 1]
    return count


@compiled
def _neighbours(layout, state, w, box, x, y, angle, locked):
    """How many boxes that are locked, or are not, a box would touch that covers an angle."""
    half, count = layout.thing_half[w, box], 0
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and thing != box and (state.lock[w, thing] != 0) == locked:
            pose, other = state.things[w, thing], layout.thing_half[w, thing]
            depth = depth_in_thing(x, y, angle + 0.5 * np.pi, half[0], half[1], pose, other)
            count += depth > -_NEIGHBOUR_GAP_M
    return count
