"""Lock war: both teams lock the same thing in one episode."""

import pytest

from sim.state import DRIFTING, FIXED_BY_NOBODY, HIDERS_LOCK, SEEKERS_LOCK
from tests.replays.strategies.scenes import RAMP, SEEKER, Scene, cases, found

OURS, THEIRS = HIDERS_LOCK, SEEKERS_LOCK


def field(label: str, *locks: tuple[int, int, int | None, int]) -> Scene:
    """Two boxes and a ramp; each lock is a thing, its first moment, the one after its last, and whose it is."""
    scene = Scene(label).thing(0, (2.0, 2.0, 0.0)).thing(1, (4.0, 2.0, 0.3)).thing(RAMP, (3.0, 4.0, 0.0))
    scene.people(((2.0, 1.2), (4.0, 1.2)), ((1.0, 5.0), (5.0, 5.0)))
    for thing, first, end, team in locks:
        scene.lock(thing, first, end, team)
    return scene


POSITIVE = [
    *[
        field(f"thing {thing}, {one} then {other}", (thing, 3, 8, one), (thing, first, None, other))
        for thing in (0, 1, RAMP)
        for first in (8, 9, 15)
        for one, other in ((OURS, THEIRS), (THEIRS, OURS))
    ],
    field("hiders take it back", (0, 3, 7, OURS), (0, 9, 12, THEIRS), (0, 14, None, OURS)),
    field("a hider's lock was there at the start", (0, 0, 7, OURS), (0, 9, None, THEIRS)),
    field("and another thing besides", (0, 3, 7, OURS), (0, 9, None, THEIRS), (1, 4, None, OURS)),
]

NEGATIVE = [
    *[
        field(f"one team, {team}, locks thing {thing} twice", (thing, 3, 8, team), (thing, 10, None, team))
        for thing in (0, RAMP)
        for team in (OURS, THEIRS)
    ],
    *[
        field(f"each locks a thing of its own, {one} and {other}", (one, 3, None, OURS), (other, first, None, THEIRS))
        for one, other in ((0, 1), (1, RAMP), (RAMP, 0))
        for first in (3, 9)
    ],
    *[
        field(f"fixed by an ablation or drifting, {lock}, then locked by {team}", (0, 0, 5, lock), (0, 8, None, team))
        for lock in (FIXED_BY_NOBODY, DRIFTING)
        for team in (OURS, THEIRS)
    ],
    *[field(f"one lock alone, by {team}", (1, 6, None, team)) for team in (OURS, THEIRS)],
    field("no lock"),
    field("each has its own, and again", (0, 3, 6, OURS), (1, 4, 7, THEIRS), (0, 9, None, OURS), (1, 9, None, THEIRS)),
    field("hiders unlock, a seeker holds", (0, 3, 8, OURS)).hold(SEEKER, 0, 9, 14),
    field("hiders lock everything", (0, 3, None, OURS), (1, 4, None, OURS), (RAMP, 5, None, OURS)),
]


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("lock_war", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("lock_war", scene, symmetry)


def test_it_begins_when_the_second_team_locks_and_counts_once_for_each_thing():
    scene = field(
        "twice", (0, 3, 7, OURS), (0, 9, 12, THEIRS), (0, 14, None, OURS), (1, 6, 8, THEIRS), (1, 11, None, OURS)
    )
    assert found("lock_war", scene) == [[9, -1, 0, -1], [11, -1, 1, -1]]
