"""Door blocked: a hider has put a thing where no agent can pass the door. The door is 0.5 m wide, agents 0.3 m."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as drawn

from tests.replays.strategies.scenes import (
    BAR,
    HIDER,
    IN_DOOR,
    MATE,
    OFF_DOOR,
    RAMP,
    SEEKER,
    UP,
    Scene,
    cases,
    found,
)


def room(label: str, ticks: int = 12) -> Scene:
    return (
        Scene(label, ticks, room=True)
        .agent(HIDER, (5.5, 0.4))
        .agent(MATE, (5.0, 0.3))
        .agent(SEEKER, (2.0, 4.5))
    )  # fmt: skip


def brought(label: str, pose, half=(0.37, 0.37), by=HIDER, start=OFF_DOOR, thing=0) -> Scene:
    """An agent brings a thing to a pose."""
    return room(label).bring(thing, start, pose, by, half=half)


def before(half: float, gap: float, aside: float = 0.0, angle: float = 0.0) -> tuple[float, float, float]:
    """A pose inside, so far from the wall and to one side of the door's middle."""
    reach = half * (math.cos(angle) + math.sin(angle))
    return 4.65 + aside, 2.3 - reach - gap, angle


POSITIVE = [
    *[
        brought(f"a box of {half}, {gap} m from the wall, {aside} m aside", before(half, gap, aside), (half, half))
        for half in (0.34, 0.37, 0.44)
        for gap in (0.01, 0.1, 0.2)
        for aside in (-0.1, 0.05)
    ],
    *[brought(f"open but for 0.2 m, {aside} m aside", before(0.37, 0.01, aside)) for aside in (-0.3, 0.3)],
    *[brought(f"turned by {angle}", before(0.34, 0.02, 0.0, angle), (0.34, 0.34)) for angle in (0.2, 0.5, 0.78)],
    brought("outside", (4.65, 2.8, 0.0), start=(4.65, 3.6, 0.0)),
    brought("in the doorway", (4.65, 2.35, 0.0), (0.22, 0.3)),
    brought("an elongated box across the door", (4.65, 2.2, 0.0), BAR, start=(4.6, 1.5, 0.0)),
    brought("a ramp", (4.65, 1.98, 0.0), (0.45, 0.3), thing=RAMP),
    brought("locked", IN_DOOR).lock(0, 6),
    brought("by the mate", IN_DOOR, by=MATE),
    room("two small boxes side by side")
    .bring(0, (4.0, 1.0, 0.0), (4.44, 2.08, 0.0), HIDER, half=(0.2, 0.2))
    .bring(1, (5.2, 1.0, 0.0), (4.86, 2.08, 0.0), MATE, half=(0.2, 0.2)),
    room("opened again after 4 ticks")
    .thing(0, (1, *OFF_DOOR), (4, *IN_DOOR), (8, *IN_DOOR), (10, *OFF_DOOR)).hold(HIDER, 0, 1),
    room("for 3 ticks", 16)
    .thing(0, (1, *OFF_DOOR), (4, *OFF_DOOR), (5, *IN_DOOR), (7, *IN_DOOR), (8, *OFF_DOOR)).hold(HIDER, 0, 1),
    room("pushed on by a seeker afterwards")
    .thing(0, (1, *OFF_DOOR), (4, 4.65, 1.8, 0.0), (6, 4.65, 1.8, 0.0), (8, *IN_DOOR))
    .hold(HIDER, 0, 1, 5).hold(SEEKER, 0, 7, 9),
    room("let go of, glides in")
    .thing(0, (1, *OFF_DOOR), (7, *IN_DOOR)).hold(HIDER, 0, 1, 4),
]  # fmt: skip

NEGATIVE = [
    *[
        brought(f"beside the door, {free} m of it free", before(half, 0.01, -0.25 + free + half), (half, half))
        for half in (0.34, 0.4)
        for free in (0.35, 0.42, 0.5)
    ],
    *[
        brought(f"an agent's width and 5 cm before it, gap {gap}", before(half, gap), (half, half))
        for half in (0.34, 0.37)
        for gap in (0.35, 0.45, 0.6)
    ],
    brought("never moved", OFF_DOOR),
    *[
        brought(f"blocked from the start, moved by {by} m", (4.65 + by, 1.92, 0.0), start=IN_DOOR)
        for by in (0.05, 0.12)
    ],
    *[brought(f"moved by a hider for {by} m", before(0.37, 0.2), start=before(0.37, 0.2 + by)) for by in (0.08, 0.09)],
    brought("by a seeker", IN_DOOR, by=SEEKER),
    brought("by a seeker, outside", (4.65, 2.8, 0.0), start=(4.65, 3.6, 0.0), by=SEEKER),
    room("by nobody").thing(0, (1, *OFF_DOOR), (4, *IN_DOOR)),
    *[
        room(f"for {ticks} ticks", 16)
        .thing(0, (1, *OFF_DOOR), (4, *OFF_DOOR), (5, *IN_DOOR), (4 + ticks, *IN_DOOR), (5 + ticks, *OFF_DOOR))
        .hold(HIDER, 0, 1)
        for ticks in (1, 2)
    ],
    brought("locked far from the door", (5.4, 1.0, 0.0)).lock(0, 6),
    brought("a seeker's box blocks it, a hider's stands elsewhere", (5.4, 0.8, 0.0))
    .bring(1, (4.65, 3.6, 0.0), (4.65, 2.8, 0.0), SEEKER),
    brought("no door anywhere", IN_DOOR).walls(),
    brought("a wall without a door", IN_DOOR).walls((3.6, 2.3, 6.0, 2.4), (3.6, 0.0, 3.7, 2.4)),
    brought("an elongated box upright before the door", (4.3, 1.2, UP), BAR, start=(5.6, 1.2, UP)),
    brought("a small box in the middle of a wide door", before(0.1, 0.01), (0.1, 0.1))
    .door((4.2, 2.3, 5.1, 2.4)),
    room("the hider stands in the door itself").agent(HIDER, (4.65, 2.35)).thing(0, OFF_DOOR),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("door_blocked", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("door_blocked", scene, symmetry)


def test_the_hider_its_thing_and_the_door_are_named():
    pushed = brought("alone", IN_DOOR, by=MATE, start=(4.65, 1.5, 0.0))
    (found_here,) = found("door_blocked", pushed)
    assert found_here[1:] == [MATE, 0, 0] and 1 < found_here[0] <= 4


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    gap=drawn.floats(0.0, 0.6),
    aside=drawn.floats(-0.2, 0.2),
    x=drawn.floats(-0.05, 0.0),
    y=drawn.floats(0.0, 0.05),
    symmetry=drawn.integers(0, 7),
)
def test_an_agents_width_is_open_and_5_cm_less_is_shut_wherever_the_grid_lies(gap, aside, x, y, symmetry: int):
    scene = brought("somewhere", before(0.5, gap, aside), (0.5, 0.5)).shifted(x, y)
    if not 0.249 < gap < 0.301:
        assert bool(found("door_blocked", scene, symmetry)) == (gap < 0.275)
