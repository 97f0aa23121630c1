"""The signs of events, above the time line and in the caption.

A disc is a grab, a square a lock, a diamond a sighting, a roof a seal, a battlement a fort, an arched door a blocked
door; the hollow shape means that it was undone. A ramp is a climb, an arrow up a wall that an agent got over, a rider
on a board a ride. The colour is the team's. A black cross is a change that the user made.
"""

from functools import lru_cache

import pygame

from replays.events import CHANGE_KINDS, NOBODY, Event, side_of
from replays.viewer.widgets.theme import px
from sim.layout import Slots
from sim.render.canvas import Point, Stamp
from sim.render.palette import INK, PAPER, TEAMS, WHITE, Colour, mix
from sim.rules import HIDERS, SEEKERS

_HOLLOW = ("release", "unlock", "lost", "seal broken", "door open again")


LEGEND: tuple[tuple[str, str], ...] = (
    ("grab", "grabs; hollow: lets go"),
    ("lock", "locks; hollow: unlocks"),
    ("spotted", "spots a hider; hollow: loses it"),
    ("door blocked", "a door is blocked; hollow: open again"),
    ("room sealed", "a room is sealed; hollow: broken"),
    ("fort built", "hiders are walled off in a fort"),
    ("climb", "climbs a ramp"),
    ("over wall", "gets over a wall"),
    ("surf", "rides on a box"),
    ("taken away", "changed by you"),
)
"""A kind of event for each sign, and what the sign means."""


def draw_legend_sign(surface: pygame.Surface, kind: str, place: Point, percent: int) -> None:
    """Draws the sign of a kind around a place, `percent` of its plain size."""
    team = SEEKERS if kind == "spotted" else HIDERS
    sign = _sign(kind, team, True, percent)
    area = sign.get_rect(center=(round(place[0]), round(place[1])))
    surface.blit(sign, area, special_flags=pygame.BLEND_PREMULTIPLIED)


def team_of(event: Event, slots: Slots) -> int:
    """The team whose colour an event has; an event without an agent has the hiders'."""
    return HIDERS if event.agent == NOBODY else side_of(event.agent, slots)


def draw_sign(surface: pygame.Surface, slots: Slots, event: Event, place: Point, passed: bool) -> None:
    """Draws an event's sign around a place, pale if it is still to come."""
    sign = _sign(event.kind, team_of(event, slots), passed, px(100))
    area = sign.get_rect(center=(round(place[0]), round(place[1])))
    surface.blit(sign, area, special_flags=pygame.BLEND_PREMULTIPLIED)


@lru_cache(maxsize=256)
def _sign(kind: str, team: int, passed: bool, percent: int) -> pygame.Surface:
    """A sign on a transparent surface, `percent` of its plain size. It is kept and used again: do not draw on it."""
    unit = percent / 100
    full = INK if kind in CHANGE_KINDS else TEAMS[team]
    colour = full if passed else mix(PAPER, full, 0.5)
    side = round(22 * unit)
    sign = pygame.Surface((side, side), pygame.SRCALPHA)
    middle = (side / 2, side / 2)
    stamp = Stamp(sign, [middle], 11 * unit)
    _shape(stamp, kind, middle, 6.0 * unit, colour)
    if kind in _HOLLOW:
        _shape(stamp, kind, middle, 3.4 * unit, WHITE)
    stamp.lay()
    return sign


def _shape(stamp: Stamp, kind: str, place: Point, radius: float, colour: Colour) -> None:
    x, y = place
    if kind in ("grab", "release"):
        stamp.disc(colour, place, 0.75 * radius)
    elif kind in ("lock", "unlock"):
        stamp.polygon(colour, _rectangle(x, y, 0.8 * radius, 0.8 * radius))
    elif kind in ("room sealed", "seal broken"):
        stamp.polygon(colour, [(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)])
    elif kind == "fort built":
        for middle in (-0.75, 0.0, 0.75):
            stamp.polygon(colour, _rectangle(x + middle * radius, y - 0.5 * radius, 0.25 * radius, 0.5 * radius))
        stamp.polygon(colour, _rectangle(x, y + 0.45 * radius, radius, 0.55 * radius))
    elif kind in ("door blocked", "door open again"):
        stamp.disc(colour, (x, y - 0.45 * radius), 0.9 * radius)
        stamp.polygon(colour, _rectangle(x, y + 0.45 * radius, 0.9 * radius, 0.9 * radius))
    elif kind == "climb":
        stamp.polygon(
            colour, [(x - radius, y + 0.7 * radius), (x + radius, y + 0.7 * radius), (x + radius, y - radius)]
        )
    elif kind == "over wall":
        stamp.polygon(colour, [(x, y - radius), (x + radius, y + 0.1 * radius), (x - radius, y + 0.1 * radius)])
        stamp.polygon(colour, _rectangle(x, y + 0.5 * radius, 0.35 * radius, 0.5 * radius))
    elif kind == "surf":
        stamp.disc(colour, (x, y - 0.35 * radius), 0.6 * radius)
        stamp.polygon(colour, _rectangle(x, y + 0.65 * radius, radius, 0.25 * radius))
    elif kind in CHANGE_KINDS:
        reach, width = 0.75 * radius, 0.45 * radius
        stamp.line(colour, (x - reach, y - reach), (x + reach, y + reach), width)
        stamp.line(colour, (x - reach, y + reach), (x + reach, y - reach), width)
    else:
        stamp.polygon(colour, [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)])


def _rectangle(x: float, y: float, half_width: float, half_height: float) -> list[Point]:
    return [(x + i * half_width, y + j * half_height) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
