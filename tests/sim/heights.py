"""A bare world with two boxes and a ramp, in play, for tests of the two levels; and what may overlap on the floor."""

import math

import numpy as np

from sim.climb import FLOOR
from sim.rules import RULES
from sim.scenario import scenario_from_text
from sim.state import ANGLE, X, Y
from tests.games import started

EAST, NORTH, WEST, SOUTH = 1, 3, 5, 7
HIDER, MATE, SEEKER = range(3)
BOX, OTHER_BOX, RAMP = range(3)
FAR = ((0.3, 5.5), (0.9, 5.5), (1.5, 5.5))
"""Where agents are that have no part in a test."""


def bare_world(agents=(), things=(), walls=(), without=()):
    """A game with agents (x, y, angle) and things (x, y, angle) at these places; the rest is far away, or missing.

    Things are two boxes of 0.8 m and a ramp whose high edge is at its own +x end; None for one that is not there.
    """
    scenario = scenario_from_text("quadrant:hiders=2,seekers=1,boxes=2,ramps=1,box_m=0.8,preparation_ticks=1")
    game = started(scenario, 1, without=without)
    layout, state = game.snapshot()
    state.tick[:], state.things[:], state.agents[:] = 1, 0.0, 0.0
    layout.wall_exists[:], layout.door_exists[:], layout.thing_exists[:] = False, False, False
    layout.thing_lockable[:] = True
    for wall, corners in enumerate(walls):
        layout.wall_exists[0, wall], layout.walls[0, wall] = True, corners
    for agent in range(3):
        state.agents[0, agent, :3] = agents[agent] if agent < len(agents) else (*FAR[agent], 0.0)
    for thing, pose in enumerate(things):
        if pose is not None:
            layout.thing_exists[0, thing], state.things[0, thing, :3] = True, pose
    game.restore(layout, state)
    return game


def put_upstairs(game, *agents):
    """Lifts agents wherever they are."""
    layout, state = game.snapshot()
    state.level[0, list(agents)] = 1
    game.restore(layout, state)


def walk(game, ticks, moves=None, hands=None):
    """The levels after each of `ticks` ticks; agents move in these directions, and use hands in the first tick."""
    levels = []
    for tick in range(ticks):
        actions = np.zeros((1, 3, 3), np.int8)
        for agent, move in (moves or {}).items():
            actions[0, agent, 0] = move
        for agent, hand in (hands or {}).items():
            actions[0, agent, 2] = hand if tick == 0 else 0
        game.tick(actions)
        levels.append(game.state.level[0].tolist())
    return np.array(levels)


def start_anywhere(game, generator):
    """Agents in the mouths of ramps, upstairs on things, or where they were."""
    layout, state = game.snapshot()
    boxes = game.slots.boxes
    for world in range(game.worlds):
        things = generator.permutation(np.flatnonzero(layout.thing_exists[world]))
        for agent, thing in zip(generator.permutation(game.slots.agents), things, strict=False):
            pose = state.things[world, thing]
            along = generator.uniform(-0.55, -0.1) if thing >= boxes else generator.uniform(-0.2, 0.2)
            state.agents[world, agent, X] = pose[X] + along * np.cos(pose[ANGLE])
            state.agents[world, agent, Y] = pose[Y] + along * np.sin(pose[ANGLE])
            state.agents[world, agent, ANGLE] = pose[ANGLE]
            state.level[world, agent] = thing < boxes
    game.restore(layout, state)


def depth_on_floor(slots, layout, state, world, agent):
    """How deep an agent's disc would be in what is low or in agents of the floor; the sides of ramps are low, what is
    between them is not. Negative: metres to the nearest of them.
    """
    x, y = state.agents[world, agent, [X, Y]].tolist()
    radius, gaps = RULES.agent_radius_m, [math.inf]
    for x0, y0, x1, y1 in layout.walls[world][layout.wall_exists[world]].tolist():
        gaps.append(math.hypot(max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)) - radius)
    for thing in np.flatnonzero(layout.thing_exists[world]).tolist():
        pose, (half_x, half_y) = state.things[world, thing], layout.thing_half[world, thing].tolist()
        cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
        along = cos * (x - pose[X]) + sin * (y - pose[Y])
        across = cos * (y - pose[Y]) - sin * (x - pose[X])
        parts = [(-half_x, -half_y, half_x, half_y)]
        if thing >= slots.boxes:
            side = RULES.ramp_side_m
            parts = [(half_x - side, -half_y, half_x, half_y), (-half_x, half_y - side, half_x, half_y)]
            parts.append((-half_x, -half_y, half_x, side - half_y))
        for x0, y0, x1, y1 in parts:
            gaps.append(math.hypot(max(x0 - along, along - x1, 0.0), max(y0 - across, across - y1, 0.0)) - radius)
    for other in np.flatnonzero(layout.agent_exists[world]).tolist():
        if other != agent and state.level[world, other] == FLOOR:
            gaps.append(math.dist((x, y), state.agents[world, other, [X, Y]].tolist()) - 2 * radius)
    return -min(gaps)
