"""The declared public API, which `policies.agents.team` lists, exists."""

import re
from importlib import import_module

import pytest

from policies.agents import team

LISTED = re.findall(r"^    ((?:sim|replays|policies)[\w.]+) {2,}(.+)$", team.__doc__ or "", re.MULTILINE)


def test_the_list_names_each_floor():
    assert {module.partition(".")[0] for module, _ in LISTED} == {"sim", "replays", "policies"}


@pytest.mark.parametrize(("module", "names"), LISTED)
def test_public_names_can_be_imported(module: str, names: str):
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
