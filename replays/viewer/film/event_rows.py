"""The rows above the time line: strategies, with a bar where they last; under them what hands do and eyes see."""

from typing import NamedTuple

import pygame
from pygame import Rect

from replays.events import MINOR_KINDS, Event
from replays.film.caption import weight
from replays.film.event_markers import team_of
from replays.film.film import Film
from replays.viewer.widgets.event_markers import draw_sign
from replays.viewer.widgets.panes import HANDS_HEIGHT, LANE_HEIGHT
from replays.viewer.widgets.theme import px
from replays.viewer.widgets.time_axis import x_of
from sim.layout import Slots
from sim.render.palette import PAPER, TEAMS, mix

_LANES = 2
_SIGN_WIDTH, _BAR_HEIGHT = 12, 6
_SMALL = 0.55
"""Of the signs of what hands do and eyes see."""
_APART = 5
"""Of those of one kind that are nearer to each other, in pixels, one is drawn."""


class Mark(NamedTuple):
    """A strategy, door, seal or change in its lane."""

    event: Event
    ended: Event | None
    """What ended it, if it lasts and an event did."""
    left: int
    right: int
    """The columns of its sign and of the end of its bar; the same where it takes but a moment."""
    lane: int


def marks(film: Film, area: Rect) -> list[Mark]:
    """Everything that has a lane, from left to right; each in the first that is free, else in that which is free first.

    Of what would stand in one place there is one of each kind.
    """
    ticks, lasting = film.recording.header.ticks, {one.event: one for one in film.lasting}
    ends = {one.ended for one in film.lasting}
    free, found = [area.left - px(_SIGN_WIDTH)] * _LANES, {}
    for event in film.events:
        left = round(x_of(area, ticks, event.tick))
        if event.kind in MINOR_KINDS or event in ends or (left, event.kind, event.other) in found:
            continue
        one = lasting.get(event)
        right = round(x_of(area, ticks, min(one.end, ticks))) if one else left
        lane = next((lane for lane in range(_LANES) if free[lane] <= left), free.index(min(free)))
        found[left, event.kind, event.other] = Mark(event, one.ended if one else None, left, right, lane)
        free[lane] = max(free[lane], right + px(_SIGN_WIDTH))
    return list(found.values())


def draw_events(surface: pygame.Surface, area: Rect, film: Film, time: float) -> None:
    """Draws the lanes and the row under them; what is still to come is pale."""
    slots, ticks = film.recording.header.slots, film.recording.header.ticks
    middle = area.bottom - px(HANDS_HEIGHT) // 2
    small = [event for event in film.events if event.kind in MINOR_KINDS]
    by_place = {(round(x_of(area, ticks, event.tick) / px(_APART)), event.kind): event for event in small}
    for event in by_place.values():
        draw_sign(surface, slots, event, (x_of(area, ticks, event.tick), middle), event.tick <= time, _SMALL)
    found = sorted(marks(film, area), key=lambda mark: weight(mark.event.kind))
    now = round(x_of(area, ticks, time))
    for mark in found:
        _draw_bar(surface, slots, mark, _middle(area, mark), now)
    ends = [(mark.ended, mark.right, mark) for mark in found if mark.ended]
    for event, x, mark in [*ends, *((mark.event, mark.left, mark) for mark in found)]:
        draw_sign(surface, slots, event, (x, _middle(area, mark)), event.tick <= time)


def _middle(area: Rect, mark: Mark) -> int:
    return area.top + mark.lane * px(LANE_HEIGHT) + px(LANE_HEIGHT) // 2


def _draw_bar(surface: pygame.Surface, slots: Slots, mark: Mark, middle: int, now: int) -> None:
    full, passed = TEAMS[team_of(mark.event, slots)], min(max(now, mark.left), mark.right)
    for left, right, strength in ((mark.left, passed, 0.6), (passed, mark.right, 0.3)):
        bar = Rect(left, middle - px(_BAR_HEIGHT) // 2, right - left, px(_BAR_HEIGHT))
        pygame.draw.rect(surface, mix(PAPER, full, strength), bar)
