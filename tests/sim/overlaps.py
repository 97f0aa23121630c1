"""Whether bodies overlap at the start, by the corners of rectangles."""

import itertools
import math

import numpy as np

from sim.rules import RULES


def rectangles(layout, state, w):
    """float [n, 4, 2]: the corners, in turn, of all things and inner walls of a world."""
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    found = []
    for x0, y0, x1, y1 in layout.walls[w][layout.wall_exists[w]]:
        found.append([(x1, y1), (x0, y1), (x0, y0), (x1, y0)])
    exists = layout.thing_exists[w]
    for (x, y, angle), half in zip(state.things[w, exists, :3], layout.thing_half[w, exists], strict=True):
        turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
        found.append((signs * half) @ turn + (x, y))
    return np.array(found).reshape(-1, 4, 2)


def gap_between(one, other):
    """The largest gap between two rectangles over the axes along their sides; negative where they overlap."""
    sides = np.concatenate([np.diff(one[:3], axis=0), np.diff(other[:3], axis=0)])
    axes = sides / np.hypot(*sides.T)[:, None]
    a, b = one @ axes.T, other @ axes.T
    return np.maximum(b.min(0) - a.max(0), a.min(0) - b.max(0)).max()


def gap_to(corners, x, y):
    """From a point to a rectangle; 0 inside."""
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(*sides.T)
    along = (sides / lengths[:, None]) @ (np.array([x, y]) - corners[0])
    return np.hypot(*(along - np.clip(along, 0, lengths)))


def check_nothing_overlaps(started):
    """Fails if a thing, wall or agent overlaps another one, or the floor's border, in `started`'s layout and state."""
    layout, state, radius = started.layout, started.state, RULES.agent_radius_m
    for w in range(len(layout.floor)):
        walls = layout.wall_exists[w].sum()
        solid = rectangles(layout, state, w)
        for (i, a), (k, b) in itertools.combinations(enumerate(solid), 2):
            assert gap_between(a, b) >= -1e-9 or max(i, k) < walls
        agents = state.agents[w, layout.agent_exists[w], :2]
        assert all(np.hypot(*(a - b)) >= 2 * radius - 1e-9 for a, b in itertools.combinations(agents, 2))
        assert all(gap_to(corners, x, y) >= radius - 1e-9 for corners in solid for x, y in agents)
        floor = layout.floor[w]
        assert (solid >= -1e-9).all() and (solid <= floor + 1e-9).all()
        assert (agents >= radius - 1e-9).all() and (agents <= floor - radius + 1e-9).all()
