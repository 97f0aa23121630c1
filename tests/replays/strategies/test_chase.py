"""Chase: a seeker that sees a hider comes a metre towards it. The floor is open."""

import numpy as np
import pytest

from tests.replays.strategies.scenes import HIDER, LEFT, PARTNER, RIGHT, SEEKER, Facing, Scene, cases, found


def run(label: str, metres: float, ticks=10, flees=0.0, since=6, faces: Facing = RIGHT, preparation=5) -> Scene:
    """The seeker runs so far to the right, towards a hider that flees at so much of its speed."""
    start, hider = 0.6, 0.6 + metres * (1 - flees) + 0.5
    return (
        Scene(label, since + ticks + 2, preparation)
        .agent(SEEKER, (since, start, 3.0), (since + ticks, start + metres, 3.0), faces=faces)
        .agent(HIDER, (since, hider, 3.1), (since + ticks, hider + flees * metres, 3.1))
    )


def zigzag(label: str, forward: float, aside: float, steps: int) -> Scene:
    """Each step goes so far forward, and so far to one side or the other."""
    way = [(6 + k, 0.6 + forward * k, 3.0 + aside * (k % 2)) for k in range(steps + 1)]
    return Scene(label, steps + 8).agent(SEEKER, *way).agent(HIDER, (5.6, 3.0))


def circles() -> Scene:
    angles = np.linspace(0, 3.0, 25)
    way = [(6 + k, 3 + 1.5 * np.cos(a), 3 + 1.5 * np.sin(a)) for k, a in enumerate(angles)]
    turns = [(6 + k, a + np.pi) for k, a in enumerate(angles)]
    return Scene("circles the hider", 34).agent(SEEKER, *way, faces=turns).agent(HIDER, (3.0, 3.0))


POSITIVE = [
    *[
        run(f"{metres} m in {ticks} ticks, fleeing at {flees}", metres, ticks, flees)
        for metres in (1.06, 1.6, 2.4)
        for ticks in (6, 12)
        for flees in (0.0, 0.5, 1.0)
    ],
    *[zigzag(f"zigzag, {aside} m aside", 0.12, aside, 12) for aside in (0.05, 0.1, 0.15)],
    run("as play begins", 2.0, since=5, flees=0.5),
    run("a partner looks away", 1.5).agent(PARTNER, (0.5, 5.0), faces=2.0),
    run("after a stretch out of sight", 2.2, 20, 0.5, faces=[(8, LEFT), (9, RIGHT)]),
    run("near the edge of the cone", 1.5, flees=0.5, faces=1.0),
]

NEGATIVE = [
    *[run(f"only {metres} m", metres, flees=flees) for metres in (0.3, 0.6, 0.9, 0.97) for flees in (0.0, 0.8)],
    *[run(f"{metres} m during preparation", metres, since=0, preparation=12) for metres in (1.2, 2.0)],
    *[zigzag(f"rather wanders, {aside} m aside", 0.06, aside, 20) for aside in (0.13, 0.18, 0.25)],
    *[run(f"looks elsewhere, at {angle}", 2.0, faces=angle) for angle in (LEFT, 1.6, -1.6)],
    *[
        run(f"glances away after {ticks} ticks", 1.5, 12, faces=[(5 + ticks, 0.0), (6 + ticks, 3.0), (7 + ticks, 0.0)])
        for ticks in (5, 6, 7)
    ],
    run("1.1 m, a fifth of it before play", 1.1, 5, since=5),
    run("1.4 m, a third of it before it looks up", 1.44, 6, faces=[(7, LEFT), (8, RIGHT)]),
    circles(),
    run("behind a wall", 2.0).walls((3.0, 0.0, 3.1, 6.0)),
    Scene("comes out from behind a wall for 0.9 m")
    .walls((0.6, 3.4, 1.9, 3.5))
    .agent(SEEKER, (5, 0.7, 3.0), (15, 2.1, 3.0))
    .agent(HIDER, (4.0, 4.5)),
    Scene("the hider comes").agent(SEEKER, (1.0, 3.0)).agent(HIDER, (5, 5.5, 3.0), (15, 1.5, 3.0)),
    Scene("the seeker turns on the spot")
    .agent(SEEKER, (1.0, 3.0), faces=[(5, -0.5), (15, 0.5)])
    .agent(HIDER, (5, 4.0, 2.0), (15, 4.0, 4.0)),
    Scene("backs away").agent(SEEKER, (5, 3.0, 3.0), (15, 1.0, 3.0)).agent(HIDER, (5, 3.6, 3.0), (15, 3.0, 3.0)),
    Scene("passes by").agent(SEEKER, (5, 2.0, 1.6), (15, 2.0, 4.4)).agent(HIDER, (3.5, 3.0)),
    Scene("one sees, the other runs")
    .agent(SEEKER, (5, 1.0, 3.0), (15, 4.0, 3.0), faces=LEFT)
    .agent(PARTNER, (0.5, 4.0))
    .agent(HIDER, (5.5, 3.0)),
    Scene("all stand").agent(SEEKER, (1.0, 3.0)).agent(HIDER, (3.0, 3.0)),
]


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("chase", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("chase", scene, symmetry)


def test_it_begins_when_a_metre_is_made_and_counts_once_a_stretch():
    assert found("chase", run("a step is 0.2 m", 2.0, flees=1.0)) == [[12, SEEKER, -1, HIDER]]
    twice = run("two stretches", 4.0, 20, 0.5, faces=[(15, 0.0), (16, 3.0), (17, 0.0)])
    assert [chase[0] for chase in found("chase", twice)] == [12, 23]
