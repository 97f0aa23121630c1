"""Draws the signs of events, see `replays.film.event_markers`."""

from functools import lru_cache

import pygame

from replays.events import CHANGE_KINDS, Event
from replays.film.event_markers import HOLLOW, SHAPES, team_of
from replays.strategies.strategy import Disc
from replays.viewer.widgets.theme import px
from sim.layout import Slots
from sim.render.canvas import Point, Stamp
from sim.render.palette import INK, PAPER, TEAMS, WHITE, Colour, mix
from sim.rules import HIDERS, SEEKERS


def draw_legend_sign(surface: pygame.Surface, kind: str, place: Point, percent: int) -> None:
    """Draws the sign of a kind around a place, `percent` of its plain size."""
    team = SEEKERS if kind == "spotted" else HIDERS
    sign = _sign(kind, team, True, percent)
    area = sign.get_rect(center=(round(place[0]), round(place[1])))
    surface.blit(sign, area, special_flags=pygame.BLEND_PREMULTIPLIED)


def draw_sign(surface: pygame.Surface, slots: Slots, event: Event, place: Point, passed: bool, size: float = 1) -> None:
    """Draws an event's sign around a place, `size` times as large as usual, pale if it is still to come."""
    sign = _sign(event.kind, team_of(event, slots), passed, round(px(100) * size))
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
    if kind in HOLLOW:
        _shape(stamp, kind, middle, 3.4 * unit, WHITE)
    stamp.lay()
    return sign


def _shape(stamp: Stamp, kind: str, place: Point, radius: float, colour: Colour) -> None:
    x, y = place
    if kind in ("grab", "release"):
        stamp.disc(colour, place, 0.75 * radius)
    elif sign := SHAPES.get(kind):
        for part in sign:
            if isinstance(part, Disc):
                stamp.disc(colour, (x + radius * part.x, y + radius * part.y), radius * part.radius)
            else:
                stamp.polygon(colour, [(x + radius * i, y + radius * j) for i, j in part])
    elif kind in CHANGE_KINDS:
        reach, width = 0.75 * radius, 0.45 * radius
        stamp.line(colour, (x - reach, y - reach), (x + reach, y + reach), width)
        stamp.line(colour, (x - reach, y + reach), (x + reach, y - reach), width)
    else:
        stamp.polygon(colour, [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)])
