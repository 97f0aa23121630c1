"""Blueprint: bring boxes onto the marked sites.

As in the original (`envs/blueprint_construction.py` with the numbers of `blueprint.jsonnet`). Every tick costs 0.05
times the mean, over all corners of all sites, of the distance in metres to the boxes' corners: a smooth minimum in
which a corner at distance d weighs exp(-1.5 d). The game ends when every site has the centre of a box within 0.1 m
of its own and corners of boxes within 0.1 m of all of its corners; that pays 3 for each site. All agents are paid the
same.
"""

import math

import numpy as np

from sim.jit import allocating, compiled
from sim.state import ANGLE, X, Y

COST = 0.05
SHARPNESS = 1.5
"""Of the smooth minimum, in 1/m."""
NEAR_M = 0.1
SITE_PAY = 3.0

_SIGNS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


@compiled
def _put_box_corners(layout, state, w, corners):
    """Fills `corners` [box, corner, 2] of the boxes that exist."""
    for box in range(corners.shape[0]):
        if layout.thing_exists[w, box]:
            pose = state.things[w, box]
            cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
            for corner in range(4):
                x = _SIGNS[corner, 0] * layout.thing_half[w, box, 0]
                y = _SIGNS[corner, 1] * layout.thing_half[w, box, 1]
                corners[box, corner, 0] = pose[X] + cos * x - sin * y
                corners[box, corner, 1] = pose[Y] + sin * x + cos * y


@compiled
def _to_corners(corners, x, y):
    """Metres from a point to the nearest of the boxes' corners, and the smooth minimum over all."""
    least, total, weights = np.inf, 0.0, 0.0
    for box in range(corners.shape[0]):
        for corner in range(4):
            dx, dy = corners[box, corner, 0] - x, corners[box, corner, 1] - y
            distance = math.sqrt(dx * dx + dy * dy)
            weight = math.exp(-SHARPNESS * distance)
            least, total, weights = min(least, distance), total + weight * distance, weights + weight
    return least, total / weights if weights > 0.0 else 0.0


@compiled
def _has_box(layout, state, site, w):
    """Whether the centre of a box is near enough to that of a site."""
    x0, y0, x1, y1 = layout.sites[w, site]
    for box in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, box]:
            dx, dy = state.things[w, box, X] - 0.5 * (x0 + x1), state.things[w, box, Y] - 0.5 * (y0 + y1)
            if math.sqrt(dx * dx + dy * dy) < NEAR_M:
                return True
    return False


@allocating
def pay_builders(slots, layout, state, reward, w):
    """Pays the hiders of one world for a tick, and ends the game if every site has its box."""
    corners = np.full((layout.thing_exists.shape[1], 4, 2), 1e9)  # boxes that do not exist are far away
    _put_box_corners(layout, state, w, corners)
    done, sites, apart = True, 0, 0.0
    for site in range(layout.sites.shape[1]):
        if not layout.site_exists[w, site]:
            continue
        sites += 1
        done = done and _has_box(layout, state, site, w)
        for corner in range(4):
            x = layout.sites[w, site, 0 if _SIGNS[corner, 0] < 0.0 else 2]
            y = layout.sites[w, site, 1 if _SIGNS[corner, 1] < 0.0 else 3]
            least, smooth = _to_corners(corners, x, y)
            done = done and least < NEAR_M
            apart += 0.25 * smooth
    if sites > 0:
        paid = (SITE_PAY * sites if done else 0.0) - COST * apart / sites
        state.task_done[w] = done
        for hider in range(slots.hiders):
            reward[w, hider] = paid if layout.agent_exists[w, hider] else 0.0
