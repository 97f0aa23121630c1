"""Boxes, ramps, locks and agents, each as one stamp.

Hiders are mice with round ears, seekers are cats with pointed ones; a lock wears the ears of its owner.
"""

import itertools
import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pygame

from sim.render.canvas import Camera, Point, Stamp
from sim.render.palette import BOX, GREY, INK, RAMP, TEAMS, WHITE, Colour, mix
from sim.rules import HIDERS, RULES
from sim.state import ANGLE, DRIFTING, X, Y

_LIGHT = np.array([-0.55, 0.83])
"""Where the light comes from, in the world's axes."""

_SHADOW_M = 0.035
_LARGEST_KEPT = 400
"""Pixels; larger pictures of things are not kept."""
_DASHES = 12
"""Of the ring around the selected agent."""
_UPPER_SCALE = 1.15
"""Agents on the upper level are nearer to the eye."""


def draw_thing(
    target: pygame.Surface, camera: Camera, pose: np.ndarray, half: np.ndarray, is_ramp: bool, lock: int
) -> None:
    """A box or ramp with its shadow and, when locked, its owner's sign.

    Args:
        target: drawn upon.
        camera: where the world lies on it.
        pose: float [6].
        half: half length and width in metres.
        is_ramp: ramps rise along their own x.
        lock: as in `State.lock`; FIXED_BY_NOBODY has a padlock without an owner, DRIFTING none.
    """
    centre = camera.point(pose[X], pose[Y])
    reach = max((math.hypot(*half.tolist()) + 2 * _SHADOW_M) * camera.scale, 1.6 * _badge(camera)) + 4
    left, top = math.floor(centre[0] - reach), math.floor(centre[1] - reach)
    side = math.ceil(2 * reach) + 1
    if side > _LARGEST_KEPT or not target.get_clip().contains(pygame.Rect(left, top, side, side)):
        _draw_thing(target, camera, pose, half, is_ramp, lock)
        return
    where = (camera.left - left, camera.bottom - top, camera.scale)
    picture = _thing_picture(side, where, tuple(pose[:3].tolist()), tuple(half.tolist()), is_ramp, lock)
    target.blit(picture, (left, top), special_flags=pygame.BLEND_PREMULTIPLIED)


@lru_cache(maxsize=64)
def _thing_picture(
    side: int,
    where: tuple[float, float, float],
    pose: tuple[float, float, float],
    half: tuple[float, float],
    is_ramp: bool,
    lock: int,
) -> pygame.Surface:
    """A thing alone on a square: most things rest most of the time. Do not draw on it."""
    picture = pygame.Surface((side, side), pygame.SRCALPHA)
    _draw_thing(picture, Camera(*where), np.array(pose), np.array(half), is_ramp, lock)
    return picture


def _draw_thing(
    target: pygame.Surface, camera: Camera, pose: np.ndarray, half: np.ndarray, is_ramp: bool, lock: int
) -> None:
    outline = camera.points(corners(pose, half))
    shadow = _SHADOW_M * camera.scale
    stamp = Stamp(target, outline, 2 + shadow + 1)
    stamp.polygon(INK, [(x + shadow * 0.7, y + shadow) for x, y in outline], alpha=0.16)
    edge = min(0.055, 0.35 * float(half.min()))
    if is_ramp:
        _ramp(stamp, camera, pose, half, edge)
    else:
        _box(stamp, camera, pose, half, edge)
    if 0 < lock < DRIFTING:
        owner = TEAMS[lock - 1] if lock <= len(TEAMS) else GREY
        width = max(1.5, 0.022 * camera.scale)
        for a, b in zip(outline, outline[1:] + outline[:1], strict=True):
            stamp.line(owner, a, b, width)
    stamp.lay()
    if 0 < lock < DRIFTING:
        _padlock(target, camera.point(pose[X], pose[Y]), _badge(camera), lock - 1)


def draw_hold(
    target: pygame.Surface, camera: Camera, agent: np.ndarray, thing: np.ndarray, half: np.ndarray, team: int
) -> None:
    """The arm of an agent that holds a thing: from the agent to the nearest point of the thing, or to its middle if
    the agent stands on it.
    """
    away = agent[[X, Y]] - thing[[X, Y]]
    turn = _turn(thing[ANGLE])
    own = away @ turn.T
    outside = (abs(own) > half).any() and (half > 0.04).all()
    local = np.clip(own, 0.04 - half, half - 0.04) if outside else 0 * half
    hand = camera.point(*(thing[[X, Y]] + local @ turn).tolist())
    shoulder = camera.point(agent[X], agent[Y])
    width = max(2.5, 0.06 * camera.scale)
    stamp = Stamp(target, [shoulder, hand], 2 * width)
    dark = mix(TEAMS[team], INK, 0.45)
    stamp.line(dark, shoulder, hand, width)
    stamp.disc(dark, hand, width)
    stamp.line(TEAMS[team], shoulder, hand, width * 0.55)
    stamp.disc(TEAMS[team], hand, width * 0.72)
    stamp.lay()


