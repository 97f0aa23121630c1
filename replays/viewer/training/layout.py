"""Where the parts of the live training screen lie, in a window of any size."""

from typing import NamedTuple

from pygame import Rect

from replays.viewer.widgets.theme import px

_PAD, _HEADER, _CAPTION = 12, 40, 28
_PANEL, _LEAST_WORLD = 224, 250
_PLOT, _LEAST_PLOT, _PLOT_SHARE = 330, 96, 0.34


class Parts(NamedTuple):
    """Rectangles; one without room has no width or height."""

    header: Rect
    world: Rect
    caption: Rect
    panel: Rect
    """Newest values, and what the keys do."""
    plot: Rect


def parts_of(size: tuple[int, int]) -> Parts:
    """The parts of a window of this size; in a narrow one the panel gives way."""
    width, height = size
    pad = px(_PAD)
    header = Rect(pad, 0, max(width - 2 * pad, 1), px(_HEADER))
    high = min(max(round(height * _PLOT_SHARE), px(_LEAST_PLOT)), px(_PLOT), max(height - header.height, 1))
    plot = Rect(pad, height - high, max(width - 2 * pad, 1), high)
    middle = Rect(pad, header.bottom, header.width, max(plot.top - header.bottom, 1))
    panel_width = px(_PANEL) if middle.width - px(_PANEL) >= px(_LEAST_WORLD) else 0
    panel = Rect(middle.right - panel_width, middle.top, panel_width, middle.height)
    room, low = max(panel.left - (pad if panel_width else 0) - middle.left, 1), min(px(_CAPTION), middle.height // 3)
    caption = Rect(middle.left, middle.bottom - low, room, low)
    world = Rect(middle.left, middle.top, room, max(caption.top - middle.top, 1))
    return Parts(header, world, caption, panel, plot)
