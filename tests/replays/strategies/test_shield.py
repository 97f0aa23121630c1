"""Shield: a hider carries a thing that hides it from a seeker. The floor is open."""

import pytest

from tests.replays.strategies.scenes import (
    BAR,
    HIDER,
    LEFT,
    MATE,
    OTHER_RAMP,
    PARTNER,
    RAMP,
    SEEKER,
    UP,
    Scene,
    cases,
    found,
)


def carried(
    label: str, half=(0.37, 0.37), x=3.0, angle=0.0, seeker=(1.0, 3.0), first=8, end: int | None = 18, thing=0
) -> Scene:
    """A hider holds a thing before itself; the seeker stands on the thing's other side."""
    behind = x + max(half) + 0.3
    return (
        Scene(label, 24)
        .thing(thing, (x, 3.0, angle), half=half)
        .hold(HIDER, thing, first, end)
        .agent(SEEKER, seeker)
        .agent(HIDER, (behind, 3.0), faces=LEFT)
    )


def moving(label: str, speed: float, half: float) -> Scene:
    """The hider walks up, its box to its left, where the seeker is."""
    return (
        Scene(label, 24)
        .thing(0, (6, 3.0, 2.0, 0.0), (20, 3.0, 2.0 + 14 * speed, 0.0), half=(half, half))
        .hold(HIDER, 0, 6)
        .agent(HIDER, (6, 3.6, 2.0), (20, 3.6, 2.0 + 14 * speed))
        .agent(SEEKER, (1.0, 3.0))
    )


POSITIVE = [
    *[
        carried(f"a box of {half} at {x}, turned by {angle}", (half, half), x, angle)
        for half in (0.3, 0.4)
        for x in (2.0, 3.0, 4.0)
        for angle in (0.0, 0.6)
    ],
    *[moving(f"goes at {speed} with a box of {half}", speed, half) for speed in (0.05, 0.12) for half in (0.37, 0.45)],
    carried("an elongated box across", BAR, 3.0, UP),
    carried("an elongated box along", BAR),
    carried("a ramp", (0.45, 0.3), thing=RAMP),
    carried("for just 5 ticks", end=13),
    carried("till the end", end=None),
    carried("from preparation on", first=0),
    carried("the other seeker looks elsewhere").agent(PARTNER, (1.0, 1.0), faces=LEFT),
    carried("the other seeker is behind it too").agent(PARTNER, (0.6, 3.3)),
    carried("the mate holds it too").agent(MATE, (3.0, 3.6)).hold(MATE, 0, 6),
    carried("the seeker comes nearer").agent(SEEKER, (6, 0.5, 2.7), (18, 2.2, 3.0)),
]

NEGATIVE = [
    *[
        carried(f"a wall at {wall} hides it, box at {x}", x=x).walls((wall, 1.0, wall + 0.1, 5.0))
        for x, wall in ((3.0, 1.5), (3.0, 2.0), (3.0, 3.4), (4.0, 2.5), (4.0, 1.2), (2.5, 2.9))
    ],
    carried("another box hides it too").thing(1, (2.0, 3.0, 0.0)),
    carried("another elongated box hides it too").thing(1, (2.0, 3.0, UP), half=BAR),
    *[carried(f"nobody holds it, at {x}", x=x, first=24) for x in (2.0, 3.0)],
    carried("nobody holds the last ramp", (0.45, 0.3), first=24, thing=OTHER_RAMP),
    *[carried(f"held for {ticks} ticks", end=8 + ticks) for ticks in (1, 3, 4)],
    *[carried(f"during preparation, for {ticks} ticks", first=0, end=ticks) for ticks in (4, 6, 9)],
    carried("the mate holds it", first=24).agent(MATE, (3.0, 3.6)).hold(MATE, 0, 6),
    carried("the seeker holds it", first=24).hold(SEEKER, 0, 6),
    *[
        carried(f"the seeker looks away, at {angle}").agent(SEEKER, (1.0, 3.0), faces=angle)
        for angle in (LEFT, UP, -1.4)
    ],
    carried("another seeker sees it").agent(PARTNER, (3.6, 5.5), faces=-UP),
    carried("the box is to one side").thing(0, (3.0, 4.0, 0.0)),
    carried("the box is behind it").agent(HIDER, (2.0, 3.0)),
    carried("holds one box, and another hides it").thing(0, (4.0, 3.0, 0.0)).thing(1, (2.5, 3.0, 0.0)),
    carried("upstairs, seen over the box").upstairs(HIDER, 0),
    carried("without a seeker in the world").without(SEEKER),
    carried("let go of every fourth tick").release(HIDER, range(6, 24, 4)),
]


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("shield", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("shield", scene, symmetry)


def test_the_hider_and_its_thing_are_named_from_the_first_moment_on():
    assert found("shield", carried("alone")) == [[8, HIDER, 0, -1]]
    twice = carried("let go of for a moment", thing=RAMP).release(HIDER, [13])
    assert found("shield", twice) == [[8, HIDER, RAMP, -1]], "the 4 ticks after it are too few"
