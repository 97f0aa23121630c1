"""A training uses the cores that its process may use, and no more threads than there is work for."""

import os

import pytest

from policies.learning.ranks import ALONE
from policies.learning.threads import learning_threads, simulating_threads


@pytest.mark.parametrize(
    ("cores", "by_itself", "learning"), [(1, [1, 1, 1], [1, 1]), (2, [1, 2, 2], [2, 2]), (64, [1, 8, 32], [2, 4])]
)
def test_threads_are_as_many_as_work_and_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, by_itself: list[int], learning: list[int]
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert [simulating_threads(0, worlds) for worlds in (8, 256, 1024)] == by_itself
    assert [learning_threads(networks, ALONE) for networks in (2, 4)] == learning
    assert [simulating_threads(wanted, 8) for wanted in (1, 3)] == [1, min(3, cores)], "a wish counts for itself"


def test_where_a_process_cannot_tell_its_cores_it_takes_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert simulating_threads(100, 1) == 3
