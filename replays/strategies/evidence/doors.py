"""Blocked doors at a moment: the hiders have put a thing in the way, so that no agent can pass.

A door is *blocked* when three things hold.

1. No agent's disc can pass it as things stand. The disc passes if it gets, by way of free space (`free_space`)
   within `SEARCH_M` of the door's middle, from `AWAY_M` in front of the door's wall to `AWAY_M` behind it. All
   things are solid, all other doors are walled up, and the door's wall goes on for ever: the only way through is the
   door, and none leads round the corner of the room. So a box counts that stands in the doorway, and one that
   stands before it with less than an agent's width to slip by.
2. The disc could pass if the things were away that hiders have moved `MOVED_M` or more, by holding or by pushing
   (`carried`; a thing held still counts for what was moved before).
3. The disc could pass at the start of the episode.

What blocks the door is that thing of theirs without which it would be open; of several the nearest to the door's
middle, and where it takes all of them together, the nearest of all. Who blocks it is the hider that last held or
touched that thing. Where a seeker shoves the box deeper into the door, it is still the hiders' blockade; a box
that only seekers ever moved makes none.

A passage up to 5 cm too narrow may count as open, so a blockade is sometimes missed and never invented. Ramps are
solid rectangles, and what is done on the upper level is left out.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.carried import Carried
from replays.strategies.evidence.free_space import BLOCKED, CELL_M, GOAL, MARGIN_M, OPEN, block, flood
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.layout import Layout
from sim.rules import RULES
from sim.state import State, X, Y

SEARCH_M = 1.2
"""How far around a door's middle, along x and y, a way through is looked for."""
AWAY_M = 2 * RULES.agent_radius_m
"""How far from the wall's faces an agent's centre must get on either side to have passed."""
MOVED_M = 0.1
"""How far hiders must have moved a thing for it to be theirs."""
NOTHING = -1
"""No thing blocks a door."""

_LANES = 3
"""How many lanes on either side of a door's middle are tried first, a cell apart."""
_SIDE = 2 * int(np.ceil(SEARCH_M / CELL_M))


def nothing_blocked(layout: Layout) -> np.ndarray:
    """int8 [world, door]: NOTHING at every door, as at the start of an episode."""
    return np.full(layout.door_exists.shape, NOTHING, np.int8)


def blocking(
    layout: Layout, start: State, now: State, carried: Carried, worlds: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """int8 [world, door]: the thing that blocks each door at the moment `now`, NOTHING where none does.

    Args:
        layout: of the worlds.
        start: the state at their tick 0.
        now: the state that is looked at.
        carried: who moved what, up to `now`.
        worlds: bool [world], where to look; a world in which no thing has moved since `before` needs no look.
        before: int8 [world, door], what blocks in the other worlds.
    """
    found, (theirs, solid) = before.copy(), np.zeros((2, now.lock.shape[1]), bool)
    window = _Window(np.zeros(_SIDE * _SIDE, np.int8), np.zeros(_SIDE * _SIDE, np.int32), solid)
    _find_blocking(found, layout, (start, now), carried, worlds, theirs, window)
    return found


class _Window(NamedTuple):
    """Scratch: a square of cells around a door, and what counts as solid in it."""

    cells: np.ndarray
    """int8 [cell]"""
    stack: np.ndarray
    """int32 [cell]"""
    solid: np.ndarray
    """bool [thing]"""


@compiled
def _find_blocking(found, layout, moments, carried, wanted, theirs, window):
    start, now = moments
    worlds, things = now.lock.shape
    for w in range(worlds):
        if not wanted[w]:
            continue
        any_moved = False
        for thing in range(things):
            moved = np.hypot(carried.by_hiders[w, thing, 0], carried.by_hiders[w, thing, 1]) >= MOVED_M
            theirs[thing] = layout.thing_exists[w, thing] and moved
            any_moved |= theirs[thing]
        for door in range(layout.door_exists.shape[1]):
            found[w, door] = NOTHING
            if any_moved and layout.door_exists[w, door] and _any_near(layout, now.things, w, door, theirs):
                found[w, door] = _blocker(layout, start.things, now.things, w, door, theirs, window)


@compiled
def _any_near(layout, things, w, door, theirs):
    """Whether one of `theirs` (bool [thing]) may stand in the window around a door; the others block nothing."""
    x0, y0, x1, y1 = layout.doors[w, door]
    for thing in range(len(theirs)):
        reach = (
            SEARCH_M + RULES.agent_radius_m + np.hypot(layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1])
        )
        dx, dy = things[w, thing, X] - 0.5 * (x0 + x1), things[w, thing, Y] - 0.5 * (y0 + y1)
        if theirs[thing] and abs(dx) <= reach and abs(dy) <= reach:
            return True
    return False


@compiled
def _blocker(layout, things_at_start, things_now, w, door, theirs, window):
    """The thing of `theirs` (bool [thing]) that blocks a door, or NOTHING.

    The questions are asked in one loop, in which the long kernel below is compiled once: as things stand, at the
    start, without all of theirs, and without each of theirs, of which the nearest that bears is kept.
    """
    best, nearest, alone = NOTHING, np.inf, False
    for question in range(3 + len(theirs)):
        without = question - 3
        if without >= 0 and not theirs[without]:
            continue
        for thing in range(len(theirs)):
            away = theirs[thing] and (question == 2 or thing == without)
            window.solid[thing] = layout.thing_exists[w, thing] and not away
        things = things_at_start if question == 1 else things_now
        passes = _passes(layout, things, w, door, window)
        if question < 3:
            if passes == (question == 0):
                return NOTHING
            continue
        x0, y0, x1, y1 = layout.doors[w, door]
        distance = np.hypot(things[w, without, X] - 0.5 * (x0 + x1), things[w, without, Y] - 0.5 * (y0 + y1))
        if (passes and not alone) or (passes == alone and distance < nearest):
            best, nearest, alone = without, distance, passes
    return best


