"""The toolbar of a film: a button for each thing that can be done with it."""

import pygame
from pygame import Rect

from replays.viewer.keys import BY_NUMBER
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.panes import BUTTON, TOOLS_WIDTH
from replays.viewer.widgets.theme import FAINT, SMALL, card, px, write
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
_OF_TRAINING = (pygame.K_a, pygame.K_d)


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


def draw_tools(surface: pygame.Surface, row: list[Button], in_training: bool, hover: tuple[int, int] | None) -> None:
    """Draws the buttons, those that go through training pale where the film is not `in_training`.

    `hover` is where the mouse is.
    """
    for button in row:
        number = button.key.keys[0]
        off = number in _OF_TRAINING and not in_training
        warm = hover is not None and button.area.collidepoint(hover) and not off
        card(surface, button.area, mix(WHITE, INK, 0.08) if warm else WHITE)
        ink = FAINT if off else INK
        write(surface, _WORDS[number], button.area.center, SMALL, ink, "center", button.area.width - px(6))
