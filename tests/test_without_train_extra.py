"""`pip install hideseek` without the extra `train`: no torch, and all that needs none works."""

import subprocess
import sys
from pathlib import Path

from policies.commands.errors import _FROM_TRAIN

ROOT = Path(__file__).parent.parent

PROGRAM = """
import sys
from pathlib import Path



class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, NotInstalled())

import numpy as np

from policies.cli import main
from policies.window.playing import teams_of
from replays.format.recording import read
from replays.live_episode import scenario_of
from sim.vector import VectorEnv

world = ["--scenario", "quadrant:ticks=8,preparation_ticks=3"]
envs = VectorEnv("quadrant", worlds=2)
envs.reset(seed=0)
envs.step(np.zeros((envs.num_envs, 3), int))
assert main(["teams"]) == 0
assert main(["record", "builder", "chaser", "--out", "films", *world]) == 0
assert main(["evaluate", "idle", "chaser", "--episodes", "2", "--json", *world]) == 0
assert main(["watch", "films"]) == 0 and list(Path().glob("*.gif"))
path = Path(sys.argv[2]) / "replays" / "gallery" / "door-blocked.npz"
recording = read(path)
assert recording.header.hashes["hiders"]
assert "evader plays for the hiders" in teams_of(recording, path, scenario_of(recording)).note
for needs in ("train smoke", "evaluate quadrant-block chaser", "rate quadrant-block", "report x"):
    print("->", needs, file=sys.stderr)
    assert main(needs.split()) == 2
"""


def test_world_window_and_scripted_teams_do_without_torch(tmp_path: Path):
    """What needs more says in one line how to get it."""
    command = [sys.executable, "-c", PROGRAM, ",".join(_FROM_TRAIN), str(ROOT)]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    _, *refused = found.stderr.split("-> ")
    assert len(refused) == 4
    for one in refused:
        _, line, *more = one.strip().split("\n")
        assert 'pip install -e ".[train]"' in line and not more
