"""Seen from above: only from the upper level is a hider seen, and from the floor below it would not be."""

import pytest

from tests.replays.strategies.scenes import (
    BAR,
    DOWN,
    HIDER,
    LEFT,
    MATE,
    PARTNER,
    RAMP,
    RIGHT,
    SEEKER,
    UP,
    Scene,
    cases,
    found,
    ring,
)


def room(label: str, hider=(5.5, 1.2), x=5.5, y=2.72, since=8, end=None, faces=DOWN, preparation=5) -> Scene:
    """A ramp leads up to the room's wall from outside; a seeker climbs it and looks in."""
    return (
        Scene(label, 20, preparation, room=True)
        .thing(RAMP, (x, 2.9, DOWN))
        .agent(SEEKER, (since - 1, x, 3.2), (since, x, y), faces=faces)
        .upstairs(SEEKER, since, end)
        .agent(HIDER, hider)
    )


def field(label: str, hider, faces=RIGHT) -> Scene:
    """A seeker on a ramp in the middle of an open floor."""
    return (
        Scene(label)
        .thing(RAMP, (3.0, 3.0, 0.0))
        .agent(SEEKER, (7, 2.7, 3.0), (8, 3.2, 3.0), faces=faces)
        .upstairs(SEEKER, 8)
        .agent(HIDER, hider)
    )


POSITIVE = [
    *[
        room(f"hider at {hider}, ramp at {x}", hider, x)
        for hider in ((5.5, 1.2), (5.0, 0.4), (4.6, 0.5), (5.7, 2.1))
        for x in (5.3, 5.6)
    ],
    *[room(f"for {ticks} ticks", end=8 + ticks) for ticks in (1, 4)],
    *[field(f"behind a box, {x}", (x, 3.0)).thing(0, (x - 0.7, 3.0, angle)) for x, angle in ((4.9, 0.0), (5.4, 0.5))],
    field("behind an elongated box", (5.0, 3.0)).thing(0, (4.3, 3.0, UP), half=BAR),
    field("behind a wall", (5.0, 2.5)).walls((4.2, 2.0, 4.3, 4.0)),
    room("from the wall itself", y=2.35),
    room("at last", since=20),
    room("right after preparation", since=6),
    room("the partner on the floor sees nothing").agent(PARTNER, (3.0, 3.0), faces=DOWN),
    room("the partner is upstairs too").agent(PARTNER, (4.2, 2.35), faces=DOWN).upstairs(PARTNER, 9),
    room("another hider is in plain view").agent(MATE, (5.5, 4.0)),
    Scene("from the box of a fort into it")
    .thing(0, ring()[0], half=BAR).thing(1, ring()[1], half=BAR).thing(2, ring()[2], half=BAR)
    .thing(3, ring()[3], half=BAR).agent(SEEKER, (2.6, 3.95), faces=DOWN).upstairs(SEEKER, 0).agent(HIDER, (2.5, 2.8)),
]  # fmt: skip

NEGATIVE = [
    *[
        room(f"through the door, as from the floor, to {hider}", hider, 4.65)
        for hider in ((4.65, 1.8), (4.65, 1.0), (4.6, 0.4), (4.75, 1.5))
    ],
    *[
        field(f"in plain view at {hider}", hider, faces)
        for hider, faces in (((5.0, 3.0), RIGHT), ((4.5, 4.0), RIGHT), ((1.0, 3.0), LEFT), ((3.0, 5.0), UP))
    ],
    *[field(f"beside a box, at y = {y}", (5.0, y)).thing(0, (4.2, 3.0, 0.0)) for y in (1.6, 4.6)],
    *[room(f"looks elsewhere, at {angle}", faces=angle) for angle in (UP, RIGHT, 0.3)],
    room("stays on the floor of the ramp", since=8, end=8),
    room("ramp near but unused").agent(SEEKER, (4.9, 3.0), faces=DOWN).upstairs(SEEKER, 20, 20).on_floor(SEEKER),
    room("as preparation ends, never in play", since=2, end=6),
    room("during preparation only", since=2, end=9, preparation=9),
    room("the partner sees it from the floor").agent(PARTNER, (4.2, 0.4)),
    room("the partner sees it through the door").agent(PARTNER, (4.3, 3.4), faces=DOWN).agent(HIDER, (4.7, 1.7)),
    room("the partner sees it through the door from above, as from the floor", (4.65, 1.2))
    .agent(PARTNER, (4.65, 3.0), faces=DOWN).upstairs(PARTNER, 6),
    room("the hider is upstairs too", (5.5, 2.35)).upstairs(HIDER, 0),
    room("the hider is upstairs in the room", (5.5, 1.2)).upstairs(HIDER, 0),
    room("the hider has left the room", (5.5, 4.5), faces=UP),
    room("hiders look at it from above").agent(SEEKER, (5.5, 4.5), faces=DOWN).on_floor(SEEKER)
    .agent(HIDER, (5.5, 2.7), faces=UP).upstairs(HIDER, 6),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("seen_from_above", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("seen_from_above", scene, symmetry)


def test_the_first_moment_of_each_seeker_and_hider():
    scene = room("both hiders").agent(MATE, (5.2, 0.4)).agent(PARTNER, (4.2, 2.35), faces=DOWN).upstairs(PARTNER, 10)
    assert found("seen_from_above", scene) == [
        [8, SEEKER, -1, HIDER],
        [8, SEEKER, -1, MATE],
        [10, PARTNER, -1, HIDER],
        [10, PARTNER, -1, MATE],
    ]
