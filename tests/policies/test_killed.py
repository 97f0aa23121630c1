"""A run that is killed again and again, at any moment, ends as if nothing had happened."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from policies.learning import run_folder
from tests.policies.test_train import PER_UPDATE, ROOT, go, same_checkpoint

UPDATES = 400
KILLS = 20
CHILD = f"""
import sys
from pathlib import Path
from tests.policies.test_train import go
go(Path(sys.argv[1]), {UPDATES})
"""


@pytest.mark.slow
def test_a_run_killed_at_twenty_random_moments_equals_an_uninterrupted_one(tmp_path: Path):
    moments, run, landed = random.Random(0), tmp_path / "killed", set()
    for _ in range(KILLS):
        before = run_folder.checkpoints(run)
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(run)], cwd=ROOT)
        until = time.monotonic() + 120
        while run_folder.checkpoints(run) == before and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.5))
        child.kill()
        child.wait()
        landed.add(run_folder.checkpoints(run)[-1].name)
    assert len(landed) == KILLS, "every start went on from where the last one was killed"
    assert int(max(landed)) < UPDATES * PER_UPDATE, "it was killed before its end every time"
    go(run, UPDATES)
    go(tmp_path / "whole", UPDATES)
    name = run_folder.step_name(UPDATES * PER_UPDATE)
    assert same_checkpoint(run / "checkpoints" / name, tmp_path / "whole" / "checkpoints" / name)
