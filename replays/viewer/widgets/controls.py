"""The row of buttons for the clock and the view; each button does the same as its key."""

from collections.abc import Mapping
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.keys import BY_NUMBER, Key
from replays.viewer.widgets.icons import ICONS
from replays.viewer.widgets.panes import BUTTON
from replays.viewer.widgets.theme import FAINT, LINE, NORMAL, SMALL, card, px, write
from sim.render.canvas import Stamp
from sim.render.palette import INK, WHITE, mix

_GAP = 6
_SPEED_WIDTH = 48
_TOGGLE_WIDTH, _LEAST_TOGGLE_WIDTH = 62, 46
_CLOCK = (
    *(pygame.K_HOME, pygame.K_LEFT, pygame.K_SPACE, pygame.K_RIGHT, pygame.K_END),
    *(pygame.K_r, pygame.K_DOWN, pygame.K_UP, pygame.K_b, pygame.K_n),
)
_LOOP = (pygame.K_i, pygame.K_o, pygame.K_k)
_TOGGLES = {pygame.K_f: "fog", pygame.K_c: "cones", pygame.K_l: "lines", pygame.K_t: "trails"}
"""The words on the toggles. A narrow row makes them narrow, then leaves out the loop's buttons, then the last ones."""


class Button(NamedTuple):
    """A button and where it is."""

    area: Rect
    key: Key
    """What it does."""
    on: bool
    """It is a toggle, and on."""


def buttons(controls: Rect, on: Mapping[int, bool]) -> list[Button]:
    """The buttons that fit, from the left, with the toggles at the right end.

    `on` says which toggles are on, by pygame's numbers of their keys.
    """
    if not controls.width:
        return []
    button, gap, wide = px(BUTTON), px(_GAP), px(_TOGGLE_WIDTH)
    placed, x = [], controls.left
    for number in _CLOCK:
        placed.append(Button(Rect(x, controls.top, button, button), BY_NUMBER[number], False))
        x += button + gap + (px(_SPEED_WIDTH) if number == pygame.K_DOWN else 0)
        x += 2 * gap if number in (pygame.K_END, pygame.K_UP) else 0
    shown = [one for one in placed if one.area.right <= controls.right]
    if BY_NUMBER[pygame.K_UP] not in [one.key for one in shown]:
        shown = [one for one in shown if one.key != BY_NUMBER[pygame.K_DOWN]]
    loop = [number for number in _LOOP if number != pygame.K_k or on.get(number, False)]
    room = max(controls.right - x - gap, 0)
    if room < len(_LOOP) * (button + gap) + len(_TOGGLES) * (wide + gap):
        wide = px(_LEAST_TOGGLE_WIDTH)
    count = min(room // (wide + gap), len(_TOGGLES))
    loop = loop[: (room - count * (wide + gap)) // (button + gap)]
    for k, number in enumerate(loop if len(loop) > 1 else []):  # where a loop begins says nothing without its end
        area = Rect(x + gap + k * (button + gap), controls.top, button, button)
        shown.append(Button(area, BY_NUMBER[number], False))
    for k, number in enumerate(reversed(list(_TOGGLES)[:count])):
        area = Rect(controls.right - wide - k * (wide + gap), controls.top, wide, button)
        shown.append(Button(area, BY_NUMBER[number], on.get(number, False)))
    return shown


def draw_controls(
    surface: pygame.Surface, row: list[Button], playing: bool, speed: str, hover: tuple[int, int] | None
) -> None:
    """Draws the buttons, and the speed in words between slower and faster; `hover` is where the mouse is."""
    for button in row:
        warm = hover is not None and button.area.collidepoint(hover)
        card(surface, button.area, mix(WHITE, INK, 0.08) if warm or button.on else WHITE)
        number = button.key.keys[0]
        if number == pygame.K_SPACE and playing:
            number = pygame.K_PAUSE
        if number in ICONS:
            stamp = Stamp(surface, [button.area.topleft, button.area.bottomright], 0)
            ICONS[number](stamp, button.area)
            stamp.lay()
        else:
            write(surface, _TOGGLES[number], button.area.center, SMALL, INK if button.on else FAINT, "center")
            mark = Rect(button.area.left + px(10), button.area.bottom - px(6), button.area.width - px(20), px(2))
            pygame.draw.rect(surface, INK if button.on else LINE, mark)
    areas = {button.key.keys[0]: button.area for button in row}
    if pygame.K_UP in areas:
        slower = areas[pygame.K_DOWN]
        middle = (slower.right + (px(_GAP) + px(_SPEED_WIDTH)) // 2, slower.centery)
        write(surface, speed, middle, NORMAL, INK, "center")
