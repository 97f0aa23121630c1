"""Grab, release and lock: a pure change of `State.held`, `State.hold` and `State.lock`.

Within a tick all releases come first, then all locks, then all grabs, each by agent index. Physics follows
the State afterwards (`sim.physics.following.follow_state`).

Hands do not reach through inner walls. An agent on the floor reaches straight to the nearest point of a thing or, where
a wall is in the way, straight towards its centre: so a thing in a doorway can be taken from either side. Where walls
are in both ways the thing is out of reach. A hold, once taken, lasts until it is released, ended by a lock, or torn,
wherever the two are dragged. On the upper level only what the agent stands on is within reach, and no wall matters.
"""

import math

from sim.climb import FLOOR
from sim.fill import clear_row
from sim.geometry import distance_to_rectangle, nearest_in_rectangle, way_into_rectangle
from sim.jit import compiled
from sim.line_of_sight import Line, wall_between
from sim.rules import GRAB, LOCK, RELEASE
from sim.state import ANGLE, FREE, HIDERS_LOCK, SEEKERS_LOCK, X, Y


@compiled
def gap(rules, layout, state, w, agent, thing):
    """Distance in metres from an agent's skin to a thing's surface; zero or less where they overlap."""
    x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
    half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
    return distance_to_rectangle(x, y, state.things[w, thing], half_x, half_y) - rules.agent_radius_m


@compiled
def _reach_around_walls(rules, layout, state, w, agent, thing):
    """As `gap`, along the straight way that no wall blocks; infinite if there is none."""
    x, y, pose = state.agents[w, agent, X], state.agents[w, agent, Y], state.things[w, thing]
    half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
    near_x, near_y = nearest_in_rectangle(x, y, pose, half_x, half_y)
    if not wall_between(layout, w, Line(x, y, near_x - x, near_y - y)):
        return gap(rules, layout, state, w, agent, thing)
    if not wall_between(layout, w, Line(x, y, pose[X] - x, pose[Y] - y)):
        return way_into_rectangle(x, y, pose, half_x, half_y) - rules.agent_radius_m
    return math.inf


@compiled
def nearest_reachable(rules, layout, state, seen, w, agent):
    """The nearest thing within reach whose centre the agent last saw, or FREE; the lowest index on ties."""
    on_floor = state.level[w, agent] == FLOOR
    best, best_gap = FREE, rules.reach_m if on_floor else 0.0
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and seen.things[w, agent, thing]:
            distance = gap(rules, layout, state, w, agent, thing)
            if on_floor and distance <= best_gap:
                distance = _reach_around_walls(rules, layout, state, w, agent, thing)
            if distance < best_gap or (best == FREE and distance == best_gap):
                best, best_gap = thing, distance
    return best


@compiled
def _end_holds(state, w, thing):
    for agent in range(state.held.shape[1]):
        if state.held[w, agent] == thing:
            state.held[w, agent] = FREE
            clear_row(state.hold[w, agent])


@compiled
def _release(state, actions, w):
    for agent in range(state.held.shape[1]):
        if actions[w, agent, 2] == RELEASE:
            state.held[w, agent] = FREE
            clear_row(state.hold[w, agent])


@compiled
def lock_of(slots, agent):
    """The lock that an agent's team sets, and alone can undo."""
    return HIDERS_LOCK if agent < slots.hiders else SEEKERS_LOCK


@compiled
def _lock(rules, slots, layout, state, seen, actions, w):
    by_hiders, by_seekers = 0, 0  # a bit for each thing that a team locks in this tick; a world has 36 at most
    for agent in range(state.held.shape[1]):
        if layout.agent_exists[w, agent] and actions[w, agent, 2] == LOCK:
            thing = state.held[w, agent]
            if thing == FREE:
                thing = nearest_reachable(rules, layout, state, seen, w, agent)
            if thing != FREE and agent < slots.hiders:
                by_hiders |= 1 << thing
            elif thing != FREE:
                by_seekers |= 1 << thing
    for thing in range(state.lock.shape[1]):
        by_one_team = ((by_hiders ^ by_seekers) >> thing) & 1
        if by_one_team and state.lock[w, thing] == 0 and layout.thing_lockable[w, thing]:
            state.lock[w, thing] = HIDERS_LOCK if (by_hiders >> thing) & 1 else SEEKERS_LOCK
            _end_holds(state, w, thing)


@compiled
def _grab(rules, slots, layout, state, seen, actions, w):
    for agent in range(state.held.shape[1]):
        if not layout.agent_exists[w, agent] or actions[w, agent, 2] != GRAB or state.held[w, agent] != FREE:
            continue
        thing = nearest_reachable(rules, layout, state, seen, w, agent)
        if thing == FREE:
            continue
        if state.lock[w, thing] == 0 or state.lock[w, thing] == lock_of(slots, agent):
            state.lock[w, thing] = 0
            _hold(state, w, agent, thing)


@compiled
def _hold(state, w, agent, thing):
    """Freezes the thing's pose in the agent's frame."""
    body, pose = state.agents[w, agent], state.things[w, thing]
    dx, dy = pose[X] - body[X], pose[Y] - body[Y]
    cos, sin = math.cos(body[ANGLE]), math.sin(body[ANGLE])
    state.held[w, agent] = thing
    state.hold[w, agent, 0] = cos * dx + sin * dy
    state.hold[w, agent, 1] = cos * dy - sin * dx
    state.hold[w, agent, 2] = pose[ANGLE] - body[ANGLE]


@compiled
def use_hands(rules, slots, layout, state, seen, actions, w):
    """Applies the hands actions of one world; `seen` is what the agents were last shown."""
    _release(state, actions, w)
    _lock(rules, slots, layout, state, seen, actions, w)
    _grab(rules, slots, layout, state, seen, actions, w)