class AgentStyle(NamedTuple):
    """How an agent is drawn."""

    name: str = ""
    """Its number."""
    upper: bool = False
    """It stands on something."""
    asleep: bool = False
    """Its eyes are closed."""
    seen: bool = False
    """It has a ring in its opponents' colour."""


PLAIN = AgentStyle()


def draw_agent(target: pygame.Surface, camera: Camera, pose: np.ndarray, team: int, style: AgentStyle = PLAIN) -> None:
    """An agent of a team in a pose (float [6]), with its shadow, ears, eyes and number."""
    name, upper, asleep, seen = style
    radius = RULES.agent_radius_m * camera.scale * (_UPPER_SCALE if upper else 1.0)
    centre = camera.point(pose[X], pose[Y])
    stamp = Stamp(target, [centre], 1.75 * radius + 3)
    drop = radius * (0.62 if upper else 0.22)
    stamp.disc(INK, (centre[0] + 0.7 * drop, centre[1] + drop), radius, alpha=0.15 if upper else 0.18)
    if seen:
        stamp.ring(TEAMS[1 - team], centre, 1.45 * radius, max(1.5, 0.13 * radius))
    colour = TEAMS[team]
    dark = mix(colour, INK, 0.45)
    _ears(stamp, centre, radius, pose[ANGLE], team, dark, colour)
    stamp.disc(dark, centre, radius)
    stamp.disc(colour, centre, radius - max(1.0, 0.09 * radius))
    stamp.disc(mix(colour, WHITE, 0.16), (centre[0] - 0.16 * radius, centre[1] - 0.2 * radius), 0.6 * radius)
    for side in (-1, 1):
        eye = _polar(centre, 0.6 * radius, pose[ANGLE] + side * 0.6)
        if asleep:
            lid = _polar((0, 0), 0.2 * radius, pose[ANGLE] + math.pi / 2)
            ends = [(eye[0] + s * lid[0], eye[1] + s * lid[1]) for s in (-1, 1)]
            stamp.line(mix(colour, INK, 0.75), ends[0], ends[1], max(1.0, 0.11 * radius))
        else:
            stamp.disc(WHITE, eye, 0.27 * radius)
            stamp.disc(INK, _polar(eye, 0.08 * radius, pose[ANGLE]), 0.15 * radius)
    if radius > 9:
        stamp.text(name, WHITE, _polar(centre, 0.4 * radius, pose[ANGLE] + math.pi), 1.25 * radius)
    stamp.lay()


def draw_ring(target: pygame.Surface, camera: Camera, pose: np.ndarray) -> None:
    """A dashed ring around the selected agent."""
    radius = RULES.agent_radius_m * camera.scale
    centre = camera.point(pose[X], pose[Y])
    stamp = Stamp(target, [centre], 2.1 * radius + 3)
    for dash in range(_DASHES):
        ends = [_polar(centre, 1.95 * radius, (dash + share) * 2 * math.pi / _DASHES) for share in (0.0, 0.5)]
        stamp.line(INK, ends[0], ends[1], max(2.0, 0.16 * radius))
    stamp.lay()


