"""The time line under a film: which signs stand where, and what track and ribbons show."""

import dataclasses

import numpy as np
import pygame
import pytest

from replays.events import NOBODY, Event
from replays.film.film import Film
from replays.film.playback import Playback
from replays.format.recording import Recording
from replays.viewer.film import event_rows, timeline
from replays.viewer.film.event_rows import marks
from replays.viewer.film.timeline import draw_seconds, draw_timeline, event_at, hint, seconds_apart
from replays.viewer.widgets.panes import HANDS_HEIGHT, RIBBON_HEIGHT, Panes, arrange
from replays.viewer.widgets.time_axis import time_at, x_of
from sim.render.palette import HIDER, INK, PAPER, SEEKER, THRESHOLD, mix

PANES: Panes = arrange((1000, 700), hiders=2)
NARROW: Panes = arrange((210, 700), hiders=2)
"""Ticks are six pixels apart."""


@pytest.fixture
def film(recording: Recording) -> Film:
    """Events at ticks 3, 6, 12 and 15; hider 1 is seen from tick 12 to 15, and preparation ends at tick 8."""
    return Film(recording, "film")


def with_events(film: Film, *events: Event) -> Film:
    """The film with these events and no others."""
    return Film(dataclasses.replace(film.recording, events=events), "film")


def column(tick: float) -> int:
    return round(x_of(PANES.track, 20, tick))


def drawn(film: Film, time: float, loop: tuple[int, int] | None = None) -> np.ndarray:
    """uint8 [x, y, 3]"""
    surface = pygame.Surface((1000, 700))
    draw_timeline(surface, PANES, film, Playback(20, time=time, loop=loop))
    return pygame.surfarray.array3d(surface)


def is_there(picture: np.ndarray, colour: tuple[int, int, int], x: int, rows: range) -> bool:
    return any(tuple(picture[x, y]) == colour for y in rows)


def test_each_event_has_a_sign_at_its_tick_and_those_to_come_are_pale(film: Film, monkeypatch: pytest.MonkeyPatch):
    signs = []
    monkeypatch.setattr(event_rows, "draw_sign", lambda _, slots, *sign: signs.append(sign))
    blocked = Event(9, "door blocked", 1, 0, 0)
    drawn(with_events(film, *film.events, blocked), 6.0)
    assert {event for event, *_ in signs} == {*film.events, blocked}
    for event, (x, y), passed, *sizes in signs:
        assert round(x) == column(event.tick) and passed == (event.tick <= 6)
        below = y > PANES.markers.bottom - HANDS_HEIGHT
        assert (bool(sizes), below) == ((event != blocked),) * 2, "strategies are large, and in rows of their own"


def test_what_lasts_has_a_bar_from_its_sign_to_that_of_its_end(film: Film):
    blocked, opened = Event(3, "door blocked", 1, 0, 0), Event(12, "door open again", 2, 0, 0)
    picture, rows = drawn(with_events(film, blocked, opened), 8.0), range(PANES.markers.top, PANES.markers.bottom)
    strong, pale = (mix(PAPER, HIDER, strength) for strength in (0.6, 0.3))
    for tick, colour in ((2, None), (5, strong), (7, strong), (9, pale), (11, pale), (13, None), (19, None)):
        assert [is_there(picture, each, column(tick), rows) for each in (strong, pale)] == [
            colour == strong,
            colour == pale,
        ]
    lasts_on = drawn(with_events(film, blocked), 20.0)
    assert is_there(lasts_on, strong, column(19), rows)


def test_two_that_last_at_once_lie_in_two_lanes(film: Film):
    blocked, opened = Event(3, "door blocked", 1, 0, 0), Event(8, "door open again", 2, 0, 0)
    sealed, broken = Event(5, "room sealed", NOBODY, 0, NOBODY), Event(12, "seal broken", NOBODY, 0, NOBODY)
    climb = Event(10, "climb", 1, 2, NOBODY)
    one, other, later = marks(with_events(film, blocked, sealed, opened, climb, broken), PANES.markers)
    assert (one.event, one.ended, one.lane) == (blocked, opened, 0)
    assert (other.event, other.ended, other.lane) == (sealed, broken, 1)
    assert later.lane == 0 and later.left == later.right == column(10)


def test_of_two_signs_in_one_place_the_weightier_lies_on_top_and_one_of_a_kind_is_drawn(
    film: Film, monkeypatch: pytest.MonkeyPatch
):
    kinds = []
    monkeypatch.setattr(
        event_rows, "draw_sign", lambda _, slots, event, place, passed, size=1: kinds.append(event.kind)
    )
    blocked, grabs = Event(3, "door blocked", 1, 0, 0), [Event(3, "grab", 1, 1, NOBODY)] * 3
    drawn(with_events(film, blocked, *grabs), 0.0)
    assert kinds.count("grab") == 1 and kinds.index("door blocked") > kinds.index("grab")


