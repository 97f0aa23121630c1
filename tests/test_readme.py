"""The README does what it says."""

import re
import shlex
from pathlib import Path

import pytest
import torch

from policies.agents.team import Team, TeamMetadata, save
from policies.cli import VERBS, _parse, main
from policies.learning.ppo import new_networks
from replays.viewer.key_tables import KEY_TABLES
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text, scenario_text
from tests.commands import hideseek

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
COMMANDS = re.findall(rf"^.*?hideseek ((?:{'|'.join(VERBS)})\b[^#&\n]*)", SHELL, re.MULTILINE)
COMMANDS += re.findall(r"&& hideseek ([^#&\n]*)", SHELL)
SMALLER = {
    "train": "--steps 5000",
    "evaluate": "--episodes 20",
    "rate": "--episodes 8",
    "report": "--episodes 16",
    "tournament": "--episodes 4",
    "tune": "--steps 5000",
    "probe": "--quick --expert-steps 0 --probe no-seekers",
    "bench": "--seconds 3 --only world",
}
"""What makes a command short enough for a test."""
NEEDS_SCREEN = ("play", "rank")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
LIBRARIES = {
    "stable_baselines3": lambda names: names["model"].num_timesteps >= 4_000,
    "torchrl": lambda names: names["rollout"].batch_size == (16, 50),
    "pufferlib": lambda names: len(names["envs"].reset()[0]) == names["envs"].num_agents > 0,
}
"""What must be true when the block of each has run."""
WITH_LIBRARIES = {name: block for block in BLOCKS for name in LIBRARIES if name in block}
PYTHON = [block for block in BLOCKS if block not in WITH_LIBRARIES.values()]
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
    assert "envs" in names or not names["env"].agents or names["action"].shape == (3,)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_python_blocks_with_other_libraries_run(library: str):
    pytest.importorskip(library)
    names: dict = {}
    exec(compile(WITH_LIBRARIES[library], "README.md", "exec"), names)
    assert LIBRARIES[library](names)


def test_ci_runs_the_readmes_test_command():
    assert f"```sh\n{TESTS}\n```" in README
    assert TESTS in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_understood(command: str):
    """Every line parses; `tests/test_cli.py` is about what they do."""
    assert _parse(shlex.split(command))


@pytest.mark.slow
def test_commands_run_one_after_the_other(tmp_path: Path):
    """As a reader gives them, smaller, without a screen; a later command needs the runs of those before it."""
    (tmp_path / "replays").symlink_to(ROOT / "replays")
    for command in dict.fromkeys(COMMANDS):
        verb = command.split()[0]
        if verb not in NEEDS_SCREEN:
            line = f"{command} {SMALLER.get(verb, '')}"
            code, _, error = hideseek(line, tmp_path, DISPLAY="", XDG_DATA_HOME=str(tmp_path / "data"))
            assert code == 0, f"{command}: {error}"
    made = ("report.html", "tournament.html", "taught.html", "probe.html", "clip.html", "my.toml")
    assert all((tmp_path / name).stat().st_size > 500 for name in made)


def test_every_table_of_keys_is_listed(capsys: pytest.CaptureFixture):
    """`hideseek keys` prints all of them, in lines that fit a terminal."""
    assert main(["keys"]) == 0
    out = capsys.readouterr().out
    for title, keys in KEY_TABLES.items():
        assert f"{title}\n" in out
        assert all(f"    {key.name}" in out and key.help in out for key in keys)
    assert max(map(len, out.splitlines())) <= 80


def test_files_that_are_named_exist():
    for text in (README, (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        for path in re.findall(r"`((?:sim|replays|policies|tests|\.github|\.ci)/[\w./]*)`", text):
            assert (ROOT / path).exists(), path
