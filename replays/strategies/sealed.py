"""Sealed: the hiders have shut themselves in, behind something that they put there.

A world is sealed when all hiders stand in one region of free space that no seeker can reach, when that was not
so at the start, and when a thing that the seal rests on was moved at least `MOVED_M` by hiders. The *soft* seal
takes every thing for solid; the *robust* one only walls and things that the hiders have locked.

*Free space* is found by a flood fill on a grid (`free_space`) that may count a passage as open that is up to 5 cm too
narrow. So a seal is sometimes missed and never invented.

A seal is about ways on the floor. Ramps are things like boxes, solid rectangles, so a ramp in a doorway counts as
shutting it. Who is on the upper level, or fits nowhere near its place (as in a ramp), is taken to get anywhere: no
seal then. While all are on the floor a seal holds even where a ramp stands at the wall: that it can be climbed over
shows when somebody does, and ends the seal.

*Moved by hiders* is kept in a `Carried` record, tick by tick: what a thing moves in a tick is credited to the agent
that holds it, else touches it (`TOUCH_M`), else did so last; of several, to a holder first and to a seeker
first. Credited to hiders is the sum of the thing's displacements, not of its path, so shaking a box moves it
nowhere. What is pushed by means of another thing is credited to nobody.

*Rests on*: without all the things that hiders moved so far, the seal would not hold.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.forts import is_fort
from replays.strategies.free_space import CELL_M, GOAL, REACHED, Grid, cell_of, draw_floor, flood
from sim.hands import gap
from sim.jit import allocating, compiled
from sim.layout import Layout, Slots
from sim.rules import RULES
from sim.state import HIDERS_LOCK, State, take

MOVED_M = 0.3
"""How far hiders must have moved a thing for its seal to count."""
TOUCH_M = 0.02
"""Largest gap between an agent's skin and a thing that still counts as touching."""

_NOBODY = -1


class Carried(NamedTuple):
    """Who moved what since the start of an episode; see `follow`."""

    mover: np.ndarray
    """int8 [world, thing]: the agent that held or touched the thing last, -1 for nobody."""
    by_hiders: np.ndarray
    """float64 [world, thing, 2]: metres, the sum of the thing's displacements that are credited to hiders."""


class Seals(NamedTuple):
    """What holds at one moment of each world."""

    soft: np.ndarray
    """bool [world]: sealed if every thing is solid."""
    robust: np.ndarray
    """bool [world]: sealed by walls and hider-locked things alone."""
    bearing: np.ndarray
    """bool [world, thing]: moved by hiders, and the soft seal (else the robust one) breaks without it. Where each
    could be spared by itself, all that together cannot."""
    fort: np.ndarray
    """bool [world]: sealed off within a room that seekers come into, see `forts`; all things are solid, unless only the
    robust seal holds."""


class _Match(NamedTuple):
    """Worlds at their start and at the moment that is judged."""

    layout: Layout
    start: State
    now: State
    hiders: int
    """How many agents are hiders."""


class _Seal(NamedTuple):
    """The things of one world that may seal it; bool [thing] each."""

    solid: np.ndarray
    """What counts as solid now."""
    solid_at_start: np.ndarray
    moved: np.ndarray
    """What hiders have moved far enough."""
    rest: np.ndarray
    """Scratch."""


def nothing_carried(state: State) -> Carried:
    """The record of worlds in which nothing has happened yet."""
    worlds, things = state.lock.shape
    return Carried(np.full((worlds, things), _NOBODY, np.int8), np.zeros((worlds, things, 2)))


def no_seals(moments: int, things: int) -> Seals:
    """Of so many worlds or moments, none of which is sealed."""
    return Seals(*(np.zeros((moments, *rest), bool) for rest in ((), (), (things,), ())))


def follow(carried: Carried, layout: Layout, before: State, after: State, slots: Slots) -> None:
    """Brings `carried` up to date with one tick; `before` and `after` are the states around it."""
    _follow(carried, layout, before, after, slots.hiders)


def seals(layout: Layout, start: State, now: State, carried: Carried, slots: Slots) -> Seals:
    """Which worlds are sealed at the moment `now`; `start` is the state at their tick 0."""
    worlds, things = now.lock.shape
    found = no_seals(worlds, things)
    _seals(found, layout, start, now, carried, slots.hiders)
    return found


