"""Carry: hiders move a box 0.3 m from where it was."""

import numpy as np
import pytest

from tests.replays.strategies.scenes import HIDER, MATE, OUTSIDE, PARTNER, RAMP, SEEKER, Scene, cases, found


def moved(label: str, metres: float, angle=0.0, by: int | None = HIDER, since=4, ticks=5, thing=0) -> Scene:
    """An agent holds a thing and takes it so far."""
    start, goal = (2.5, 2.5, 0.3), (2.5 + metres * np.cos(angle), 2.5 + metres * np.sin(angle), 0.3)
    scene = Scene(label).people(((5.0, 5.0), (5.5, 1.0)), OUTSIDE)
    scene.thing(thing, (since, *start), (since + ticks, *goal))
    return scene if by is None else scene.hold(by, thing, since + 1, since + ticks + 1)


def pushed(label: str, metres: float, by: int, gap: float = 0.0) -> Scene:
    """An agent walks behind a box, so far from it, and does not hold it."""
    scene = moved(label, metres, by=None)
    behind = 2.5 - 0.37 - 0.15 - gap
    scene.thing(0, (4, 2.5, 2.5, 0.0), (9, 2.5 + metres, 2.5, 0.0))
    return scene.agent(by, (4, behind, 2.5), (9, behind + metres, 2.5))


POSITIVE = [
    *[
        moved(f"agent {by}, {metres} m at {angle}", metres, angle, by)
        for by in (HIDER, MATE)
        for metres in (0.31, 0.8, 2.0)
        for angle in (0.0, 0.9, 2.5)
    ],
    *[pushed(f"pushed for {metres} m by agent {by}", metres, by) for metres in (0.35, 1.0) for by in (HIDER, MATE)],
    moved("in play", 1.0, since=10),
    moved("let go of halfway, it glides on", 0.6).release(HIDER, range(7, 21)),
]

NEGATIVE = [
    *[
        moved(f"agent {by}, only {metres} m at {angle}", metres, angle, by)
        for by in (HIDER, MATE)
        for metres in (0.1, 0.2, 0.29)
        for angle in (0.0, 0.9)
    ],
    *[moved(f"by seeker {by}, {metres} m", metres, by=by) for by in (SEEKER, PARTNER) for metres in (0.5, 1.5)],
    *[pushed(f"pushed by seeker {by}", 1.0, by) for by in (SEEKER, PARTNER)],
    *[moved(f"nobody near, {metres} m", metres, by=None) for metres in (0.5, 1.5)],
    moved("a ramp", 1.5, thing=RAMP),
    pushed("a hider follows it at 0.1 m", 1.0, HIDER, gap=0.1),
    moved("shaken to and fro", 0.2).thing(
        0, (4, 2.5, 2.5, 0.3), (6, 2.7, 2.5, 0.3), (8, 2.5, 2.5, 0.3), (10, 2.7, 2.5, 0.3)
    ),
    moved("held and not moved", 0.0),
    moved("first 0.2 m by a hider, then on by a seeker", 1.0).release(HIDER, range(6, 21)).hold(SEEKER, 0, 6, 10),
]


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("carry", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("carry", scene, symmetry)


def test_it_counts_once_for_each_box_when_it_has_come_so_far():
    assert found("carry", moved("alone", 1.0, by=MATE)) == [[6, MATE, 0, -1]]
