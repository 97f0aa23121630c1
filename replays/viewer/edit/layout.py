"""Where the parts of the editor lie, in a window of any size."""

from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from replays.viewer.edit.keys import ACTIONS, BY_ACTION, TOOL_KEYS
from replays.viewer.keys import Key
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.theme import SMALL, px
from sim.render.palette import INK
from sim.render.text import label

_PAD, _GAP, _GROUP_GAP = 10, 5, 14
_ROW, _HINT = 30, 24
_TOOLS_WIDTH, _HIGHEST_TOOL = 92, 44
_PANEL, _LEAST_FLOOR = 226, 250
_INSET = 9


class Parts(NamedTuple):
    """Rectangles; one without room has no width."""

    actions: list[Button]
    """Buttons in rows at the top."""
    tools: list[Button]
    """Buttons in a column at the left."""
    stage: Rect
    """All that is left for the floor and what is beside it."""
    floor: Rect
    panel: Rect
    """The world's numbers, the selection and what is impossible; beside a game it has no room."""
    games: Rect
    """What is played; without a game it has no room."""
    hint: Rect
    """One line at the bottom."""


def parts_of(size: tuple[int, int], playing: bool) -> Parts:
    """The parts of a window of this size."""
    width, height = max(size[0], 1), max(size[1], 1)
    pad, gap = px(_PAD), px(_GAP)
    actions = _flow(Rect(pad, px(6), max(width - 2 * pad, 1), height))
    top = max((button.area.bottom for button in actions), default=0) + px(8)
    hint = Rect(pad, height - px(_HINT), max(width - 2 * pad, 1), px(_HINT))
    room = max(hint.top - top, 1)
    each = min(px(_HIGHEST_TOOL), (room + gap) // len(TOOL_KEYS) - gap)
    tools = [
        Button(Rect(pad, top + k * (each + gap), px(_TOOLS_WIDTH), max(each, 1)), key, False)
        for k, key in enumerate(TOOL_KEYS)
    ]
    left = pad + px(_TOOLS_WIDTH) + px(8)
    stage = Rect(left, top, max(width - pad - left, 1), room)
    return Parts(actions, tools, stage, *_split(stage, playing), hint)


def _split(stage: Rect, playing: bool) -> tuple[Rect, Rect, Rect]:
    """Floor, panel and games."""
    gap, nothing = px(8), Rect(stage.right, stage.top, 0, 0)
    if playing:
        across = (stage.width - gap) // 2
        floor, games = Rect(*stage.topleft, across, stage.height), Rect(0, stage.top, across, stage.height)
        games.right = stage.right
        return floor, nothing, games
    panel = px(_PANEL) if stage.width - px(_PANEL) - gap >= px(_LEAST_FLOOR) else 0
    if not panel:
        return stage, nothing, nothing
    floor = Rect(*stage.topleft, stage.width - panel - gap, stage.height)
    return floor, Rect(stage.right - panel, stage.top, panel, stage.height), nothing


def _flow(area: Rect) -> list[Button]:
    """The buttons of all groups in as many rows as they need."""
    gap, row, left, top = px(_GAP), px(_ROW), area.left, area.top
    placed: list[Button] = []
    for number, group in enumerate(ACTIONS):
        left += px(_GROUP_GAP) if number and left > area.left else 0
        for word in group:
            wide = label(word, px(SMALL), INK).get_width() + 2 * px(_INSET)
            if left > area.left and left + wide > area.right:
                left, top = area.left, top + row + gap
            placed.append(Button(Rect(left, top, wide, row), BY_ACTION[word], False))
            left += wide + gap
    return placed


def button_at(buttons: Sequence[Button], place: tuple[int, int]) -> Key | None:
    """The key of the button under the mouse."""
    return next((button.key for button in buttons if button.area.collidepoint(place)), None)
