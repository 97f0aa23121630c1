"""Where the parts of the ranking screen lie, in a window of any size."""

from typing import NamedTuple

from pygame import Rect

from replays.viewer.rank.keys import BUTTONS, BY_NUMBER
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.theme import px

_PAD, _GAP = 12, 8
_HEADER, _BAR, _BUTTON = 60, 10, 34
_WIDEST_BUTTON = 112


class Parts(NamedTuple):
    """Rectangles."""

    header: Rect
    """The question and the progress."""
    panes: tuple[Rect, ...]
    """The sides, each with its own header."""
    bar: Rect
    """The time within the clips."""
    buttons: Rect


def parts_of(size: tuple[int, int], pane_header: int, sides: int = 2) -> Parts:
    """The parts of a window of this size; `pane_header` is the height of what stands over a side."""
    width, height = max(size[0], 1), max(size[1], 1)
    pad, gap = px(_PAD), px(_GAP)
    across = max((width - (sides + 1) * pad) // sides, 1)
    buttons = Rect(pad, height - pad - px(_BUTTON), max(width - 2 * pad, 1), px(_BUTTON))
    header = Rect(pad, gap, buttons.width, px(_HEADER))
    room = max(buttons.top - px(_BAR) - 2 * gap - header.bottom - gap, 1)
    down = min(across + pane_header, room)
    top = header.bottom + gap + (room - down) // 2
    panes = tuple(Rect(pad + side * (pad + across), top, across, down) for side in range(sides))
    bar = Rect(pad, top + down + gap, buttons.width, px(_BAR))
    return Parts(header, panes, bar, buttons)


def cells_of(area: Rect, count: int) -> list[Rect]:
    """Equal parts of an area in rows, with as many columns as give the largest squares."""
    gap = px(_GAP) // 2

    def size(columns: int) -> tuple[int, int]:
        rows = -(-count // columns)
        return (area.width + gap) // columns - gap, (area.height + gap) // rows - gap

    columns = max(range(1, count + 1), key=lambda columns: min(size(columns)))
    wide, high = (max(side, 1) for side in size(columns))
    return [
        Rect(area.left + k % columns * (wide + gap), area.top + k // columns * (high + gap), wide, high)
        for k in range(count)
    ]


def buttons_in(area: Rect) -> list[Button]:
    """The buttons in a row, all of one width."""
    gap = px(_GAP)
    wide = min((area.width + gap) // len(BUTTONS) - gap, px(_WIDEST_BUTTON))
    left = area.centerx - (len(BUTTONS) * (wide + gap) - gap) // 2
    return [
        Button(Rect(left + k * (wide + gap), area.top, max(wide, 1), area.height), BY_NUMBER[number], False)
        for k, number in enumerate(BUTTONS)
    ]
