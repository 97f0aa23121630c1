"""Where everything lies in a window of any size."""

from typing import NamedTuple

from pygame import Rect

from replays.viewer.widgets.theme import px

PAD = 16
"""Sizes here are those of the plain design, before `px`."""
SIDE_WIDTH = 264
TRACK_HEIGHT = 18
RIBBON_HEIGHT = 14
BUTTON = 34
CAPTION_HEIGHT = 36
MARKERS_HEIGHT = 18
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

    @property
    def timeline(self) -> Rect:
        """Signs, track and ribbons, and a little more on either side to get hold of the ends."""
        return self.markers.unionall([self.track, self.ribbons]).inflate(2 * px(8), 0)


def arrange(size: tuple[int, int], hiders: int, panels: bool = True) -> Panes:
    """The parts of a window of this size; in a narrow one, or without `panels`, the scoreboard gives way."""
    width, height = size
    pad, button = px(PAD), px(BUTTON)
    room = width >= 2.7 * px(SIDE_WIDTH) and height >= px(520)
    side_width = px(SIDE_WIDTH) if room and panels else 0
    left, right = pad, width - pad
    row = height - pad // 2 - button
    controls = Rect(left, row, max(right - left, 1), button)
    row -= hiders * px(RIBBON_HEIGHT) + px(8)
    track_left, track_width = left + px(NAMES_WIDTH), max(right - left - px(NAMES_WIDTH) - px(8), 1)
    ribbons = Rect(track_left, row, track_width, hiders * px(RIBBON_HEIGHT))
    track = Rect(track_left, row - px(TRACK_HEIGHT) - px(3), track_width, px(TRACK_HEIGHT))
    markers = Rect(track_left, track.top - px(MARKERS_HEIGHT), track_width, px(MARKERS_HEIGHT))
    caption = Rect(left, markers.top - px(CAPTION_HEIGHT), max(right - left, 1), px(CAPTION_HEIGHT))
    bottom = max(caption.top - px(2), pad // 2 + 1)
    gap = pad if side_width else 0
    world = Rect(left, pad // 2, max(right - left - side_width - gap, 1), bottom - pad // 2)
    side = Rect(right - side_width, pad // 2, side_width, bottom - pad // 2)
    return Panes(world, caption, markers, track, ribbons, controls, side)
