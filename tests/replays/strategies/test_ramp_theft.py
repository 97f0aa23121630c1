"""Ramp theft: hiders take a ramp from where seekers come to it to where they do not."""

import pytest

from tests.replays.strategies.scenes import (
    BAR,
    HIDER,
    IN_DOOR,
    MATE,
    OTHER_RAMP,
    OUTSIDE,
    PARTNER,
    RAMP,
    SEEKER,
    Scene,
    built,
    cases,
    found,
)

PLACE, FAR = (5.4, 0.7, 0.3), (4.65, 3.6, 0.0)
"""A pose in the room, and one outside."""
HIDERS = ((4.0, 0.5), (4.2, 1.8))


def room(label: str, to=PLACE, start=FAR, by=HIDER, door=IN_DOOR, since=1, seekers=OUTSIDE, ramp=RAMP) -> Scene:
    """A ramp is brought to a pose, and then the room's door is shut with a box. The end of preparation is 8."""
    return (
        Scene(label, 16, 8, room=True)
        .bring(ramp, start, to, by, since, since + 2)
        .bring(0, (4.3, 1.2, 0.0), door, MATE, since + 3, since + 5)
        .people(HIDERS, seekers)
    )


def corner(label: str, off: float = 0.65, lay=(5.45, 0.3, 0.0)) -> Scene:
    """On an open floor: a ramp in the corner, an elongated box across."""
    scene = built(label, ((6.0 - off, off, 0.785),), (MATE,), BAR, ((2.0, 3.0), (3.0, 2.0)), since=5)
    scene.layout.thing_half[0, RAMP] = 0.2, 0.12
    return scene.bring(RAMP, (3.0, 3.5, 0.0), lay, HIDER, 1, 3, (0.2, 0.12))


POSITIVE = [
    *[
        room(f"from {start} to {to}", to, start)
        for start in (FAR, (1.0, 1.0, 0.5), (3.0, 1.2, 1.6))
        for to in (PLACE, (5.4, 1.4, 1.6), (4.3, 0.5, 0.0))
    ],
    *[room(f"a box {gap} m before the door", door=(4.65, 1.93 - gap, 0.0)) for gap in (0.1, 0.2)],
    room("by the mate", by=MATE),
    *[room(f"after preparation, from {since}", since=since) for since in (8, 10)],
    *[corner(f"into a corner, the box {off} m from the edges", off) for off in (0.64, 0.67)],
    room("the other ramp", ramp=OTHER_RAMP),
    room("one of two").thing(OTHER_RAMP, (2.0, 5.0, 0.0)),
    room("within the room, before the door is shut", start=(5.4, 1.7, 0.3)),
    room("then locked").lock(RAMP, 7),
    room("brought out again after preparation")
    .thing(RAMP, (1, *FAR), (3, *PLACE), (10, *PLACE), (12, *FAR)).hold(HIDER, RAMP, 11, 13),
    room("a hider stays outside").agent(HIDER, (2.0, 2.0)),
    room("one seeker", seekers=OUTSIDE[:1]),
]  # fmt: skip

NEGATIVE = [
    *[
        room(f"the door stays open, ramp at {to}", to, door=(4.3, 1.1, 0.0))
        for to in (PLACE, (5.4, 1.7, 1.6), (5.3, 0.9, 0.0))
    ],
    *[room(f"the door is open for an agent and 5 cm, {gap} m", door=(4.65, 1.93 - gap, 0.0)) for gap in (0.36, 0.5)],
    *[room(f"moved for {by} m in the room", PLACE, (5.4 - by, 0.7, 0.3)) for by in (0.1, 0.28)],
    *[room(f"left outside, at {to}", to) for to in ((2.0, 3.0, 0.0), (4.65, 3.2, 0.0), (1.0, 1.0, 0.7))],
    *[room(f"brought in by agent {agent}", by=agent) for agent in (SEEKER, PARTNER)],
    room("brought in by nobody").release(HIDER, range(17)),
    *[room(f"a seeker in the room, at {place}", seekers=(OUTSIDE[0], place)) for place in ((5.5, 2.0), (3.9, 1.0))],
    room("a seeker upstairs on the wall", seekers=(OUTSIDE[0], (5.3, 2.35))).upstairs(PARTNER, 0),
    room("it shuts the door itself", (4.65, 1.98, 0.0), door=(5.4, 1.0, 0.0)),
    room("the door was shut from the start, moved about inside", start=(5.4, 1.7, 0.3)).thing(0, IN_DOOR),
    room("out again before it counts", since=1)
    .thing(RAMP, (1, *FAR), (3, *PLACE), (5, *PLACE), (7, *FAR)).hold(HIDER, RAMP, 2, 8),
    Scene("a box is brought in, no ramp anywhere", 16, 8, room=True).bring(1, FAR, PLACE, HIDER, 1, 3)
    .bring(0, (4.3, 1.2, 0.0), IN_DOOR, MATE, 4, 6).people(HIDERS, OUTSIDE),
    room("a box is brought in, the ramp was in the room and stays").thing(RAMP, PLACE).release(HIDER, range(17))
    .bring(1, FAR, (5.4, 1.6, 0.0), HIDER, 1, 3),
    corner("the box is too far from the corner", 1.0),
    room("locked outside", (2.0, 3.0, 0.0)).lock(RAMP, 5),
    room("nobody moves").thing(RAMP, FAR).thing(0, (4.3, 1.2, 0.0)),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("ramp_theft", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("ramp_theft", scene, symmetry)


def test_the_thief_is_named_once_for_each_ramp():
    both = room("both", by=MATE).bring(OTHER_RAMP, (3.0, 4.5, 0.0), (5.4, 1.5, 0.0), HIDER, 1, 3)
    assert found("ramp_theft", both) == [[8, MATE, RAMP, -1], [8, HIDER, OTHER_RAMP, -1]]
