"""The climber's and the surfer's minds: where no way on the floor leads to an opponent, a ramp does.

Both read the whole State and chase (`policies.scripted.chaser`) while only what can be pushed away is
between them and an opponent. Shut out, they bring a ramp that is not locked against them to where it leads on. The
climber's berth is at a wall behind which an opponent is: it goes up and over. The surfer's is at a box: it goes up,
takes hold of the box it stands on and rides it towards the nearest opponent, and when the box goes no further it walks
on from there. Without such a ramp they wait like any chaser that is shut out.
"""

import numpy as np

from policies.scripted.pathfinding import BLOCKED, FAR, PUSH_COST, cell_at, draw_map, fill_field, row_length
from policies.scripted.ramps import NONE, berth_cost, face_of, is_in_berth, use_ramp
from policies.scripted.steering import move_along, move_towards, turn_towards
from sim.hands import nearest_reachable
from sim.jit import allocating, compiled
from sim.rules import GRAB, KEEP, KEEP_HEADING, RELEASE, RULES
from sim.state import FREE, HIDERS_LOCK, SEEKERS_LOCK, X, Y

_STEP_M = 0.15
"""How far places along a wall are apart, when a berth is looked for."""
_MOST_PATIENCE = 130
"""Ticks after which another berth is looked for."""
_BEYOND_M = RULES.agent_radius_m + 0.05
"""So far behind a wall whoever comes over it lands."""
_STEADY_M = 0.15
"""A surfer stands so far from the middle of its box, and looks at it."""
_STALLED_MPS = 0.25
"""Slower than this a ride is over."""
_STALLED_TICKS = 6


@allocating
def climb_over(slots, layout, state, seen, buffers, berths, stalled, surfs, side, actions):
    """Changes the chaser's actions (int8 [world, own agent, 3]) for those who are upstairs or shut out.

    `stalled` (int8 [world, agent]) is a surfer's memory: ticks for which its box has hardly moved.
    """
    cost = np.zeros(layout.thing_exists.shape[1], np.int32)
    own_lock = HIDERS_LOCK if side[0] == 0 else SEEKERS_LOCK
    for w in range(len(actions)):
        _map_of(slots, layout, state, w, buffers, cost, PUSH_COST, own_lock)
        fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
        row, shut_out = row_length(layout, w), False
        for agent in range(side[0], side[1]):
            x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
            away = buffers.other[cell_at(row, x, y)] >= FAR
            shut_out |= layout.agent_exists[w, agent] and away and state.level[w, agent] == 0
        if shut_out:
            _choose_berth(slots, layout, state, buffers, berths, w, cost, own_lock, surfs, side)
        for agent in range(side[0], side[1]):
            action = actions[w, agent - side[0]]
            if layout.agent_exists[w, agent] and state.level[w, agent] != 0:
                action[:] = 0
                _upstairs(layout, state, seen, berths, stalled, w, agent, surfs, side, action)
            elif layout.agent_exists[w, agent] and shut_out and berths.ramp[w] != NONE:
                action[:] = 0
                _on_floor(layout, state, seen, buffers, berths, w, agent, action)


@compiled
def _map_of(slots, layout, state, w, buffers, cost, passable, own_lock):
    """Draws the map: what can be pushed away costs `passable` (or BLOCKED), what others have locked is in the way."""
    for thing in range(len(cost)):
        lock = state.lock[w, thing]
        cost[thing] = passable if lock == 0 or lock == own_lock else BLOCKED
    draw_map(layout, state, w, cost, buffers.map)


@compiled
def _choose_berth(slots, layout, state, buffers, berths, w, cost, own_lock, surfs, side):
    """Chooses ramp, bearer and berth, unless those chosen still serve; leaves the map with all but ramps solid."""
    berths.patience[w] += 1
    if berths.ramp[w] != NONE and (
        is_in_berth(layout, state, berths, w)
        or (berths.patience[w] < _MOST_PATIENCE and state.lock[w, berths.ramp[w]] in (0, own_lock))
    ):
        return
    berths.patience[w], berths.ramp[w] = 0, NONE
    least, row = np.inf, row_length(layout, w)
    for thing in range(len(cost)):
        cost[thing] = 1 if thing >= slots.boxes else BLOCKED
    draw_map(layout, state, w, cost, buffers.map)
    fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
    for agent in range(side[0], side[1]):
        if not layout.agent_exists[w, agent] or state.level[w, agent] != 0:
            continue
        fill_field(layout, state, w, buffers, buffers.own, agent, agent + 1)
        for ramp in range(slots.boxes, len(cost)):
            reachable = buffers.own[cell_at(row, state.things[w, ramp, X], state.things[w, ramp, Y])] < FAR
            if layout.thing_exists[w, ramp] and reachable and state.lock[w, ramp] in (0, own_lock):
                least = _try_berths(slots, layout, state, buffers, berths, w, agent, ramp, surfs, least)


