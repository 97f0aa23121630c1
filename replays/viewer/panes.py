"""Where everything lies in a window of any size."""

from typing import NamedTuple

from pygame import Rect

PAD = 16
SIDE_WIDTH = 264
TRACK_HEIGHT = 18
RIBBON_HEIGHT = 14
BUTTON = 34
CAPTION_HEIGHT = 30
MARKERS_HEIGHT = 16
NAMES_WIDTH = 62
"""Left of the track, for the names of the ribbons."""


class Panes(NamedTuple):
    """The parts of the window, in pixels; a part without room has no width."""

    world: Rect
    caption: Rect
    """The present event in words."""
    markers: Rect
    """Signs of events, right above the track."""
    track: Rect
    """The scrub bar; its left end is tick 0, its right end the last tick."""
    ribbons: Rect
    """One row for each hider, under the track and as long."""
    controls: Rect
    side: Rect
    """Scoreboard and events."""


def arrange(size: tuple[int, int], hiders: int) -> Panes:
    """The parts of a window of this size; in a narrow one the scoreboard gives way."""
    width, height = size
    side_width = SIDE_WIDTH if width >= 2.7 * SIDE_WIDTH and height >= 520 else 0
    left, right = PAD, width - PAD
    row = height - PAD // 2 - BUTTON
    controls = Rect(left, row, max(right - left, 1), BUTTON)
    row -= hiders * RIBBON_HEIGHT + 8
    track_left, track_width = left + NAMES_WIDTH, max(right - left - NAMES_WIDTH - 8, 1)
    ribbons = Rect(track_left, row, track_width, hiders * RIBBON_HEIGHT)
    track = Rect(track_left, row - TRACK_HEIGHT - 3, track_width, TRACK_HEIGHT)
    markers = Rect(track_left, track.top - MARKERS_HEIGHT, track_width, MARKERS_HEIGHT)
    caption = Rect(left, markers.top - CAPTION_HEIGHT, max(right - left, 1), CAPTION_HEIGHT)
    bottom = max(caption.top - 2, PAD // 2 + 1)
    gap = PAD if side_width else 0
    world = Rect(left, PAD // 2, max(right - left - side_width - gap, 1), bottom - PAD // 2)
    side = Rect(right - side_width, PAD // 2, side_width, bottom - PAD // 2)
    return Panes(world, caption, markers, track, ribbons, controls, side)
