"""Trainings that are killed, starved of memory and disk, cut and damaged end as if nothing had happened."""

from pathlib import Path

import pytest

from tests.policies.misfortunes import AT_REST, KINDS, WHILE_TRAINING, hits


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_meets_misfortunes_equals_an_uninterrupted_one(kind: str, tmp_path: Path):
    """A few of each; `python -m tests.policies.misfortunes` does as many as one likes."""
    counts = hits(kind, 6, 0, tmp_path)
    assert sum(counts.values()) == 6 and counts.keys() <= WHILE_TRAINING.keys() | AT_REST.keys()
