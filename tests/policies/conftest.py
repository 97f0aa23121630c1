"""What tests of policies share: torch computes in one thread, as in training; and a team to teach."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from policies.agents.team import save
from policies.preferences import tune
from sim.rules import HIDERS, SEEKERS
from tests.policies.teams import untrained_team
from tests.policies.training import PER_TAUGHT_UPDATE, go


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """On these small batches more threads only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A run of two updates to teach, and a config as small."""
    go(tmp_path / "team", 2)
    usual = tune.config_of

    def small(*parts):
        return replace(
            usual(*parts), worlds=2 * tune.GROUP_EPISODES, minibatch=64, checkpoint_steps=2 * PER_TAUGHT_UPDATE
        )

    monkeypatch.setattr(tune, "config_of", small)
    return str(tmp_path / "team")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A team folder with both sides."""
    save(tmp_path / "team", [untrained_team(HIDERS, 1), untrained_team(SEEKERS, 2)])
    return tmp_path / "team"