@compiled
def _passes(layout, things, w, door, window):
    """Can an agent's disc pass the door between walls and the window's solid things?

    The last two bars go on with the door's own wall on either side of it.
    """
    if _straight_through(layout, things, w, door, window.solid):
        return True
    cells, solid = window.cells, window.solid
    x0, y0, x1, y1 = layout.doors[w, door]
    left, bottom = 0.5 * (x0 + x1) - 0.5 * _SIDE * CELL_M, 0.5 * (y0 + y1) - 0.5 * _SIDE * CELL_M
    _clear(layout.floor[w], left, bottom, cells)
    upright = x1 - x0 < y1 - y0
    walls, doors = layout.walls.shape[1], layout.doors.shape[1]
    for bar in range(walls + doors + 2):
        if bar < walls:
            stands, (a, b, c, d) = layout.wall_exists[w, bar], layout.walls[w, bar]
        elif bar < walls + doors:
            stands, (a, b, c, d) = (
                layout.door_exists[w, bar - walls] and bar - walls != door,
                layout.doors[w, bar - walls],
            )
        else:
            stands, a, b, c, d = True, x0, y0, x1, y1
            shift = (1 if bar == walls + doors else -1) * (0.5 * (y1 - y0 if upright else x1 - x0) + SEARCH_M)
            if upright:
                b, d = 0.5 * (y0 + y1) + shift - SEARCH_M, 0.5 * (y0 + y1) + shift + SEARCH_M
            else:
                a, c = 0.5 * (x0 + x1) + shift - SEARCH_M, 0.5 * (x0 + x1) + shift + SEARCH_M
        if stands:
            block(cells, _SIDE, (0.5 * (a + c) - left, 0.5 * (b + d) - bottom, 0.0), 0.5 * (c - a), 0.5 * (d - b))
    for thing in range(len(solid)):
        if solid[thing]:
            pose, half = things[w, thing], layout.thing_half[w, thing]
            block(cells, _SIDE, (pose[0] - left, pose[1] - bottom, pose[2]), half[0], half[1])
    far = 0.5 * (x1 - x0 if upright else y1 - y0) + AWAY_M
    for row in range(_SIDE):
        for column in range(_SIDE):
            across = ((column if upright else row) + 0.5 - 0.5 * _SIDE) * CELL_M
            if across >= far and cells[row * _SIDE + column] == OPEN:
                cells[row * _SIDE + column] = GOAL
    for row in range(_SIDE):
        for column in range(_SIDE):
            across = ((column if upright else row) + 0.5 - 0.5 * _SIDE) * CELL_M
            first = row * _SIDE + column
            if across <= -far and cells[first] == OPEN and not flood(_SIDE, first, cells, window.stack):
                return True
    return False


@compiled
def _straight_through(layout, things, w, door, solid):
    """Whether a straight lane of free cells leads through a door: a quick answer where a box is still on its way."""
    x0, y0, x1, y1 = layout.doors[w, door]
    upright = x1 - x0 < y1 - y0
    wide, thick = (y1 - y0, x1 - x0) if upright else (x1 - x0, y1 - y0)
    steps = int((0.5 * thick + AWAY_M) / CELL_M) + 2
    for lane in range(-_LANES, _LANES):
        aside = (lane + 0.5) * CELL_M
        free = abs(aside) + MARGIN_M <= 0.5 * wide
        for step in range(-steps, steps):
            ahead = (step + 0.5) * CELL_M
            x = 0.5 * (x0 + x1) + (ahead if upright else aside)
            y = 0.5 * (y0 + y1) + (aside if upright else ahead)
            if not free or not _is_free(layout, things, w, door, solid, x, y):
                free = False
                break
        if free:
            return True
    return False


@compiled
def _is_free(layout, things, w, door, solid, x, y):
    """Whether an agent's disc fits at x, y between the walls, the other doors and solid things."""
    if min(x, y) < MARGIN_M or max(x, y) > layout.floor[w] - MARGIN_M:
        return False
    for thing in range(len(solid)):
        half = layout.thing_half[w, thing]
        if solid[thing] and distance_to_rectangle(x, y, things[w, thing], half[0], half[1]) < MARGIN_M:
            return False
    for wall in range(layout.walls.shape[1]):
        if layout.wall_exists[w, wall] and _gap(layout.walls[w, wall], x, y) < MARGIN_M:
            return False
    for other in range(layout.doors.shape[1]):
        if other != door and layout.door_exists[w, other] and _gap(layout.doors[w, other], x, y) < MARGIN_M:
            return False
    return True


@compiled
def _gap(bar, x, y):
    """The distance of a point from a bar."""
    return np.hypot(max(max(bar[0] - x, x - bar[2]), 0.0), max(max(bar[1] - y, y - bar[3]), 0.0))


@compiled
def _clear(floor, left, bottom, cells):
    """Opens the cells on the floor, which begins at (-left, -bottom) in the window."""
    for row in range(_SIDE):
        for column in range(_SIDE):
            x, y = left + (column + 0.5) * CELL_M, bottom + (row + 0.5) * CELL_M
            clear = min(x, y) >= MARGIN_M and max(x, y) <= floor - MARGIN_M
            cells[row * _SIDE + column] = OPEN if clear else BLOCKED
