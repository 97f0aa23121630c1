"""Who moved which thing since the start of an episode, tick by tick.

What a thing moves in a tick is credited to the agent that holds it, else to the one that touches it (`TOUCH_M`), else
to the one that did so last; of several, to a holder first and to a seeker first. Credited to hiders is the sum of the
thing's displacements, not of its path, so shaking a box moves it nowhere. A thing that is pushed by means of another
thing is credited to no agent.
"""

from typing import NamedTuple

import numpy as np

from sim.hands import gap
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.rules import RULES
from sim.state import State, X, Y

TOUCH_M = 0.02
"""Largest gap between an agent's skin and a thing that still counts as touching."""

_NOBODY = -1


class Carried(NamedTuple):
    """Who moved what since the start of an episode; see `follow`."""

    mover: np.ndarray
    """int8 [world, thing]: the agent that held or touched the thing last, -1 for nobody."""
    by_hiders: np.ndarray
    """float64 [world, thing, 2]: metres, the sum of the thing's displacements that are credited to hiders."""


def nothing_carried(state: State) -> Carried:
    """The record of worlds in which nothing has happened yet."""
    worlds, things = state.lock.shape
    return Carried(np.full((worlds, things), _NOBODY, np.int8), np.zeros((worlds, things, 2)))


def follow(carried: Carried, layout: Layout, before: State, after: State, slots: Slots) -> None:
    """Brings `carried` up to date with one tick; `before` and `after` are the states around it."""
    _follow(carried, layout, before, after, slots.hiders)


@compiled
def _follow(carried, layout, before, after, hiders):
    worlds, things = after.lock.shape
    for w in range(worlds):
        for thing in range(things):
            if layout.thing_exists[w, thing]:
                _credit(carried, layout, before, after, w, thing, hiders)


@compiled
def _credit(carried, layout, before, after, w, thing, hiders):
    held = False
    for agent in range(after.held.shape[1]):
        if not layout.agent_exists[w, agent]:
            continue
        if after.held[w, agent] == thing:
            held = True
            carried.mover[w, thing] = agent
        elif not held and (_touches(layout, before, w, agent, thing) or _touches(layout, after, w, agent, thing)):
            carried.mover[w, thing] = agent
    if 0 <= carried.mover[w, thing] < hiders and _on_floor(layout, after, w, thing):
        for axis in range(2):
            carried.by_hiders[w, thing, axis] += after.things[w, thing, axis] - before.things[w, thing, axis]


@compiled
def _on_floor(layout, state, w, thing):
    """False for a thing that the user of the window has taken away: it lies beyond the floor."""
    return min(state.things[w, thing, X], state.things[w, thing, Y]) >= 0.0


@compiled
def _touches(layout, state, w, agent, thing):
    return state.level[w, agent] == 0 and gap(RULES, layout, state, w, agent, thing) <= TOUCH_M
