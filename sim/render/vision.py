"""What agents look at: cones clipped by what they meet, and lines of who sees whom."""

import math

import numpy as np
import pygame

from sim.layout import Layout
from sim.render.canvas import Camera, Point, Stamp, fill_translucent
from sim.render.palette import FLOOR, INK, TEAMS, mix
from sim.render.snapshot import Snapshot
from sim.rules import RULES, SEEKERS
from sim.sight import ray_lengths
from sim.state import ANGLE, State, X, Y

_ALPHA = 0.11
_DARKNESS = 0.4
_NEAR_RADII = 1.9
"""Agents light this much of their surroundings, in their own radii, so that they do not stand in their own dark."""
_SIGNS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
_AROUND_RAD = 1e-5
"""Rays pass this close on either side of every corner, so that a cone's shadows have straight edges."""


def draw_cone(target: pygame.Surface, camera: Camera, snapshot: Snapshot, agent: int) -> None:
    """The part of the floor that an agent sees, in its team's colour."""
    team = snapshot.team(agent)
    outline = camera.points(cone(snapshot, agent))
    fill_translucent(target, TEAMS[team], outline, _ALPHA)
    pygame.draw.aalines(target, mix(FLOOR, TEAMS[team], 0.3), True, outline)


def draw_fog(target: pygame.Surface, camera: Camera, snapshot: Snapshot, watchers: list[int]) -> None:
    """Darkens what none of the watchers sees."""
    side = float(snapshot.layout.floor[snapshot.world])
    (left, low), (right, high) = camera.point(-RULES.wall_m, -RULES.wall_m), camera.point(*2 * (side + RULES.wall_m,))
    floor = pygame.Rect(round(left), round(high), round(right) - round(left), round(low) - round(high))
    veil = pygame.Surface(target.get_size(), pygame.SRCALPHA)
    dark = (*(round(channel * _DARKNESS) for channel in INK), round(255 * _DARKNESS))
    pygame.draw.rect(veil, dark, floor, border_radius=round(RULES.wall_m * camera.scale))
    for agent in watchers:
        pygame.draw.polygon(veil, (0, 0, 0, 0), camera.points(cone(snapshot, agent)))
        near = _NEAR_RADII * RULES.agent_radius_m * camera.scale
        place = snapshot.state.agents[snapshot.world, agent, [X, Y]]
        pygame.draw.circle(veil, (0, 0, 0, 0), camera.point(*place.tolist()), near)
    target.blit(veil, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)


def draw_rays(target: pygame.Surface, camera: Camera, snapshot: Snapshot, agent: int) -> None:
    """An agent's lidar: a thin line for each ray, with a dot where it ends."""
    slots, layout, state, _, world = snapshot
    origin = state.agents[world, agent, [X, Y]]
    angles = 2 * math.pi * np.arange(RULES.lidar_rays) / RULES.lidar_rays
    at, level = (float(origin[0]), float(origin[1])), int(state.level[world, agent])
    lengths = np.minimum(ray_lengths(slots, layout, state, world, at, level, angles), RULES.lidar_range_m)
    ends = origin + np.stack([np.cos(angles), np.sin(angles)], axis=1) * lengths[:, None]
    centre = camera.point(*origin.tolist())
    for end, length in zip(camera.points(ends), lengths, strict=True):
        pygame.draw.aaline(target, mix(FLOOR, INK, 0.3), centre, end)
        if length < RULES.lidar_range_m:
            pygame.draw.aacircle(target, mix(FLOOR, INK, 0.65), end, max(2.0, 0.022 * camera.scale))


def cone(snapshot: Snapshot, agent: int) -> np.ndarray:
    """Float [n, 2]: outline, in metres, of what an agent sees, the agent first and then counter-clockwise."""
    slots, layout, state, _, world = snapshot
    pose = state.agents[world, agent]
    origin = (float(pose[X]), float(pose[Y]))
    toward = _corner_angles(layout, state, world, origin) - pose[ANGLE]
    toward = (toward + math.pi) % (2 * math.pi) - math.pi
    spread = RULES.half_cone_rad
    angles = np.concatenate([toward - _AROUND_RAD, toward, toward + _AROUND_RAD, np.linspace(-spread, spread, 9)])
    angles = pose[ANGLE] + np.unique(angles[np.abs(angles) <= spread])
    level = int(state.level[world, agent])
    lengths = ray_lengths(slots, layout, state, world, origin, level, angles)
    ends = np.stack([np.cos(angles), np.sin(angles)], axis=1) * lengths[:, None]
    return np.concatenate([np.zeros((1, 2)), ends]) + origin


def draw_sight_line(target: pygame.Surface, camera: Camera, observer: Point, seen: Point, team: int) -> None:
    """A line from an observer to whom it sees: whole for seekers, dotted for hiders."""
    a, b = camera.point(*observer), camera.point(*seen)
    length = math.dist(a, b)
    skin = RULES.agent_radius_m * camera.scale
    if length < 2.5 * skin:
        return
    ahead = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    shift = 0.25 * skin
    across = (-ahead[1] * shift, ahead[0] * shift)
    start, end = (
        (p[0] + s * skin * ahead[0] + across[0], p[1] + s * skin * ahead[1] + across[1])
        for p, s in ((a, 1.1), (b, -1.6))
    )
    colour = mix(FLOOR, TEAMS[team], 0.75)
    width = max(1.0, 0.014 * camera.scale)
    if team == SEEKERS:
        pygame.draw.aaline(target, colour, start, end, max(1, round(width * 1.4)))
        _arrow_head(target, colour, end, ahead, 0.45 * skin)
    else:
        _dots(target, colour, start, end, width)


def _arrow_head(target: pygame.Surface, colour: tuple[int, int, int], tip: Point, ahead: Point, size: float) -> None:
    back = (tip[0] - size * ahead[0], tip[1] - size * ahead[1])
    wings = [(back[0] - s * 0.5 * size * ahead[1], back[1] + s * 0.5 * size * ahead[0]) for s in (-1, 1)]
    stamp = Stamp(target, [tip, *wings], 2)
    stamp.polygon(colour, [tip, *wings])
    stamp.lay()


def _dots(target: pygame.Surface, colour: tuple[int, int, int], a: Point, b: Point, radius: float) -> None:
    count = int(math.dist(a, b) / (6.0 * radius))
    for k in range(count + 1):
        share = k / max(count, 1)
        centre = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        pygame.draw.aacircle(target, colour, centre, radius)


def _corner_angles(layout: Layout, state: State, world: int, origin: Point) -> np.ndarray:
    """World angles from a point to every corner of floor, walls and things."""
    side = float(layout.floor[world])
    floor = np.array([[0.0, 0.0], [side, 0.0], [0.0, side], [side, side]])
    walls = layout.walls[world][layout.wall_exists[world]][:, [[0, 1], [2, 1], [0, 3], [2, 3]]].reshape(-1, 2)
    exists = layout.thing_exists[world]
    poses, halves = state.things[world, exists], layout.thing_half[world, exists]
    cosine, sine = np.cos(poses[:, ANGLE, None]), np.sin(poses[:, ANGLE, None])
    x, y = (halves[:, axis, None] * _SIGNS[:, axis] for axis in range(2))
    turned = np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=2) + poses[:, None, [X, Y]]
    away = np.concatenate([floor, walls, turned.reshape(-1, 2)]) - origin
    return np.arctan2(away[:, 1], away[:, 0])
