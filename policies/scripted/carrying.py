"""Bringing a box to its place in a doorway: where that is, where to stand to take the box, and how to steer it there.

`plans` is the `Plans` record of `policies.scripted.builder`; a *job* is one hider's box and door.
"""

from typing import NamedTuple

import numpy as np

from policies.scripted.grid import cell_at, row_length
from policies.scripted.held_box import steer
from policies.scripted.pathfinding import FIELD_PER_M, fill_own_field
from replays.strategies.evidence.closure import is_shut
from sim.game import Game
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.rules import RULES
from sim.state import ANGLE, CLOSED_TO_SEEKERS, X, Y

_STANCES = 16
"""Directions around a box from which it may be grabbed."""
_STANCE_GAP_M = 0.08
S_PER_RAD = 0.4
"""Seconds that it takes to turn a box by a radian, roughly."""
_CLEARANCE_M = RULES.agent_radius_m + 0.02
"""Room that a carrier's centre needs from walls where it will end, when it looks for a place to stand..."""
TIGHT_M = RULES.agent_radius_m - 0.03
"""...and when it stands there; a box that is not quite in its place leaves that much."""
_PRESS_M = 0.02
"""The goal lies this far in the wall, so that a box is pressed flush."""
_FLUSH_M = 0.05
"""A box this near to its place across the wall closes the door..."""
_OVERLAP_M = 0.02
"""...if it covers the opening by this much on both sides..."""
_STRAIGHT_RAD = 0.12
"""...and is askew by no more than this."""
_NEAR_M = 0.4
"""Farther than this from its place no box shuts a door."""
_PIECES = 4
"""How many points of a carrier's line to the box are checked for walls; no wall and its clearance fit between two."""
_LATE_TICKS = 3
"""This long after the end of preparation, with seekers on their way, a builder settles for what it has."""


class BuilderOptions(NamedTuple):
    """What a builder is allowed, and when it settles for less."""

    settle_tick: int
    """From this tick on it is content with any place of the box that keeps the opponents out."""
    locks: bool
    """Whether it locks the box there; else it lets go of it for good."""


class Job(NamedTuple):
    """A box to be brought to a door."""

    box: int
    door: int


def builder_options(game: Game) -> BuilderOptions:
    """The options of builders in a game."""
    return BuilderOptions(game.scenario.preparation_ticks + _LATE_TICKS, "lock" not in game.without)


@compiled
def middle(context, w, door):
    """The middle of a doorway."""
    x0, y0, x1, y1 = context.layout.doors[w, door]
    return 0.5 * (x0 + x1), 0.5 * (y0 + y1)


@compiled
def is_taken(taken, number):
    """Is a number among those that agents have taken?"""
    found = False
    for other in taken:
        found |= other == number
    return found


@compiled
def goal(context, plans, w, job):
    """The pose of a box that shuts a door: flush against the wall, its longer side along it; how far askew it is now,
    and after which turn it looks the same.
    """
    x0, y0, x1, y1 = context.layout.doors[w, job.door]
    x, y = middle(context, w, job.door)
    inward_x, inward_y = plans.inward[w, job.door]
    half_x, half_y = context.layout.thing_half[w, job.box]
    along = np.arctan2(inward_y, inward_x) + 0.5 * np.pi  # a box at this angle has its own x along the wall
    if half_y > half_x:
        along += 0.5 * np.pi
    period = 0.5 * np.pi if half_x == half_y else np.pi
    askew = (context.state.things[w, job.box, 2] - along + 0.5 * period) % period - 0.5 * period
    depth = 0.5 * min(x1 - x0, y1 - y0) + min(half_x, half_y)
    return x + inward_x * depth, y + inward_y * depth, askew, period


@compiled
def is_in_place(context, plans, w, job):
    """Does a box shut its door as it stands, with no gap to look through?"""
    pose = context.state.things[w, job.box]
    x, y, askew, _ = goal(context, plans, w, job)
    inward_x, inward_y = plans.inward[w, job.door]
    off_x, off_y = pose[X] - x, pose[Y] - y
    across, along = off_x * inward_x + off_y * inward_y, off_y * inward_x - off_x * inward_y
    x0, y0, x1, y1 = context.layout.doors[w, job.door]
    half_x, half_y = context.layout.thing_half[w, job.box]
    spare = max(half_x, half_y) - 0.5 * max(x1 - x0, y1 - y0) - _OVERLAP_M
    return across <= _FLUSH_M and abs(along) <= max(spare, 0.02) and abs(askew) <= _STRAIGHT_RAD


