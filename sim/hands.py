"""Grab, release and lock: a pure change of `State.held`, `State.hold` and `State.lock`.

Within a tick all releases come first, then all locks, then all grabs, each by agent index. Physics follows
the State afterwards (`physics.follow_state`).
"""

import math

from sim.climb import FLOOR
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.rules import GRAB, LOCK, RELEASE
from sim.state import ANGLE, FREE, HIDERS_LOCK, SEEKERS_LOCK, X, Y


@compiled
def gap(rules, layout, state, w, agent, thing):
    """Distance in metres from an agent's skin to a thing's surface; zero or less where they overlap."""
    x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
    half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
    return distance_to_rectangle(x, y, state.things[w, thing], half_x, half_y) - rules.agent_radius_m


@compiled
def nearest_reachable(rules, layout, state, seen, w, agent):
    """The nearest thing within reach whose centre the agent was last shown, or FREE; lowest index on ties.

    On the upper level only what the agent's disc overlaps is within reach.
    """
    best, best_gap = FREE, rules.reach_m if state.level[w, agent] == FLOOR else 0.0
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing] and seen.things[w, agent, thing]:
            distance = gap(rules, layout, state, w, agent, thing)
            if distance < best_gap or (best == FREE and distance == best_gap):
                best, best_gap = thing, distance
    return best


@compiled
def _end_holds(state, w, thing):
    for agent in range(state.held.shape[1]):
        if state.held[w, agent] == thing:
            state.held[w, agent] = FREE
            state.hold[w, agent] = 0.0


@compiled
def _release(state, actions, w):
    for agent in range(state.held.shape[1]):
        if actions[w, agent, 2] == RELEASE:
            state.held[w, agent] = FREE
            state.hold[w, agent] = 0.0


@compiled
def lock_of(slots, agent):
    """The lock that an agent's team sets, and alone can undo."""
    return HIDERS_LOCK if agent < slots.hiders else SEEKERS_LOCK


@compiled
def _lock(rules, slots, layout, state, seen, actions, w):
    wanted = 0  # two bits for each thing: the teams that want it locked
    for agent in range(state.held.shape[1]):
        if layout.agent_exists[w, agent] and actions[w, agent, 2] == LOCK:
            thing = state.held[w, agent]
            if thing == FREE:
                thing = nearest_reachable(rules, layout, state, seen, w, agent)
            if thing != FREE:
                wanted |= lock_of(slots, agent) << (2 * thing)
    for thing in range(state.lock.shape[1]):
        teams = (wanted >> (2 * thing)) & 3
        if teams in (HIDERS_LOCK, SEEKERS_LOCK) and state.lock[w, thing] == 0 and layout.thing_lockable[w, thing]:
            state.lock[w, thing] = teams
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
