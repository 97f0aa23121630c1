"""Where the parts of the editor lie, in a window of any size."""

from typing import NamedTuple

from pygame import Rect

from replays.viewer.edit.keys import ACTIONS, BY_ACTION, HIDERS_KEY, SEEKERS_KEY, STOP_KEY, TOOL_KEYS
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.theme import SMALL, px
from sim.render.palette import INK
from sim.render.text import label

_PAD, _GAP, _GROUP_GAP = 10, 5, 14
_ROW, _HINT = 30, 24
_TOOLS_WIDTH, _HIGHEST_TOOL = 92, 44
_PANEL, _LEAST_FLOOR = 226, 250
_INSET = 9
_STATUS, _STOP, _WIDEST = 84, 60, 640
"""Height of what is said of a game, width of the button that ends it, and of all buttons under it at most."""


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
    """What is played, as large as the floor; without a game it has no room."""
    status: Rect
    """How the game stands, below it."""
    teams: list[Button]
    """Who plays, and how to stop."""
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
    nothing = Rect(stage.right, stage.top, 0, 0)
    if playing:
        floor, games, status, teams = _beside(stage)
        return Parts(actions, tools, stage, floor, nothing, games, status, teams, hint)
    panel = px(_PANEL) if stage.width - px(_PANEL) - px(8) >= px(_LEAST_FLOOR) else 0
    floor = Rect(*stage.topleft, stage.width - panel - (px(8) if panel else 0), stage.height)
    side = Rect(stage.right - panel, stage.top, panel, stage.height)
    return Parts(actions, tools, stage, floor, side, nothing, nothing, [], hint)


def _beside(stage: Rect) -> tuple[Rect, Rect, Rect, list[Button]]:
    """Floor and games beside each other, what is said under them, and the buttons of the game."""
    gap, row = px(8), px(_ROW)
    across, down = (stage.width - gap) // 2, max(stage.height - px(_STATUS) - row - 2 * gap, 1)
    floor = Rect(*stage.topleft, across, down)
    games = Rect(stage.right - across, stage.top, across, down)
    status = Rect(stage.left, games.bottom + gap, stage.width, px(_STATUS))
    keys, wide = (HIDERS_KEY, SEEKERS_KEY, STOP_KEY), px(_STOP)
    each = max((min(stage.width, px(_WIDEST)) - wide - 2 * gap) // 2, 1)
    left, top = stage.centerx - (2 * each + wide + 2 * gap) // 2, stage.bottom - row
    places = [Rect(left, top, each, row), Rect(left + each + gap, top, each, row)]
    places.append(Rect(left + 2 * (each + gap), top, wide, row))
    return floor, games, status, [Button(place, key, False) for place, key in zip(places, keys, strict=True)]


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
