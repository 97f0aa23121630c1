"""How the solver gets to a place that walls shut off: up a ramp, along the tops of the walls, and down beside it.

For who is upstairs all that is low and touches is one network of ways. So a room's ramp is brought to whatever wall is
nearest, and from there one gets to every other room.
"""

import numpy as np

from policies.scripted.pathfinding import (
    BLOCKED,
    FAR,
    FIELD_PER_M,
    cell_at,
    draw_map,
    fill_field,
    fill_field_from,
    place_of,
    row_length,
    way_out,
)
from policies.scripted.ramps import NONE, berth_cost, face_of, use_ramp
from policies.scripted.steering import move_towards, turn_towards
from sim.jit import allocating, compiled
from sim.rules import RULES
from sim.state import X, Y

_STEP_M = 0.15
"""How far places along a wall are apart, when a berth is looked for."""
_EDGE_COST = 4
"""A step along an edge counts as so many in the middle of a wall: it is easy to fall."""
_CARRIED = 2.0
"""A metre with a ramp counts as so many on foot."""
_MOST_PATIENCE = 60
"""After so many ticks another berth is looked for..."""
_SHUN_M, _SHUN_COST = 0.8, 4.0
"""...and those so near to the old one cost so many metres more."""


@compiled
def cross(slots, layout, state, seen, buffers, berths, w, agent, x, y, action):
    """One tick on the way to a place that no way on the floor leads to.

    `buffers.map` shows the floor and `buffers.other` how far from the place its cells are.
    """
    body = state.agents[w, agent]
    _draw_tops(layout, w, buffers)
    fill_field_from(layout, w, buffers, buffers.other, x, y)
    if state.level[w, agent] == 0:
        _get_up(slots, layout, state, seen, buffers, berths, w, agent, action)
        return
    berths.ramp[w] = NONE
    action[1] = turn_towards(body, x, y)
    aim_x, aim_y = way_out(layout, w, buffers, body[X], body[Y])
    if aim_x == body[X] and aim_y == body[Y]:
        aim_x, aim_y = x, y
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _draw_tops(layout, w, buffers):
    """Turns the map of the floor into that of the upper level: on top of what is low one walks, and down from it only
    where the place can be reached on the floor.
    """
    row, low, high = row_length(layout, w), RULES.agent_radius_m, layout.floor[w] - RULES.agent_radius_m
    for cell in range(row * row):
        x, y = place_of(row, cell)
        on_floor = low <= x <= high and low <= y <= high
        is_top = on_floor and buffers.map[cell] != 1
        buffers.map[cell] = 1 if is_top or buffers.other[cell] < FAR else BLOCKED
    for cell in range(row, row * (row - 1)):
        for near in (cell - 1, cell + 1, cell - row, cell + row):
            if buffers.map[cell] != BLOCKED and buffers.map[near] == BLOCKED:
                buffers.map[cell] = _EDGE_COST


@allocating
def _get_up(slots, layout, state, seen, buffers, berths, w, agent, action):
    """Brings a ramp to a wall and goes up it; `buffers.other` tells how far it is from each top."""
    berths.patience[w] += 1
    if berths.ramp[w] == NONE or berths.patience[w] >= _MOST_PATIENCE:
        cost = np.full(layout.thing_exists.shape[1], BLOCKED, np.int32)
        cost[slots.boxes :] = 1
        draw_map(layout, state, w, cost, buffers.map)
        fill_field(layout, state, w, buffers, buffers.own, agent, agent + 1)
        _choose_berth(slots, layout, state, buffers, berths, w)
    if berths.ramp[w] != NONE:
        use_ramp(layout, state, seen, buffers, berths, w, agent, action)


@compiled
def _choose_berth(slots, layout, state, buffers, berths, w):
    """The berth from which the place is reached soonest; not again where a ramp was brought in vain."""
    row, least = row_length(layout, w), np.inf
    in_vain, (old_x, old_y, _, _) = berths.ramp[w] != NONE, berths.at[w]
    berths.patience[w], berths.ramp[w] = 0, NONE
    for ramp in range(slots.boxes, layout.thing_exists.shape[1]):
        way = buffers.own[cell_at(row, state.things[w, ramp, X], state.things[w, ramp, Y])]
        if not layout.thing_exists[w, ramp] or way >= FAR or state.lock[w, ramp] != 0:
            continue
        for face in range(4 * layout.walls.shape[1]):
            exists, x0, y0, away_x, away_y, length, _ = face_of(layout, state, w, face, False)
            for step in range(int(length / _STEP_M) + 1 if exists else 0):
                x, y = x0 - step * _STEP_M * away_y, y0 + step * _STEP_M * away_x
                walked = way + buffers.other[cell_at(row, x, y)]
                if walked >= FAR:
                    continue
                cost = _CARRIED * berth_cost(layout, state, buffers, w, ramp, x, y, away_x, away_y)
                cost += walked / FIELD_PER_M
                if in_vain and np.hypot(x - old_x, y - old_y) < _SHUN_M:
                    cost += _SHUN_COST
                if cost < least:
                    least, berths.ramp[w] = cost, ramp
                    berths.at[w] = (x, y, away_x, away_y)
