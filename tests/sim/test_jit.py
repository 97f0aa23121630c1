"""Compiled kernels: the cache is an aid and never a condition."""

import os
import subprocess
import sys

import numpy as np
import pytest

from sim.jit import _part_of, allocating, compiled
from sim.kernel_cache import cache_root, module_cache

_USE_A_KERNEL = """
import numpy as np
from sim.rng import uniform
print(uniform(np.array([1], np.uint64), 0, 0.0, 1.0))
"""

_USE_A_PLAYERS_KERNEL = """
import numpy as np
from sim.jit import compiled
from sim.rng import uniform
def draw(seeds):
    return uniform(seeds, 0, 0.0, 1.0)
draw.__module__ = "policies.scripted.builder"
print(compiled(draw)(np.array([1], np.uint64)))
"""


def run(cache, program=_USE_A_KERNEL):
    environment = dict(os.environ, HIDESEEK_CACHE=str(cache))
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)


def test_a_first_start_says_that_it_compiles_and_a_second_does_not_need_to(tmp_path):
    first, second = run(tmp_path), run(tmp_path)
    assert "compiling the world (once" in first.stderr and second.stderr == ""
    assert first.stdout == second.stdout != ""


def test_what_is_linked_into_a_kernel_is_not_said_to_be_compiled_again(tmp_path):
    said = run(tmp_path, _USE_A_PLAYERS_KERNEL).stderr
    assert said == "hideseek: compiling the scripted player builder (once; it is kept) ...\n"


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("sim.tick", "the world"),
        ("sim.scenarios.quadrant_start", "start positions"),
        ("sim.scenarios.drawn.placing", "start positions in drawn worlds"),
        ("policies.scripted.builder", "the scripted player builder"),
        ("simulator", ""),
    ],
)
def test_each_part_has_words_of_its_own(module, part):
    assert _part_of(module) == part


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    file = tmp_path / "not-a-folder"
    file.touch()
    found = run(file)
    assert found.returncode == 0 and "no cache can be written" in found.stderr


def test_a_full_disk_is_no_error(monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    cache_root.cache_clear()
    assert module_cache("sim.tick") is None
    cache_root.cache_clear()


def test_a_kernel_that_borrows_its_arrays_cannot_hand_one_on():
    with pytest.raises(TypeError, match="returns an array"):
        compiled(lambda row: row)(np.ones(3))


def test_arrays_are_made_by_kernels_that_count_references():
    assert np.array_equal(allocating(lambda row: row.copy())(np.arange(3.0)), np.arange(3.0))
