"""Events are read off states, actions and sight."""

import dataclasses

import numpy as np
import pytest

from replays.annotate import searched
from replays.events import (
    NOBODY,
    STRATEGY_KINDS,
    Event,
    door_events,
    find_events,
    in_time,
    most_events,
    seal_events,
    sight_events,
)
from replays.film.caption import caption
from replays.film.film import Film
from replays.format.recording import Recording, outcome
from replays.strategies.evidence.blockades import Blockade
from replays.strategies.evidence.doors import NOTHING
from replays.strategies.evidence.seals import Seals
from replays.wording import door_names, in_words
from sim.climb import UPPER
from sim.layout import Slots, empty_layout
from sim.rules import GRAB, LOCK, RELEASE, SEEKERS
from sim.state import FREE


@pytest.fixture
def still(recording: Recording) -> Recording:
    """The episode with nothing in it."""
    recording.states.held[:], recording.states.lock[:] = FREE, 0
    recording.actions[:], recording.seen[:] = 0, False
    return recording


def found(recording: Recording) -> list[Event]:
    header, seen = recording.header, recording.seen
    return find_events(
        header.slots, recording.layout, recording.states, recording.actions, seen, header.preparation_ticks
    )


def test_nothing_happens_when_nothing_happens(still: Recording):
    assert found(still) == []


def test_the_example_has_its_events(recording: Recording):
    assert found(recording) == [
        Event(3, "grab", 0, 0, NOBODY),
        Event(6, "lock", 0, 0, NOBODY),
        Event(12, "spotted", 2, NOBODY, 1),
        Event(15, "lost", 2, NOBODY, 1),
    ]


def test_sight_counts_from_the_state_after_the_first_tick_of_play_everywhere(still: Recording):
    still.seen[8, 2, 0] = still.seen[8:11, 2, 1] = True  # preparation ends with state 8
    assert found(still) == [Event(9, "spotted", 2, NOBODY, 1), Event(11, "lost", 2, NOBODY, 1)]
    film = Film(dataclasses.replace(still, events=()), "film")
    assert film.seen_spans == [[], [(9, 11)]] and film.somebody_seen == [(9, 11)]
    assert caption(film, 8)[0] == "No hider is seen" and caption(film, 9)[0] == "Seeker 0 sees hider 1"
    still.seen[9, 2, 0] = True
    both = Film(dataclasses.replace(still, events=()), "film")
    assert caption(both, 9)[0] == "Seeker 0 sees hiders 0 and 1"
    still.seen[9, 2, 0] = False
    assert film.hidden_share[-1] == outcome(still.header.slots, still.seen, 8)["hidden"] == 10 / 12


def test_lists_of_older_versions_lose_what_seekers_saw_in_the_moment_in_which_they_opened_their_eyes(still: Recording):
    still.seen[8, 2, 0] = still.seen[8:11, 2, 1] = True
    grab, both = Event(3, "grab", 0, 0, NOBODY), (Event(8, "spotted", 2, NOBODY, k) for k in (0, 1))
    lost = Event(9, "lost", 2, NOBODY, 0), Event(11, "lost", 2, NOBODY, 1)
    old = dataclasses.replace(still, events=(grab, *both, *lost))
    assert searched(old).events == (grab, Event(9, "spotted", 2, NOBODY, 1), lost[1])
    assert searched(searched(old)).events == searched(old).events and searched(still) is still


def test_a_hold_that_ends_without_a_lock_is_a_release(still: Recording):
    still.states.held[4:7, 1] = 2
    still.actions[6, 1, 2] = RELEASE
    assert found(still) == [Event(4, "grab", 1, 2, NOBODY), Event(7, "release", 1, 2, NOBODY)]


def test_changing_hands_is_a_release_and_a_grab(still: Recording):
    still.states.held[4:, 1] = 2
    still.states.held[9:, 1] = 0
    assert [event[:4] for event in found(still)][1:] == [(9, "release", 1, 2), (9, "grab", 1, 0)]


def test_a_lock_is_the_holders_or_the_nearest_who_tried(still: Recording):
    still.states.lock[6:, 0] = 1
    still.actions[5, :2, 2] = LOCK
    assert found(still) == [Event(6, "lock", 0, 0, NOBODY)]
    still.states.held[5, 1] = 0
    assert Event(6, "lock", 1, 0, NOBODY) in found(still)
    still.states.lock[6:, 0], still.states.lock[6:, 2] = 0, 1
    still.states.held[5, 1] = FREE
    assert Event(6, "lock", 1, 2, NOBODY) in found(still), "hider 1 is nearer to the ramp"


