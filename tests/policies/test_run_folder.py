"""A run folder: held to its options, one process at a time, and read as if a stranger had sent it."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from policies.agents.folders import MOST_JSON_BYTES, latest_team
from policies.commands.training import Train
from policies.learning import run_folder
from policies.learning.config import PRESETS, TrainConfig, Tuning
from sim.errors import UserError
from sim.scenario import scenario_from_text
from tests.policies.training import SCENARIO, TINY


def start(run: Path, config: TrainConfig = TINY) -> None:
    """Enters the run folder as a training call does, and leaves it."""
    with run_folder.opened(run, config, SCENARIO):
        pass


def begin(run: Path, config: TrainConfig = TINY) -> None:
    """As `start`, and saves something."""
    with run_folder.opened(run, config, SCENARIO):
        run_folder.write_checkpoint(run, 640, lambda folder: None)


def taught(**changes: Any) -> dict[str, Tuning]:
    """The config's field of a run of `hideseek tune`."""
    usual: dict[str, Any] = {"method": "verifier", "team": "t", "team_hash": "ab", "goals": ("sealed",), "labels": "de"}
    return {"tuning": Tuning(**{**usual, **changes})}


TAUGHT = taught()


def test_a_run_that_is_not_there_is_not_called_untrained(tmp_path: Path):
    with pytest.raises(UserError, match="there is no run"):
        latest_team(tmp_path / "first")
    with pytest.raises(UserError, match="no checkpoint yet"):
        latest_team(tmp_path)


def test_other_options_are_refused_by_name(tmp_path: Path):
    begin(tmp_path)
    for name, value in (("seed", 1), ("worlds", 9), ("hidden", (16, 16))):
        with pytest.raises(UserError, match=f"with {name} "):
            start(tmp_path, replace(TINY, **{name: value}))
    with (
        pytest.raises(UserError, match="with scenario "),
        run_folder.opened(tmp_path, TINY, scenario_from_text("quadrant")),
    ):
        pass


def test_why_training_ended_stands_there_until_it_goes_on(tmp_path: Path):
    start(tmp_path)
    run_folder.note_end(tmp_path, "stopped")
    assert (tmp_path / "ended.txt").read_text() == "stopped\n"
    start(tmp_path)
    assert not (tmp_path / "ended.txt").exists()


def test_a_run_that_never_saved_anything_binds_nobody(tmp_path: Path):
    start(tmp_path, replace(TINY, start="nobody"))
    assert run_folder.binding(tmp_path) is None
    assert Train(run_folder=tmp_path)._numbers() == (PRESETS["laptop"], None), "a wrong option is not inherited"
    start(tmp_path, replace(TINY, seed=5))
    assert run_folder.resumed(tmp_path) == (replace(TINY, seed=5), SCENARIO)
    begin(tmp_path, replace(TINY, seed=5))
    assert run_folder.binding(tmp_path) == Train(run_folder=tmp_path)._numbers() == (replace(TINY, seed=5), SCENARIO)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ({"start": "lr"}, {}, "with start lr, not without --start; give the same start,"),
        ({}, {"without": ("grab", "lock")}, "with all tools, not without grab, lock; give the same --without,"),
        ({}, {"regret_share": 0.1}, "with shift regret 0.0, not with shift regret 0.1;"),
        ({}, {"hidden": (8, 4)}, "with hidden 16, not with hidden 8, 4;"),
        (TAUGHT, taught(goals=(), told=("sealed", "apart")), "with goal sealed, not without --goal;"),
        (TAUGHT, taught(labels="c0"), "with other labels; give the same labels,"),
        (TAUGHT, taught(team_hash="fe"), "with other weights of its team;"),
        (TAUGHT, taught(fresh=True), "without --fresh, not with --fresh;"),
        ({}, TAUGHT, "without --method, not with method verifier;"),
    ],
)
def test_what_differs_is_said_as_people_know_it(tmp_path: Path, before: dict, now: dict, words: str):
    begin(tmp_path, replace(TINY, **before))
    with pytest.raises(UserError, match=f"was started {re.escape(words)}"):
        start(tmp_path, replace(TINY, **now))


def test_a_run_of_more_worlds_than_its_config_can_hold_is_refused_before_anything_is_written(tmp_path: Path):
    most = replace(TINY, then=tuple((k, f"drawn:{'x' * 40_000}") for k in range(1, 28)))
    with pytest.raises(UserError, match=r"config\.json would have 10\d\d KiB, more than the 1024 that .* fewer --then"):
        start(tmp_path / "run", most)
    assert not (tmp_path / "run").exists()
    start(tmp_path / "short")
    room = MOST_JSON_BYTES - (tmp_path / "short" / "config.json").stat().st_size
    for more, fits in ((room, True), (room + 1, False)):
        with contextlib.nullcontext() if fits else pytest.raises(UserError, match="fewer --then"):
            start(tmp_path / f"{fits}", replace(TINY, start="x" * more))
    assert run_folder.resumed(tmp_path / "True") == (replace(TINY, start="x" * room), SCENARIO)


def test_a_run_whose_checkpoints_were_deleted_is_left_as_it_is(tmp_path: Path):
    begin(tmp_path)
    for steps in (0, 640):
        run_folder.replay_path(tmp_path, steps).touch()
    shutil.rmtree(tmp_path / "checkpoints")
    with pytest.raises(UserError, match="no checkpoint to go on from"):
        start(tmp_path)
    run_folder.replay_path(tmp_path, 640).unlink()
    start(tmp_path, replace(TINY, seed=5))


