"""The icons on buttons, by pygame's number of the key that does the same."""

from collections.abc import Callable

import pygame
from pygame import Rect

from replays.viewer.widgets.theme import px
from sim.render.canvas import Stamp
from sim.render.palette import INK


def _triangle(stamp: Stamp, area: Rect, shift: float, direction: int, size: float = 6.0) -> None:
    unit = px(100) / 100
    x, y, size = area.centerx + shift * unit, area.centery, size * unit
    stamp.polygon(
        INK,
        [
            (x - direction * size * 0.75, y - size),
            (x + direction * size * 0.85, y),
            (x - direction * size * 0.75, y + size),
        ],
    )


def _bar(stamp: Stamp, area: Rect, shift: float, width: float = 2.6, size: float = 6.0) -> None:
    unit = px(100) / 100
    x, y, size, width = area.centerx + shift * unit, area.centery, size * unit, width * unit
    stamp.polygon(
        INK,
        [(x - width / 2, y - size), (x + width / 2, y - size), (x + width / 2, y + size), (x - width / 2, y + size)],
    )


def _to_end(direction: int) -> Callable[[Stamp, Rect], None]:
    def icon(stamp: Stamp, area: Rect) -> None:
        _triangle(stamp, area, -1.5 * direction, direction)
        _bar(stamp, area, 5.5 * direction)

    return icon


def _step(direction: int) -> Callable[[Stamp, Rect], None]:
    def icon(stamp: Stamp, area: Rect) -> None:
        _bar(stamp, area, -5.0 * direction)
        _triangle(stamp, area, 2.0 * direction, direction)

    return icon


def _pause(stamp: Stamp, area: Rect) -> None:
    _bar(stamp, area, -3.5, 3.6, 7)
    _bar(stamp, area, 3.5, 3.6, 7)


def _reverse(stamp: Stamp, area: Rect) -> None:
    _triangle(stamp, area, -4.5, -1, 5)
    _triangle(stamp, area, 4.5, 1, 5)


def _sign(plus: bool) -> Callable[[Stamp, Rect], None]:
    def icon(stamp: Stamp, area: Rect) -> None:
        (x, y), arm, width = area.center, px(500) / 100, px(240) / 100
        stamp.line(INK, (x - arm, y), (x + arm, y), width)
        if plus:
            stamp.line(INK, (x, y - arm), (x, y + arm), width)

    return icon


def _to_event(direction: int) -> Callable[[Stamp, Rect], None]:
    def icon(stamp: Stamp, area: Rect) -> None:
        unit = px(100) / 100
        x, y, size = area.centerx + 5 * direction * unit, area.centery, 5 * unit
        stamp.polygon(INK, [(x, y - size), (x + size, y), (x, y + size), (x - size, y)])
        tip, back = area.centerx - 3 * direction * unit, area.centerx - 8 * direction * unit
        stamp.line(INK, (back, y - 4 * unit), (tip, y), 2.2 * unit)
        stamp.line(INK, (tip, y), (back, y + 4 * unit), 2.2 * unit)

    return icon


def _loop_end(direction: int) -> Callable[[Stamp, Rect], None]:
    """A bracket that is open on the right (1) or on the left (-1)."""

    def icon(stamp: Stamp, area: Rect) -> None:
        unit = px(100) / 100
        x, (_, y), foot, reach = area.centerx - 3 * direction * unit, area.center, 6 * direction * unit, 7 * unit
        stamp.line(INK, (x, y - reach), (x, y + reach), 2.4 * unit)
        for end in (y - reach, y + reach):
            stamp.line(INK, (x, end), (x + foot, end), 2.4 * unit)

    return icon


def _no_loop(stamp: Stamp, area: Rect) -> None:
    unit = px(100) / 100
    (x, y), arm = area.center, 5 * unit
    stamp.line(INK, (x - arm, y - arm), (x + arm, y + arm), 2.4 * unit)
    stamp.line(INK, (x - arm, y + arm), (x + arm, y - arm), 2.4 * unit)


ICONS: dict[int, Callable[[Stamp, Rect], None]] = {
    pygame.K_HOME: _to_end(-1),
    pygame.K_END: _to_end(1),
    pygame.K_LEFT: _step(-1),
    pygame.K_RIGHT: _step(1),
    pygame.K_SPACE: lambda stamp, area: _triangle(stamp, area, 0.5, 1, 7.5),
    pygame.K_PAUSE: _pause,
    pygame.K_r: _reverse,
    pygame.K_UP: _sign(True),
    pygame.K_DOWN: _sign(False),
    pygame.K_b: _to_event(-1),
    pygame.K_n: _to_event(1),
    pygame.K_i: _loop_end(1),
    pygame.K_o: _loop_end(-1),
    pygame.K_k: _no_loop,
}
