"""The strip below a film: who plays, and where in the episode we are."""

import pygame

from replays.film.labels import team_text
from replays.format.recording import Recording
from sim.render.canvas import Stamp
from sim.render.palette import INK, PAPER, TEAMS, THRESHOLD_LINE, mix
from sim.render.text import label
from sim.rules import HIDERS, RULES, SEEKERS

STRIP_HEIGHT = 36
"""In pixels of the finished film."""


def draw_strip(surface: pygame.Surface, area: pygame.Rect, recording: Recording, time: float) -> None:
    """Draws the strip in `area`: team names, phase and time, over a bar that fills up."""
    header = recording.header
    unit = area.height / STRIP_HEIGHT
    pad, letters = round(12 * unit), round(18 * unit)
    row = round(area.top + 14 * unit)
    phase = "preparation" if time < header.preparation_ticks else "seeking" if header.slots.seekers else "working"
    clock = label(f"{phase}  {time * RULES.tick_s:.1f} s", letters, INK)
    clock_area = clock.get_rect(midright=(area.right - pad, row))
    surface.blit(clock, clock_area)
    old_clip = surface.get_clip()
    surface.set_clip(pygame.Rect(area.left, area.top, clock_area.left - pad - area.left, area.height).clip(old_clip))
    left = area.left + pad
    hiders, seekers = team_text(header.hiders, "hiders"), team_text(header.seekers, "seekers")
    names = ((hiders, TEAMS[HIDERS]), ("against", mix(PAPER, INK, 0.55)), (seekers, TEAMS[SEEKERS]))
    for text, colour in names if header.slots.seekers else names[:1]:
        word = label(text[:60], letters, colour)
        left = surface.blit(word, word.get_rect(midleft=(left, row))).right + round(7 * unit)
    surface.set_clip(old_clip)
    _draw_bar(surface, area, pad, unit, header.preparation_ticks / header.ticks, time / header.ticks)


def _draw_bar(
    surface: pygame.Surface, area: pygame.Rect, pad: int, unit: float, preparation: float, done: float
) -> None:
    y, width = area.bottom - 7 * unit, area.width - 2 * pad
    start, end = area.left + pad, area.left + pad + width
    bar = Stamp(surface, [(start, y), (end, y)], 6 * unit)
    bar.line(mix(PAPER, INK, 0.16), (start, y), (end, y), 4 * unit)
    bar.line(THRESHOLD_LINE, (start, y), (start + width * min(preparation, 1.0), y), 4 * unit)
    bar.line(mix(PAPER, INK, 0.6), (start, y), (start + width * done, y), 4 * unit)
    bar.disc(INK, (start + width * done, y), 4.5 * unit)
    bar.lay()
