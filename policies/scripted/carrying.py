"""Bringing a box to its place in a doorway: where that is, whence to take the box, and how to steer it there.

`plans` is the `Plans` record of `policies.scripted.builder`.
"""

import numpy as np

from policies.scripted.pathfinding import FIELD_PER_M, cell_at, fill_field, row_length
from policies.scripted.steering import PUSH_M, direction
from replays.strategies.sealed import is_shut
from sim.geometry import distance_to_rectangle
from sim.jit import allocating, compiled
from sim.physics.compiled import thing_moment
from sim.rules import MOVES, RULES, TURN_LEFT, TURNS
from sim.state import HIDERS_LOCK

_TWIST_KG_M2 = RULES.free_spin_radps * RULES.tick_s * RULES.agent_moment_kg_m2
"""How far one tick's turn brings 1 kg m2 in the end: radians times moment of inertia."""
_STANCES = 16
"""Directions around a box from which it may be grabbed."""
_STANCE_GAP_M = 0.08
S_PER_RAD = 0.4
"""Turning a box takes about so long."""
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
_NEAR_M = 0.4
"""Farther than this from its place no box shuts a door."""
_STRAIGHT_RAD = 0.12
"""...and is no more askew than this."""
_PIECES = 4
"""Where a wall is looked for between two places: no piece is as long as a wall and its clearance are thick."""
_ASKEW_M = 0.25
"""What a radian askew is worth in metres off the goal."""


@compiled
def middle(layout, w, door):
    x0, y0, x1, y1 = layout.doors[w, door]
    return 0.5 * (x0 + x1), 0.5 * (y0 + y1)


@compiled
def goal(layout, state, plans, w, door, box):
    """The pose of a box that shuts a door: flush against the wall, its longer side along it; how far askew it is now,
    and after which turn it looks the same.
    """
    x0, y0, x1, y1 = layout.doors[w, door]
    x, y = middle(layout, w, door)
    inward_x, inward_y = plans.inward[w, door]
    half_x, half_y = layout.thing_half[w, box]
    along = np.arctan2(inward_y, inward_x) + 0.5 * np.pi  # a box at this angle has its own x along the wall
    if half_y > half_x:
        along += 0.5 * np.pi
    period = 0.5 * np.pi if half_x == half_y else np.pi
    askew = (state.things[w, box, 2] - along + 0.5 * period) % period - 0.5 * period
    depth = 0.5 * min(x1 - x0, y1 - y0) + min(half_x, half_y)
    return x + inward_x * depth, y + inward_y * depth, askew, period


@compiled
def is_in_place(layout, state, plans, w, door, box):
    """Does a box shut its door as it stands, with nothing to look through?"""
    x, y, askew, _ = goal(layout, state, plans, w, door, box)
    inward_x, inward_y = plans.inward[w, door]
    off_x, off_y = state.things[w, box, 0] - x, state.things[w, box, 1] - y
    across, along = off_x * inward_x + off_y * inward_y, off_y * inward_x - off_x * inward_y
    x0, y0, x1, y1 = layout.doors[w, door]
    spare = max(layout.thing_half[w, box, 0], layout.thing_half[w, box, 1]) - 0.5 * max(x1 - x0, y1 - y0) - _OVERLAP_M
    return across <= _FLUSH_M and abs(along) <= max(spare, 0.02) and abs(askew) <= _STRAIGHT_RAD


@allocating
def would_shut(layout, state, buffers, plans, w, door, box):
    """Would the opponents be kept out if this box were locked as it stands?"""
    x, y, _, _ = goal(layout, state, plans, w, door, box)
    if np.hypot(state.things[w, box, 0] - x, state.things[w, box, 1] - y) > _NEAR_M:
        return False
    solid = state.lock[w] == HIDERS_LOCK
    solid[box] = True
    return is_shut(layout, state, w, solid, len(plans.box[w]), buffers.fine, buffers.stack)


@compiled
def stance(layout, state, buffers, plans, w, hider, box, door):
    """Where a hider had best take a box, and the seconds until it is there and the box turned; else its own place."""
    pose, row = state.things[w, box], row_length(layout, w)
    half_x, half_y = layout.thing_half[w, box]
    fill_field(layout, state, w, buffers, buffers.own, hider, hider + 1)
    best_x, best_y, least = state.agents[w, hider, 0], state.agents[w, hider, 1], np.inf
    for stance in range(_STANCES):
        angle = pose[2] + stance * (2 * np.pi / _STANCES)
        away = min(half_x, half_y) + RULES.agent_radius_m
        x, y = pose[0], pose[1]
        while distance_to_rectangle(x, y, pose, half_x, half_y) < RULES.agent_radius_m + _STANCE_GAP_M:
            x, y = pose[0] + away * np.cos(angle), pose[1] + away * np.sin(angle)
            away += 0.02
        way = buffers.own[cell_at(row, x, y)] / FIELD_PER_M / RULES.free_speed_mps
        seconds = way + S_PER_RAD * abs(least_turn(layout, state, plans, w, door, box, x, y, _CLEARANCE_M))
        if seconds < least:
            best_x, best_y, least = x, y, seconds
    return best_x, best_y, least


