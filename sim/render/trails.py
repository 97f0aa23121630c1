"""Where agents came from: a path that fades with age."""

import itertools

import numpy as np
import pygame

from sim.render.canvas import Camera
from sim.render.palette import FLOOR, TEAMS, mix
from sim.rules import SEEKERS

_STRENGTH = 0.6


def draw_trail(target: pygame.Surface, camera: Camera, places: np.ndarray, team: int) -> None:
    """Draws the way an agent took: whole for seekers, dotted for hiders, as their lines of sight are.

    Args:
        target: drawn upon.
        camera: where the world lies on it.
        places: float [moment, 2], the oldest first.
        team: HIDERS or SEEKERS.
    """
    points = camera.points(places)
    width = max(1, round(0.03 * camera.scale))
    for number, (a, b) in enumerate(itertools.pairwise(points), start=1):
        colour = mix(FLOOR, TEAMS[team], _STRENGTH * number / len(points))
        if team == SEEKERS:
            pygame.draw.aaline(target, colour, a, b, width)
        else:
            pygame.draw.aacircle(target, colour, a, max(1.6, 0.6 * width))
