"""How the editor's buttons are drawn: tools with a small picture, and actions with a word."""

import numpy as np
import pygame
from pygame import Rect

from replays.viewer.edit.keys import ACTIONS, TOOL_KEYS
from replays.viewer.edit.tools import Tool
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.fitting import write_fitting
from replays.viewer.widgets.theme import FAINT, NORMAL, SMALL, card, px, write
from sim.render.bodies import draw_thing
from sim.render.canvas import Camera, Stamp
from sim.render.palette import INK, THRESHOLD, WALL, WHITE, mix
from sim.render.portrait import draw_portrait
from sim.rules import HIDERS, SEEKERS

_WORDS = {key: word for group in ACTIONS for word, key in group.items()}
_TOOLS = dict(zip(TOOL_KEYS, Tool, strict=True))
_ICON = 30
"""Width of the room for a picture, in pixels of the plain design."""


def tool_of(button: Button) -> Tool:
    """The tool that a button chooses."""
    return _TOOLS[button.key]


def draw_tools(surface: pygame.Surface, buttons: list[Button], chosen: Tool, hover: tuple[int, int] | None) -> None:
    """Draws the tools, the chosen one dark; `hover` is where the mouse is."""
    for button in buttons:
        tool, area = tool_of(button), button.area
        on, warm = tool is chosen, hover is not None and area.collidepoint(hover)
        card(surface, area, mix(WHITE, INK, 0.16) if on else mix(WHITE, INK, 0.06) if warm else WHITE)
        icon = Rect(area.left + px(4), area.top, px(_ICON), area.height)
        _draw_icon(surface, icon, tool)
        left = icon.right + px(4)
        write_fitting(surface, tool.value, (left, area.centery), SMALL, area.right - px(4) - left, INK, "midleft")


def draw_actions(
    surface: pygame.Surface, buttons: list[Button], on: set[str], off: set[str], hover: tuple[int, int] | None
) -> None:
    """Draws the actions: those that are `on` dark, those that can do nothing now (`off`) pale."""
    for button in buttons:
        word, area = _WORDS[button.key], button.area
        warm = hover is not None and area.collidepoint(hover) and word not in off
        card(surface, area, mix(WHITE, INK, 0.16) if word in on else mix(WHITE, INK, 0.06) if warm else WHITE)
        write(surface, word, area.center, SMALL, FAINT if word in off else INK, "center")


def draw_teams(
    surface: pygame.Surface, buttons: list[Button], teams: tuple[str, str], hover: tuple[int, int] | None
) -> None:
    """Draws the buttons under a game: who hides, who seeks, and the one that ends it."""
    for button, team, name in zip(buttons, (HIDERS, SEEKERS, None), (*teams, "Stop"), strict=False):
        area, warm = button.area, hover is not None and button.area.collidepoint(hover)
        card(surface, area, mix(WHITE, INK, 0.06) if warm else WHITE)
        if team is None:
            write(surface, name, area.center, SMALL, INK, "center")
            continue
        draw_portrait(surface, (area.left + px(16), area.centery), px(7), team)
        sign = write(surface, ">", (area.right - px(10), area.centery), NORMAL, FAINT, "midright")
        left = area.left + px(32)
        write_fitting(surface, name, (left, area.centery), NORMAL, sign.left - px(4) - left, INK, "midleft")


def _draw_icon(surface: pygame.Surface, area: Rect, tool: Tool) -> None:
    unit = px(100) / 100
    (x, y), size = area.center, min(area.height * 0.32, 11 * unit)
    stamp = Stamp(surface, [(x, y)], 2.2 * size)
    bar = 0.28 * size
    match tool:
        case Tool.SELECT:
            points = [(-0.5, -1.0), (-0.5, 0.8), (-0.1, 0.4), (0.2, 1.0), (0.5, 0.85), (0.2, 0.28), (0.75, 0.28)]
            stamp.polygon(INK, [(x + size * i, y + size * j) for i, j in points])
        case Tool.WALL:
            stamp.polygon(WALL, [(x - size, y - bar), (x + size, y - bar), (x + size, y + bar), (x - size, y + bar)])
        case Tool.DOOR:
            for low, high, colour in ((-1.2, -0.45, WALL), (-0.45, 0.45, mix(THRESHOLD, INK, 0.12)), (0.45, 1.2, WALL)):
                left, right = x + low * size, x + high * size
                stamp.polygon(colour, [(left, y - bar), (right, y - bar), (right, y + bar), (left, y + bar)])
        case Tool.HIDER | Tool.SEEKER:
            draw_portrait(surface, (x, y), 0.72 * size, HIDERS if tool is Tool.HIDER else SEEKERS)
        case _:
            half = {Tool.BOX: (0.4, 0.4), Tool.LONG_BOX: (0.62, 0.14), Tool.RAMP: (0.55, 0.37)}[tool]
            camera = Camera(x, y, size / 0.5)
            draw_thing(surface, camera, np.zeros(6), np.array(half), is_ramp=tool is Tool.RAMP, lock=0)
    stamp.lay()
