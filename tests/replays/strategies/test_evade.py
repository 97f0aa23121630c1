"""Evade: a hider that was seen gets out of sight by its own way."""

import pytest

from sim.climb import UPPER
from tests.replays.strategies.scenes import (
    DOWN,
    HIDER,
    LEFT,
    MATE,
    PARTNER,
    RIGHT,
    SEEKER,
    UP,
    Facing,
    Scene,
    cases,
    found,
)

BEFORE_DOOR = (4.65, 1.5)
"""Seen through the door by whoever stands above it."""


def room(label: str, to: tuple[float, float], ticks=30, leaves=10, takes=5, seeker=(4.65, 4.0), faces=DOWN) -> Scene:
    """A seeker looks through the door from outside; the hider goes from before the door to a place in the room."""
    return (
        Scene(label, ticks, room=True)
        .agent(SEEKER, seeker, faces=faces)
        .agent(HIDER, (leaves, *BEFORE_DOOR), (leaves + takes, *to))
    )


def field(label: str, *way, walls=((3.0, 2.0, 3.1, 4.0),), faces: Facing = RIGHT) -> Scene:
    """A seeker at the left looks right; a wall of 2 m stands in the middle."""
    return Scene(label, 30).walls(*walls).agent(SEEKER, (1.0, 3.0), faces=faces).agent(HIDER, *way)


def in_and_out(label: str, ticks: int) -> Scene:
    """The hider is behind the wall for `ticks` moments."""
    return field(label, (8, 4.5, 0.8), (9, 4.5, 3.0), (8 + ticks, 4.5, 3.0), (9 + ticks, 4.5, 0.8))


POSITIVE = [
    *[in_and_out(f"hidden for {ticks} ticks", ticks) for ticks in (10, 13)],
    *[
        room(f"to {to}, seeker at {seeker[1]}, in {takes} ticks", to, takes=takes, seeker=seeker)
        for to in ((5.6, 1.2), (5.5, 2.0), (3.95, 1.6), (3.9, 1.0))
        for seeker, takes in (((4.65, 3.2), 4), ((4.65, 4.5), 8))
    ],
    *[field(f"behind the wall from y = {y}", (8, 4.5, y), (14, 4.5, 3.0)) for y in (0.8, 1.2, 4.9, 5.4)],
    field("right after preparation", (7, 4.5, 0.8), (10, 4.5, 3.0)),
    field("out again after a second and a half", (8, 4.5, 0.8), (11, 4.5, 3.0), (24, 4.5, 3.0), (27, 4.5, 0.8)),
    field(
        "in and out for less than a second first",
        (8, 4.5, 0.8),
        (10, 4.5, 3.0),
        (14, 4.5, 3.0),
        (16, 4.5, 0.8),
        (18, 4.5, 3.0),
    ),
    Scene("behind a box", 30)
    .thing(0, (3.0, 3.0, 0.0))
    .agent(SEEKER, (1.0, 3.0))
    .agent(HIDER, (8, 3.6, 4.6), (13, 3.6, 3.0)),
    Scene("behind a ramp", 30)
    .thing(4, (3.0, 3.0, 0.5))
    .agent(SEEKER, (1.0, 3.0))
    .agent(HIDER, (8, 3.6, 4.6), (13, 3.7, 3.0)),
    field("out of the cone, behind the seeker", (8, 1.8, 4.0), (14, 0.3, 4.0), walls=()),
    room("two seekers", (5.6, 1.2)).agent(PARTNER, (4.5, 3.5), faces=DOWN),
    room("the seeker comes nearer meanwhile", (5.6, 1.2), takes=4).agent(
        SEEKER, (8, 4.65, 4.5), (16, 4.65, 3.6), faces=DOWN
    ),
    field("down from the upper level behind the wall", (8, 3.4, 3.0), (12, 4.0, 3.0)).upstairs(HIDER, 0, 12),
    field("down again, from the wall itself", (8, 3.05, 3.0), (12, 3.6, 3.0)).upstairs(HIDER, 0, 12),
]

NEGATIVE = [
    *[
        field(f"the seeker turns to {angle}", (4.5, 0.8), faces=[(9, RIGHT), (12, angle)])
        for angle in (LEFT, UP, 2.0)
    ],
    *[
        field(f"the seeker turns away, hider at {y}", (8, 4.5, y), (14, 4.8, y), faces=[(9, RIGHT), (12, LEFT)])
        for y in (0.6, 1.0, 5.2)
    ],
    *[in_and_out(f"hidden for {ticks} ticks", ticks) for ticks in (2, 5, 8, 9)],
    field("seen as preparation ends, never in play", (5, 4.5, 0.8), (6, 4.5, 3.0)),
    *[
        Scene(f"hidden for the last {ticks} ticks", 20 + ticks).walls((3.0, 2.0, 3.1, 4.0)).agent(SEEKER, (1.0, 3.0))
        .agent(HIDER, (19, 4.5, 0.8), (20, 4.5, 3.0))
        for ticks in (3, 8)
    ],
    *[field(f"never seen, at {x}", (8, x, 3.0), (14, x, 3.3)) for x in (3.6, 4.5, 5.5)],
    Scene("hides during preparation", 30, 12).walls((3.0, 2.0, 3.1, 4.0)).agent(SEEKER, (1.0, 3.0))
    .agent(HIDER, (3, 4.5, 0.8), (9, 4.5, 3.0)),
    field("another still sees it", (8, 4.5, 0.8), (14, 4.5, 3.0)).agent(PARTNER, (5.5, 5.5), faces=DOWN - 0.5),
    *[
        Scene(f"its mate carries a box of {half} in between", 30).thing(0, (8, 3.0, 5.0, 0.0), (13, 3.0, 3.0, 0.0),
        half=(half, half)).hold(MATE, 0, 7, 14).agent(MATE, (8, 3.0, 5.6), (13, 3.0, 3.6)).agent(SEEKER, (1.0, 3.0))
        .agent(HIDER, (4.5, 3.0))
        for half in (0.3, 0.4)
    ],
    Scene("the seeker goes behind a wall", 30).walls((3.0, 2.0, 3.1, 4.0)).agent(SEEKER, (8, 1.0, 5.5), (13, 1.0, 3.0))
    .agent(HIDER, (4.5, 3.0)),
    Scene("the other seeker comes in between", 30).agent(SEEKER, (1.0, 3.0)).agent(HIDER, (4.5, 3.0))
    .agent(PARTNER, (8, 2.0, 5.0), (13, 2.0, 3.0), faces=UP),
    Scene("the seeker grabs a box and stands behind it", 30).thing(0, (8, 2.0, 4.0, 0.0), (12, 1.6, 3.0, 0.0))
    .hold(SEEKER, 0, 7).agent(SEEKER, (1.0, 3.0)).agent(HIDER, (4.5, 3.0)),
    field("stays in sight", (8, 4.5, 0.8), (14, 4.5, 1.2)),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("evade", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("evade", scene, symmetry)


def test_the_hider_is_named_at_the_first_moment_out_of_sight():
    scene = field("alone", (8, 4.5, 0.8), (9, 4.5, 3.0)).agent(MATE, (5.0, 3.0))
    assert found("evade", scene) == [[9, HIDER, -1, -1]]
    assert scene.states.level.max() < UPPER