@compiled
def least_turn(layout, state, plans, w, door, box, x, y, clearance):
    """The smallest turn, in radians, that brings a box straight into its door and leaves a hider that carries it from
    x, y inside and clear of walls; infinite if there is none.
    """
    goal_x, goal_y, askew, period = goal(layout, state, plans, w, door, box)
    off_x, off_y = x - state.things[w, box, 0], y - state.things[w, box, 1]
    best = np.inf
    for quarter in range(-2, 3):
        turn = quarter * period - askew
        cosine, sine = np.cos(turn), np.sin(turn)
        end_x, end_y = goal_x + cosine * off_x - sine * off_y, goal_y + sine * off_x + cosine * off_y
        if abs(turn) < abs(best) and _is_room(layout, plans, w, door, goal_x, goal_y, end_x, end_y, clearance):
            best = turn
    return best


@compiled
def _is_room(layout, plans, w, door, from_x, from_y, x, y, clearance):
    """Is a place on the inner side of a door and clear of walls, and none between it and another place?"""
    middle_x, middle_y = middle(layout, w, door)
    inward_x, inward_y = plans.inward[w, door]
    if (x - middle_x) * inward_x + (y - middle_y) * inward_y < 0.0:
        return False
    for piece in range(_PIECES):
        share = piece / _PIECES
        if _gap_to_walls(layout, w, x + share * (from_x - x), y + share * (from_y - y)) < clearance:
            return False
    return True


@compiled
def _gap_to_walls(layout, w, x, y):
    """Metres from a place to the nearest wall or border; negative beyond the border."""
    nearest = min(x, y, layout.floor[w] - x, layout.floor[w] - y)
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            nearest = min(nearest, np.hypot(max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)))
    return nearest


@compiled
def carry(layout, state, plans, w, hider, action):
    """The move and turn that bring the box of a hider's plan to its door."""
    box, door = plans.box[w, hider], plans.door[w, hider]
    body = state.agents[w, hider]
    goal_x, goal_y, askew, _ = goal(layout, state, plans, w, door, box)
    wished = least_turn(layout, state, plans, w, door, box, body[0], body[1], TIGHT_M)
    wished = wished if wished < np.inf else -askew
    goal_x -= _PRESS_M * plans.inward[w, door, 0]
    goal_y -= _PRESS_M * plans.inward[w, door, 1]
    steer(layout, state, w, hider, box, goal_x, goal_y, wished, action)


@compiled
def steer(layout, state, w, agent, box, goal_x, goal_y, wished, action):
    """The move and turn after which a box and who holds it would come to rest with the box nearest to a goal, turned by
    `wished` radians.
    """
    grip, least = _grip(layout, state, w, agent, box), np.inf
    for move in range(MOVES):
        push_x, push_y = direction(move)
        for turn in range(TURNS):
            x, y, angle = _rest(state, w, agent, box, grip, push_x, push_y, _twist(turn))
            off = np.hypot(x - goal_x, y - goal_y) + _ASKEW_M * abs(angle - wished)
            if off < least - 1e-9:
                least = off
                action[0], action[1] = move, turn


@compiled
def set_down(layout, state, w, agent, box, goal_x, goal_y, wished, action):
    """As `steer`, with two ticks in mind: what one cannot reach, two often can."""
    grip, least = _grip(layout, state, w, agent, box), np.inf
    for move in range(MOVES):
        for other_move in range(move, MOVES):
            push_x, push_y = direction(move)
            other_x, other_y = direction(other_move)
            for turn in range(TURNS):
                for other_turn in range(turn, TURNS):
                    twist = _twist(turn) + _twist(other_turn)
                    x, y, angle = _rest(state, w, agent, box, grip, push_x + other_x, push_y + other_y, twist)
                    off = np.hypot(x - goal_x, y - goal_y) + _ASKEW_M * abs(angle - wished)
                    if off < least - 1e-9:
                        least = off
                        action[0], action[1] = other_move, other_turn  # never stands still first


@compiled
def _twist(turn):
    return 0.0 if turn == 0 else (1.0 if turn == TURN_LEFT else -1.0)


@compiled
def _grip(layout, state, w, agent, box):
    """What the pair of an agent and its box moves like: the agent's share of the mass, its arm, the moment of both."""
    share = RULES.agent_mass_kg / (RULES.agent_mass_kg + RULES.thing_mass_kg)
    body, pose = state.agents[w, agent], state.things[w, box]
    arm_x, arm_y = body[0] - pose[0], body[1] - pose[1]
    moment = RULES.agent_moment_kg_m2 + thing_moment(RULES, layout.thing_half[w, box, 0], layout.thing_half[w, box, 1])
    moment += RULES.thing_mass_kg * share * (arm_x * arm_x + arm_y * arm_y)
    return share, arm_x, arm_y, moment


@compiled
def _rest(state, w, agent, box, grip, push_x, push_y, twist):
    """Where drag brings a held box to rest after a push and a twist, and what it has turned by then."""
    body, pose = state.agents[w, agent], state.things[w, box]
    share, arm_x, arm_y, moment = grip
    mass = RULES.agent_mass_kg + RULES.thing_mass_kg
    lever = (1.0 - share) * (arm_x * push_y - arm_y * push_x)
    angle = pose[5] * RULES.drag_time_s + (lever * PUSH_M + twist * _TWIST_KG_M2) / moment
    x = pose[0] + (share * body[3] + (1 - share) * pose[3]) * RULES.drag_time_s + push_x * PUSH_M / mass
    y = pose[1] + (share * body[4] + (1 - share) * pose[4]) * RULES.drag_time_s + push_y * PUSH_M / mass
    x += share * (arm_x - (np.cos(angle) * arm_x - np.sin(angle) * arm_y))
    y += share * (arm_y - (np.sin(angle) * arm_x + np.cos(angle) * arm_y))
    return x, y, angle
