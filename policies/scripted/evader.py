"""The evader goes where opponents arrive late and do not see it, on foot. Things are walls to it.

It reads the whole State. Every place of the floor that it can reach gets a score; it walks to the best one by
a path that prefers unseen ground.
"""

import numpy as np

from policies.scripted.base import Scripted
from policies.scripted.grid import BLOCKED, CELL_M, cell_at, draw_map_of_solid_things, place_of, row_length
from policies.scripted.pathfinding import (
    FAR,
    FIELD_PER_M,
    descend,
    fill_opponents_field,
    fill_own_field,
    nearest_opponent,
    walk_is_free,
)
from policies.scripted.steering import PUSH_M, direction, turn_towards
from sim.game import Game
from sim.jit import compiled
from sim.rules import MOVES, RULES, STILL
from sim.state import ANGLE, VX, VY, X, Y

_ENOUGH_M = 8.0
"""A lead over the opponents beyond this is worth no more."""
_DISTANCE_WEIGHT = 0.15
"""What a metre of way costs, in metres of lead."""
_SEEN_COST = 3.0
"""What it costs to be seen at the goal, in metres of lead."""
_CAUGHT_COST = 6.0
"""What it costs that an opponent can be there first."""
_SEEN_STEP = 1
"""A step over seen ground costs this much more."""
_SURELY_M = 1e-6
"""A segment so far beside a block misses it, whatever is rounded."""
_BLOCKED_M = 10.0
"""Coming to rest in a thing or a wall counts as this far from the aim."""


class Evader(Scripted):
    """See the module."""

    name = "evader"

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        evade(self._context(game, side), actions)
        return actions


@compiled
def evade(context, actions):
    """Writes actions (int8 [world, own agent, 3], zeros before) of the own agents of every world."""
    sides = context.sides
    for w in range(len(actions)):
        draw_map_of_solid_things(context, w)
        fill_opponents_field(context, w)
        mark_seen(context, w, context.buffers.map, BLOCKED)
        for agent in range(sides.first, sides.end):
            if context.layout.agent_exists[w, agent]:
                retreat(context, w, agent, actions[w, agent - sides.first])


@compiled
def mark_seen(context, w, ground, nowhere):
    """Marks the cells, in blocks of two by two, that an opponent has a free line to; steps there cost more.

    Left out are blocks that are nothing but `nowhere` on `ground` (int32 [cell]). Opponents look all around.
    """
    row, map_, seen = row_length(context, w), context.buffers.map, context.buffers.seen
    for cell in range(row * row):
        seen[cell] = False
    blocks = _list_blocks(context, w)
    for opponent in range(context.sides.first_opponent, context.sides.end_opponent):
        if context.layout.agent_exists[w, opponent]:
            _mark_seen_by(context, w, opponent, blocks, ground, nowhere)
    for cell in range(row * row):
        if seen[cell] and map_[cell] != BLOCKED:
            map_[cell] += _SEEN_STEP


