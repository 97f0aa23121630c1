"""The row of buttons; each does what its key does."""

from collections.abc import Mapping
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.film.playback import Playback
from replays.viewer.keys import BY_NUMBER, Key
from replays.viewer.widgets.icons import ICONS
from replays.viewer.widgets.panes import BUTTON
from replays.viewer.widgets.theme import FAINT, LINE, NORMAL, SMALL, card, px, write
from sim.render.canvas import Stamp
from sim.render.palette import INK, WHITE, mix

_GAP = 6
_SPEED_WIDTH = 62
_WORDS = {
    pygame.K_t: "trails",
    pygame.K_f: "fog",
    pygame.K_c: "cones",
    pygame.K_l: "lines",
    pygame.K_g: "gallery",
    pygame.K_F1: "F1",
}
"""What is written on the buttons without an icon."""
_WIDTHS = {pygame.K_g: 66, pygame.K_F1: 40}
_FIRST_WORDS = (pygame.K_c, pygame.K_l, pygame.K_g, pygame.K_F1)
"""They stay in a narrow row."""


class Button(NamedTuple):
    """A button and where it is."""

    area: Rect
    key: Key
    """What it does."""
    on: bool
    """A toggle that is on."""


def buttons(controls: Rect, on: Mapping[int, bool]) -> list[Button]:
    """Every button that has room, from the left; the toggles stand at the right end.

    `on` tells of toggles, by pygame's numbers of their keys, whether they are on; in a narrow row the later give way.
    """
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
    button, gap = px(BUTTON), px(_GAP)
    toggles: list[Button] = []
    right = controls.right
    room = controls.width - 12 * (button + gap) - px(_SPEED_WIDTH)
    for number in reversed(_WORDS):
        width = px(_WIDTHS.get(number, 62))
        if number in _FIRST_WORDS or room >= len(_WORDS) * (px(62) + gap):
            area = Rect(right - width, controls.top, width, button)
            toggles.append(Button(area, BY_NUMBER[number], on.get(number, False)))
            right -= width + gap
    placed, x = [], controls.left
    for number in row:
        placed.append(Button(Rect(x, controls.top, button, button), BY_NUMBER[number], False))
        x += button + gap + (px(_SPEED_WIDTH) if number == pygame.K_DOWN else 0)
        x += 2 * gap if number in (pygame.K_END, pygame.K_UP) else 0
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
        if number in ICONS:
            stamp = Stamp(surface, [button.area.topleft, button.area.bottomright], 0)
            ICONS[number](stamp, button.area)
            stamp.lay()
        else:
            toggle = number not in _WIDTHS
            colour = FAINT if toggle and not button.on else INK
            write(surface, _WORDS[number], button.area.center, SMALL, colour, "center")
            if toggle:
                mark = Rect(button.area.left + px(10), button.area.bottom - px(6), button.area.width - px(20), px(2))
                pygame.draw.rect(surface, INK if button.on else LINE, mark)
    areas = {button.key.keys[0]: button.area for button in row}
    if pygame.K_UP in areas:
        slower = areas[pygame.K_DOWN]
        middle = (slower.right + (px(_GAP) + px(_SPEED_WIDTH)) // 2, slower.centery)
        write(surface, playback.speed_text(), middle, NORMAL, INK, "center")
