"""The scrub bar: preparation shaded, signs for events, and a ribbon for each hider."""

import math

import pygame
from pygame import Rect

from replays.events import MINOR_KINDS, Event
from replays.film.film import Film
from replays.film.playback import Playback
from replays.viewer.film.event_rows import draw_events
from replays.viewer.widgets.panes import RIBBON_HEIGHT, Panes
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, draw_tooltip, px, write
from replays.viewer.widgets.time_axis import time_at, x_of
from replays.wording import agent_name
from sim.render.canvas import Stamp
from sim.render.palette import HIDER, INK, PAPER, SEEKER, THRESHOLD, THRESHOLD_LINE, WHITE, mix
from sim.rules import RULES

_NEAR_PIXELS = 7
_MOST_NAMED = 4
_SECONDS, _SECONDS_PIXELS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600), 90
"""How far apart marks may be in seconds, and how far they must be in pixels."""


def event_at(film: Film, panes: Panes, x: float) -> Event | None:
    """The event whose sign is nearest to a pixel column, if one is near; strategies, doors and seals before others."""
    ticks = film.recording.header.ticks
    by_distance = [(abs(x_of(panes.track, ticks, event.tick) - x), event) for event in film.events]
    near = [(event.kind in MINOR_KINDS, away, event) for away, event in by_distance if away <= px(_NEAR_PIXELS)]
    return min(near, key=lambda one: one[:2])[-1] if near else None


def draw_timeline(surface: pygame.Surface, panes: Panes, film: Film, playback: Playback) -> None:
    """Draws signs, track, loop and ribbons."""
    time, ticks = playback.time, film.recording.header.ticks
    draw_events(surface, panes.markers, film, time)
    _draw_track(surface, panes.track, film, time)
    _draw_ribbons(surface, panes.ribbons, film)
    if playback.loop:
        _draw_loop(surface, panes.track, ticks, playback.loop)
    x = x_of(panes.track, ticks, time)
    unit = px(100) / 100
    head = Stamp(surface, [(x, panes.track.top), (x, panes.ribbons.bottom)], 9 * unit)
    head.line(INK, (x, panes.track.top), (x, panes.ribbons.bottom), 2 * unit)
    head.disc(WHITE, (x, panes.track.centery), 8 * unit)
    head.disc(INK, (x, panes.track.centery), 6.5 * unit)
    head.lay()


def _draw_track(surface: pygame.Surface, track: Rect, film: Film, time: float) -> None:
    header = film.recording.header
    write(surface, "time", (track.left - px(12), track.centery), SMALL, FAINT, "midright")
    pygame.draw.rect(surface, LINE, track, border_radius=4)
    done = Rect(track.left, track.top, round(x_of(track, header.ticks, time)) - track.left, track.height)
    end = x_of(track, header.ticks, min(header.preparation_ticks, header.ticks))
    shaded = Rect(track.left, track.top, round(end) - track.left, track.height)
    pygame.draw.rect(surface, THRESHOLD, shaded, border_top_left_radius=4, border_bottom_left_radius=4)
    old_clip = surface.get_clip()
    surface.set_clip(shaded.clip(old_clip))
    for x in range(shaded.left - track.height, shaded.right, 8):
        pygame.draw.aaline(surface, THRESHOLD_LINE, (x, track.bottom), (x + track.height, track.top))
    surface.set_clip(old_clip)
    pygame.draw.rect(surface, mix(INK, PAPER, 0.45), done.inflate(0, -track.height + 6))
    if shaded.width > px(100) and x_of(track, header.ticks, time) < shaded.right - px(100):
        write(
            surface, "preparation", (shaded.right - px(8), track.centery), SMALL, mix(THRESHOLD, INK, 0.65), "midright"
        )


