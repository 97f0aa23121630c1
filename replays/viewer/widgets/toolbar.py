"""The toolbar of a film: a button for each thing that can be done with it."""

import pygame
from pygame import Rect

from replays.viewer.keys import BY_NUMBER
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.panes import BUTTON, TOOLS_WIDTH
from replays.viewer.widgets.theme import SMALL, card, px, write
from sim.render.palette import INK, WHITE, mix

_GAP = 6
_LEAST_BUTTON = 20
_WORDS = {
    pygame.K_g: "Gallery",
    pygame.K_x: "Take over",
    pygame.K_w: "What if",
    pygame.K_s: "Compare",
    pygame.K_e: "Export",
    pygame.K_F1: "Keys",
    pygame.K_a: "Earlier",
    pygame.K_d: "Later",
}
"""The word on each button, by pygame's number of its key. A short toolbar leaves out the last ones."""


def tools(area: Rect) -> list[Button]:
    """The buttons that fit, in a column, or in a row if the toolbar is wider than high."""
    if not area.width:
        return []
    gap, down = px(_GAP), area.height > area.width
    length, each = (area.height, px(BUTTON)) if down else (area.width, px(TOOLS_WIDTH))
    if down:  # lower buttons rather than fewer
        each = min(each, max((length + gap) // len(_WORDS) - gap, px(_LEAST_BUTTON)))
    shown = list(_WORDS)[: (length + gap) // (each + gap)]
    step = each + gap
    areas = [
        Rect(area.left, area.top + k * step, area.width, each)
        if down
        else Rect(area.left + k * step, area.top, each, area.height)
        for k in range(len(shown))
    ]
    return [Button(place, BY_NUMBER[number], False) for place, number in zip(areas, shown, strict=True)]


def draw_tools(surface: pygame.Surface, row: list[Button], hover: tuple[int, int] | None) -> None:
    """Draws the buttons; `hover` is where the mouse is."""
    for button in row:
        warm = hover is not None and button.area.collidepoint(hover)
        card(surface, button.area, mix(WHITE, INK, 0.08) if warm else WHITE)
        word = _WORDS[button.key.keys[0]]
        write(surface, word, button.area.center, SMALL, INK, "center", button.area.width - px(6))