def test_the_sign_under_the_mouse_is_the_nearest_one_and_none_far_from_all(film: Film):
    near = event_at(film, PANES, column(12) + 5)
    assert near is not None and near.tick == 12
    assert event_at(film, PANES, column(9)) is None
    assert event_at(with_events(film), PANES, column(12)) is None


def test_a_tooltip_names_four_events_of_a_tick_and_counts_the_others(film: Film):
    grabs = [Event(6, "grab", 1, thing, NOBODY) for thing in (0, 1, 2, 0, 1, 2)]
    first, *words = hint(with_events(film, *grabs), PANES, column(6))
    assert first == "0.6 s, tick 6" and len(words) == 5 and words[-1] == "and 2 more"
    assert hint(film, PANES, column(9)) == ["0.9 s, tick 9"]


def test_a_tooltip_names_strategies_first_and_what_lasts_since_when(film: Film):
    grabs = [Event(6, "grab", 1, thing, NOBODY) for thing in (0, 1, 2, 0)]
    climb, blocked = Event(6, "climb", 1, 2, NOBODY), Event(2, "door blocked", 1, 0, 0)
    crowded = with_events(film, blocked, *grabs, climb, Event(7, "lock", 1, 0, NOBODY))
    _, first, *others, last = hint(crowded, PANES, column(6))
    assert first == "Hider 1 climbs ramp 0" and others[-1] == "and 1 more"
    assert last == "since 0.2 s: Hider 1 blocks the door with box 0"
    near = event_at(with_events(film, climb, Event(7, "lock", 1, 0, NOBODY)), NARROW, round(x_of(NARROW.track, 20, 7)))
    assert near == climb, "a strategy in reach of the mouse comes before what hands do"


def test_the_track_is_shaded_until_preparation_ends(film: Film):
    picture, rows = drawn(film, 0.0), range(PANES.track.top + 2, PANES.track.bottom - 2)
    assert is_there(picture, THRESHOLD, column(7), rows) and not is_there(picture, THRESHOLD, column(9), rows)


def test_seconds_are_marked_a_few_and_named_where_they_are_still_to_come(film: Film, monkeypatch: pytest.MonkeyPatch):
    texts: list[tuple[str, int]] = []
    monkeypatch.setattr(timeline, "write", lambda _, text, place, *how: texts.append((text, place[0])))
    for width, ticks, apart in ((900, 180, 2), (900, 20, 1), (300, 180, 10), (900, 9000, 120)):
        assert seconds_apart(pygame.Rect(0, 0, width, 18), ticks) == apart
    long = Film(dataclasses.replace(film.recording, header=dataclasses.replace(film.recording.header, ticks=100)), "")
    draw_seconds(pygame.Surface((1000, 700)), PANES.track, long, 50.0)
    assert texts == [(f"{second} s", round(x_of(PANES.track, 100, 10 * second))) for second in (6, 8)]


def test_a_hider_is_marked_in_its_own_ribbon_while_it_is_seen(film: Film):
    picture = drawn(film, 0.0)
    rows = [range(PANES.ribbons.top + k * RIBBON_HEIGHT, PANES.ribbons.top + (k + 1) * RIBBON_HEIGHT) for k in (0, 1)]
    for tick, shown in ((11, False), (13, True), (14, True), (16, False)):
        assert is_there(picture, SEEKER, column(tick), rows[1]) == shown
        assert not is_there(picture, SEEKER, column(tick), rows[0])


def test_the_head_stands_where_the_film_is_and_a_loop_has_two_brackets(film: Film):
    early, late = drawn(film, 5.0), drawn(film, 17.0)
    changed = (early != late).any(axis=2)[:, PANES.ribbons.top : PANES.ribbons.bottom].any(axis=1)
    assert {*np.flatnonzero(changed)} <= {column(tick) + k for tick in (5, 17) for k in (-2, -1, 0, 1, 2)}
    assert changed[column(5)] and changed[column(17)]
    over = range(PANES.track.top - 3, PANES.track.top)
    looped, plain = drawn(film, 0.0, (5, 10)), drawn(film, 0.0)
    assert [is_there(looped, INK, column(tick) - 1, over) for tick in (4, 6, 9, 12)] == [False, True, True, False]
    assert not is_there(plain, INK, column(6) - 1, over)


def test_a_place_beside_the_track_is_its_nearer_end():
    track = PANES.track
    assert [time_at(track, 20, x) for x in (track.left - 50, track.right + 50)] == [0.0, 20.0]
    assert time_at(track, 20, x_of(track, 20, 7.25)) == pytest.approx(7.25)
