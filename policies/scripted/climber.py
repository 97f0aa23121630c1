"""The climber and the surfer use a ramp where no way on the floor leads to an opponent.

Both read the whole State and chase (`policies.scripted.chaser`) while only what can be pushed away is
between them and an opponent. Shut out, they bring a ramp that is not locked against them to where it leads on. The
climber's target is a wall with an opponent behind it: it goes up and over. The surfer's is a box: it goes up, takes
hold of the box it stands on and rides it towards the nearest opponent, and when the box goes no further it walks
on from there. Without such a ramp they wait like any chaser that is shut out.
"""

import numpy as np

from policies.scripted.chaser import Chaser
from policies.scripted.context import NONE
from policies.scripted.grid import BLOCKED, PUSH_COST, cell_at, draw_map, row_length
from policies.scripted.pathfinding import FAR, fill_opponents_field, fill_own_field, nearest_opponent
from policies.scripted.ramps import (
    STEP_M,
    RampTargets,
    face_of,
    is_at_target,
    no_ramp_targets,
    set_target,
    target_cost,
    use_ramp,
)
from policies.scripted.steering import move_along, move_towards, turn_towards
from sim.game import Game
from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import GRAB, KEEP, KEEP_HEADING, RELEASE, RULES
from sim.state import FREE, VX, VY, X, Y

_MOST_PATIENCE = 130
"""After this many ticks another target is looked for."""
_BEYOND_M = RULES.agent_radius_m + 0.05
"""An agent that comes over a wall lands this far behind it."""
_STEADY_M = 0.15
"""A surfer stands this far from the middle of its box, and looks at it."""
_STALLED_MPS = 0.25
"""A ride that is slower than this..."""
_STALLED_TICKS = 6
"""...for this long is over."""


class Climber(Chaser):
    """Goes over walls; see the module."""

    name = "climber"
    _surfs = False

    def __init__(self) -> None:
        super().__init__()
        self._targets: RampTargets = no_ramp_targets(0)
        self._stalled = np.zeros((0, 0), np.int8)

    def reset(self) -> None:
        super().reset()
        self._targets = no_ramp_targets(len(self._stalled))
        self._stalled[:] = 0

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        if self._stalled.shape != game.state.held.shape:
            self._targets, self._stalled = no_ramp_targets(game.worlds), np.zeros(game.state.held.shape, np.int8)
        climb_over(self._context(game, side), self._targets, self._stalled, self._surfs, actions)
        return actions


class Surfer(Climber):
    """Rides on boxes; see the module."""

    name = "surfer"
    _surfs = True


@compiled
def climb_over(context, targets, stalled, surfs, actions):
    """Changes the chaser's actions (int8 [world, own agent, 3]) of agents that are upstairs or shut out.

    `stalled` (int8 [world, agent]) is a surfer's memory: ticks for which its box has hardly moved.
    """
    layout, state, sides = context.layout, context.state, context.sides
    for w in range(len(actions)):
        shut_out = _is_shut_out(context, w)
        if shut_out:
            _choose_target(context, targets, w, surfs)
        for agent in range(sides.first, sides.end):
            action = actions[w, agent - sides.first]
            if layout.agent_exists[w, agent] and state.level[w, agent] != 0:
                _clear(action)
                _upstairs(context, targets, stalled, w, agent, surfs, action)
            elif layout.agent_exists[w, agent] and shut_out and targets.ramp[w] != NONE:
                _clear(action)
                _on_floor(context, targets, w, agent, action)


@compiled
def _clear(action):
    for part in range(3):
        action[part] = 0


@compiled
def _is_shut_out(context, w):
    """Is there an agent on the floor that no way leads to an opponent, not even by pushing things away?"""
    state, cost = context.state, context.buffers.thing_cost
    for thing in range(len(cost)):
        cost[thing] = PUSH_COST if _is_usable(context, w, thing) else BLOCKED
    draw_map(context, w)
    fill_opponents_field(context, w)
    row = row_length(context, w)
    for agent in range(context.sides.first, context.sides.end):
        cell = cell_at(row, state.agents[w, agent, X], state.agents[w, agent, Y])
        far = context.buffers.other[cell] >= FAR
        if context.layout.agent_exists[w, agent] and far and state.level[w, agent] == 0:
            return True
    return False


@compiled
def _is_usable(context, w, thing):
    """Is a thing free, or locked by the own side?"""
    lock = context.state.lock[w, thing]
    return lock == 0 or lock == context.sides.lock


