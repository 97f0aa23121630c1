"""The time lines of several recordings under one another, with one clock across them."""

from collections.abc import Sequence

import pygame
from pygame import Rect

from replays.events import KINDS
from replays.film.caption import weight
from replays.film.film import Film
from replays.viewer.widgets.event_markers import draw_sign
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, px, write
from replays.viewer.widgets.time_axis import time_at, x_of
from sim.render.canvas import Stamp
from sim.render.palette import HIDER, INK, PAPER, SEEKER, THRESHOLD, mix
from sim.render.text import label
from sim.rules import RULES

_ROW_HEIGHT = 22
_TOP = 22
_SHOWN = ("lock", *(kind for kind in KINDS if weight(kind) > weight("spotted")))
"""Events that have a sign here; a row has no room for all of them."""


def rows_height(count: int) -> int:
    """Height of `count` rows, in pixels."""
    return px(_TOP) + count * px(_ROW_HEIGHT) + px(6)


def track_of(area: Rect) -> Rect:
    """The columns of the clock: its left end is tick 0, its right end the last tick."""
    return Rect(area.left + px(44), area.top + px(_TOP), max(area.width - px(68), 1), area.height - px(_TOP))


def time_under(area: Rect, ticks: int, x: int) -> float:
    """The time in ticks at a pixel column."""
    return time_at(track_of(area), ticks, x)


def draw_rows(surface: pygame.Surface, area: Rect, films: Sequence[Film], time: float, chosen: int) -> None:
    """Draws a row for each film: preparation, when hiders were seen, what was done; and the clock across all."""
    track = track_of(area)
    ticks = max(film.recording.header.ticks for film in films)
    step, above, edge = px(_ROW_HEIGHT), track.top - px(8), px(12)
    for number, film in enumerate(films):
        row = Rect(track.left, track.top + number * step, track.width, step)
        colour = INK if number == chosen else FAINT
        write(surface, str(number + 1), (track.left - px(14), row.centery), SMALL, colour, "midright")
        _draw_row(surface, row, film, ticks)
    x = x_of(track, ticks, time)
    bottom = track.top + len(films) * step
    head = Stamp(surface, [(x, above), (x, bottom)], px(9))
    head.line(INK, (x, above), (x, bottom), px(2))
    head.disc(INK, (x, above), px(6))
    head.lay()
    letters = label(f"{time * RULES.tick_s:.1f} s", px(SMALL), INK)
    place = letters.get_rect(midleft=(round(x) + edge, above))
    if place.right > track.right:
        place.right = round(x) - edge
    surface.blit(letters, place)


def _draw_row(surface: pygame.Surface, row: Rect, film: Film, ticks: int) -> None:
    """Draws a film's row; the longest film has `ticks` ticks."""
    header, middle = film.recording.header, row.centery

    def column(tick: float) -> int:
        return round(x_of(row, ticks, tick))

    width, quiet = column(header.ticks) - row.left, column(min(header.preparation_ticks, header.ticks)) - row.left
    pygame.draw.rect(surface, LINE, Rect(row.left, middle - px(7), width, px(14)), border_radius=px(4))
    pygame.draw.rect(surface, THRESHOLD, Rect(row.left, middle - px(7), quiet, px(14)), border_radius=px(4))
    pygame.draw.rect(surface, mix(PAPER, HIDER, 0.45), Rect(row.left, middle - px(1), width, px(3)))
    for first, end in film.somebody_seen:
        stretch = Rect(column(first), middle - px(4), max(column(end) - column(first), 2), px(8))
        pygame.draw.rect(surface, SEEKER, stretch, border_radius=px(2))
    signs = {(column(event.tick), event.kind): event for event in film.events if event.kind in _SHOWN}
    for (x, _), event in sorted(signs.items()):
        draw_sign(surface, header.slots, event, (x, middle), passed=True)
