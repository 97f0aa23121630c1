"""The evader's mind: go where the opponents reach late and do not see, on foot. Things are walls to it.

It reads the whole State. Every place of the floor that it can reach gets a score; it walks to the best one by
a path that prefers unseen ground.
"""

import numpy as np

from policies.scripted.pathfinding import (
    BLOCKED,
    CELL_M,
    FAR,
    FIELD_PER_M,
    cell_at,
    descend,
    draw_map,
    fill_field,
    place_of,
    row_length,
    walk_is_free,
)
from policies.scripted.steering import PUSH_M, direction, turn_towards
from sim.jit import allocating, compiled
from sim.rules import MOVES, RULES, STILL

_ENOUGH_M = 8.0
"""A lead over the opponents beyond this is worth no more."""
_DISTANCE_WEIGHT = 0.15
"""What a metre of way costs, in metres of lead."""
_SEEN_COST = 3.0
"""What it costs to be seen at the goal, in metres of lead."""
_CAUGHT_COST = 6.0
"""What it costs that an opponent can be there first."""
_SEEN_STEP = 1
"""A step over seen ground counts for so many more."""
_BLOCKED_M = 10.0
"""Coming to rest in a thing or a wall is as bad as being so far off."""


@allocating
def evade(layout, state, buffers, side, actions):
    """Writes actions (int8 [world, own agent, 3]) for the agents side[0]..side[1]-1 of every world; side[2] and
    side[3] are the same of the opponents.
    """
    solid = np.zeros(layout.thing_exists.shape[1], np.int32)
    for w in range(len(actions)):
        draw_map(layout, state, w, solid, buffers.map)
        fill_field(layout, state, w, buffers, buffers.other, side[2], side[3])
        mark_seen(layout, state, w, buffers, side)
        for agent in range(side[0], side[1]):
            actions[w, agent - side[0]] = 0
            if layout.agent_exists[w, agent]:
                retreat(layout, state, buffers, w, agent, side, actions[w, agent - side[0]])


@allocating
def mark_seen(layout, state, w, buffers, side):
    """Marks the free cells, in blocks of two by two, that an opponent has a free line to; steps there cost more."""
    row = row_length(layout, w)
    buffers.seen[: row * row] = False
    blocks = _list_blocks(layout, state, w, buffers.blocks)
    for line in range(1, row - 1, 2):
        for column in range(1, row - 1, 2):
            block = np.array((line * row + column, line * row + column + 1, line * row + column + row, 0))
            block[3] = block[2] + 1
            if buffers.map[block].max() == BLOCKED:
                continue
            for foe in range(side[2], side[3]):
                x, y = state.agents[w, foe, 0], state.agents[w, foe, 1]
                there_x, there_y = column * CELL_M, line * CELL_M
                if layout.agent_exists[w, foe] and _view_is_free(buffers.blocks, blocks, x, y, there_x, there_y):
                    for cell in block:
                        buffers.seen[cell] = True
                        buffers.map[cell] += _SEEN_STEP if buffers.map[cell] != BLOCKED else BLOCKED
                    break


@compiled
def _list_blocks(layout, state, w, blocks):
    """Fills `Scratch.blocks` with walls and things and returns their number."""
    count = 0
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            blocks[count] = (0.5 * (x0 + x1), 0.5 * (y0 + y1), 1.0, 0.0, 0.5 * (x1 - x0), 0.5 * (y1 - y0))
            count += 1
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            x, y, angle = state.things[w, thing, :3]
            half_x, half_y = layout.thing_half[w, thing]
            blocks[count] = (x, y, np.cos(angle), np.sin(angle), half_x, half_y)
            count += 1
    return count


