"""A few of the files that `tests.policies.hostile_files` draws; its command reads as many as one likes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from policies.evaluation.report import metric_lines
from tests.policies.training import ROOT


def read_hostile(count: int, folder: Path) -> str:
    """In a process of its own, for its guard stays and a crash would end it."""
    command = [sys.executable, "-m", "tests.policies.hostile_files", "--files", str(count)]
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_hostile_files_of_every_kind_are_read_or_refused(tmp_path: Path):
    told = read_hostile(200, tmp_path)
    assert told.count("slowest_ms") == 10 and "'refused'" in told


@pytest.mark.slow
def test_many_hostile_files_are_read_or_refused(tmp_path: Path):
    read_hostile(20_000, tmp_path)


def test_numbers_too_large_for_a_machine_do_not_count(tmp_path: Path):
    (tmp_path / "metrics.jsonl").write_text(f'{{"agent_steps": 1, "hidden": {10**400}, "seen": 0.5, "paid": NaN}}\n')
    assert metric_lines(tmp_path) == [{"agent_steps": 1, "seen": 0.5}]
