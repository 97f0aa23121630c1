"""How the ranking screen is drawn: what is asked, two clips, the time within them, and the buttons."""

from typing import NamedTuple

import numpy as np
import pygame
from pygame import Rect

from replays.labels import Clip
from replays.viewer.film.film import Film
from replays.viewer.film.focus import Focus, camera_on
from replays.viewer.rank.keys import BUTTONS
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
    """One of the two clips."""

    area: Rect
    name: str
    clip: Clip
    film: Film
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
    """Draws a clip at a time in ticks since its start, and over it whether hiders are seen just now."""
    area, film, tick = pane.area, pane.film, pane.clip.first + time
    if pane.chosen or pane.warm:
        pygame.draw.rect(surface, INK if pane.chosen else LINE, area.inflate(px(6), px(6)), px(2), px(6))
    now, recording = film.moment(tick), film.recording
    world = Rect(area.left, area.top + px(PANE_HEADER), area.width, max(area.height - px(PANE_HEADER), 1))
    past = recording.states.agents[pane.clip.first : int(tick) + 1]
    trails = np.concatenate([past, now.state.agents])[..., [X, Y]] if shown.trails else None
    camera = camera_on(world.size, focus)
    options = Options(shown.cones, shown.sight_lines, now.preparation, camera, trails)
    draw(surface, world, Snapshot(recording.header.slots, recording.layout, now.state, now.seen), options)
    middle, left = area.top + px(PANE_HEADER) // 2, area.left + px(_PAD)
    name = write(surface, pane.name, (left, middle), NORMAL, INK, "midleft")
    seen = [hider for hider in film.hiders if not film.hidden[int(tick), hider]]
    words = "preparation" if now.preparation else f"{len(seen)} seen" if seen else "all hidden"
    colour = SEEKER if seen and not now.preparation else FAINT
    room = area.right - px(_PAD) - name.right - px(12)
    write_fitting(surface, words, (area.right - px(_PAD), middle), SMALL, room, colour, "midright")


def draw_time(surface: pygame.Surface, area: Rect, share: float) -> None:
    """Draws how much of the clips has been shown in this round."""
    line = Rect(area.left, area.centery - px(2), area.width, px(4))
    pygame.draw.rect(surface, LINE, line, border_radius=px(2))
    pygame.draw.rect(surface, mix(PAPER, INK, 0.6), (*line.topleft, round(share * line.width), line.height))


def draw_buttons(surface: pygame.Surface, row: list[Button], chosen: str | None, at: tuple[int, int] | None) -> None:
    """Draws the buttons, that of the answer that was given dark; `at` is where the mouse is."""
    room = row[0].area.width - px(8)
    height = min(height_that_fits(word, NORMAL, room) for word in BUTTONS.values())
    for button in row:
        word = BUTTONS[button.key.keys[0]]
        on, warm = word.lower() == chosen, at is not None and button.area.collidepoint(at)
        card(surface, button.area, INK if on else mix(WHITE, INK, 0.08) if warm else WHITE)
        write(surface, word, button.area.center, height, WHITE if on else INK, "center", room)


def draw_tip(surface: pygame.Surface, row: list[Button], at: tuple[int, int]) -> None:
    """Draws what the button under the mouse does, and its keys."""
    for button in row:
        if button.area.collidepoint(at):
            lines = [button.key.help, f"Key: {button.key.name}"]
            draw_tooltip(surface, lines, (button.area.centerx, button.area.top - px(4)))


def shared_focus(one: Film, other: Film) -> Focus:
    """The square that shows where things happen in both, so that they are drawn at one scale."""
    a, b = one.focus, other.focus
    left, bottom = min(a.left, b.left), min(a.bottom, b.bottom)
    side = max(max(f.left + f.side for f in (a, b)) - left, max(f.bottom + f.side for f in (a, b)) - bottom)
    return Focus(left, bottom, side)
