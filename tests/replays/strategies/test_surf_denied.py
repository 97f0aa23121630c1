"""Surf denied: hiders have locked every box by the end of preparation, in a world with a ramp."""

from collections.abc import Mapping

import pytest

from sim.state import FIXED_BY_NOBODY, SEEKERS_LOCK
from tests.replays.strategies.scenes import OTHER_RAMP, OUTSIDE, RAMP, Scene, cases, found

PLACES = ((1.0, 1.0), (2.5, 1.0), (4.0, 1.0), (2.5, 3.0))


def field(label: str, boxes: int, locks: Mapping[int, int], ramp: int | None = RAMP, preparation: int = 8) -> Scene:
    """`boxes` boxes and a ramp; `locks` gives the moment at which each thing is locked."""
    scene = Scene(label, 16, preparation).people(((5.0, 5.0), (5.5, 4.0)), OUTSIDE)
    for box in range(boxes):
        scene.thing(box, (*PLACES[box], 0.3 * box))
    if ramp is not None:
        scene.thing(ramp, (4.5, 3.0, 0.0))
    for thing, moment in locks.items():
        scene.lock(thing, moment)
    return scene


def all_of(boxes: int, first: int = 2) -> dict[int, int]:
    return {box: first + box for box in range(boxes)}


POSITIVE = [
    *[
        field(f"{boxes} boxes from {first} on, ramp {ramp}", boxes, all_of(boxes, first), ramp)
        for boxes in (1, 2, 3, 4)
        for first in (1, 3, 5)
        for ramp in (RAMP, OTHER_RAMP)
        if first + boxes <= 9
    ],
    field("one was locked from the start", 3, {0: 0, 1: 4, 2: 5}),
    field("one cannot be locked", 3, {0: 3, 1: 4}).unlockable(2),
    field("one is fixed by nobody", 3, {0: 3, 1: 4}).lock(2, 0, None, FIXED_BY_NOBODY),
    field("the ramp too", 2, {0: 3, 1: 4, RAMP: 5}),
    field("at the last moment", 2, {0: 3, 1: 8}),
    field("one is unlocked after preparation", 2, {0: 3, 1: 4}).lock(1, 10, None, 0),
    field("two ramps", 2, {0: 3, 1: 4}).thing(OTHER_RAMP, (1.0, 5.0, 0.0)),
]

NEGATIVE = [
    *[field(f"{boxes} boxes, no ramp in the world", boxes, all_of(boxes), None) for boxes in (1, 2, 3, 4)],
    *[
        field(f"{boxes} boxes, all but {free}", boxes, {box: 2 for box in range(boxes) if box != free})
        for boxes in (2, 3, 4)
        for free in range(boxes)
    ],
    *[field(f"the last one at {late}, after preparation", 2, {0: 3, 1: late}) for late in (9, 12)],
    field("one is unlocked in time", 2, {0: 3, 1: 4}).lock(1, 7, None, 0),
    field("locked from the start", 2, {0: 0, 1: 0}),
    field("one by seekers", 2, {0: 3, 1: 4}).lock(1, 4, None, SEEKERS_LOCK),
    field("fixed by an ablation", 2, {}).lock(0, 0, None, FIXED_BY_NOBODY).lock(1, 0, None, FIXED_BY_NOBODY),
    field("none can be locked", 2, {}).unlockable(0).unlockable(1),
    field("no boxes, the ramp is locked", 0, {RAMP: 3}),
    field("the ramp alone is locked", 2, {RAMP: 3}),
    field("nothing is locked", 3, {}),
]


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("surf_denied", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("surf_denied", scene, symmetry)


def test_it_counts_at_the_end_of_preparation():
    assert found("surf_denied", field("alone", 2, {0: 2, 1: 3})) == [[8, -1, -1, -1]]
