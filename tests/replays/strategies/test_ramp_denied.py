"""Ramp denied: at the end of preparation seekers can use no ramp, by what hiders did."""

import pytest

from tests.replays.strategies.scenes import (
    DOWN,
    HIDER,
    IN_DOOR,
    LEFT,
    MATE,
    OTHER_RAMP,
    OUTSIDE,
    PARTNER,
    RAMP,
    UP,
    Scene,
    cases,
    found,
)

HIDERS = ((5.0, 5.0), (5.5, 4.0))


def at_edge(label: str, gap: float, y: float = 3.0, by=HIDER, since=1, lock=True) -> Scene:
    """A ramp is brought with its low edge to the floor's left edge, and locked."""
    scene = Scene(label, 16, 8).bring(RAMP, (2.5, 3.0, 0.0), (0.45 + gap, y, 0.0), by, since, since + 2)
    scene.people(HIDERS, OUTSIDE)
    return scene.lock(RAMP, since + 3) if lock else scene


def room(label: str, ramp=(5.4, 0.7, 0.3), start=(4.65, 3.6, 0.0), door=IN_DOOR, seekers=OUTSIDE) -> Scene:
    """A ramp is brought into the room and the door shut."""
    return (
        Scene(label, 16, 8, room=True)
        .bring(RAMP, start, ramp, HIDER, 1, 3)
        .bring(0, (4.3, 1.2, 0.0), door, MATE, 4, 6)
        .people(((4.0, 0.5), (4.2, 1.8)), seekers)
    )


def boxed(label: str, gap: float) -> Scene:
    """A ramp is locked in the middle of the floor, with a locked box before its low edge."""
    return (
        Scene(label, 16, 8)
        .thing(RAMP, (3.0, 3.0, 0.0)).lock(RAMP, 3)
        .bring(0, (1.0, 1.0, 0.0), (2.55 - 0.37 - gap, 3.0, 0.0), HIDER, 1, 4).lock(0, 6)
        .people(HIDERS, OUTSIDE)
    )  # fmt: skip


POSITIVE = [
    *[at_edge(f"its low edge {gap} m from the floor's, at y = {y}", gap, y)
      for gap in (0.01, 0.1, 0.2) for y in (0.7, 3.0, 5.2)],
    *[room(f"taken in to {ramp}", ramp) for ramp in ((5.4, 0.7, 0.3), (5.4, 1.4, 1.6))],
    *[boxed(f"a box {gap} m before its low edge", gap) for gap in (0.01, 0.05)],
    *[room(f"was in the room, the door is shut, a box {gap} m off", start=(5.4, 0.7, 0.3),
           door=(4.65, 1.93 - gap, 0.0)) for gap in (0.0, 0.1, 0.2)],
    at_edge("by the mate", 0.05, by=MATE),
    at_edge("both ramps", 0.05).bring(OTHER_RAMP, (3.0, 4.8, 0.0), (0.5, 4.5, 0.0), MATE, 1, 3).lock(OTHER_RAMP, 5),
    at_edge("locked at the last moment", 0.05).lock(RAMP, 0, 8, 0),
    at_edge("unlocked after preparation", 0.05).lock(RAMP, 11, None, 0),
    Scene("locked where it lay, its low edge at the edge of the floor", 16, 8).thing(RAMP, (0.5, 3.0, 0.0))
    .lock(RAMP, 3).people(HIDERS, OUTSIDE),
    Scene("against an inner wall", 16, 8).walls((2.0, 1.0, 2.1, 5.0))
    .bring(RAMP, (3.5, 3.0, 0.0), (2.6, 3.0, 0.0), HIDER, 1, 3).lock(RAMP, 4).people(HIDERS, OUTSIDE),
]  # fmt: skip

NEGATIVE = [
    *[at_edge(f"an agent and 5 cm fit before its low edge, {gap} m", gap, y)
      for gap in (0.36, 0.5) for y in (0.7, 3.0)],
    *[at_edge(f"not locked, {gap} m from the edge", gap, lock=False) for gap in (0.01, 0.2)],
    *[
        Scene(f"locked in the open, at {angle}", 16, 8).bring(RAMP, (1.5, 1.5, 0.0), (3.0, 2.5, angle), HIDER)
        .lock(RAMP, 6).people(HIDERS, OUTSIDE)
        for angle in (0.0, 0.7, LEFT)
    ],
    *[
        Scene(f"locked with its high side to the edge, {gap} m", 16, 8)
        .bring(RAMP, (2.5, 3.0, LEFT), (0.45 + gap, 3.0, LEFT), HIDER).lock(RAMP, 6).people(HIDERS, OUTSIDE)
        for gap in (0.01, 0.1)
    ],
    *[at_edge(f"one of two, the other at {pose}", 0.05).thing(OTHER_RAMP, pose)
      for pose in ((3.0, 1.5, 0.0), (4.5, 1.0, UP))],
    *[at_edge(f"after preparation, from {since}", 0.05, since=since) for since in (8, 9)],
    at_edge("unlocked again in time", 0.05).lock(RAMP, 7, None, 0),
    room("the door stays open", door=(4.3, 1.1, 0.0)),
    room("a seeker in the room", seekers=(OUTSIDE[0], (5.5, 2.0))),
    room("a seeker upstairs", seekers=(OUTSIDE[0], (5.3, 2.35))).upstairs(PARTNER, 0),
    room("in a shut room from the start", start=(5.4, 1.7, 0.3)).thing(0, IN_DOOR),
    room("shut in by what nobody moved", start=(5.4, 0.7, 0.3)).release(HIDER, range(17))
    .release(MATE, range(17)).agent(MATE, (5.7, 1.8)),
    Scene("no ramp, boxes locked", 16, 8).bring(0, (2.0, 2.0, 0.0), (3.0, 3.0, 0.0), HIDER).lock(0, 6)
    .people(HIDERS, OUTSIDE),
    Scene("a box is locked, the ramp lies open", 16, 8).thing(RAMP, (2.0, 2.0, 0.0))
    .bring(0, (2.0, 3.0, 0.0), (3.0, 3.5, 0.0), HIDER).lock(0, 6).people(HIDERS, OUTSIDE),
    boxed("a box 0.7 m before its low edge", 0.7),
    boxed("a box 1.5 m before it", 1.5),
    Scene("ramp near but untouched", 16, 8).thing(RAMP, (3.0, 3.0, DOWN)).people(HIDERS, OUTSIDE),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("ramp_denied", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("ramp_denied", scene, symmetry)


def test_it_counts_at_the_end_of_preparation():
    assert found("ramp_denied", at_edge("alone", 0.05)) == [[8, -1, -1, -1]]
