"""A card that says what the keys do now, beside the picture where there is room, else under the clock."""

from collections.abc import Sequence

import pygame
from pygame import Rect

from replays.viewer.film.scoreboard import CLOCK_HEIGHT
from replays.viewer.keys import Key
from replays.viewer.widgets.panes import PAD, Panes
from replays.viewer.widgets.theme import FAINT, LARGE, SMALL, card, px, wrap, write
from sim.render.palette import INK

_WIDTH = 280
"""Sizes here are those of the plain design, before `px`."""
_NAMES_WIDTH = 96
_ROW = 20
_EDGE = 14


def make_room(panes: Panes, wide_world: bool = False) -> tuple[Panes, Rect]:
    """The panes without the card's place, and that place; it has no width where the window is too small.

    With `wide_world` the world keeps its whole pane.
    """
    world, side, width, clock, gap = panes.world, panes.side, px(_WIDTH), px(CLOCK_HEIGHT), px(10)
    if world.width - world.height >= width and not wide_world:
        area = Rect(world.left, world.top, width, world.height)
        left = area.right + px(PAD)
        return panes._replace(world=Rect(left, world.top, world.right - left, world.height)), area
    top = side.top + clock + gap
    area = Rect(side.left, top, side.width, max(side.bottom - top, 0))
    return panes._replace(side=Rect(side.left, side.top, side.width, clock)), area


def draw_keycard(surface: pygame.Surface, area: Rect, title: str, lines: Sequence[str], keys: Sequence[Key]) -> None:
    """Draws title, lines (the first one matters most) and as many of the keys as fit, the last two always.

    The last but one shows all keys; where some are left out, it says how many.
    """
    if not area.width:
        return
    step, edge, names = px(_ROW), px(_EDGE), px(_NAMES_WIDTH)
    inner = area.width - 2 * edge
    rows = [(row, FAINT if number else INK) for number, line in enumerate(lines) for row in wrap(line, SMALL, inner)]
    room = max((area.height - px(64) - len(rows) * step) // step, 0)
    written = [(wrap(key.name, SMALL, names - px(6)), wrap(key.help, SMALL, inner - names)) for key in keys]
    shown = _that_fit([max(map(len, both)) for both in written], room)
    if shown and len(shown) < len(keys):
        written[-2] = written[-2][0], [f"{len(keys) - len(shown)} more keys"]
    height = sum(max(map(len, written[number])) for number in shown)
    sheet = Rect(area.left, area.top, area.width, px(64) + (len(rows) + height) * step)
    card(surface, sheet)
    left, top = area.left + edge, area.top + px(14)
    write(surface, title, (left, top), LARGE, INK, width=inner)
    top += px(28)
    for row, colour in rows:
        write(surface, row, (left, top), SMALL, colour, width=inner)
        top += step
    top += px(8)
    for number in shown:
        for column, (texts, colour) in enumerate(zip(written[number], (INK, FAINT), strict=True)):
            for row, text in enumerate(texts):
                write(surface, text, (left + column * names, top + row * step), SMALL, colour)
        top += max(map(len, written[number])) * step


def _that_fit(heights: Sequence[int], room: int) -> list[int]:
    """The numbers of the first keys that fit into `room` lines, and of the last two: all keys, and how to leave."""
    end = max(len(heights) - 2, 0)
    last, used = range(end, len(heights)), sum(heights[end:])
    if used > room:
        return []
    shown = []
    for number, height in enumerate(heights[:end]):
        used += height
        if used > room:
            break
        shown.append(number)
    return [*shown, *last]
