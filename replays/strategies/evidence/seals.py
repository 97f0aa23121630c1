"""Seals: the hiders have shut themselves in, behind something that they put there.

A world is sealed when all hiders stand in one region of free space that no seeker can reach, when that was not
so at the start, and when a thing that the seal rests on was moved at least `MOVED_M` by hiders. The *soft* seal
takes every thing for solid; the *robust* one only walls, what hiders have locked, and what nobody can unlock. Hiders
are *apart* when all of them are cut off from the seekers in the same way, but in more than one region.

*Free space* is found by a flood fill on a grid (`free_space`) that may count a passage as open that is up to 5 cm too
narrow. So a seal is sometimes missed and never invented.

A seal is about ways on the floor. Ramps are things like boxes, solid rectangles, so a ramp in a doorway counts as
shutting it. An agent on the upper level, or one that fits nowhere near its place (as in a ramp), is taken to get
anywhere: no seal then. While all are on the floor a seal holds even where a ramp stands at the wall: that it can be
climbed over shows when an agent does, and ends the seal.

*Moved by hiders* is read from the `Carried` record. *Rests on*: without all the things that hiders moved so far, the
seal would not hold.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.carried import Carried
from replays.strategies.evidence.closure import APART, NOT_SHUT, TOGETHER, closure
from replays.strategies.evidence.forts import is_fort
from replays.strategies.evidence.free_space import CELL_M, MARGIN_M, REACHED, empty_grid
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.state import CLOSED_TO_SEEKERS, State

MOVED_M = 0.3
"""How far hiders must have moved a thing for its seal to count."""

_TOUCHES_M = MARGIN_M + 1.5 * CELL_M
"""A wall bounds a region that has the centre of a cell this near to it."""


class Seals(NamedTuple):
    """What holds at one moment of each world."""

    soft: np.ndarray
    """bool [world]: sealed if every thing is solid."""
    robust: np.ndarray
    """bool [world]: sealed by walls, hider-locked things and those that nobody can unlock alone."""
    apart: np.ndarray
    """bool [world]: not sealed softly, but each hider is cut off, in more than one region; every thing is solid."""
    bearing: np.ndarray
    """bool [world, thing]: moved by hiders, and the soft seal (else the robust one) breaks without it. Where each
    could be spared by itself, all that together cannot."""
    fort: np.ndarray
    """bool [world]: sealed or apart, within a room that seekers come into, see `forts`; all things are solid, unless
    only the robust seal holds."""
    walls: np.ndarray
    """int8 [world]: how many walls bound the hiders' regions, where they are sealed or apart. Pieces in one line, on
    either side of a door, are one wall; so is each side of the floor."""


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


def no_seals(moments: int, things: int) -> Seals:
    """Seals of `moments` worlds or moments, none of which is sealed."""
    soft, robust, apart, fort = np.zeros((4, moments), bool)
    return Seals(soft, robust, apart, np.zeros((moments, things), bool), fort, np.zeros(moments, np.int8))


def seals(layout: Layout, start: State, now: State, carried: Carried, slots: Slots) -> Seals:
    """Which worlds are sealed at the moment `now`; `start` is the state at their tick 0."""
    worlds, things = now.lock.shape
    found = no_seals(worlds, things)
    if worlds:
        match = _Match(layout, start, now, slots.hiders)
        _seals(found, match, carried, np.zeros((5, things), bool), empty_grid(layout))
    return found


def soft_seals(layout: Layout, start: State, now: State, carried: Carried, slots: Slots) -> np.ndarray:
    """bool [world]: `Seals.soft` alone, which is found in less time than all of `seals`."""
    worlds, things = now.lock.shape
    found = np.zeros(worlds, bool)
    if worlds:
        match = _Match(layout, start, now, slots.hiders)
        _soft_seals(found, match, carried, np.zeros((3, things), bool), empty_grid(layout))
    return found


@compiled
def _soft_seals(found, match, carried, flags, grid):
    soft, moved, rest = flags[0], flags[1], flags[2]
    for w in range(len(found)):
        _mark_moved(moved, carried, w)
        for thing in range(len(soft)):
            soft[thing] = match.layout.thing_exists[w, thing]
        softly, _ = _built(match, w, _Seal(soft, soft, moved, rest), grid, False)
        found[w] = softly == TOGETHER


@compiled
def _mark_moved(moved, carried, w):
    """Marks the things that hiders have moved far enough."""
    for thing in range(len(moved)):
        moved[thing] = np.hypot(carried.by_hiders[w, thing, 0], carried.by_hiders[w, thing, 1]) >= MOVED_M


@compiled
def _seals(found, match, carried, flags, grid):
    layout, now, hiders = match.layout, match.now, match.hiders
    soft, robust, nothing, moved, rest = flags[0], flags[1], flags[2], flags[3], flags[4]
    worlds, things = now.lock.shape
    for w in range(worlds):
        _mark_moved(moved, carried, w)
        for thing in range(things):
            soft[thing] = layout.thing_exists[w, thing]
            robust[thing] = soft[thing] and now.lock[w, thing] in CLOSED_TO_SEEKERS
        softly, needs = _built(match, w, _Seal(soft, soft, moved, rest), grid, False)
        robustly, _ = _built(match, w, _Seal(robust, nothing, moved, rest), grid, needs)
        found.soft[w], found.apart[w], found.robust[w] = softly == TOGETHER, softly == APART, robustly == TOGETHER
        if softly > NOT_SHUT or robustly == TOGETHER:
            solid, shut = (soft, softly) if softly > NOT_SHUT else (robust, robustly)
            _mark_bearing(found.bearing, match, w, _Seal(solid, nothing, moved, rest), grid, shut)
            closure(layout, now, w, solid, hiders, grid)  # for the regions: the cells were used since
            found.walls[w] = _walls_around(layout, w, grid.cells)
            found.fort[w] = is_fort(layout, now, w, hiders, nothing, grid)


@compiled
def _built(match, w, seal, grid, needs):
    """How the hiders are cut off, if that was not so at the start and rests on what was moved.

    And whether it needs what was moved: a seeker could come in at the start, and could now without it. If more things
    are known to need it (`needs`), fewer do.
    """
    borne = False
    for thing in range(len(seal.solid)):
        seal.rest[thing] = seal.solid[thing] and not seal.moved[thing]
        borne |= seal.solid[thing] and seal.moved[thing]
    if not borne:
        return NOT_SHUT, False
    found = closure(match.layout, match.now, w, seal.solid, match.hiders, grid)
    if found <= NOT_SHUT or needs:
        return found, needs
    before = closure(match.layout, match.start, w, seal.solid_at_start, match.hiders, grid)
    if before >= found:
        return NOT_SHUT, False
    without = closure(match.layout, match.now, w, seal.rest, match.hiders, grid)
    return (found if without < found else NOT_SHUT), before == NOT_SHUT and without == NOT_SHUT


@compiled
def _mark_bearing(bearing, match, w, seal, grid, found):
    """Marks what the seal rests on, see `Seals.bearing`."""
    moved, last = 0, 0
    for thing in range(len(seal.solid)):
        if seal.solid[thing] and seal.moved[thing]:
            moved, last = moved + 1, thing
    if moved == 1:  # all that was moved is this thing
        bearing[w, last] = True
        return
    anything = False
    for thing in range(len(seal.solid)):
        if seal.solid[thing] and seal.moved[thing]:
            for other in range(len(seal.solid)):
                seal.rest[other] = seal.solid[other] and other != thing
            bearing[w, thing] = closure(match.layout, match.now, w, seal.rest, match.hiders, grid) < found
            anything |= bearing[w, thing]
    if not anything:
        for thing in range(len(seal.solid)):
            bearing[w, thing] = seal.solid[thing] and seal.moved[thing]


@compiled
def _walls_around(layout, w, cells):
    """How many walls bound the regions that are REACHED in `cells`, see `Seals.walls`."""
    floor, walls = layout.floor[w], layout.walls[w]
    side = int(np.ceil(floor / CELL_M))
    count = 0
    for edge in range(4):
        x0, y0 = (floor if edge == 1 else 0.0), (floor if edge == 3 else 0.0)
        x1, y1 = (0.0 if edge == 0 else floor), (0.0 if edge == 2 else floor)
        count += _is_near(cells, side, (x0, y0, x1, y1))
    for wall in range(len(walls)):
        if layout.wall_exists[w, wall] and _is_near(cells, side, walls[wall]):
            new = True
            for other in range(wall):
                in_line = _in_line(walls[wall], walls[other])
                new &= not (layout.wall_exists[w, other] and in_line and _is_near(cells, side, walls[other]))
            count += new
    return count


@compiled
def _in_line(one, other):
    """Whether two walls are pieces of one straight wall."""
    along_x = one[2] - one[0] > one[3] - one[1]
    if along_x != (other[2] - other[0] > other[3] - other[1]):
        return False
    axis = 1 if along_x else 0
    return abs(one[axis] - other[axis]) < CELL_M and abs(one[axis + 2] - other[axis + 2]) < CELL_M


@compiled
def _is_near(cells, side, bar):
    """Whether a cell that is REACHED has its centre within `_TOUCHES_M` of a bar along x or y."""
    x0, y0, x1, y1 = bar
    for row in range(max(int((y0 - _TOUCHES_M) / CELL_M), 0), min(int((y1 + _TOUCHES_M) / CELL_M) + 1, side)):
        for column in range(max(int((x0 - _TOUCHES_M) / CELL_M), 0), min(int((x1 + _TOUCHES_M) / CELL_M) + 1, side)):
            x, y = (column + 0.5) * CELL_M, (row + 0.5) * CELL_M
            gap = max(max(x0 - x, x - x1), max(y0 - y, y - y1))
            if gap <= _TOUCHES_M and cells[row * side + column] == REACHED:
                return True
    return False