@compiled
def _mark_seen_by(context, w, opponent, blocks, ground, nowhere):
    """As `mark_seen`, for one opponent, and only what is not marked yet."""
    row, seen, body = row_length(context, w), context.buffers.seen, context.state.agents[w, opponent]
    _place_viewer(context.buffers.blocks, blocks, body[X], body[Y])
    for line in range(1, row - 1, 2):
        for column in range(1, row - 1, 2):
            first = line * row + column
            left_out = (
                ground[first] == nowhere
                and ground[first + 1] == nowhere
                and ground[first + row] == nowhere
                and ground[first + row + 1] == nowhere
            )
            dx, dy = column * CELL_M - body[X], line * CELL_M - body[Y]
            if not left_out and not seen[first] and _view_is_free(context.buffers.blocks, blocks, dx, dy):
                for corner in range(4):
                    seen[first + corner % 2 + corner // 2 * row] = True


@compiled
def _list_blocks(context, w):
    """Fills `Buffers.blocks` with walls and things and returns their number."""
    layout, things, blocks, count = context.layout, context.state.things, context.buffers.blocks, 0
    for wall in range(layout.wall_exists.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            _write_block(blocks[count], 0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.0, (0.5 * (x1 - x0), 0.5 * (y1 - y0)))
            count += 1
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            half_x, half_y = layout.thing_half[w, thing]
            pose = things[w, thing]
            _write_block(blocks[count], pose[X], pose[Y], pose[ANGLE], (half_x, half_y))
            count += 1
    return count


@compiled
def _write_block(block, x, y, angle, half):
    block[0], block[1] = x, y
    block[2], block[3] = np.cos(angle), np.sin(angle)
    block[4], block[5] = half


@compiled
def _place_viewer(blocks, count, x, y):
    """Writes where a place is, as each of the blocks lies, into the last two columns."""
    for block in range(count):
        cosine, sine = blocks[block, 2], blocks[block, 3]
        off_x, off_y = x - blocks[block, 0], y - blocks[block, 1]
        blocks[block, 6], blocks[block, 7] = cosine * off_x + sine * off_y, cosine * off_y - sine * off_x


@compiled
def _view_is_free(blocks, count, dx, dy):
    """Does a segment that leads dx, dy away from the viewer miss all blocks?"""
    for block in range(count):
        cosine, sine, half_x, half_y = blocks[block, 2], blocks[block, 3], blocks[block, 4], blocks[block, 5]
        at_x, at_y = blocks[block, 6], blocks[block, 7]
        by_x, by_y = cosine * dx + sine * dy, cosine * dy - sine * dx
        far_x, far_y = half_x + _SURELY_M, half_y + _SURELY_M
        beside_x = min(at_x, at_x + by_x) > far_x or max(at_x, at_x + by_x) < -far_x
        if beside_x or min(at_y, at_y + by_y) > far_y or max(at_y, at_y + by_y) < -far_y:
            continue  # it misses this block; to find that out by what follows takes four divisions
        by_x, by_y = by_x if by_x != 0.0 else 1e-12, by_y if by_y != 0.0 else 1e-12
        first = max(min((-half_x - at_x) / by_x, (half_x - at_x) / by_x), 0.0)
        first = max(min((-half_y - at_y) / by_y, (half_y - at_y) / by_y), first)
        last = min(max((-half_x - at_x) / by_x, (half_x - at_x) / by_x), 1.0)
        last = min(max((-half_y - at_y) / by_y, (half_y - at_y) / by_y), last)
        if first <= last:
            return False
    return True


@compiled
def retreat(context, w, agent, action):
    """One agent's action; the map, the opponents' field and what they see must be in the buffers."""
    body, buffers = context.state.agents[w, agent], context.buffers
    row = row_length(context, w)
    fill_own_field(context, w, agent)
    start = cell_at(row, body[X], body[Y])
    best, most = start, -np.inf
    for line in range(1, row - 1):
        for column in range(1 + line % 2, row - 1, 2):
            cell = line * row + column
            if buffers.map[cell] != BLOCKED and buffers.own[cell] < FAR and _score(buffers, cell) > most:
                best, most = cell, _score(buffers, cell)
    aim_x, aim_y = _first_leg(context, w, start, best, body[X], body[Y])
    action[0] = _careful_move(row, buffers.map, body, aim_x, aim_y)
    opponent = context.state.agents[w, nearest_opponent(context, w, agent)]
    action[1] = turn_towards(body, opponent[0], opponent[1])


@compiled
def _first_leg(context, w, start, goal, x, y):
    """The farthest place on the path to a goal that can be walked to straight, else the path's second cell."""
    row = row_length(context, w)
    cell = second = first = goal
    while cell != start:
        aim_x, aim_y = place_of(row, cell)
        if walk_is_free(row, context.buffers.map, x, y, aim_x, aim_y, 1 + _SEEN_STEP):
            return aim_x, aim_y
        second, first = first, cell
        cell = descend(row, context.buffers.own, cell)
    return place_of(row, second)


@compiled
def _careful_move(row, map_, body, x, y):
    """The move after which an agent would come to rest nearest to x, y, on free ground if any move brings it there."""
    best, least = STILL, np.inf
    for move in range(MOVES):
        push_x, push_y = direction(move)
        rest_x = body[X] + body[VX] * RULES.drag_time_s + push_x * PUSH_M
        rest_y = body[Y] + body[VY] * RULES.drag_time_s + push_y * PUSH_M
        off = np.hypot(rest_x - x, rest_y - y)
        if map_[cell_at(row, rest_x, rest_y)] == BLOCKED:
            off += _BLOCKED_M
        if off < least:
            best, least = move, off
    return best


@compiled
def _score(buffers, cell):
    own, opponents = buffers.own[cell] / FIELD_PER_M, buffers.other[cell] / FIELD_PER_M
    score = min(opponents, _ENOUGH_M) - _DISTANCE_WEIGHT * own
    if buffers.seen[cell]:
        score -= _SEEN_COST
    if opponents <= own:
        score -= _CAUGHT_COST
    return score
