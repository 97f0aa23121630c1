"""Shelter: hiders are sealed in by two things or more that they moved, and by one wall at most."""

import pytest

from tests.replays.strategies.scenes import (
    BAR,
    CORNER,
    HIDER,
    IN_BAY,
    IN_DOOR,
    IN_RING,
    MATE,
    OFF_DOOR,
    OUTSIDE,
    SEEKER,
    UP,
    Scene,
    bay,
    built,
    cases,
    found,
    ring,
)

FOUR, THREE = (HIDER, MATE, HIDER, MATE), (HIDER, HIDER, MATE)
LYING = (0.5, 2.0, 5.5, 2.1)
"""A wall in the middle of the floor."""


def bay_at_wall(label: str, spread: float = 0.0) -> Scene:
    hiders = [(x, y + 2.1) for x, y in IN_BAY]
    return built(label, bay(2.1, spread), THREE, BAR, hiders).walls(LYING)


def tent(label: str, apart: float = 0.1) -> Scene:
    """Two elongated boxes that lean on each other and on the edge of the floor."""
    poses = (2.4 - apart / 2, 0.76, 1.047), (3.25 + apart / 2, 0.76, 2.094)
    return built(label, poses, (HIDER, MATE), BAR, ((2.65, 0.4), (3.0, 0.4)))


POSITIVE = [
    *[built(f"a ring of four, {spread} m wider", ring(spread), FOUR, BAR, IN_RING) for spread in (0.0, 0.04, 0.08)],
    *[
        built(f"a bay at the edge, at {x}, {spread} m wider", bay(0.0, spread, x), THREE, BAR,
              [(x - 0.2, 0.5), (x + 0.2, 0.8)])
        for x in (1.6, 2.6, 4.0)
        for spread in (0.0, 0.05)
    ],
    *[bay_at_wall(f"a bay at a wall, {spread} m wider", spread) for spread in (0.0, 0.05, 0.08)],
    *[tent(f"a tent, {apart} m apart", apart) for apart in (0.05, 0.1)],
    built("by one hider", ring(), (HIDER,) * 4, BAR, IN_RING),
    built("of one hider", ring(), FOUR, BAR, IN_RING[:1]),
    built("one of four was there before", ring(), FOUR, BAR, IN_RING).thing(2, ring()[2], half=BAR),
    built("two of four were there before", ring(), FOUR, BAR, IN_RING)
    .thing(2, ring()[2], half=BAR).thing(3, ring()[3], half=BAR),
    built("after preparation", ring(), FOUR, BAR, IN_RING, since=9),
    built("locked", bay(), THREE, BAR, IN_BAY).lock(0, 6).lock(1, 6).lock(2, 6),
    built("broken into after preparation", bay(), THREE, BAR, IN_BAY)
    .thing(2, (3, 3.0, 5.0, 0.0), (4, *bay()[2]), (10, *bay()[2]), (13, 3.0, 4.0, 0.0), half=BAR)
    .hold(SEEKER, 2, 11, 14),
    bay_at_wall("at a wall with a free end").walls((1.0, 2.0, 4.2, 2.1)),
]  # fmt: skip

NEGATIVE = [
    *[built(f"in the corner, {gap} m open", ((5.63, 0.87, 0.0), (4.89 - gap, 0.37, 0.0)), (HIDER, MATE))
      for gap in (0.02, 0.08, 0.15)],
    *[built(f"one elongated box across the corner, {off}", ((6 - off, off, 0.785),), (HIDER,), BAR,
            ((5.75, 0.25), (5.5, 0.2))) for off in (0.64, 0.68)],
    *[built(f"a bay in the corner, {spread} m wider", bay(0.0, spread, 0.62 - 0.075)[1:], (HIDER, MATE), BAR,
            ((0.4, 0.5), (0.7, 0.8))) for spread in (0.0, 0.04)],
    *[built(f"a ring without its side {side}", ring()[:side] + ring()[side + 1 :], THREE, BAR, IN_RING)
      for side in range(4)],
    *[built(f"a bay {spread} m too wide", bay(0.0, spread), THREE, BAR, IN_BAY) for spread in (0.36, 0.45)],
    tent("a tent with a slit", 0.95),
    built("only one of four was moved", ring(), FOUR, BAR, IN_RING)
    .thing(1, ring()[1], half=BAR).thing(2, ring()[2], half=BAR).thing(3, ring()[3], half=BAR),
    built("closed from the start", bay(), THREE, BAR, IN_BAY)
    .thing(0, bay()[0], half=BAR).thing(1, bay()[1], half=BAR).thing(2, bay()[2], half=BAR),
    built("by seekers", ring(), (SEEKER,) * 4, BAR, IN_RING),
    built("a hider outside", ring(), FOUR, BAR, (IN_RING[0], (4.5, 3.0))),
    built("a seeker inside", ring(), FOUR, BAR, IN_RING, (IN_RING[1], (4.5, 3.0))),
    built("a hider upstairs", bay(), THREE, BAR, IN_BAY).upstairs(HIDER, 0),
    built("open again before it counts", bay(), THREE, BAR, IN_BAY, since=9)
    .thing(2, (11, 3.0, 5.0, 0.0), (12, *bay()[2]), (13, *bay()[2]), (14, 3.0, 4.0, 0.0), half=BAR),
    built("each hider in its own corner", ((5.35, 0.65, 0.785), (0.65, 0.65, -0.785)), (HIDER, MATE), BAR,
          ((5.7, 0.25), (0.3, 0.25)), ((3.0, 3.0), (2.5, 4.0))),
    Scene("the door of a room is shut", 16, 8, room=True).bring(0, OFF_DOOR, IN_DOOR, HIDER)
    .people(((4.0, 0.5), (5.2, 0.3)), OUTSIDE),
    Scene("a door is shut by two", 16, 8, room=True)
    .bring(0, (4.0, 1.0, 0.0), (4.44, 2.08, 0.0), HIDER, half=(0.2, 0.2))
    .bring(1, (5.2, 1.0, 0.0), (4.86, 2.08, 0.0), MATE, half=(0.2, 0.2)).people(((4.0, 0.5), (5.5, 0.3)), OUTSIDE),
    built("between two walls", bay(2.1)[:2], (HIDER, MATE), BAR, ((2.4, 2.6), (2.8, 2.9)))
    .walls(LYING, (0.5, 3.8, 5.5, 3.9)),
    built("boxes lie about", (CORNER[0], (3.0, 2.0, UP)), (HIDER, MATE)),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("shelter", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("shelter", scene, symmetry)


def test_it_names_a_thing_that_bears():
    scene = built("alone", (*bay(), (4.5, 4.5, 0.0)), (*THREE, HIDER), BAR, IN_BAY)
    assert found("shelter", scene) == [[8, -1, 0, -1], [16, -1, 0, -1]]
