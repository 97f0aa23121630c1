"""A card that says what the keys do now, beside the picture where there is room, else under the clock."""

from collections.abc import Sequence

import pygame
from pygame import Rect

from replays.viewer.keys import Key
from replays.viewer.panes import PAD, Panes
from replays.viewer.scoreboard import CLOCK_HEIGHT
from replays.viewer.theme import FAINT, LARGE, SMALL, card, wrap, write
from sim.drawing.palette import INK

_WIDTH = 280
_NAMES_WIDTH = 96
_ROW = 20
_EDGE = 14


def make_room(panes: Panes, wide_world: bool = False) -> tuple[Panes, Rect]:
    """The panes without the card's place, and that place; it has no width where the window is too small.

    With `wide_world` the world keeps its whole pane.
    """
    world, side = panes.world, panes.side
    if world.width - world.height >= _WIDTH and not wide_world:
        area = Rect(world.left, world.top, _WIDTH, world.height)
        rest = Rect(area.right + PAD, world.top, world.width - _WIDTH - PAD, world.height)
        return panes._replace(world=rest), area
    top = side.top + CLOCK_HEIGHT
    area = Rect(side.left, top + 10, side.width, max(side.bottom - top - 10, 0))
    return panes._replace(side=Rect(side.left, side.top, side.width, CLOCK_HEIGHT)), area


def draw_keycard(surface: pygame.Surface, area: Rect, title: str, lines: Sequence[str], keys: Sequence[Key]) -> None:
    """Draws title, lines (the first one matters most) and as many of the keys as fit, the last one always."""
    if not area.width:
        return
    inner = area.width - 2 * _EDGE
    rows = [(row, FAINT if number else INK) for number, line in enumerate(lines) for row in wrap(line, SMALL, inner)]
    room = max((area.height - 64 - len(rows) * _ROW) // _ROW, 0)
    shown = keys if len(keys) <= room else [*keys[: max(room - 1, 0)], keys[-1]]
    sheet = Rect(area.left, area.top, area.width, 64 + (len(rows) + len(shown)) * _ROW)
    card(surface, sheet)
    left, top = area.left + _EDGE, area.top + 14
    write(surface, title, (left, top), LARGE, INK, width=inner)
    top += 28
    for row, colour in rows:
        write(surface, row, (left, top), SMALL, colour, width=inner)
        top += _ROW
    top += 8
    for key in shown:
        write(surface, key.name, (left, top), SMALL, INK, width=_NAMES_WIDTH - 6)
        write(surface, key.help, (left + _NAMES_WIDTH, top), SMALL, FAINT, width=inner - _NAMES_WIDTH)
        top += _ROW
