"""Lock: hiders lock a thing."""

import pytest

from sim.state import FIXED_BY_NOBODY, HIDERS_LOCK, SEEKERS_LOCK
from tests.replays.strategies.scenes import HIDER, MATE, PARTNER, RAMP, SEEKER, Scene, cases, found


def field(label: str) -> Scene:
    """Two boxes, a ramp, two agents of each team."""
    return (
        Scene(label)
        .thing(0, (2.0, 2.0, 0.0))
        .thing(1, (4.0, 2.0, 0.3))
        .thing(RAMP, (3.0, 4.0, 0.0))
        .people(((2.0, 1.2), (4.0, 1.2)), ((1.0, 5.0), (5.0, 5.0)))
    )


POSITIVE = [
    *[
        field(f"thing {thing} at {first}").lock(thing, first)
        for thing in (0, 1, RAMP)
        for first in (1, 3, 5, 6, 12, 20)
    ],
    field("held before").hold(HIDER, 0, 2, 6).lock(0, 6),
    field("unlocked again").lock(0, 6, 9),
    field("locked twice").lock(0, 4, 7).lock(0, 12),
    field("both boxes at once").lock(0, 6).lock(1, 6),
    field("after seekers had locked and unlocked it").lock(0, 6, 9, SEEKERS_LOCK).lock(0, 11),
]

NEGATIVE = [
    *[
        field(f"seekers lock thing {thing} at {first}").lock(thing, first, team=SEEKERS_LOCK)
        for thing in (0, 1, RAMP)
        for first in (6, 12, 20)
    ],
    *[field(f"fixed by an ablation, thing {thing}").lock(thing, 0, team=FIXED_BY_NOBODY) for thing in (0, RAMP)],
    *[field(f"locked from the start till {end}").lock(0, 0, end, HIDERS_LOCK) for end in (5, 12, None)],
    *[field(f"agent {agent} holds a box").hold(agent, 0, 3, 12) for agent in (HIDER, MATE, SEEKER, PARTNER)],
    field("hiders stand by"),
    field("a box is brought somewhere").bring(0, (2.0, 2.0, 0.0), (3.0, 2.0, 0.0), HIDER),
    field("everything is fixed by an ablation").lock(0, 0, team=FIXED_BY_NOBODY).lock(1, 0, team=FIXED_BY_NOBODY),
    field("one held, one locked by seekers").hold(HIDER, 0, 6, 12).lock(1, 6, team=SEEKERS_LOCK),
]


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("lock", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("lock", scene, symmetry)


def test_every_lock_counts_for_the_hider_that_held_the_thing():
    twice = field("twice").thing(0, (2, 2.0, 2.0, 0.0), (3, 2.2, 2.0, 0.0), (8, 2.2, 2.0, 0.0), (10, 2.5, 2.0, 0.0))
    twice.hold(HIDER, 0, 2, 4).lock(0, 4, 7).hold(MATE, 0, 7, 12).lock(0, 12)
    assert found("lock", twice) == [[4, HIDER, 0, -1], [12, MATE, 0, -1]]
    carried_there_by_the_mate = (
        field("carried there by the mate")
        .thing(0, (2, 2.0, 2.0, 0.0), (3, 2.2, 2.0, 0.0))
        .hold(MATE, 0, 2, 4)
        .lock(0, 10)
    )
    assert found("lock", carried_there_by_the_mate) == [[10, HIDER, 0, -1]], "who stands beside it"


def test_a_lock_after_a_seekers_hold_counts_for_the_nearest_hider():
    after_a_seeker = (
        field("after a seeker")
        .thing(RAMP, (1, 3.0, 4.0, 0.0), (7, 3.6, 4.0, 0.0))
        .hold(MATE, RAMP, 2, 4)
        .hold(SEEKER, RAMP, 6, 8)
        .lock(RAMP, 8)
    )
    assert found("lock", after_a_seeker) == [[8, MATE, RAMP, -1]]
