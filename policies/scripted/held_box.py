"""How to move a held box: the move and turn after which drag brings agent and box to rest where the box belongs."""

from typing import NamedTuple

import numpy as np

from policies.scripted.steering import PUSH_M, direction
from sim.jit import compiled
from sim.physics.drive import thing_moment
from sim.rules import MOVES, RULES, TURN_LEFT, TURNS
from sim.state import SPIN, VX, VY, X, Y

_TWIST_KG_M2 = RULES.free_spin_radps * RULES.tick_s * RULES.agent_moment_kg_m2
"""How far one tick's turn brings 1 kg m2 in the end: radians times moment of inertia."""
_ASKEW_M = 0.25
"""What a radian askew costs in metres off the goal."""


class _Pair(NamedTuple):
    """How an agent and the box it holds move together."""

    share: float
    """The agent's share of the mass."""
    arm_x: float
    """From the box's centre to the agent's."""
    arm_y: float
    moment: float
    """Of inertia, of both, in kg m2."""
    rest_x: float
    """Where the box would come to rest if nothing more pushed it, but for its turning..."""
    rest_y: float
    rest_turn: float
    """...and what it would have turned by then."""


@compiled
def steer(context, w, agent, box, target, action):
    """The move and turn after which a box and the agent that holds it would come to rest with the box nearest to a
    target: x, y, and the radians it is still to be turned by.
    """
    goal_x, goal_y, wished = target
    pair, least = _pair(context, w, agent, box), np.inf
    for move in range(MOVES):
        push_x, push_y = direction(move)
        for turn in range(TURNS):
            x, y, angle = _rest(pair, push_x, push_y, _twist(turn))
            off = np.hypot(x - goal_x, y - goal_y) + _ASKEW_M * abs(angle - wished)
            if off < least - 1e-9:
                least = off
                action[0], action[1] = move, turn


@compiled
def set_down(context, w, agent, box, target, action):
    """As `steer`, but plans two ticks ahead, which gets closer than one."""
    goal_x, goal_y, wished = target
    pair, least = _pair(context, w, agent, box), np.inf
    for move in range(MOVES):
        for other_move in range(move, MOVES):
            push_x, push_y = direction(move)
            other_x, other_y = direction(other_move)
            for turn in range(TURNS):
                for other_turn in range(turn, TURNS):
                    twist = _twist(turn) + _twist(other_turn)
                    x, y, angle = _rest(pair, push_x + other_x, push_y + other_y, twist)
                    off = np.hypot(x - goal_x, y - goal_y) + _ASKEW_M * abs(angle - wished)
                    if off < least - 1e-9:
                        least = off
                        action[0], action[1] = other_move, other_turn  # never stands still first


@compiled
def _twist(turn):
    return 0.0 if turn == 0 else (1.0 if turn == TURN_LEFT else -1.0)


@compiled
def _pair(context, w, agent, box):
    share = RULES.agent_mass_kg / (RULES.agent_mass_kg + RULES.thing_mass_kg)
    body, pose = context.state.agents[w, agent], context.state.things[w, box]
    half_x, half_y = context.layout.thing_half[w, box]
    arm_x, arm_y = body[X] - pose[X], body[Y] - pose[Y]
    moment = RULES.agent_moment_kg_m2 + thing_moment(RULES, half_x, half_y)
    moment += RULES.thing_mass_kg * share * (arm_x * arm_x + arm_y * arm_y)
    rest_x = pose[X] + (share * body[VX] + (1 - share) * pose[VX]) * RULES.drag_time_s
    rest_y = pose[Y] + (share * body[VY] + (1 - share) * pose[VY]) * RULES.drag_time_s
    return _Pair(share, arm_x, arm_y, moment, rest_x, rest_y, pose[SPIN] * RULES.drag_time_s)


@compiled
def _rest(pair, push_x, push_y, twist):
    """Where drag brings a held box to rest after a push and a twist, and what it has turned by then."""
    share, arm_x, arm_y = pair.share, pair.arm_x, pair.arm_y
    mass = RULES.agent_mass_kg + RULES.thing_mass_kg
    lever = (1.0 - share) * (arm_x * push_y - arm_y * push_x)
    angle = pair.rest_turn + (lever * PUSH_M + twist * _TWIST_KG_M2) / pair.moment
    x, y = pair.rest_x + push_x * PUSH_M / mass, pair.rest_y + push_y * PUSH_M / mass
    x += share * (arm_x - (np.cos(angle) * arm_x - np.sin(angle) * arm_y))
    y += share * (arm_y - (np.sin(angle) * arm_x + np.cos(angle) * arm_y))
    return x, y, angle
