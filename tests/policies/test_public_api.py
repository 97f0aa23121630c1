"""The declared public API, which the README lists, exists."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from policies.agents import team

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
LISTED = re.findall(r"^((?:sim|replays|policies)\.[\w.]+) {2,}(.+)$", README, re.MULTILINE)
LIBRARIES = {"sb3": "stable_baselines3", "torchrl": "torchrl", "pufferlib": "pufferlib"}
"""What an adapter needs that the tests do not install."""


def test_the_list_names_each_floor():
    assert {module.partition(".")[0] for module, _ in LISTED} == {"sim", "replays", "policies"}


@pytest.mark.parametrize(("module", "names"), LISTED)
def test_public_names_can_be_imported(module: str, names: str):
    if module.startswith("sim.adapters."):
        pytest.importorskip(LIBRARIES[module.rpartition(".")[2]])
    for name in names.split(", "):
        assert hasattr(import_module(module), name), f"{module}.{name}"


def test_the_example_of_the_documentation_plays():
    import numpy as np

    from policies.agents.players import SHIPPED
    from sim.env import parallel_env
    from sim.rules import HIDERS

    hiders = team.load(SHIPPED / "quadrant-block", HIDERS)
    observations, _ = parallel_env("quadrant", flat=True).reset(seed=3)
    actions = hiders.act(np.stack([observations["hider_0"], observations["hider_1"]]))
    assert actions.shape == (2, 3)
