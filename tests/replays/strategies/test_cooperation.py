"""Cooperation: what shuts the hiders in rests on things that two of them put there."""

import pytest

from tests.replays.strategies.scenes import (
    BAR,
    CORNER,
    HIDER,
    IN_BAY,
    IN_DOOR,
    IN_RING,
    INSIDE,
    MATE,
    OFF_DOOR,
    OUTSIDE,
    SEEKER,
    Scene,
    bay,
    built,
    cases,
    found,
    ring,
)


def corner(label: str, by=(HIDER, MATE), gap: float = 0.04, **more) -> Scene:
    return built(label, ((5.63, 0.87, 0.0), (4.89 - gap, 0.37, 0.0)), by, **more)


def door(label: str, by=(HIDER, MATE), aside: float = 0.2) -> Scene:
    """Two small boxes side by side shut the room's door."""
    return (
        Scene(label, 16, 8, room=True)
        .bring(0, (4.0, 1.0, 0.0), (4.65 - aside, 2.08, 0.0), by[0], 1, 3, (0.2, 0.2))
        .bring(1, (5.2, 1.0, 0.0), (4.65 + aside, 2.08, 0.0), by[1], 4, 6, (0.2, 0.2))
        .people(((4.0, 0.5), (5.5, 0.3)), OUTSIDE)
    )


def cells(label: str, by=(HIDER, MATE)) -> Scene:
    poses = (5.35, 0.65, 0.785), (0.65, 0.65, -0.785)
    return built(label, poses, by, BAR, ((5.7, 0.25), (0.3, 0.25)), ((3.0, 3.0), (2.5, 4.0)))


POSITIVE = [
    *[
        corner(f"a corner, {gap} m open, by {by}", by, gap)
        for gap in (0.02, 0.1, 0.18)
        for by in ((HIDER, MATE), (MATE, HIDER))
    ],
    *[
        built(f"a ring by {by}", ring(0.02), by, BAR, IN_RING)
        for by in (
            (HIDER, MATE, HIDER, MATE),
            (HIDER, HIDER, HIDER, MATE),
            (MATE, HIDER, HIDER, HIDER),
            (SEEKER, HIDER, MATE, MATE),
        )
    ],
    *[
        built(f"a bay by {by}", bay(), by, BAR, IN_BAY)
        for by in ((HIDER, HIDER, MATE), (MATE, HIDER, HIDER), (MATE, MATE, HIDER))
    ],
    *[door(f"a door shut by two, {aside} m aside", aside=aside) for aside in (0.2, 0.24)],
    door("a door shut by the mate first", (MATE, HIDER)),
    cells("each shuts itself in"),
    cells("each shuts the other in", (MATE, HIDER)),
    corner("after preparation", since=10),
    corner("locked").lock(0, 6).lock(1, 6),
    corner("broken into after preparation")
    .thing(0, (1, 1.0, 5.0, 0.0), (2, *CORNER[0]), (10, *CORNER[0]), (13, 4.5, 1.5, 0.0)).hold(SEEKER, 0, 11, 14),
    corner("one brings both, the other has one of them last", (HIDER, HIDER)).hold(MATE, 1, 5, 8),
]  # fmt: skip

NEGATIVE = [
    *[corner(f"both by one, {gap} m open", by, gap) for gap in (0.02, 0.15) for by in ((HIDER, HIDER), (MATE, MATE))],
    *[built(f"a ring by {by}", ring(), (by,) * 4, BAR, IN_RING) for by in (HIDER, MATE)],
    built("a bay by one", bay(), (MATE,) * 3, BAR, IN_BAY),
    door("a door shut by one with two boxes", (HIDER, HIDER)),
    cells("cells by one", (MATE, MATE)),
    *[
        corner(f"both by one, a third box by the other at {place}", (HIDER, HIDER))
        .bring(2, (3.0, 5.0, 0.0), (*place, 0.0), MATE, 4, 6)
        for place in ((2.0, 2.0), (4.2, 2.5), (5.0, 4.0))
    ],
    *[
        Scene(f"one shuts the door, the other moves a box to {place}", 16, 8, room=True)
        .bring(0, OFF_DOOR, IN_DOOR, HIDER).bring(1, (5.5, 1.7, 0.0), (*place, 0.0), MATE)
        .people(((4.0, 0.5), (4.4, 0.3)), OUTSIDE)
        for place in ((5.5, 1.1), (5.5, 0.4))
    ],
    *[corner(f"by two, but {gap} m open", gap=gap) for gap in (0.35, 0.5)],
    corner("by two, one hider outside", inside=(INSIDE[0], (1.0, 3.0))),
    corner("by two, a seeker inside", outside=(OUTSIDE[0], INSIDE[1]), inside=INSIDE[:1]),
    corner("one by a hider, one by a seeker", (HIDER, SEEKER)),
    corner("one by a hider, one was there", (HIDER, MATE)).thing(1, CORNER[1]).release(MATE, range(17)),
    corner("the other moves its box for 0.2 m only").thing(1, (2, 4.65, 0.37, 0.0), (3, *CORNER[1])),
    corner("open again before it counts", since=9)
    .thing(1, (10, 1.0, 5.3, 0.0), (11, *CORNER[1]), (13, *CORNER[1]), (14, 3.0, 3.0, 0.0)),
    Scene("two carry one box to the door", 16, 8, room=True).bring(0, OFF_DOOR, IN_DOOR, HIDER).hold(MATE, 0, 2, 5)
    .people(((4.0, 0.5), (5.2, 0.3)), OUTSIDE),
    Scene("two lock boxes where they lie", 16, 8).thing(0, (2.0, 2.0, 0.0)).thing(1, (4.0, 2.0, 0.0))
    .people(INSIDE, OUTSIDE).hold(HIDER, 0, 2, 4).hold(MATE, 1, 2, 4).lock(0, 4).lock(1, 4),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("cooperation", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("cooperation", scene, symmetry)


def test_it_names_two_hiders_and_what_the_first_put_there():
    assert found("cooperation", corner("alone", (MATE, HIDER))) == [[8, HIDER, 1, MATE], [16, HIDER, 1, MATE]]