def corners(pose: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Float [4, 2]: a thing's corners in metres, counter-clockwise from (+x, +y) in its own axes."""
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    return pose[[X, Y]] + (signs * half) @ _turn(pose[ANGLE])


def _turn(angle: float) -> np.ndarray:
    """Turns rows from a body's axes into the world's: `row @ _turn(angle)`."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]])


def _polar(centre: Point, distance: float, angle: float) -> Point:
    """The pixel at a distance and a world angle from a pixel."""
    return centre[0] + distance * math.cos(angle), centre[1] - distance * math.sin(angle)


def _bevel(stamp: Stamp, camera: Camera, pose: np.ndarray, half: np.ndarray, edge: float, colour: Colour) -> None:
    """The edge of a thing: four strips, lighter towards the light."""
    outer, inner = camera.points(corners(pose, half)), camera.points(corners(pose, half - edge))
    stamp.polygon(mix(colour, INK, 0.35), outer)
    for side in range(4):
        after = (side + 1) % 4
        normal = np.array([math.cos(angle := pose[ANGLE] + (side + 1) * math.pi / 2), math.sin(angle)])
        light = float(normal @ _LIGHT)
        shade = mix(colour, WHITE, 0.45 * light) if light > 0 else mix(colour, INK, -0.42 * light)
        stamp.polygon(shade, [outer[side], outer[after], inner[after], inner[side]])


def _box(stamp: Stamp, camera: Camera, pose: np.ndarray, half: np.ndarray, edge: float) -> None:
    """A wooden lid of planks that run along the shorter side."""
    _bevel(stamp, camera, pose, half, edge, BOX)
    inside = half - edge
    stamp.polygon(mix(BOX, WHITE, 0.14), camera.points(corners(pose, inside)))
    along = int(np.argmax(half))
    planks = max(3, round(2 * half[along] / 0.25))
    for k in range(1, planks):
        ends = np.zeros((2, 2))
        ends[:, along] = inside[along] * (2 * k / planks - 1)
        ends[:, 1 - along] = [-inside[1 - along], inside[1 - along]]
        a, b = camera.points(pose[[X, Y]] + ends @ _turn(pose[ANGLE]))
        stamp.line(mix(BOX, INK, 0.13), a, b, max(0.8, 0.01 * camera.scale))


def _ramp(stamp: Stamp, camera: Camera, pose: np.ndarray, half: np.ndarray, edge: float) -> None:
    """A slope that grows lighter uphill, with arrows up, between two cheeks and the high back."""
    _bevel(stamp, camera, pose, half, edge, RAMP)
    inside, turn = half - edge, _turn(pose[ANGLE])
    bands = 12
    for band in range(bands):
        low, high = (inside[0] * (2 * k / bands - 1) for k in (band, band + 1))
        low = -half[0] if band == 0 else low
        strip = np.array([[low, -inside[1]], [high, -inside[1]], [high, inside[1]], [low, inside[1]]])
        shade = mix(mix(RAMP, INK, 0.3), mix(RAMP, WHITE, 0.6), band / (bands - 1))
        stamp.polygon(shade, camera.points(pose[[X, Y]] + strip @ turn))
    wing, depth = 0.45 * inside[1], 0.16 * inside[0]
    for middle in (-0.5, 0.0, 0.5):
        tip = middle * inside[0] + depth / 2
        arrow = camera.points(pose[[X, Y]] + np.array([[tip - depth, -wing], [tip, 0.0], [tip - depth, wing]]) @ turn)
        for a, b in itertools.pairwise(arrow):
            stamp.line(mix(RAMP, INK, 0.55), a, b, max(1.2, 0.025 * camera.scale))
    back = camera.points(corners(pose, half))
    stamp.line(mix(RAMP, INK, 0.6), back[0], back[3], max(1.5, 0.035 * camera.scale))


def _ears(stamp: Stamp, centre: Point, radius: float, heading: float, team: int, dark: Colour, colour: Colour) -> None:
    for side in (-1, 1):
        if team == HIDERS:
            ear = _polar(centre, 0.93 * radius, heading + side * 1.75)
            stamp.disc(dark, ear, 0.4 * radius)
            stamp.disc(mix(colour, WHITE, 0.45), ear, 0.24 * radius)
        else:
            tip = _polar(centre, 1.4 * radius, heading + side * 1.45)
            base = [_polar(centre, 0.93 * radius, heading + side * angle) for angle in (0.95, 1.95)]
            stamp.polygon(dark, [tip, *base])
            middle = _polar(centre, 1.0 * radius, heading + side * 1.45)
            shrunk = [(q[0] + 0.5 * (p[0] - q[0]), q[1] + 0.5 * (p[1] - q[1])) for p in (tip, *base) for q in (middle,)]
            stamp.polygon(mix(colour, WHITE, 0.45), shrunk)


def _badge(camera: Camera) -> float:
    """Radius of a lock's badge in pixels."""
    return min(max(0.11 * camera.scale, 6.5), 40.0)


def _padlock(target: pygame.Surface, centre: Point, radius: float, team: int) -> None:
    """A badge with a padlock, in the colour and with the ears of the owner; grey and without ears if it has none."""
    colour = TEAMS[team] if team < len(TEAMS) else GREY
    stamp = Stamp(target, [centre], 1.6 * radius + 2)
    if team < len(TEAMS):
        _ears(stamp, centre, radius, math.pi / 2, team, WHITE, WHITE)
        _ears(stamp, centre, 0.9 * radius, math.pi / 2, team, colour, colour)
    stamp.disc(WHITE, centre, radius)
    stamp.disc(colour, centre, 0.88 * radius)
    x, y = centre
    shackle = (x, y - 0.1 * radius)
    stamp.ring(WHITE, shackle, 0.36 * radius, 0.13 * radius)
    wide, high = 0.46 * radius, 0.55 * radius
    top = y - 0.08 * radius
    stamp.polygon(WHITE, [(x - wide, top), (x + wide, top), (x + wide, top + high), (x - wide, top + high)])
    stamp.disc(colour, (x, top + 0.45 * high), 0.13 * radius)
    stamp.lay()