def draw_seconds(surface: pygame.Surface, track: Rect, film: Film, time: float) -> None:
    """Marks a few seconds; those of the play that are still to come are also named: there is room for it."""
    header, step = film.recording.header, seconds_apart(track, film.recording.header.ticks)
    for second in range(step, math.ceil(header.ticks * RULES.tick_s), step):
        tick = second / RULES.tick_s
        x = round(x_of(track, header.ticks, tick))
        pygame.draw.line(surface, FAINT, (x, track.bottom - px(4)), (x, track.bottom - 1))
        if tick > header.preparation_ticks and x - px(24) > x_of(track, header.ticks, time):
            write(surface, f"{second} s", (x, track.centery - px(2)), SMALL, FAINT, "center")


def seconds_apart(track: Rect, ticks: int) -> int:
    """Between marks on a time line, in seconds: as few as stand far enough apart."""
    least = px(_SECONDS_PIXELS) * ticks * RULES.tick_s / track.width
    return next((step for step in _SECONDS if step >= least), _SECONDS[-1])


def _draw_ribbons(surface: pygame.Surface, ribbons: Rect, film: Film) -> None:
    """Hidden is a thin blue line, seen a thick vermilion bar."""
    ticks = film.recording.header.ticks
    for row, hider in enumerate(film.hiders if ribbons.height else []):
        middle = ribbons.top + row * px(RIBBON_HEIGHT) + px(RIBBON_HEIGHT) // 2
        name = agent_name(hider, film.recording.header.slots)
        write(surface, name, (ribbons.left - px(12), middle), SMALL, FAINT, "midright")
        pygame.draw.rect(surface, mix(PAPER, HIDER, 0.45), Rect(ribbons.left, middle - px(1), ribbons.width, px(3)))
        for span in film.seen_spans[row]:
            left, right = (round(x_of(ribbons, ticks, tick)) for tick in span)
            bar = Rect(left, middle - px(4), max(right - left, 2), px(8))
            pygame.draw.rect(surface, SEEKER, bar, border_radius=px(2))


def hint(film: Film, panes: Panes, column: int) -> list[str]:
    """What a click at a pixel column would lead to, for a tooltip: the time, and what happens then."""
    event = event_at(film, panes, column)
    tick = event.tick if event else round(time_at(panes.track, film.recording.header.ticks, column))
    same = [other for other in film.events if other.tick == tick]
    same.sort(key=lambda other: other.kind in MINOR_KINDS)
    more = [f"and {len(same) - _MOST_NAMED} more"] if len(same) > _MOST_NAMED else []
    since = [other for other in film.lasting_at(tick) if other.tick < tick]
    lasts = [f"since {other.tick * RULES.tick_s:.1f} s: {film.words(other)}" for other in since]
    at = f"{tick * RULES.tick_s:.1f} s, tick {tick}"
    return [at, *(film.words(other) for other in same[:_MOST_NAMED]), *more, *lasts]


def draw_hint(surface: pygame.Surface, panes: Panes, film: Film, column: int) -> None:
    """The tooltip of the time line, above the signs, and a line down from it."""
    event = event_at(film, panes, column)
    x = round(x_of(panes.track, film.recording.header.ticks, event.tick)) if event else column
    pygame.draw.line(surface, FAINT, (x, panes.track.top), (x, panes.ribbons.bottom))
    draw_tooltip(surface, hint(film, panes, column), (x, panes.markers.top - px(4)))


def _draw_loop(surface: pygame.Surface, track: Rect, ticks: int, loop: tuple[int, int]) -> None:
    """A bracket at either end of the range, and a bar between them."""
    first, last = (round(x_of(track, ticks, tick)) for tick in loop)
    top, thick = track.top - px(3), max(px(2), 1)
    pygame.draw.rect(surface, INK, Rect(first, top, last - first, thick))
    for x, side in ((first, 1), (last, -1)):
        pygame.draw.rect(surface, INK, Rect(x - thick // 2, top, thick, track.height + px(6)))
        foot = Rect(min(x, x + side * px(5)), track.bottom + px(3) - thick, px(5), thick)
        pygame.draw.rect(surface, INK, foot)
