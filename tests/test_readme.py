"""The README does what it says."""

import re
from pathlib import Path

import pytest
import torch

from policies.agents.team import Team, TeamMetadata, save
from policies.cli import VERBS, _parse
from policies.learning.ppo import new_networks
from replays.viewer.keys import GALLERY_KEYS, KEYS, SIDE_KEYS, Key
from replays.viewer.modes.export import EXPORT_KEYS
from replays.viewer.modes.play import LIVE_KEYS
from replays.viewer.modes.what_if import WHAT_IF_KEYS
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text, scenario_text

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
COMMANDS = re.findall(rf"^.*?hideseek ((?:{'|'.join(VERBS)})\b[^#&\n]*)", SHELL, re.MULTILINE)
COMMANDS += re.findall(r"&& hideseek ([^#&\n]*)", SHELL)
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
TESTS = 'pip install -e ".[test]" && pytest -n 2 --dist loadfile'


def untrained_run(run: Path) -> None:
    """A run folder with just the team of one checkpoint in it."""
    scenario = scenario_from_text("quadrant")
    slots, hidden = scenario.slots, (8,)
    card = TeamMetadata(scenario_text(scenario), slots, "mlp", hidden, 1.0, {})
    networks = [new_networks("mlp", slots, side, hidden, torch.Generator()) for side in (HIDERS, SEEKERS)]
    teams = [Team(side, card, *both) for side, both in enumerate(networks)]
    save(run / "checkpoints" / "000000000000" / "team", teams)


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.splitlines()[0])
def test_python_blocks_run(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    untrained_run(tmp_path / "runs" / "first")
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(compile(block, "README.md", "exec"), names)
    assert not names["env"].agents or names["action"].shape == (3,)


def test_ci_runs_the_readmes_test_command():
    assert f"```sh\n{TESTS}\n```" in README
    assert TESTS in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_understood(command: str):
    """Every line parses; `tests/test_cli.py` is about what they do."""
    assert _parse(command.split())


@pytest.mark.parametrize(
    ("mark", "keys"),
    [
        ("KEYS", KEYS),
        ("GALLERY", GALLERY_KEYS),
        ("SIDE", SIDE_KEYS),
        ("KEYS WHILE PLAYING", LIVE_KEYS),
        ("KEYS OF WHAT IF", WHAT_IF_KEYS),
        ("KEYS OF EXPORT", EXPORT_KEYS),
    ],
)
def test_keys_are_the_viewers(mark: str, keys: tuple[Key, ...]):
    """The tables are made from the viewer's own; on a change, paste what this test prints."""
    rows = [f"| {key.name.replace('|', chr(92) + '|')} | {key.help} |" for key in keys]
    table = "\n".join(
        [f"<!-- {mark}: begin -->", "| key | what it does |", "|---|---|", *rows, f"<!-- {mark}: end -->"]
    )
    assert table in README, table


def test_files_that_are_named_exist():
    for path in re.findall(r"`((?:sim|replays|policies|tests)/[\w./]*)`", README):
        assert (ROOT / path).exists(), path
