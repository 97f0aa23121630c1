"""Visited states: what is stored and what is drawn; `test_rollout.py` has what follows from them."""

import numpy as np
import pytest

from policies.learning.league import matchups
from policies.learning.visited_states import Archive, VisitedStates
from sim.layout import Slots
from sim.state import take

SLOTS = Slots(hiders=1, seekers=1, boxes=1, ramps=0, walls=1, doors=1)


def numbered(archive: Archive, numbers: np.ndarray, errors: np.ndarray) -> None:
    """Adds states that are told apart by their tick."""
    places = np.zeros(len(numbers), int)
    layout, state = take(archive.layout, places), take(archive.state, places)
    state.tick[:] = numbers
    archive.add(layout, state, errors)


def test_states_are_drawn_by_their_error():
    archive = Archive(SLOTS)
    numbered(archive, np.arange(4), np.array([0.0, 1.0, 3.0, 0.0]))
    for power, shares in ((1.0, [0, 1 / 4, 3 / 4, 0]), (2.0, [0, 1 / 10, 9 / 10, 0]), (0.0, [1 / 4] * 4)):
        _, state = archive.draw(20_000, power, np.random.default_rng(0))
        np.testing.assert_allclose(np.bincount(state.tick, minlength=4) / 20_000, shares, atol=0.015)


def test_the_oldest_states_make_way():
    archive = Archive(SLOTS)
    for first in range(0, 2100, 300):
        numbered(archive, np.arange(first, first + 300), np.ones(300))
    _, state = archive.draw(50_000, 0.0, np.random.default_rng(0))
    assert set(state.tick) == set(range(2100 - 1024, 2100))


def test_a_restored_archive_draws_the_same():
    archive, copy = Archive(SLOTS), Archive(SLOTS)
    numbered(archive, np.arange(30), np.arange(30.0))
    copy.restore(archive.tensors())
    one, other = (each.draw(10, 1.0, np.random.default_rng(3))[1] for each in (archive, copy))
    assert np.array_equal(one.tick, other.tick)
    wrong = {name: tensor[..., None] for name, tensor in archive.tensors().items()}
    with pytest.raises(ValueError, match="shape"):
        copy.restore(wrong)


def test_every_visited_world_changes_once():
    split = matchups(512, 0.3, 0.2)
    starts = VisitedStates(split.visited, split.both, 64, 1.0, SLOTS)
    changed = np.zeros(512, int)
    for tick, worlds in starts.groups.items():
        assert 0 < tick < 64
        changed[worlds] += 1
    assert np.array_equal(np.flatnonzero(changed == 1), np.arange(512)[split.visited]) and changed.max() == 1
