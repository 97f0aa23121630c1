"""Over the wall: an agent crosses an inner wall on the upper level."""

import pytest

from tests.replays.strategies.scenes import DOOR, HIDER, MATE, PARTNER, RAMP, SEEKER, UP, Scene, cases, found

UPRIGHT, LYING = (3.0, 0.0, 3.1, 4.1), (3.0, 4.0, 6.0, 4.1)


def field(label: str) -> Scene:
    """A wall at x 3.0 to 3.1, another at y 4.0 to 4.1 that begins on it, and a ramp at the first."""
    return (
        Scene(label)
        .walls(UPRIGHT, LYING)
        .thing(RAMP, (2.5, 2.0, 0.0))
        .people(((0.5, 0.5), (5.5, 0.5)), ((0.5, 5.5), (5.5, 5.5)))
    )


def goes(label: str, agent: int, *way, up=(7, None)) -> Scene:
    """An agent's way, on the upper level from one moment to another."""
    return field(label).agent(agent, *way).upstairs(agent, *up)


POSITIVE = [
    *[
        goes(f"agent {agent} at y = {y} in {takes} ticks", agent, (6, 2.4, y), (6 + takes, 3.6, y))
        for agent in (HIDER, SEEKER)
        for y in (0.8, 2.0, 3.2)
        for takes in (2, 4, 10)
    ],
    goes("the other way", SEEKER, (6, 3.7, 2.0), (12, 2.4, 2.0)),
    goes("comes down at once", SEEKER, (6, 2.4, 2.0), (12, 3.6, 2.0), up=(7, 12)),
    goes("the other wall", MATE, (6, 4.5, 3.4), (12, 4.5, 4.7)),
    goes("lingers on it", PARTNER, (6, 2.4, 2.0), (9, 3.05, 2.0), (14, 3.05, 2.5), (17, 3.6, 2.5)),
    goes("aslant", SEEKER, (6, 2.4, 1.0), (14, 3.8, 3.0)),
    goes("during preparation", HIDER, (0, 2.4, 2.0), (4, 3.6, 2.0), up=(1, None)),
    goes("at the corner of both", SEEKER, (6, 2.6, 3.6), (12, 3.6, 4.6)),
]

NEGATIVE = [
    *[
        goes(f"turns back, from x = {x}", agent, (6, 2.4, 2.0), (10, x, 2.0), (14, 2.4, 2.0))
        for agent in (HIDER, SEEKER)
        for x in (2.9, 3.02, 3.05, 3.09)
    ],
    *[goes(f"is still on it at the end, at x = {x}", SEEKER, (6, 2.4, 2.0), (12, x, 2.0)) for x in (3.02, 3.08)],
    *[goes(f"walks along beside it, at x = {x}", SEEKER, (6, x, 1.0), (16, x, 3.5)) for x in (2.8, 3.3)],
    *[
        goes(f"along the top and down where it came from, at x = {x}", SEEKER, (6, 2.8, 1.0), (9, x, 1.0), (14, x, 3.0),
             (17, 2.8, 3.0))
        for x in (3.02, 3.08)
    ],
    *[
        Scene(f"through the door on the floor, by x = {x}", room=True).agent(SEEKER, (6, x, 3.0), (14, x, 1.5))
        for x in (4.6, 4.7)
    ],
    *[
        Scene(f"over the open door, on the upper level, by x = {x}", room=True).agent(SEEKER, (6, x, 3.0), (14, x, 1.5))
        .upstairs(SEEKER, 5)
        for x in (DOOR[0] + 0.1, DOOR[2] - 0.1)
    ],
    goes("round its end", SEEKER, (6, 2.6, 3.9), (10, 2.6, 4.4), (14, 3.4, 4.4)),
    goes("begins on it", SEEKER, (6, 3.05, 2.0), (12, 3.6, 2.0), up=(0, None)),
    goes("along its top and off at the free end", SEEKER, (6, 3.05, 2.0), (14, 3.05, 4.6), up=(0, None)).walls(UPRIGHT),
    field("climbs and stays").agent(SEEKER, (6, 1.9, 2.0), (10, 2.7, 2.0)).upstairs(SEEKER, 9),
    field("a wall only beside its way").walls((3.0, 0.0, 3.1, 1.5)).agent(SEEKER, (6, 2.4, 2.0), (12, 3.6, 2.0))
    .upstairs(SEEKER, 7),
    field("no walls").walls().agent(SEEKER, (6, 2.4, 2.0), (12, 3.6, 2.0)).upstairs(SEEKER, 7),
    field("over a box").walls().thing(0, (3.4, 2.0, UP)).agent(SEEKER, (6, 2.4, 2.0), (12, 4.2, 2.0))
    .upstairs(SEEKER, 7),
    field("ramp near but unused"),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("over_wall", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("over_wall", scene, symmetry)


def test_the_agent_is_named_as_soon_as_it_is_beyond():
    scene = goes("alone", SEEKER, (6, 2.6, 2.0), (10, 3.4, 2.0), up=(6, None))
    assert found("over_wall", scene) == [[9, SEEKER, -1, -1]]
    both = goes("both walls at once", SEEKER, (6, 2.95, 3.95), (7, 3.2, 4.2), up=(6, None))
    assert len(found("over_wall", both)) == 1
