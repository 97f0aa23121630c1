"""Sealed: all hiders are in a room that no seeker can come into, by their own doing, when it counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as drawn

from replays.events import Event
from replays.strategies.catalogue import by_name
from replays.strategies.strategy import NOBODY
from replays.wording import in_words
from sim.layout import Slots
from sim.state import SEEKERS_LOCK
from tests.replays.strategies.scenes import (
    BAR,
    HIDER,
    IN_DOOR,
    MATE,
    OFF_DOOR,
    RAMP,
    SEEKER,
    Scene,
    cases,
    found,
)

INSIDE = ((4.0, 0.5), (5.2, 0.3))


def room(label: str, pose=IN_DOOR, start=OFF_DOOR, by=HIDER, hiders=INSIDE, seekers=((4.6, 4.0), (2.0, 5.0)), half=None,
         thing=0, moments=(1, 4)) -> Scene:  # fmt: skip
    """A box is brought to a pose, during preparation unless said; the end of preparation is moment 8, the end 16."""
    scene = Scene(label, 16, 8, room=True).bring(thing, start, pose, by, *moments, half=half)
    return scene.people(hiders, seekers)


def gap(metres: float, half: float = 0.37) -> tuple[float, float, float]:
    return 4.65, 2.3 - half - metres, 0.0


POSITIVE = [
    *[
        room(f"a box of {half}, {metres} m from the wall", gap(metres, half), half=(half, half))
        for half in (0.34, 0.4)
        for metres in (0.01, 0.1, 0.2)
    ],
    *[
        room(f"hiders at {hiders}", hiders=hiders)
        for hiders in (((3.9, 0.2), (5.8, 2.1)), ((5.5, 1.5), (5.5, 1.0)), ((3.9, 2.1), (4.0, 0.4)))
    ],
    *[
        room(f"seekers at {seekers}", seekers=seekers)
        for seekers in (((4.65, 2.6), (0.3, 0.3)), ((3.3, 1.0), (5.8, 2.7)), ((3.0, 0.2),))
    ],
    room("one hider", hiders=((4.0, 0.5),)),
    room("locked").lock(0, 5),
    room("a box outside", (4.65, 2.8, 0.0), start=(4.65, 3.6, 0.0), seekers=((2.0, 5.0),)),
    room("by the mate", by=MATE),
    room("an elongated box", (4.65, 2.2, 0.0), (4.6, 1.2, 0.0), half=BAR),
    room("a ramp in the door", (4.65, 1.98, 0.0), thing=RAMP),
    room("after preparation", moments=(10, 13)),
    room("opened by a seeker after preparation").thing(0, (1, *OFF_DOOR), (4, *IN_DOOR), (10, *IN_DOOR),
        (13, *OFF_DOOR)).hold(SEEKER, 0, 10, 14),
    room("another box lies in the room").thing(1, (5.5, 1.2, 0.4)),
    room("a hider comes in just in time").agent(MATE, (2, 4.65, 2.8), (7, 4.0, 1.0)),
    room("moved for 0.35 m", IN_DOOR, (4.65, 1.57, 0.0)),
    room("shut from the start, but first robustly once the box was put elsewhere before the door and locked")
    .thing(0, (1, *IN_DOOR), (3, *OFF_DOOR), (6, 4.32, 1.92, 0.0)).hold(HIDER, 0, 1, 7).lock(0, 7),
]  # fmt: skip

NEGATIVE = [
    *[
        room(f"a hider outside at {place}", hiders=(INSIDE[0], place))
        for place in ((1.0, 1.0), (4.65, 3.0), (3.0, 2.0))
    ],
    *[
        room(f"a seeker inside at {place}", seekers=((4.6, 4.0), place)) for place in ((5.7, 1.0), (3.9, 2.0))
    ],
    *[
        room(f"an agent's width and 5 cm are free, {metres} m", gap(metres, half), half=(half, half))
        for half in (0.34, 0.37)
        for metres in (0.35, 0.5)
    ],
    *[room(f"beside the door, {free} m free", (4.77 + free, 1.92, 0.0)) for free in (0.35, 0.45)],
    *[
        room(f"moved for {metres} m", (4.65, 1.92, 0.0), (4.65, 1.92 - metres, 0.0)) for metres in (0.2, 0.28)
    ],
    room("shut from the start", IN_DOOR, IN_DOOR),
    room("by a seeker", (4.65, 2.8, 0.0), (4.65, 3.6, 0.0), by=SEEKER),
    room("by nobody").release(HIDER, range(17)),
    room("locked, but not before the door", (5.5, 1.2, 0.0)).lock(0, 5),
    room("another box was locked, the one in the door never moved", (5.4, 0.9, 0.0), (4.3, 1.0, 0.0)).lock(0, 5)
    .thing(1, IN_DOOR),
    *[
        room(f"shut from {first} to {end} only").thing(0, (1, *OFF_DOOR), (first, *OFF_DOOR), (first + 1, *IN_DOOR),
        (end, *IN_DOOR), (end + 1, *OFF_DOOR)).hold(HIDER, 0, 1)
        for first, end in ((1, 5), (9, 13), (10, 14))
    ],
    room("hiders in two rooms").walls((3.6, 2.3, 4.4, 2.4), (4.9, 2.3, 6.0, 2.4), (4.6, 0.0, 4.7, 1.9))
    .thing(0, (1, 3.9, 1.0, 0.0), (4, 4.1, 1.0, 0.0)),
    room("no room at all").walls(),
    room("a hider upstairs in it").upstairs(MATE, 0),
    room("a seeker upstairs on the wall").agent(SEEKER, (4.2, 2.35)).upstairs(SEEKER, 0),
    room("a second door is open").walls((3.6, 2.3, 4.4, 2.4), (4.9, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 1.9)),
    room("nobody moves a thing, seekers lock it", OFF_DOOR).lock(0, 6, team=SEEKERS_LOCK),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("sealed", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("sealed", scene, symmetry)


def test_it_counts_at_the_end_of_preparation_and_at_the_end_and_names_the_thing():
    assert found("sealed", room("always").thing(1, (5.5, 1.2, 0.4))) == [[8, -1, 0, -1], [16, -1, 0, -1]]
    assert found("sealed", room("late", moments=(10, 13))) == [[16, -1, 0, -1]]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    metres=drawn.floats(0.0, 0.6),
    x=drawn.floats(-0.05, 0.0),
    y=drawn.floats(0.0, 0.05),
    symmetry=drawn.integers(0, 7),
)
def test_an_agents_width_is_open_and_5_cm_less_is_shut_wherever_the_grid_lies(metres, x, y, symmetry: int):
    scene = room("somewhere", gap(metres, 0.4), half=(0.4, 0.4)).shifted(x, y)
    if not 0.249 < metres < 0.301:
        assert bool(found("sealed", scene, symmetry)) == (metres < 0.275)


def test_its_words_also_fit_hiders_that_have_shut_themselves_in_where_no_room_is():
    sealed, slots = by_name("sealed"), Slots(hiders=1, seekers=1, boxes=1, ramps=0, walls=0, doors=0)
    said = in_words(Event(1, sealed.kind, NOBODY, 0, NOBODY), slots)
    assert said == "Box 0 seals the hiders in"
    assert all("room" not in words.lower() for words in (sealed.title, sealed.about, sealed.sentence))
