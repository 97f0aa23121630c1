"""One of the recordings that play side by side: its title, its world, and what has just happened in it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.film.facts import Facts
from replays.film.film import Film
from replays.viewer.gallery.badges import draw_badge
from replays.viewer.gallery.tiles import who_plays
from replays.viewer.widgets.event_markers import draw_sign
from replays.viewer.widgets.fitting import height_that_fits, write_fitting
from replays.viewer.widgets.theme import FAINT, LARGE, SMALL, px, write
from sim.render.draw import Options, draw
from sim.render.palette import INK, SEEKER
from sim.render.snapshot import Snapshot
from sim.render.text import label

HEADER_HEIGHT = 48
"""Of the plain design, before `px`."""
_PAD = 12


class Title(NamedTuple):
    """What stands above a pane."""

    number: int
    path: Path
    facts: Facts


def draw_world(surface: pygame.Surface, pane: Rect, film: Film, time: float, options: Options) -> None:
    """Draws the world at a time in ticks, or at the film's end: the whole floor, so that films can be compared."""
    recording, header = film.recording, px(HEADER_HEIGHT)
    now = film.moment(_time_of(film, time))
    world = Rect(pane.left, pane.top + header, pane.width, max(pane.height - header, 1))
    options = replace(options, preparation=now.preparation)
    draw(surface, world, Snapshot(recording.header.slots, recording.layout, now.state, now.seen), options)


def title_height(titles: Sequence[Title], pane: Rect) -> int:
    """The largest height of letters with which every title fits above a pane as wide as this one."""
    width = _title_width(pane)
    return min(height_that_fits(_title_text(title), LARGE, width) for title in titles)


def draw_header(surface: pygame.Surface, pane: Rect, title: Title, height: int, chosen: bool) -> None:
    """Draws who plays, in letters of this height, and how it ended; the chosen pane has a bar beside it."""
    facts, header, pad = title.facts, px(HEADER_HEIGHT), px(_PAD)
    if chosen:
        mark = Rect(pane.left, pane.top + px(4), px(4), header - px(10))
        pygame.draw.rect(surface, INK, mark, border_radius=px(2))
    left, right = pane.left + pad, pane.right - pad
    score = facts.strategies[0] + ("" if facts.hidden is None else f", {facts.hidden:.0%} hidden")
    score_width = label(score, px(SMALL), FAINT).get_width()
    width, middle = _title_width(pane), pane.top + px(3) + px(LARGE) // 2
    who = write_fitting(surface, _title_text(title), (left, middle), height, width, INK, "midleft")
    if score_width <= right - who.right - px(16):
        write(surface, score, (right, pane.top + px(5)), SMALL, FAINT, "topright")
    world = Rect(pane.left, pane.top + header, pane.width, max(pane.height - header, 1))
    draw_badge(surface, world, title.path, facts)


def draw_events(surface: pygame.Surface, pane: Rect, film: Film, time: float) -> None:
    """Draws how many hiders are seen, and the last events with their signs, the newest first, where they have room."""
    tick = int(_time_of(film, time))
    seen = [hider for hider in film.hiders if not film.hidden[tick, hider]]
    preparing = tick < film.recording.header.preparation_ticks
    state = "preparation" if preparing else f"{len(seen)} seen" if seen else "all hidden"
    left, right, top = pane.left + px(_PAD + 14), pane.right - px(_PAD), pane.top + px(27)
    drawn = write(surface, state, (left, top), SMALL, SEEKER if seen else FAINT)
    left = drawn.right + px(12)
    for event in film.last_events(tick):
        words = film.words(event)
        width = px(20) + label(words, px(SMALL), INK).get_width()
        if left + width > right:
            break
        draw_sign(surface, film.recording.header.slots, event, (left + px(8), drawn.centery), passed=True)
        left = write(surface, words, (left + px(20), top), SMALL).right + px(14)


def _title_width(pane: Rect) -> int:
    return pane.width - 2 * px(_PAD)


def _title_text(title: Title) -> str:
    return f"{title.number + 1}  {who_plays(title.path, title.facts)}"


def _time_of(film: Film, time: float) -> float:
    return min(time, float(film.recording.header.ticks))
