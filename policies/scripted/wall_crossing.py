"""How the solver gets to a place that walls shut off: up a ramp, along the tops of the walls, and down beside it.

On the upper level, walls and things that touch each other form one network of ways. So a room's ramp is brought to
the nearest wall, and from there every other room can be reached.
"""

import numpy as np

from policies.scripted.context import NONE
from policies.scripted.grid import BLOCKED, cell_at, draw_map, place_of, row_length
from policies.scripted.pathfinding import FAR, FIELD_PER_M, fill_field_from, fill_own_field, way_out
from policies.scripted.ramps import STEP_M, face_of, set_target, target_cost, use_ramp
from policies.scripted.steering import move_towards, turn_towards
from sim.jit import compiled
from sim.rules import RULES
from sim.state import X, Y

_EDGE_COST = 4
"""A step along an edge costs as much as this many in the middle of a wall: an agent falls easily there."""
_CARRIED = 2.0
"""A metre with a ramp costs as much as this many on foot."""
_MOST_PATIENCE = 60
"""After this many ticks another target is looked for..."""
_SHUN_M, _SHUN_COST = 0.8, 4.0
"""...and those within the first of the old one cost the second more, both in metres."""


@compiled
def cross(context, targets, w, agent, x, y, action):
    """One tick on the way to a place that no way on the floor leads to.

    The map shows the floor, and the field `other` how far its cells are from the place.
    """
    body = context.state.agents[w, agent]
    _draw_tops(context, w)
    fill_field_from(context, w, x, y)
    if context.state.level[w, agent] == 0:
        _get_up(context, targets, w, agent, action)
        return
    targets.ramp[w] = NONE
    action[1] = turn_towards(body, x, y)
    aim_x, aim_y = way_out(context, w, body[X], body[Y])
    if aim_x == body[X] and aim_y == body[Y]:
        aim_x, aim_y = x, y
    action[0] = move_towards(body, aim_x, aim_y)


@compiled
def _draw_tops(context, w):
    """Turns the map of the floor into that of the upper level: agents walk on top of what is low, and go down only
    where the place can be reached on the floor.
    """
    map_, floor_m = context.buffers.map, context.layout.floor[w]
    row, low, high = row_length(context, w), RULES.agent_radius_m, floor_m - RULES.agent_radius_m
    for cell in range(row * row):
        x, y = place_of(row, cell)
        on_floor = low <= x <= high and low <= y <= high
        is_top = on_floor and map_[cell] != 1
        map_[cell] = 1 if is_top or context.buffers.other[cell] < FAR else BLOCKED
    for cell in range(row, row * (row - 1)):
        for near in (cell - 1, cell + 1, cell - row, cell + row):
            if map_[cell] != BLOCKED and map_[near] == BLOCKED:
                map_[cell] = _EDGE_COST


@compiled
def _get_up(context, targets, w, agent, action):
    """Brings a ramp to a wall and goes up it; the field `other` tells how far each top is from the place."""
    cost = context.buffers.thing_cost
    targets.patience[w] += 1
    if targets.ramp[w] == NONE or targets.patience[w] >= _MOST_PATIENCE:
        for thing in range(len(cost)):
            cost[thing] = BLOCKED if thing < context.boxes else 1
        draw_map(context, w)
        fill_own_field(context, w, agent)
        _choose_target(context, targets, w)
    if targets.ramp[w] != NONE:
        use_ramp(context, targets, w, agent, action)


@compiled
def _choose_target(context, targets, w):
    """The target from which the place is reached soonest; not again one to which a ramp was brought in vain."""
    layout, state = context.layout, context.state
    row, least = row_length(context, w), np.inf
    in_vain, (old_x, old_y, _, _) = targets.ramp[w] != NONE, targets.at[w]
    targets.patience[w], targets.ramp[w] = 0, NONE
    for ramp in range(context.boxes, layout.thing_exists.shape[1]):
        way = context.buffers.own[cell_at(row, state.things[w, ramp, X], state.things[w, ramp, Y])]
        if not layout.thing_exists[w, ramp] or way >= FAR or state.lock[w, ramp] != 0:
            continue
        for number in range(4 * layout.walls.shape[1]):
            face = face_of(context, w, number, False)
            for step in range(int(face.length / STEP_M) + 1 if face.exists else 0):
                x, y = face.x - step * STEP_M * face.away_y, face.y + step * STEP_M * face.away_x
                walked = way + context.buffers.other[cell_at(row, x, y)]
                if walked >= FAR:
                    continue
                target = x, y, face.away_x, face.away_y
                cost = _CARRIED * target_cost(context, w, ramp, target)
                cost += walked / FIELD_PER_M
                if in_vain and np.hypot(x - old_x, y - old_y) < _SHUN_M:
                    cost += _SHUN_COST
                if cost < least:
                    least, targets.ramp[w] = cost, ramp
                    set_target(targets, w, target)
