"""Ramps, and standing on things: which of the two levels each agent is on.

Inner walls, boxes and ramps are low; outer walls are not. An agent on the floor goes round low things. For it, a ramp
is three thin sides, two long and a high one at the ramp's own +x end, so that it can walk in at the low edge. In the
half towards the high edge it is lifted to the upper level; an agent that climbs lets go of what it holds.

On the upper level it walks over everything low. It comes down where its disc fits on the floor: clear of everything low
and of every agent on the floor, or between the sides of a ramp's low half. So it crosses gaps narrower than itself, may
stand on another agent's shoulders, and never lands overlapping. An agent is not lifted into another one: it waits in
the ramp.

The original has heights in metres and gravity; two levels are enough for its strategies.
"""

import math

from sim.fill import clear_row
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.state import ANGLE, FREE, X, Y

FLOOR, UPPER = 0, 1
"""The levels, as in `State.level`."""

RAMP_SIDES = 3
"""A ramp's high side, then the two long ones."""


@compiled
def ramp_side(rules, half_x, half_y, side):
    """x0, y0, x1, y1 of one of a ramp's sides, in the ramp's own axes."""
    if side == 0:
        return half_x - rules.ramp_side_m, -half_y, half_x, half_y
    if side == 1:
        return -half_x, half_y - rules.ramp_side_m, half_x, half_y
    return -half_x, -half_y, half_x, rules.ramp_side_m - half_y


@compiled
def _in_ramp(state, w, ramp, x, y):
    """A place in a ramp's own axes: metres along it, positive on the high half, and across."""
    pose = state.things[w, ramp]
    dx, dy = x - pose[X], y - pose[Y]
    cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
    return cos * dx + sin * dy, cos * dy - sin * dx


@compiled
def _on_high_half(slots, layout, state, w, x, y):
    """Whether a point is within a ramp, past half of its length."""
    for ramp in range(slots.boxes, layout.thing_exists.shape[1]):
        if layout.thing_exists[w, ramp]:
            along, across = _in_ramp(state, w, ramp, x, y)
            half_x, half_y = layout.thing_half[w, ramp]
            if 0.0 < along < half_x and abs(across) < half_y:
                return True
    return False


@compiled
def _between_sides(rules, layout, state, w, ramp, x, y):
    """Whether an agent's disc at x, y is on the axis of a ramp's low half, or before it, and clear of the sides."""
    along, across = _in_ramp(state, w, ramp, x, y)
    return along <= 0.0 and abs(across) <= layout.thing_half[w, ramp, 1] - rules.ramp_side_m - rules.agent_radius_m


@compiled
def _clear_of_agents(rules, layout, state, w, agent, level):
    """Whether an agent's disc would overlap no other agent on a level."""
    x, y, apart = state.agents[w, agent, X], state.agents[w, agent, Y], 2.0 * rules.agent_radius_m
    for other in range(layout.agent_exists.shape[1]):
        if other != agent and layout.agent_exists[w, other] and state.level[w, other] == level:
            dx, dy = state.agents[w, other, X] - x, state.agents[w, other, Y] - y
            if dx * dx + dy * dy < apart * apart:
                return False
    return True


@compiled
def _clear_of_low(rules, slots, layout, state, w, x, y):
    """Whether an agent's disc at x, y would overlap nothing low on the floor."""
    radius = rules.agent_radius_m
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall]:
            x0, y0, x1, y1 = layout.walls[w, wall]
            dx, dy = x - min(max(x, x0), x1), y - min(max(y, y0), y1)
            if dx * dx + dy * dy < radius * radius:
                return False
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            half_x, half_y = layout.thing_half[w, thing]
            overlaps = distance_to_rectangle(x, y, state.things[w, thing], half_x, half_y) < radius
            enters = thing >= slots.boxes and _between_sides(rules, layout, state, w, thing, x, y)
            if overlaps and not enters:
                return False
    return True


@compiled
def climb(rules, slots, layout, state, w):
    """Lifts and lowers the agents of one world, by index."""
    for agent in range(layout.agent_exists.shape[1]):
        if not layout.agent_exists[w, agent]:
            continue
        x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
        if state.level[w, agent] == FLOOR:
            if _on_high_half(slots, layout, state, w, x, y) and _clear_of_agents(rules, layout, state, w, agent, UPPER):
                state.level[w, agent] = UPPER
                state.held[w, agent] = FREE
                clear_row(state.hold[w, agent])
        elif _clear_of_low(rules, slots, layout, state, w, x, y) and _clear_of_agents(
            rules, layout, state, w, agent, FLOOR
        ):
            state.level[w, agent] = FLOOR