def seals_over_time(layout: Layout, states: State, slots: Slots) -> Seals:
    """Which moments of one episode are sealed; the first axis of `states` and of the result is time.

    `layout` has one world; `states` begins with the episode's start.
    """
    moments = len(states.tick)
    carried = nothing_carried(take(states, slice(0, 1)))
    credited = np.zeros((moments, *carried.by_hiders.shape[1:]))
    for moment in range(1, moments):
        before, after = take(states, slice(moment - 1, moment)), take(states, slice(moment, moment + 1))
        follow(carried, layout, before, after, slots)
        credited[moment] = carried.by_hiders[0]
    at_start = np.zeros(moments, int)
    movers = np.repeat(carried.mover, moments, axis=0)
    return seals(take(layout, at_start), take(states, at_start), states, Carried(movers, credited), slots)


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
    if 0 <= carried.mover[w, thing] < hiders:
        for axis in range(2):
            carried.by_hiders[w, thing, axis] += after.things[w, thing, axis] - before.things[w, thing, axis]


@compiled
def _touches(layout, state, w, agent, thing):
    return state.level[w, agent] == 0 and gap(RULES, layout, state, w, agent, thing) <= TOUCH_M


@allocating
def _seals(found, layout, start, now, carried, hiders):
    worlds, things = now.lock.shape
    side = int(np.ceil(layout.floor.max() / CELL_M))
    cells, room = np.zeros((2, side * side), np.int8)
    grid = Grid(cells, room, np.zeros(side * side, np.int32))
    soft, robust, nothing, moved, rest = np.zeros((5, things), np.bool_)
    match = _Match(layout, start, now, hiders)
    for w in range(worlds):
        for thing in range(things):
            moved[thing] = np.hypot(carried.by_hiders[w, thing, 0], carried.by_hiders[w, thing, 1]) >= MOVED_M
            soft[thing] = layout.thing_exists[w, thing]
            robust[thing] = soft[thing] and now.lock[w, thing] == HIDERS_LOCK
        found.soft[w] = _built(match, w, _Seal(soft, soft, moved, rest), grid)
        found.robust[w] = _built(match, w, _Seal(robust, nothing, moved, rest), grid)
        if found.soft[w] or found.robust[w]:
            solid = soft if found.soft[w] else robust
            _mark_bearing(found.bearing, match, w, _Seal(solid, nothing, moved, rest), grid)
            is_shut(layout, now, w, solid, hiders, cells, grid.stack)  # for the region: the cells were used since
            found.fort[w] = is_fort(layout, now, w, hiders, nothing, grid)


@compiled
def _built(match, w, seal, grid):
    """Is the world shut, was it not so at the start, and does that rest on what was moved?"""
    borne = False
    for thing in range(len(seal.solid)):
        seal.rest[thing] = seal.solid[thing] and not seal.moved[thing]
        borne |= seal.solid[thing] and seal.moved[thing]
    if not borne:
        return False
    for question in range(3):  # in one loop, in which the long kernel is compiled once
        state = match.start if question == 1 else match.now
        solid = seal.solid if question == 0 else seal.solid_at_start if question == 1 else seal.rest
        shut = is_shut(match.layout, state, w, solid, match.hiders, grid.cells, grid.stack)
        if shut != (question == 0):
            return False
    return True


@compiled
def _mark_bearing(bearing, match, w, seal, grid):
    """Marks what the seal rests on, see `Seals.bearing`."""
    anything = False
    for thing in range(len(seal.solid)):
        if seal.solid[thing] and seal.moved[thing]:
            for other in range(len(seal.solid)):
                seal.rest[other] = seal.solid[other] and other != thing
            shut = is_shut(match.layout, match.now, w, seal.rest, match.hiders, grid.cells, grid.stack)
            bearing[w, thing] = not shut
            anything |= not shut
    if not anything:
        for thing in range(len(seal.solid)):
            bearing[w, thing] = seal.solid[thing] and seal.moved[thing]


@compiled
def is_shut(layout, state, w, solid, hiders, cells, stack):
    """Compiled: are all hiders of world w in one region of free space between walls and `solid` (bool [thing]), and no
    seeker? `cells` (int8) and `stack` (int32) are scratch, one element for each cell of the floor; where it is so, the
    region is what is REACHED in `cells`.
    """
    side = int(np.ceil(layout.floor[w] / CELL_M))
    draw_floor(layout, state.things, w, solid, side, cells)
    first = -1
    for agent in range(hiders, state.held.shape[1]):
        if layout.agent_exists[w, agent]:
            cell = cell_of(state, w, agent, side, cells)
            if cell < 0:
                return False
            cells[cell] = GOAL
    for agent in range(hiders):
        if layout.agent_exists[w, agent] and first < 0:
            first = cell_of(state, w, agent, side, cells)
    if first < 0 or not flood(side, first, cells, stack):
        return False
    for agent in range(hiders):
        if layout.agent_exists[w, agent]:
            cell = cell_of(state, w, agent, side, cells)
            if cell < 0 or cells[cell] != REACHED:
                return False
    return True