@compiled
def _try_berths(slots, layout, state, buffers, berths, w, agent, ramp, surfs, least):
    """Compares a ramp's berths with the best one so far, which costs `least`; the cost of the best there is now."""
    faces = 4 * (slots.boxes if surfs else layout.walls.shape[1])
    x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
    way = np.hypot(state.things[w, ramp, X] - x, state.things[w, ramp, Y] - y)
    for face in range(faces):
        thing = face // 4 if surfs else NONE
        exists, x0, y0, away_x, away_y, length, depth = face_of(layout, state, w, face, surfs)
        for step in range(int(length / _STEP_M) + 1 if exists else 0):
            along = 0.5 * length if surfs else min(step * _STEP_M, length)
            at_x, at_y = x0 - along * away_y, y0 + along * away_x
            if not surfs and not _leads_on(layout, buffers, w, at_x, at_y, away_x, away_y, depth):
                continue
            cost = way + berth_cost(layout, state, buffers, w, ramp, at_x, at_y, away_x, away_y)
            if cost < least:
                least = cost
                berths.ramp[w], berths.bearer[w], berths.thing[w] = ramp, agent, thing
                berths.at[w] = (at_x, at_y, away_x, away_y)
    return least


@compiled
def _leads_on(layout, buffers, w, x, y, away_x, away_y, depth):
    """Is there behind this place of a wall a place to land, from which a way leads to an opponent?"""
    back = depth + _BEYOND_M
    cell = cell_at(row_length(layout, w), x - back * away_x, y - back * away_y)
    return depth <= 2.0 * RULES.wall_m and buffers.map[cell] != BLOCKED and buffers.other[cell] < FAR


@compiled
def _on_floor(layout, state, seen, buffers, berths, w, agent, action):
    """An agent that is shut out: goes up where the ramp lies in its berth, else brings it there, or waits."""
    if agent == berths.bearer[w] or is_in_berth(layout, state, berths, w):
        use_ramp(layout, state, seen, buffers, berths, w, agent, action)
    else:
        action[2] = RELEASE


@compiled
def _upstairs(layout, state, seen, berths, stalled, w, agent, surfs, side, action):
    """Across the wall or onto the box, and on to the nearest opponent."""
    body, prey = state.agents[w, agent], _nearest(layout, state, w, agent, side)
    prey_x, prey_y = state.agents[w, prey, X], state.agents[w, prey, Y]
    action[0] = move_along(body, prey_x - body[X], prey_y - body[Y])
    action[1] = turn_towards(body, prey_x, prey_y)
    if berths.ramp[w] == NONE:
        return
    x, y, away_x, away_y = berths.at[w]
    if surfs and stalled[w, agent] < _STALLED_TICKS and state.lock[w, berths.thing[w]] == 0:
        _ride(layout, state, seen, berths, stalled, w, agent, action)
    elif not surfs and (body[X] - x) * away_x + (body[Y] - y) * away_y > -RULES.wall_m:
        action[0] = move_along(body, -away_x, -away_y)
    if surfs and stalled[w, agent] >= _STALLED_TICKS:
        action[2] = RELEASE


@compiled
def _ride(layout, state, seen, berths, stalled, w, agent, action):
    """Onto the box, turned to its middle; once it is held the drive that is set already takes both along."""
    body, box = state.agents[w, agent], berths.thing[w]
    pose = state.things[w, box]
    if state.held[w, agent] == box:
        slow = np.hypot(body[3], body[4]) < _STALLED_MPS
        stalled[w, agent] = stalled[w, agent] + 1 if slow else 0
        action[1] = KEEP_HEADING
        return
    _, _, away_x, away_y = berths.at[w]
    off_x, off_y = pose[X] + _STEADY_M * away_x - body[X], pose[Y] + _STEADY_M * away_y - body[Y]
    action[0] = move_towards(body, body[X] + off_x, body[Y] + off_y)
    action[1] = turn_towards(body, pose[X], pose[Y])
    stands = nearest_reachable(RULES, layout, state, seen, w, agent) == box and np.hypot(off_x, off_y) < _STEADY_M
    action[2] = (GRAB if stands else KEEP) if state.held[w, agent] == FREE else RELEASE


@compiled
def _nearest(layout, state, w, agent, side):
    """The opponent nearest to an agent as the crow flies."""
    best, least = side[2], np.inf
    for other in range(side[2], side[3]):
        x, y = (
            state.agents[w, other, X] - state.agents[w, agent, X],
            state.agents[w, other, Y] - state.agents[w, agent, Y],
        )
        if layout.agent_exists[w, other] and np.hypot(x, y) < least:
            best, least = other, np.hypot(x, y)
    return best