@compiled
def _choose_target(context, targets, w, surfs):
    """Chooses ramp, bearer and target, unless those chosen still serve; leaves the map with all but ramps solid."""
    layout, state, buffers, cost = context.layout, context.state, context.buffers, context.buffers.thing_cost
    targets.patience[w] += 1
    if targets.ramp[w] != NONE and (
        is_at_target(context, targets, w)
        or (targets.patience[w] < _MOST_PATIENCE and _is_usable(context, w, targets.ramp[w]))
    ):
        return
    targets.patience[w], targets.ramp[w] = 0, NONE
    least, row = np.inf, row_length(context, w)
    for thing in range(len(cost)):
        cost[thing] = 1 if thing >= context.boxes else BLOCKED
    draw_map(context, w)
    fill_opponents_field(context, w)
    for agent in range(context.sides.first, context.sides.end):
        if not layout.agent_exists[w, agent] or state.level[w, agent] != 0:
            continue
        fill_own_field(context, w, agent)
        for ramp in range(context.boxes, len(cost)):
            reachable = buffers.own[cell_at(row, state.things[w, ramp, X], state.things[w, ramp, Y])] < FAR
            if layout.thing_exists[w, ramp] and reachable and _is_usable(context, w, ramp):
                least = _try_targets(context, targets, w, agent, ramp, surfs, least)


@compiled
def _try_targets(context, targets, w, agent, ramp, surfs, least):
    """Compares a ramp's targets with the best one so far, which costs `least`; returns the cost of the best one now."""
    state = context.state
    faces = 4 * (context.boxes if surfs else context.layout.walls.shape[1])
    x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
    way = np.hypot(state.things[w, ramp, X] - x, state.things[w, ramp, Y] - y)
    for number in range(faces):
        face = face_of(context, w, number, surfs)
        for step in range(int(face.length / STEP_M) + 1 if face.exists else 0):
            along = 0.5 * face.length if surfs else min(step * STEP_M, face.length)
            target = face.x - along * face.away_y, face.y + along * face.away_x, face.away_x, face.away_y
            if not surfs and not _leads_on(context, w, target, face.depth):
                continue
            cost = way + target_cost(context, w, ramp, target)
            if cost < least:
                least = cost
                targets.ramp[w], targets.bearer[w] = ramp, agent
                targets.thing[w] = number // 4 if surfs else NONE
                set_target(targets, w, target)
    return least


@compiled
def _leads_on(context, w, target, depth):
    """Is there room to land behind this place of a wall, and a way from there to an opponent?"""
    x, y, away_x, away_y = target
    back = depth + _BEYOND_M
    cell = cell_at(row_length(context, w), x - back * away_x, y - back * away_y)
    free = context.buffers.map[cell] != BLOCKED and context.buffers.other[cell] < FAR
    return depth <= 2.0 * RULES.wall_m and free


@compiled
def _on_floor(context, targets, w, agent, action):
    """An agent that is shut out: goes up if the ramp is at its target, else brings it there, or waits."""
    if agent == targets.bearer[w] or is_at_target(context, targets, w):
        use_ramp(context, targets, w, agent, action)
    else:
        action[2] = RELEASE


@compiled
def _upstairs(context, targets, stalled, w, agent, surfs, action):
    """Across the wall or onto the box, and on to the nearest opponent."""
    body = context.state.agents[w, agent]
    opponent = context.state.agents[w, nearest_opponent(context, w, agent)]
    action[0] = move_along(body, opponent[X] - body[X], opponent[Y] - body[Y])
    action[1] = turn_towards(body, opponent[X], opponent[Y])
    if targets.ramp[w] == NONE:
        return
    x, y, away_x, away_y = targets.at[w]
    if surfs and stalled[w, agent] < _STALLED_TICKS and context.state.lock[w, targets.thing[w]] == 0:
        _ride(context, targets, stalled, w, agent, action)
    elif not surfs and (body[X] - x) * away_x + (body[Y] - y) * away_y > -RULES.wall_m:
        action[0] = move_along(body, -away_x, -away_y)
    if surfs and stalled[w, agent] >= _STALLED_TICKS:
        action[2] = RELEASE


@compiled
def _ride(context, targets, stalled, w, agent, action):
    """Onto the box and turned to its middle; an agent that holds it keeps its drive, which takes both along."""
    state, box = context.state, targets.thing[w]
    body, pose = state.agents[w, agent], state.things[w, box]
    if state.held[w, agent] == box:
        slow = np.hypot(body[VX], body[VY]) < _STALLED_MPS
        stalled[w, agent] = stalled[w, agent] + 1 if slow else 0
        action[1] = KEEP_HEADING
        return
    _, _, away_x, away_y = targets.at[w]
    off_x, off_y = pose[X] + _STEADY_M * away_x - body[X], pose[Y] + _STEADY_M * away_y - body[Y]
    action[0] = move_towards(body, body[X] + off_x, body[Y] + off_y)
    action[1] = turn_towards(body, pose[X], pose[Y])
    reachable = nearest_reachable(RULES, context.layout, state, context.visibility, w, agent)
    stands = reachable == box and np.hypot(off_x, off_y) < _STEADY_M
    action[2] = (GRAB if stands else KEEP) if state.held[w, agent] == FREE else RELEASE