@compiled
def _view_is_free(blocks, count, x0, y0, x1, y1):
    """Does the segment between two places miss all blocks?"""
    for block in range(count):
        x, y, cosine, sine, half_x, half_y = blocks[block]
        at_x, at_y = cosine * (x0 - x) + sine * (y0 - y), cosine * (y0 - y) - sine * (x0 - x)
        by_x, by_y = cosine * (x1 - x0) + sine * (y1 - y0), cosine * (y1 - y0) - sine * (x1 - x0)
        by_x, by_y = by_x if by_x != 0.0 else 1e-12, by_y if by_y != 0.0 else 1e-12
        first = max(min((-half_x - at_x) / by_x, (half_x - at_x) / by_x), 0.0)
        first = max(min((-half_y - at_y) / by_y, (half_y - at_y) / by_y), first)
        last = min(max((-half_x - at_x) / by_x, (half_x - at_x) / by_x), 1.0)
        last = min(max((-half_y - at_y) / by_y, (half_y - at_y) / by_y), last)
        if first <= last:
            return False
    return True


@compiled
def retreat(layout, state, buffers, w, agent, side, action):
    """One agent's action; the map, the opponents' field and what they see must be in `buffers`."""
    body = state.agents[w, agent]
    row = row_length(layout, w)
    fill_field(layout, state, w, buffers, buffers.own, agent, agent + 1)
    start = cell_at(row, body[0], body[1])
    best, most = start, -np.inf
    for line in range(1, row - 1):
        for column in range(1 + line % 2, row - 1, 2):
            cell = line * row + column
            if buffers.map[cell] != BLOCKED and buffers.own[cell] < FAR and _score(buffers, cell) > most:
                best, most = cell, _score(buffers, cell)
    aim_x, aim_y = _first_leg(layout, w, buffers, start, best, body[0], body[1])
    action[0] = _careful_move(row, buffers.map, body, aim_x, aim_y)
    foe_x, foe_y = _nearest_foe(layout, state, w, body, side)
    action[1] = turn_towards(body, foe_x, foe_y)


@compiled
def _first_leg(layout, w, buffers, start, goal, x, y):
    """The farthest place on the path to a goal that can be walked to straight, else the path's second cell."""
    row = row_length(layout, w)
    cell = second = first = goal
    while cell != start:
        aim_x, aim_y = place_of(row, cell)
        if walk_is_free(row, buffers.map, x, y, aim_x, aim_y, 1 + _SEEN_STEP):
            return aim_x, aim_y
        second, first = first, cell
        cell = descend(row, buffers.own, cell)
    return place_of(row, second)


@compiled
def _careful_move(row, map_, body, x, y):
    """The move after which an agent would come to rest nearest to x, y, on free ground if any move brings it there."""
    best, least = STILL, np.inf
    for move in range(MOVES):
        push_x, push_y = direction(move)
        rest_x = body[0] + body[3] * RULES.drag_time_s + push_x * PUSH_M
        rest_y = body[1] + body[4] * RULES.drag_time_s + push_y * PUSH_M
        off = np.hypot(rest_x - x, rest_y - y)
        if map_[cell_at(row, rest_x, rest_y)] == BLOCKED:
            off += _BLOCKED_M
        if off < least:
            best, least = move, off
    return best


@compiled
def _score(buffers, cell):
    own, foes = buffers.own[cell] / FIELD_PER_M, buffers.other[cell] / FIELD_PER_M
    score = min(foes, _ENOUGH_M) - _DISTANCE_WEIGHT * own
    if buffers.seen[cell]:
        score -= _SEEN_COST
    if foes <= own:
        score -= _CAUGHT_COST
    return score


@compiled
def _nearest_foe(layout, state, w, body, side):
    x, y, least = body[0], body[1], np.inf
    for foe in range(side[2], side[3]):
        away = np.hypot(state.agents[w, foe, 0] - body[0], state.agents[w, foe, 1] - body[1])
        if layout.agent_exists[w, foe] and away < least:
            x, y, least = state.agents[w, foe, 0], state.agents[w, foe, 1], away
    return x, y
