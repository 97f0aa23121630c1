"""What lasts in a film, and until when."""

import dataclasses

import pytest

from replays.events import NOBODY, Event
from replays.film import lasting
from replays.film.film import Film
from replays.format.recording import Recording


def test_a_door_is_blocked_until_that_door_is_open_again_or_the_user_opens_it():
    events = [
        Event(3, "door blocked", 0, 0, 0),
        Event(5, "door blocked", 1, 1, 1),
        Event(5, "door open again", 1, 1, 1),
        Event(8, "door open again", 1, 1, 1),
        Event(10, "taken away", NOBODY, 0, 0),
        Event(12, "door blocked", 0, 0, 0),
    ]
    found = lasting.stretches(events, {})
    assert [(one.event, one.ended) for one in found] == [
        (events[0], events[4]),
        (events[1], events[3]),  # what ended at 5 was another time
        (events[5], None),
    ]
    assert [one.at(10) for one in found] == [False, False, False]
    assert found[2].at(10**6), "to the end of the film"


def test_what_follows_on_the_tick_at_which_something_else_ends_lasts_on_with_it():
    ends = ((0, 3, 9), (1, 9, 14), (0, 15, 40))
    events = [Event(first, "door blocked", 0, 0, door) for door, first, _ in ends]
    found = [lasting.Stretch(event, end, None) for event, (_, _, end) in zip(events, ends, strict=True)]
    assert lasting.together(found, 30) == [(3, 14), (15, 30)], "one tick between them keeps two apart"


def test_rides_are_looked_for_once_however_many_a_file_claims(recording: Recording, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def spans(states: object) -> dict[tuple[int, int, int], tuple[int, int]]:
        asked.append(states)
        return {(3, 0, 0): (5, 9)}

    monkeypatch.setitem(lasting._SPANS, "surf", spans)
    events = (Event(3, "surf", 0, 0, NOBODY), *[Event(4, "surf", 0, 0, NOBODY)] * 100)
    film = Film(dataclasses.replace(recording, events=events), "film")
    assert [(one.event.tick, one.end) for one in film.lasting] == [(5, 9)] and len(asked) == 1
    assert [event.tick for event in film.events] == [4] * 100 + [5]


def test_without_rides_nothing_is_looked_for(recording: Recording, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(lasting._SPANS, "surf", lambda states: pytest.fail("looked for rides"))
    assert Film(dataclasses.replace(recording, events=()), "film").lasting == []