def test_a_lock_is_never_the_other_teams(still: Recording):
    still.states.lock[6:, 0] = 2
    still.actions[5, :, 2] = LOCK
    assert found(still) == [Event(6, "lock", 2, 0, NOBODY)]


def test_unlocking_is_grabbing(still: Recording):
    still.states.lock[:9, 1] = 1
    still.states.held[9:, 1] = 1
    still.actions[8, :2, 2] = GRAB
    assert found(still) == [Event(9, "unlock", 1, 1, NOBODY), Event(9, "grab", 1, 1, NOBODY)]


def test_what_an_ablation_fixes_is_nobodys_lock(still: Recording):
    still.states.lock[5:, 0] = 3
    assert found(still) == []


def test_a_hider_is_lost_only_when_no_seeker_sees_it(recording: Recording):
    recording.seen[12:18, 2, 1] = True
    assert [event.tick for event in found(recording) if event.kind == "lost"] == [18]


def test_the_seeker_that_sees_a_hider_is_the_one_that_spots_and_loses_it():
    seen = np.zeros((10, 4, 4), bool)
    seen[4:7, 3, 1] = True
    found = sight_events(Slots(2, 2, 0, 0, 0, 0), seen, 1)
    assert found == [Event(4, "spotted", 3, NOBODY, 1), Event(7, "lost", 3, NOBODY, 1)]


def test_team_mates_and_seekers_are_not_spotted(still: Recording):
    still.seen[5:, 0, 1] = still.seen[5:, 0, 2] = True
    assert found(still) == []


def test_events_have_words(recording: Recording):
    words = [in_words(event, recording.header.slots) for event in recording.events]
    assert words == [
        "Hider 0 grabs box 0",
        "Hider 0 locks box 0",
        "Seeker 0 spots hider 1",
        "Seeker 0 loses sight of hider 1",
    ]
    assert in_words(Event(1, "unlock", NOBODY, 2, NOBODY), recording.header.slots) == "Somebody unlocks ramp 0"


def test_events_are_in_order_of_tick(recording: Recording):
    stream = np.random.default_rng(0)
    recording.states.held[:] = stream.integers(-1, 3, recording.states.held.shape)
    recording.states.lock[:] = stream.integers(0, 4, recording.states.lock.shape)
    recording.seen[:] = stream.random(recording.seen.shape) < 0.5
    ticks = [event.tick for event in found(recording)]
    assert ticks == sorted(ticks) and len(ticks) > 50


def test_a_seal_begins_and_ends_with_the_things_it_rests_on(recording: Recording):
    soft = np.array([False, True, True, False, False, False])
    robust = np.array([False, False, True, True, False, True])
    bearing = np.zeros((6, 3), bool)
    bearing[1:4, 0], bearing[3, 1], bearing[5, 2] = True, True, True
    fort = np.array([False, True, True, False, False, False])  # two of three ticks, and none of one
    events = seal_events(Seals(soft, robust, np.zeros_like(soft), bearing, fort, soft.astype(np.int8)))
    assert [event[:4] for event in events] == [
        (1, "fort built", NOBODY, 0),
        (4, "seal broken", NOBODY, 0),
        (4, "seal broken", NOBODY, 1),
        (5, "room sealed", NOBODY, 2),
    ]
    fort[:] = [False, True, False, False, False, False]
    once = seal_events(Seals(soft, robust, np.zeros_like(soft), bearing, fort, soft.astype(np.int8)))
    assert once[0].kind == "room sealed", "a fort for one of three ticks"
    words = [in_words(event, recording.header.slots) for event in events]
    assert words == [
        "Box 0 walls the hiders off",
        "The seal of box 0 breaks",
        "The seal of box 1 breaks",
        "Ramp 0 seals the hiders in",
    ]


def test_a_blocked_door_is_told_with_who_which_and_what(recording: Recording):
    shut = [Blockade(0, 4, 9, 0, 0, 2, 1), Blockade(0, 15, 20, 0, 1, NOTHING, 0), Blockade(0, 11, 12, 0, 0, NOTHING, 0)]
    events = door_events(shut, 20)
    assert [event[:2] for event in events] == [
        (4, "door blocked"),
        (10, "door open again"),
        (11, "door blocked"),
        (13, "door open again"),
        (15, "door blocked"),
    ]
    names = door_names(recording.layout)
    assert [in_words(event, recording.header.slots, names) for event in events] == [
        "Hider 0 blocks the door with box 0",
        "Seeker 0 moves box 1: the door is open again",
        "Hider 0 blocks the door with box 0",
        "Box 0 gives way: the door is open again",
        "Hider 1 blocks the door with box 0",
    ]
    assert "blocks door 0 with" in in_words(events[0], recording.header.slots)


