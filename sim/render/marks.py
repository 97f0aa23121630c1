"""Sites, food and pillars, which only some games have."""

import math
from collections.abc import Sequence

import pygame

from sim.layout import Layout
from sim.render.canvas import Camera, Stamp
from sim.render.palette import FLOOR, FOOD, INK, PILLAR, SITE, WHITE, mix
from sim.state import BITES, State
from sim.tasks.eating import MOST_BITES

_FOOD_M = 0.16
"""Radius of the plate that food lies on."""
_CORNER = 0.28
"""Length of a site's corner marks, as a share of its side."""


def draw_marks(target: pygame.Surface, camera: Camera, layout: Layout, state: State, world: int) -> None:
    """All sites, pillars and food of a world; a site that agents do not observe is fainter."""
    exists = layout.site_exists[world]
    for area, observed in zip(layout.sites[world][exists].tolist(), layout.site_observed[world][exists], strict=True):
        draw_site(target, camera, area, observed=bool(observed))
    for x, y, radius in layout.pillars[world][layout.pillar_exists[world]].tolist():
        draw_pillar(target, camera, (x, y), radius)
    exists = layout.food_exists[world]
    left = state.food[world, :, BITES] / MOST_BITES
    for place, share in zip(layout.food[world][exists].tolist(), left[exists].tolist(), strict=True):
        draw_food(target, camera, place, share)


def draw_site(target: pygame.Surface, camera: Camera, area: Sequence[float], observed: bool) -> None:
    """The corners of an area (x0, y0, x1, y1), and its middle."""
    x0, y0, x1, y1 = area
    colour = SITE if observed else mix(FLOOR, SITE, 0.45)
    reach, width = _CORNER * (x1 - x0), max(2.0, 0.03 * camera.scale)
    stamp = Stamp(target, [camera.point(x0, y0), camera.point(x1, y1)], 2 * width)
    for x, inward_x in ((x0, reach), (x1, -reach)):
        for y, inward_y in ((y0, reach), (y1, -reach)):
            corner = camera.point(x, y)
            stamp.line(colour, corner, camera.point(x + inward_x, y), width)
            stamp.line(colour, corner, camera.point(x, y + inward_y), width)
    stamp.disc(colour, camera.point(0.5 * (x0 + x1), 0.5 * (y0 + y1)), 1.2 * width)
    stamp.lay()


def draw_pillar(target: pygame.Surface, camera: Camera, place: Sequence[float], radius_m: float) -> None:
    """A round stone, which hides the walls that fill it."""
    centre, radius = camera.point(*place), radius_m * camera.scale
    stamp = Stamp(target, [centre], radius + 2)
    stamp.disc(mix(PILLAR, INK, 0.4), centre, radius)
    stamp.disc(PILLAR, centre, 0.97 * radius)
    stamp.disc(mix(PILLAR, WHITE, 0.14), centre, 0.86 * radius)
    stamp.lay()


def draw_food(target: pygame.Surface, camera: Camera, place: Sequence[float], share: float) -> None:
    """A plate with a cheese, of which so much is left."""
    centre, radius = camera.point(*place), _FOOD_M * camera.scale
    stamp = Stamp(target, [centre], radius + 2)
    stamp.disc(mix(FLOOR, INK, 0.25), centre, radius)
    stamp.disc(WHITE, centre, 0.9 * radius)
    if share > 0.0:
        _cheese(stamp, centre, 0.75 * radius * math.sqrt(share))
    stamp.lay()


def _cheese(stamp: Stamp, centre: tuple[float, float], radius: float) -> None:
    """A round cheese with holes."""
    x, y = centre
    stamp.disc(mix(FOOD, INK, 0.35), centre, radius)
    stamp.disc(FOOD, centre, 0.88 * radius)
    for angle, away, size in ((0.4, 0.45, 0.2), (2.3, 0.5, 0.16), (4.2, 0.4, 0.22)):
        hole = (x + away * radius * math.cos(angle), y + away * radius * math.sin(angle))
        stamp.disc(mix(FOOD, INK, 0.2), hole, size * radius)
