"""An agent alone, as a sign for its team."""

import math

import numpy as np
import pygame

from sim.render.bodies import draw_agent
from sim.render.canvas import Camera, Point
from sim.rules import RULES


def draw_portrait(target: pygame.Surface, centre: Point, radius: float, team: int) -> None:
    """Draws an agent of a team that looks at the reader, with a radius in pixels."""
    camera = Camera(centre[0], centre[1], radius / RULES.agent_radius_m)
    pose = np.array([0.0, 0.0, -math.pi / 2, 0.0, 0.0, 0.0])
    draw_agent(target, camera, pose, team)