def test_doors_are_named_by_where_they_are():
    layout = empty_layout(1, Slots(1, 1, 0, 0, 0, 3))
    layout.doors[0] = [(2.0, 1.0, 2.1, 1.5), (4.0, 3.0, 4.5, 3.1), (0.0, 0.0, 0.0, 0.0)]
    layout.door_exists[0] = [True, True, False]
    assert door_names(layout)[:2] == ["the left door", "the right door"]
    layout.door_exists[0, 0] = False
    assert door_names(layout)[1] == "the door"
    layout.doors[0], layout.door_exists[0] = [(0, 3, 0.1, 4), (0, 2, 0.1, 2.5), (6, 3, 6.1, 4)], True
    assert door_names(layout) == ["door 0", "door 1", "door 2"]


def test_there_are_never_more_events_than_the_most(recording: Recording):
    """Everything that can happen in a tick happens in every tick."""
    recording = dataclasses.replace(recording, header=dataclasses.replace(recording.header, preparation_ticks=0))
    slots, states = recording.header.slots, recording.states
    odd = np.arange(len(states.tick)) % 2 == 1
    states.held[:] = np.where(odd[:, None], (0, 1, 2), (1, 2, 0))
    states.lock[:] = np.where(odd[:, None], 1, 2)
    recording.seen[:, 2, :2] = odd[:, None]
    everything = np.repeat(odd[:, None], slots.things, axis=1)
    events = found(recording) + seal_events(Seals(odd, odd, odd, everything, odd, odd.astype(np.int8)))
    shut = [Blockade(0, tick, tick, 0, 0, 0, 0) for tick in range(1, recording.header.ticks, 2)]
    events += [*door_events(shut, recording.header.ticks)]
    strategies = len(STRATEGY_KINDS) * max(slots.agents, slots.things) * recording.header.ticks
    assert len(events) == most_events(slots, recording.header.ticks) - strategies


def test_what_lasts_is_told_before_what_hands_do_and_after_what_weighs_more(recording: Recording):
    recording.states.level[9:, 2], recording.states.held[9:16, 2] = UPPER, 2
    recording.states.things[9:, 2, 0] += np.minimum(0.3 * np.arange(12), 1.8)
    ride, grab = Event(9, "surf", 2, 2, NOBODY), Event(13, "grab", 0, 1, NOBODY)
    blocked, spotted = Event(4, "door blocked", 1, 0, 0), Event(15, "spotted", 2, NOBODY, 1)
    film = Film(dataclasses.replace(recording, events=(blocked, ride, grab, spotted)), "film")
    assert film.lasting[1].event == ride._replace(tick=10), "it is told when the ramp moves, not when it is held"
    rides, door = "Seeker 0 surfs on ramp 0", "Hider 1 has blocked the door with box 0"
    assert caption(film, 11) == (f"{rides} · {door}", film.lasting[1].event)
    assert caption(film, 13, exact=True) == (f"{rides} · {door} · Hider 0 grabs box 1", film.lasting[1].event)
    assert caption(film, 15, exact=True)[0].startswith("Seeker 0 spots hider 1 · ")
    assert [event.kind for event in film.lasting_at(16)] == ["door blocked"], "at 16 the seeker has let go"
    assert Film(film.recording, "film", SEEKERS).lasting == [], "how long it lasts nobody tells who plays in fog"


def test_in_one_tick_causes_come_before_effects(recording: Recording):
    seen, spotted = (Event(9, kind, 2, NOBODY, 1) for kind in ("seen from above", "spotted"))
    effects = [seen, spotted, Event(9, "seal broken", NOBODY, 0, NOBODY)]
    causes = [Event(9, "climb", 2, 2, NOBODY), Event(9, "unlock", 0, 0, NOBODY), Event(8, "lost", 2, NOBODY, 0)]
    old = dataclasses.replace(recording, events=(*effects, *causes))
    assert list(Film(old, "film").events) == in_time(old.events) == [*reversed(causes), *reversed(effects)]


def test_a_seal_whose_box_stands_is_not_said_to_break(recording: Recording):
    event, film = Event(10, "seal broken", NOBODY, 0, NOBODY), Film(recording, "film")
    assert film.words(event) == "The seal of box 0 breaks"
    recording.states.level[10:, 2] = UPPER
    assert film.words(event) == "Seekers can get over box 0 now"
    recording.states.things[10:, 0, 0] += 0.02
    assert film.words(event) == "The seal of box 0 breaks", "it gave way"
