"""The right side of the editor: the file, the world's numbers, who plays, what is selected, and what is impossible."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.edit.keys import (
    HIDERS_KEY,
    LARGER,
    LONGER,
    PREPARE_LONGER,
    PREPARE_SHORTER,
    SEEKERS_KEY,
    SHORTER,
    SMALLER,
)
from replays.viewer.edit.shapes import has_any_angle, thing_of
from replays.viewer.edit.view import WRONG
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.fitting import write_fitting
from replays.viewer.widgets.theme import FAINT, LARGE, NORMAL, SMALL, card, px, wrap, write
from sim.render.palette import INK, WHITE, mix
from sim.render.portrait import draw_portrait
from sim.rules import HIDERS, RULES, SEEKERS
from sim.scenarios.drawn.drawing import in_words
from sim.scenarios.drawn.items import Area, Box, Door, Item, Range, Wall
from sim.scenarios.drawn.problems import Problem
from sim.scenarios.drawn.world import DrawnWorld

_EDGE, _ROW, _BUTTON, _GAP = 12, 28, 24, 8
_LINE = 19
_TITLE = 44


class Facts(NamedTuple):
    """What the panel says."""

    world: DrawnWorld
    selected: Sequence[Item]
    problems: Sequence[Problem] | None
    """None while they are looked for."""
    teams: tuple[str, str]
    """Names; empty where no team can be had."""
    file: str
    """Name of the file, and whether it is saved."""


def panel_buttons(area: Rect, with_teams: bool) -> list[Button]:
    """The small buttons of the panel: less and more of each number, and the next team of each side."""
    if not area.width:
        return []
    button, right = px(_BUTTON), area.right - px(_EDGE)
    found = []
    for row, (less, more) in enumerate(((SMALLER, LARGER), (SHORTER, LONGER), (PREPARE_SHORTER, PREPARE_LONGER))):
        top = _row_top(area, row)
        found.append(Button(Rect(right - 2 * button - px(4), top, button, button), less, False))
        found.append(Button(Rect(right - button, top, button, button), more, False))
    for row, key in enumerate((HIDERS_KEY, SEEKERS_KEY) if with_teams else (), 3):
        found.append(Button(Rect(right - button, _row_top(area, row), button, button), key, False))
    return found


def draw_panel(surface: pygame.Surface, area: Rect, facts: Facts, hover: tuple[int, int] | None) -> None:
    """Draws everything that has room; `hover` is where the mouse is."""
    if not area.width:
        return
    card(surface, area)
    left, width, world = area.left + px(_EDGE), area.width - 2 * px(_EDGE), facts.world
    write_fitting(surface, world.name, (left, area.top + px(6)), LARGE, width)
    write_fitting(surface, facts.file, (left, area.top + px(28)), SMALL, width, FAINT)
    numbers = (
        ("Floor", f"{world.floor_m:g} m"),
        ("Episode", f"{world.ticks * RULES.tick_s:g} s"),
        ("Preparation", f"{world.preparation_ticks * RULES.tick_s:g} s"),
    )
    buttons = panel_buttons(area, bool(facts.teams[0]))
    value_right = buttons[0].area.left - px(8)
    for row, (words, value) in enumerate(numbers):
        middle = _row_top(area, row) + px(_BUTTON) // 2
        write(surface, words, (left, middle), SMALL, FAINT, "midleft")
        write(surface, value, (value_right, middle), SMALL, INK, "midright")
    top = _row_top(area, 3)
    if facts.teams[0]:
        for team, name in zip((HIDERS, SEEKERS), facts.teams, strict=True):
            middle = _row_top(area, 3 + team) + px(_BUTTON) // 2
            draw_portrait(surface, (left + px(8), middle), px(7), team)
            room = width - px(_BUTTON) - px(32)
            write_fitting(surface, name, (left + px(24), middle), NORMAL, room, INK, "midleft")
        top = _row_top(area, 5)
    _draw_buttons(surface, buttons, hover)
    rest = Rect(left, top + px(4), width, max(area.bottom - px(6) - top - px(4), 0))
    _draw_lines(surface, rest, [*_about_selected(facts), *_about_problems(facts)])


def words_about(world: DrawnWorld, item: Item) -> list[str]:
    """What there is to know about an item."""
    thing = thing_of(world, item)
    found = [] if isinstance(thing, Door) else [_place_words(thing.at)]
    match thing:
        case Wall():
            found.append(f"{_metres(thing.length_m)} long")
        case Door():
            found += [f"{_metres(thing.width_m)} wide", f"{_metres(thing.at_m)} along the wall"]
            found += ["a window: no agent fits through"] * thing.is_window
        case Box():
            found.append(f"{_metres(thing.length_m)} by {_metres(thing.width_m or thing.length_m)}")
    if not isinstance(thing, Wall | Door):
        found.append("any angle" if has_any_angle(thing) else f"{_number(thing.angle_deg)} degrees")
    return found


def _about_selected(facts: Facts) -> list[tuple[str, bool]]:
    """Lines, and whether each is about something impossible."""
    if len(facts.selected) > 1:
        return [(f"{len(facts.selected)} things selected", False)]
    if not facts.selected:
        return []
    item = facts.selected[0]
    return [(" · ".join([in_words(facts.world, item), *words_about(facts.world, item)]).capitalize(), False)]


def _about_problems(facts: Facts) -> list[tuple[str, bool]]:
    if facts.problems is None:
        return [("Checking whether everything fits ...", False)]
    if not facts.problems:
        return [("Everything fits: P plays it.", False)]
    return [(problem.text[:1].upper() + problem.text[1:], True) for problem in facts.problems]


def _draw_lines(surface: pygame.Surface, area: Rect, lines: Sequence[tuple[str, bool]]) -> None:
    """Writes paragraphs as far as there is room; of what is left out, how many."""
    top, step = area.top, px(_LINE)
    for number, (text, wrong) in enumerate(lines):
        rows = wrap(text, SMALL, area.width)
        last = number == len(lines) - 1
        if top + len(rows) * step + (0 if last else step) > area.bottom:
            if top + step <= area.bottom:
                write_fitting(surface, f"and {len(lines) - number} more", (area.left, top), SMALL, area.width, WRONG)
            return
        for row in rows:
            write(surface, row, (area.left, top), SMALL, WRONG if wrong else INK)
            top += step
        top += px(4)


def _draw_buttons(surface: pygame.Surface, buttons: Sequence[Button], hover: tuple[int, int] | None) -> None:
    signs = {SMALLER: "-", SHORTER: "-", PREPARE_SHORTER: "-", LARGER: "+", LONGER: "+", PREPARE_LONGER: "+"}
    for button in buttons:
        warm = hover is not None and button.area.collidepoint(hover)
        card(surface, button.area, mix(WHITE, INK, 0.08) if warm else WHITE)
        write(surface, signs.get(button.key, ">"), button.area.center, NORMAL, INK, "center")


def _row_top(area: Rect, row: int) -> int:
    gap = px(_GAP) if row >= 3 else 0
    return area.top + px(_TITLE + 8) + row * px(_ROW) + gap


def _place_words(area: Area) -> str:
    if area.is_point:
        return f"at {area.x0:g}, {area.y0:g} m"
    return f"anywhere in {area.x1 - area.x0:.3g} x {area.y1 - area.y0:.3g} m"


def _metres(value: Range) -> str:
    return f"{_number(value)} m"


def _number(value: Range) -> str:
    return f"{value.low:g}" if value.is_fixed else f"{value.low:g} to {value.high:g}"
