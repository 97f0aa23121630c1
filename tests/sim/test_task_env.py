"""The PettingZoo environments of games other than hide-and-seek: PettingZoo's own tests, and the same bytes again."""

import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

from sim.env import env, parallel_env
from tests.sim.environments import advice, play
from tests.sim.task_games import NAMES


@advice
@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_pettingzoo_api(name: str, flat: bool):
    parallel_api_test(parallel_env(name, flat=flat), num_cycles=120)
    api_test(env(name, flat=flat), num_cycles=120)


@advice
@pytest.mark.parametrize("name", NAMES)
def test_pettingzoo_seed(name: str):
    parallel_seed_test(partial(parallel_env, name), num_cycles=60)
    seed_test(partial(env, name), num_cycles=60)


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_same_bytes(name: str):
    first, second = parallel_env(name, flat=True), parallel_env(name, flat=True)
    second.reset(seed=5)
    second.step({agent: np.array([1, 1, 1]) for agent in second.agents})  # what was played before must not matter
    said = play(first, 300, 7)
    assert play(second, 300, 7) == said
    assert play(first, 300, 8) != said


@pytest.mark.slow
def test_same_seed_same_bytes_in_a_fresh_process():
    program = (
        "import hashlib; from tests.sim.environments import play; from tests.sim.task_games import NAMES;"
        "from sim.env import parallel_env;"
        "said = [play(parallel_env(name), 60, 3) for name in NAMES];"
        "print(hashlib.sha256(b''.join(sum(said, []))).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_game_has_a_picture(name: str):
    environment = parallel_env(name, render_mode="rgb_array")
    environment.reset(seed=0)
    picture = environment.render()
    assert picture is not None and len(np.unique(picture)) > 10