def test_a_run_whose_config_is_gone_says_so(tmp_path: Path):
    begin(tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(UserError, match=r"config\.json is missing; put it back"):
        start(tmp_path)
    assert run_folder.checkpoints(tmp_path)


def test_a_run_of_another_version_or_a_foreign_folder_is_refused(tmp_path: Path):
    start(tmp_path / "old")
    config = tmp_path / "old" / "config.json"
    config.write_text(config.read_text().replace(f'"format": {run_folder.RUN_FORMAT}', '"format": 0'))
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.txt").write_text("mine")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    (tmp_path / "file").write_text("mine")
    for name in ("old", "foreign", "broken", "file"):
        with pytest.raises(UserError, match=name):
            start(tmp_path / name)
    assert (tmp_path / "foreign" / "thesis.txt").read_text() == "mine"
    assert (tmp_path / "file").read_text() == "mine"


WRONG = {
    "a fraction": {"worlds": 4.5},
    "a truth value": {"worlds": True},
    "a fraction within": {"hidden": [1.5]},
    "text for a list": {"hidden": "16"},
    "a list for a number": {"epochs": [3]},
    "no number": {"gamma": float("nan")},
    "no tool": {"without": [["lock"]]},
    "no later world": {"then": [[640, "nowhere"]]},
    "a later world without its steps": {"then": ["quadrant"]},
    "a later world after a fraction": {"then": [[640.5, "quadrant"]]},
    "a later world of other rules": {"then": [[640, "quadrant"]]},
    "no scenario": {"scenario": 3},
    "unknown": {"cheese": 1},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG.keys())
def test_a_config_of_wrong_types_is_refused(tmp_path: Path, changes: dict):
    start(tmp_path)
    config = tmp_path / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), **changes}))
    with pytest.raises(UserError, match=re.escape(str(config))):
        run_folder.resumed(tmp_path)


@pytest.mark.parametrize("content", [b"[" * 10**5, b"\xff\xfe\xfa", b" " * 2**21, b"[1]", b'{"format": 1}', b""])
def test_a_config_that_is_no_config_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(UserError, match=re.escape(str(tmp_path))):
        start(tmp_path)
    assert (tmp_path / "config.json").read_bytes() == content and not (tmp_path / "lock").exists()


def test_lists_in_an_option_may_be_nested_deeper_than_python_can_follow(tmp_path: Path):
    """Later versions of Python read such a file; earlier ones refuse it."""
    nested: list = []
    for _ in range(5000):
        nested = [nested]
    assert run_folder._with_tuples({"then": [[640, nested]]}) == {"then": ((640, nested),)}
    start(tmp_path)
    config = tmp_path / "config.json"
    text = json.dumps({**json.loads(config.read_text()), "then": "nested"})
    config.write_text(text.replace('"nested"', "[" * 3000 + "]" * 3000))
    with pytest.raises(UserError, match=re.escape(str(config))):
        run_folder.resumed(tmp_path)


def test_an_option_that_a_run_does_not_name_has_its_default(tmp_path: Path):
    begin(tmp_path)
    config = tmp_path / "config.json"
    said = json.loads(config.read_text())
    del said["without"]
    config.write_text(json.dumps(said))
    start(tmp_path)
    with pytest.raises(UserError, match="with all tools, not without lock; give the same --without"):
        start(tmp_path, replace(TINY, without=("lock",)))


def test_a_second_process_is_refused_while_the_first_lives(tmp_path: Path):
    start(tmp_path)
    code = f"import filelock; lock = filelock.FileLock({str(tmp_path / 'lock')!r}); lock.acquire(); print('held')"
    command = [sys.executable, "-u", "-c", code + "; input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline() == b"held\n"
        with pytest.raises(UserError, match="in use"):
            start(tmp_path)
        other.kill()
    start(tmp_path)
    assert not FileLock(tmp_path / "lock").is_locked


def test_what_a_killed_process_left_is_cleared(tmp_path: Path):
    start(tmp_path)
    left = tmp_path / "checkpoints" / "000000000640.part"
    left.mkdir(parents=True)
    (tmp_path / "replays").mkdir()
    parts = [tmp_path / ".metrics.jsonl.77.part", tmp_path / "replays" / ".000000000640.npz.77.part"]
    for path in parts:
        path.touch()
    start(tmp_path)
    assert not any(path.exists() for path in [left, *parts]) and run_folder.checkpoints(tmp_path) == []


def test_a_kill_while_the_config_is_written_leaves_a_folder_that_can_be_used(tmp_path: Path):
    (tmp_path / "lock").touch()
    (tmp_path / ".config.json.77.part").write_text("{")
    start(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} - {"lock"} == {"config.json"}


def test_a_run_begun_by_another_process_meanwhile_is_held_to_its_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    acquire = FileLock.acquire

    def late(self, *args, **named):
        monkeypatch.undo()
        begin(tmp_path, replace(TINY, seed=5))
        return acquire(self, *args, **named)

    monkeypatch.setattr(FileLock, "acquire", late)
    with pytest.raises(UserError, match="seed 5"):
        start(tmp_path)
    assert run_folder.resumed(tmp_path) == (replace(TINY, seed=5), SCENARIO)
