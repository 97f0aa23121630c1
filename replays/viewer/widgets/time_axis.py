"""Where a time in ticks lies on a track of pixels, and which time lies at a pixel."""

from pygame import Rect


def x_of(track: Rect, ticks: int, time: float) -> float:
    """The pixel column of a time; the track's left end is tick 0, its right end the last of `ticks`."""
    return track.left + track.width * time / ticks


def time_at(track: Rect, ticks: int, x: float) -> float:
    """The time at a pixel column, within the recording."""
    return min(max((x - track.left) / track.width * ticks, 0.0), float(ticks))
