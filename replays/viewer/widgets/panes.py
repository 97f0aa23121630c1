"""Where everything lies in a window of any size."""

from typing import NamedTuple

from pygame import Rect

from replays.viewer.widgets.theme import px

PAD = 16
"""Sizes here are those of the plain design, before `px`."""
SIDE_WIDTH = 264
TRACK_HEIGHT = 18
RIBBON_HEIGHT = 14
TOOLS_WIDTH = 84
BUTTON = 34
CAPTION_HEIGHT = 36
LANE_HEIGHT, HANDS_HEIGHT = 12, 9
"""Of the two lanes for strategies above the track, and of the row between for what hands do and eyes see."""
MARKERS_HEIGHT = 2 * LANE_HEIGHT + HANDS_HEIGHT
NAMES_WIDTH = 62
"""Left of the track, for the names of the ribbons."""


_LEAST_FOR_SCORES = 430
"""Lower windows have no scoreboard."""
_LEAST_FOR_RIBBONS, _LEAST_FOR_BUTTONS = 360, 280
"""Lower windows have no ribbons; no buttons."""


class Panes(NamedTuple):
    """The parts of the window, in pixels; a part without room has no width."""

    world: Rect
    caption: Rect
    """The present event in words."""
    markers: Rect
    """Signs of events, right above the track: two lanes of strategies, then what hands do and eyes see."""
    track: Rect
    """The scrub bar; its left end is tick 0, its right end the last tick."""
    ribbons: Rect
    """One row for each hider, under the track and as long."""
    controls: Rect
    side: Rect
    """Scoreboard and events."""
    toolbar: Rect
    """What can be done with the film: a column beside the world, or a row above it."""

    @property
    def timeline(self) -> Rect:
        """Signs, track and ribbons, a little wider than they are so that the mouse can grab both ends."""
        everything = self.markers.unionall([self.track, self.ribbons])
        return everything.inflate(2 * px(8), 0) if everything.width else everything


def arrange(size: tuple[int, int], hiders: int, panels: bool = True, toolbar: bool = False) -> Panes:
    """The parts of a window of this size.

    A small window has no scoreboard; smaller ones have no ribbons, no toolbar and no buttons either. Without `panels`
    the world fills the window.
    """
    width, height = size
    pad, button = px(PAD), px(BUTTON)
    if not panels:
        nothing = Rect(0, height, 0, 0)
        return Panes(Rect(0, 0, width, height), *[nothing] * 7)
    room = width >= 2.7 * px(SIDE_WIDTH) and height >= px(_LEAST_FOR_SCORES)
    side_width = px(SIDE_WIDTH) if room else 0
    left, right = pad, width - pad
    row = height - pad // 2 - button
    controls = Rect(left, row, max(right - left, 1), button)
    if height < px(_LEAST_FOR_BUTTONS):
        row, controls = height - pad // 2, Rect(left, height, 0, 0)
    ribbons_height = hiders * px(RIBBON_HEIGHT) if height >= px(_LEAST_FOR_RIBBONS) else 0
    row -= ribbons_height + px(8)
    track_left, track_width = left + px(NAMES_WIDTH), max(right - left - px(NAMES_WIDTH) - px(8), 1)
    ribbons = Rect(track_left, row, track_width, ribbons_height)
    track = Rect(track_left, row - px(TRACK_HEIGHT) - px(3), track_width, px(TRACK_HEIGHT))
    markers = Rect(track_left, track.top - px(MARKERS_HEIGHT), track_width, px(MARKERS_HEIGHT))
    caption = Rect(left, markers.top - px(CAPTION_HEIGHT), max(right - left, 1), px(CAPTION_HEIGHT))
    bottom = max(caption.top - px(2), pad // 2 + 1)
    gap = pad if side_width else 0
    world = Rect(left, pad // 2, max(right - left - side_width - gap, 1), bottom - pad // 2)
    side = Rect(right - side_width, pad // 2, side_width, bottom - pad // 2)
    tools = Rect(left, world.top, 0, 0)
    if toolbar:
        world, tools = _split_toolbar(world)
    return Panes(world, caption, markers, track, ribbons, controls, side, tools)


def _split_toolbar(world: Rect) -> tuple[Rect, Rect]:
    """The world's pane without the toolbar, and the toolbar, placed where the square picture loses least."""
    width, height, gap = px(TOOLS_WIDTH), px(BUTTON), px(8)
    if world.height - height - gap >= world.width:
        tools = Rect(world.left, world.top, world.width, height)
        return Rect(world.left, tools.bottom + gap, world.width, world.bottom - tools.bottom - gap), tools
    if world.width < 4 * width:
        return world, Rect(world.left, world.top, 0, 0)
    tools = Rect(world.left, world.top, width, world.height)
    return Rect(tools.right + gap, world.top, world.right - tools.right - gap, world.height), tools
