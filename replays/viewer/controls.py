"""The row of buttons; each does what its key does."""

from collections.abc import Callable
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.keys import BY_NUMBER, Key
from replays.viewer.panes import BUTTON
from replays.viewer.playback import Playback
from replays.viewer.theme import FAINT, LINE, NORMAL, SMALL, card, write
from sim.drawing.canvas import Stamp
from sim.drawing.palette import INK, WHITE, mix

_GAP = 6
_SPEED_WIDTH = 62


class Button(NamedTuple):
    """A button and where it is."""

    area: Rect
    key: Key
    """What it does."""
    on: bool
    """A toggle that is on."""


def buttons(controls: Rect, cones: bool, sight_lines: bool) -> list[Button]:
    """Every button that has room, from the left; the toggles stand at the right end."""
    row = [
        pygame.K_HOME,
        pygame.K_LEFT,
        pygame.K_SPACE,
        pygame.K_RIGHT,
        pygame.K_END,
        pygame.K_r,
        pygame.K_DOWN,
        pygame.K_UP,
        pygame.K_b,
        pygame.K_n,
    ]
    toggles: list[Button] = []
    right = controls.right
    for number, width, on in (
        (pygame.K_F1, 40, False),
        (pygame.K_g, 66, False),
        (pygame.K_l, 62, sight_lines),
        (pygame.K_c, 62, cones),
    ):
        toggles.append(Button(Rect(right - width, controls.top, width, BUTTON), BY_NUMBER[number], on))
        right -= width + _GAP
    placed, x = [], controls.left
    for number in row:
        placed.append(Button(Rect(x, controls.top, BUTTON, BUTTON), BY_NUMBER[number], False))
        x += BUTTON + _GAP + (_SPEED_WIDTH if number == pygame.K_DOWN else 0)
        x += 2 * _GAP if number in (pygame.K_END, pygame.K_UP) else 0
    shown = [button for button in placed if button.area.right <= right]
    if BY_NUMBER[pygame.K_UP] not in [button.key for button in shown]:
        shown = [button for button in shown if button.key != BY_NUMBER[pygame.K_DOWN]]
    return shown + toggles


def draw_controls(
    surface: pygame.Surface, row: list[Button], playback: Playback, hover: tuple[int, int] | None
) -> None:
    """Draws the buttons, and the speed between slower and faster."""
    for button in row:
        warm = hover is not None and button.area.collidepoint(hover)
        card(surface, button.area, mix(WHITE, INK, 0.08) if warm or button.on else WHITE)
        number = button.key.keys[0]
        if number == pygame.K_SPACE and playback.playing:
            number = pygame.K_PAUSE
        if number in _ICONS:
            stamp = Stamp(surface, [button.area.topleft, button.area.bottomright], 0)
            _ICONS[number](stamp, button.area)
            stamp.lay()
        else:
            text = {pygame.K_F1: "F1", pygame.K_g: "gallery", pygame.K_l: "lines", pygame.K_c: "cones"}[number]
            toggle = number in (pygame.K_l, pygame.K_c)
            write(surface, text, button.area.center, SMALL, FAINT if toggle and not button.on else INK, "center")
            if toggle:
                mark = Rect(button.area.left + 10, button.area.bottom - 6, button.area.width - 20, 2)
                pygame.draw.rect(surface, INK if button.on else LINE, mark)
    areas = {button.key.keys[0]: button.area for button in row}
    if pygame.K_UP in areas:
        slower = areas[pygame.K_DOWN]
        middle = (slower.right + (_GAP + _SPEED_WIDTH) // 2, slower.centery)
        write(surface, playback.speed_text(), middle, NORMAL, INK, "center")


def _triangle(stamp: Stamp, area: Rect, shift: float, direction: int, size: float = 6.0) -> None:
    x, y = area.centerx + shift, area.centery
    stamp.polygon(
        INK,
        [
            (x - direction * size * 0.75, y - size),
            (x + direction * size * 0.85, y),
            (x - direction * size * 0.75, y + size),
        ],
    )


def _bar(stamp: Stamp, area: Rect, shift: float, width: float = 2.6, size: float = 6.0) -> None:
    x, y = area.centerx + shift, area.centery
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
        x, y = area.center
        stamp.line(INK, (x - 5, y), (x + 5, y), 2.4)
        if plus:
            stamp.line(INK, (x, y - 5), (x, y + 5), 2.4)

    return icon


def _to_event(direction: int) -> Callable[[Stamp, Rect], None]:
    def icon(stamp: Stamp, area: Rect) -> None:
        x, y = area.centerx + 5 * direction, area.centery
        stamp.polygon(INK, [(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)])
        tip, back = area.centerx - 3 * direction, area.centerx - 8 * direction
        stamp.line(INK, (back, y - 4), (tip, y), 2.2)
        stamp.line(INK, (tip, y), (back, y + 4), 2.2)

    return icon


_ICONS: dict[int, Callable[[Stamp, Rect], None]] = {
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
}