@compiled
def would_shut(context, plans, w, job):
    """Would a box near its door keep the opponents out if it were locked as it stands?"""
    x, y, _, _ = goal(context, plans, w, job)
    pose = context.state.things[w, job.box]
    if np.hypot(pose[X] - x, pose[Y] - y) > _NEAR_M:
        return False
    return would_keep_out(context, w, job.box)


@compiled
def would_keep_out(context, w, box):
    """Would the hiders be shut in, and no seeker with them, if a box were locked as it stands?"""
    solid, buffers = context.buffers.solid, context.buffers
    for thing in range(len(solid)):
        solid[thing] = thing == box or context.state.lock[w, thing] in CLOSED_TO_SEEKERS
    return is_shut(context.layout, context.state, w, solid, context.sides.end, buffers.fine, buffers.stack)


@compiled
def stance(context, plans, w, hider, job):
    """Where a hider should take a box, and the seconds until it is there and the box turned; else its own place."""
    pose, row = context.state.things[w, job.box], row_length(context, w)
    half_x, half_y = context.layout.thing_half[w, job.box]
    fill_own_field(context, w, hider)
    best_x, best_y, least = context.state.agents[w, hider, X], context.state.agents[w, hider, Y], np.inf
    for stance in range(_STANCES):
        angle = pose[ANGLE] + stance * (2 * np.pi / _STANCES)
        away = min(half_x, half_y) + RULES.agent_radius_m
        x, y = pose[X], pose[Y]
        while distance_to_rectangle(x, y, pose, half_x, half_y) < RULES.agent_radius_m + _STANCE_GAP_M:
            x, y = pose[X] + away * np.cos(angle), pose[Y] + away * np.sin(angle)
            away += 0.02
        way = context.buffers.own[cell_at(row, x, y)] / FIELD_PER_M / RULES.free_speed_mps
        seconds = way + S_PER_RAD * abs(least_turn(context, plans, w, job, x, y, _CLEARANCE_M))
        if seconds < least:
            best_x, best_y, least = x, y, seconds
    return best_x, best_y, least


@compiled
def least_turn(context, plans, w, job, x, y, clearance):
    """The smallest turn, in radians, that brings a box straight into its door and leaves a hider that carries it from
    x, y inside and clear of walls; infinite if there is none.
    """
    goal_x, goal_y, askew, period = goal(context, plans, w, job)
    pose = context.state.things[w, job.box]
    off_x, off_y = x - pose[X], y - pose[Y]
    best = np.inf
    for quarter in range(-2, 3):
        turn = quarter * period - askew
        cosine, sine = np.cos(turn), np.sin(turn)
        end = goal_x + cosine * off_x - sine * off_y, goal_y + sine * off_x + cosine * off_y
        if abs(turn) < abs(best) and _has_room(context, plans, w, job.door, end, (goal_x, goal_y), clearance):
            best = turn
    return best


@compiled
def _has_room(context, plans, w, door, place, box_place, clearance):
    """Is a place on the inner side of a door and clear of walls, as is the line from it to where the box will be?"""
    (x, y), (from_x, from_y) = place, box_place
    middle_x, middle_y = middle(context, w, door)
    inward_x, inward_y = plans.inward[w, door]
    if (x - middle_x) * inward_x + (y - middle_y) * inward_y < 0.0:
        return False
    for piece in range(_PIECES):
        fraction = piece / _PIECES
        if _gap_to_walls(context, w, x + fraction * (from_x - x), y + fraction * (from_y - y)) < clearance:
            return False
    return True


@compiled
def _gap_to_walls(context, w, x, y):
    """Metres from a place to the nearest wall or border; negative beyond the border."""
    layout = context.layout
    nearest = min(x, y, layout.floor[w] - x, layout.floor[w] - y)
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            nearest = min(nearest, np.hypot(max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)))
    return nearest


@compiled
def carry(context, plans, w, hider, job, action):
    """The move and turn that bring the box of a hider's job to its door."""
    body = context.state.agents[w, hider]
    goal_x, goal_y, askew, _ = goal(context, plans, w, job)
    turn = least_turn(context, plans, w, job, body[X], body[Y], TIGHT_M)
    turn = turn if turn < np.inf else -askew
    goal_x -= _PRESS_M * plans.inward[w, job.door, 0]
    goal_y -= _PRESS_M * plans.inward[w, job.door, 1]
    steer(context, w, hider, job.box, (goal_x, goal_y, turn), action)
