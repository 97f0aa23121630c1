"""How the ranking screen is drawn: what is asked, the clips, the time within them, and the buttons."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pygame
from pygame import Rect

from replays.film.film import Film
from replays.film.focus import Focus, camera_on
from replays.questions import Clip
from replays.viewer.rank.layout import cells_of
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.fitting import first_parts, height_that_fits, write_fitting
from replays.viewer.widgets.theme import FAINT, LARGE, LINE, NORMAL, SMALL, card, draw_tooltip, px, wrap, write
from sim.render.draw import Options, draw
from sim.render.palette import INK, PAPER, SEEKER, WHITE, mix
from sim.render.snapshot import Snapshot
from sim.state import X, Y

PANE_HEADER = 28
"""Of the plain design, before `px`."""
_HEIGHTS = (30, LARGE, NORMAL, SMALL, 13, 10, 8)
"""Of the letters of a question."""
_DIM = mix(PAPER, INK, 0.65)
_PAD = 10


class Shown(NamedTuple):
    """What is shown beside bodies."""

    cones: bool = True
    sight_lines: bool = True
    trails: bool = True


class Pane(NamedTuple):
    """One of the sides."""

    area: Rect
    name: str
    clips: tuple[Clip, ...]
    films: tuple[Film, ...]
    chosen: bool
    """It is the answer that was given."""
    warm: bool
    """The mouse is over it."""


def draw_header(surface: pygame.Surface, area: Rect, ask: str, progress: str) -> None:
    """Draws the question in one or two lines, as large as it fits, and under it the progress."""
    foot = px(SMALL + 4)
    height, lines = next(
        (found for found in ((height, wrap(ask, height, area.width)) for height in _HEIGHTS) if _fit(*found, area)),
        (_HEIGHTS[-1], wrap(ask, _HEIGHTS[-1], area.width)),
    )
    step = px(height + 1)
    top = area.top + (area.height - foot - len(lines) * step) // 2
    for row, line in enumerate(lines):
        write(surface, line, (area.centerx, top + row * step), height, INK, "midtop")
    text = first_parts(progress, SMALL, area.width)
    write_fitting(surface, text, (area.centerx, area.bottom), SMALL, area.width, _DIM, "midbottom")


def _fit(height: int, lines: list[str], area: Rect) -> bool:
    return len(lines) * px(height + 1) <= area.height - px(SMALL + 4)


def draw_pane(surface: pygame.Surface, pane: Pane, time: float, focus: Focus, shown: Shown) -> None:
    """Draws clips at a time in ticks since their start, and over them whether hiders are seen just now."""
    area = pane.area
    if pane.chosen or pane.warm:
        pygame.draw.rect(surface, INK if pane.chosen else LINE, area.inflate(px(6), px(6)), px(2), px(6))
    worlds = Rect(area.left, area.top + px(PANE_HEADER), area.width, max(area.height - px(PANE_HEADER), 1))
    ticks = [clip.first + min(time, clip.ticks) for clip in pane.clips]
    for cell, clip, film, tick in zip(cells_of(worlds, len(pane.clips)), pane.clips, pane.films, ticks, strict=True):
        _draw_world(surface, cell, film, (clip.first, tick), focus, shown)
    middle, left = area.top + px(PANE_HEADER) // 2, area.left + px(_PAD)
    words, alarming = _sight_words([_seen(film, tick) for film, tick in zip(pane.films, ticks, strict=True)])
    right, colour = (area.right - px(_PAD), middle), SEEKER if alarming else FAINT
    words_area = write_fitting(surface, words, right, SMALL, area.width - px(2 * _PAD), colour, "midright")
    write_fitting(surface, pane.name, (left, middle), NORMAL, words_area.left - px(12) - left, INK, "midleft")


def _draw_world(
    surface: pygame.Surface, area: Rect, film: Film, span: tuple[int, float], focus: Focus, shown: Shown
) -> None:
    """Draws a recording at the end of a span of ticks, with trails since its start."""
    now, recording = film.moment(span[1]), film.recording
    past = recording.states.agents[span[0] : int(span[1]) + 1]
    trails = np.concatenate([past, now.state.agents])[..., [X, Y]] if shown.trails else None
    options = Options(shown.cones, shown.sight_lines, now.preparation, camera_on(area.size, focus), trails)
    draw(surface, area, Snapshot(recording.header.slots, recording.layout, now.state, now.seen), options)


def _seen(film: Film, tick: float) -> int | None:
    """How many hiders are seen; None in the preparation."""
    if film.moment(tick).preparation:
        return None
    return sum(not film.hidden[int(tick), hider] for hider in film.hiders)


def _sight_words(seen: list[int | None]) -> tuple[str, bool]:
    """What is said of the clips of a side, and whether it is bad for hiders."""
    if len(seen) > 1:
        return f"hidden in {sum(not count for count in seen)} of {len(seen)}", any(seen)
    (count,) = seen
    return "preparation" if count is None else f"{count} seen" if count else "all hidden", bool(count)


def draw_time(surface: pygame.Surface, area: Rect, share: float) -> None:
    """Draws how much of the clips has been shown in this round."""
    line = Rect(area.left, area.centery - px(2), area.width, px(4))
    pygame.draw.rect(surface, LINE, line, border_radius=px(2))
    pygame.draw.rect(surface, mix(PAPER, INK, 0.6), (*line.topleft, round(share * line.width), line.height))


def draw_buttons(
    surface: pygame.Surface, row: list[Button], words: dict[int, str], chosen: str | None, at: tuple[int, int] | None
) -> None:
    """Draws the buttons, that of the answer that was given dark; `at` is where the mouse is."""
    room = row[0].area.width - px(8)
    height = min(height_that_fits(word, NORMAL, room) for word in words.values())
    for button in row:
        word = words[button.key.keys[0]]
        on, warm = word.lower() == chosen, at is not None and button.area.collidepoint(at)
        card(surface, button.area, INK if on else mix(WHITE, INK, 0.08) if warm else WHITE)
        write(surface, word, button.area.center, height, WHITE if on else INK, "center", room)


def draw_tip(surface: pygame.Surface, row: list[Button], at: tuple[int, int]) -> None:
    """Draws what the button under the mouse does, and its keys."""
    for button in row:
        if button.area.collidepoint(at):
            lines = [button.key.help, f"Key: {button.key.name}"]
            draw_tooltip(surface, lines, (button.area.centerx, button.area.top - px(4)))


def shared_focus(films: Sequence[Film]) -> Focus:
    """The square that shows where things happen in all of them, so that they are drawn at one scale."""
    parts = [film.focus for film in films]
    left, bottom = min(part.left for part in parts), min(part.bottom for part in parts)
    right, top = max(part.left + part.side for part in parts), max(part.bottom + part.side for part in parts)
    return Focus(left, bottom, max(right - left, top - bottom), max(part.whole for part in parts))
