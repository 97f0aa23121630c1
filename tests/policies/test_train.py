"""A run: stopped, resumed, held to its options, and never left half written."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from rich.console import Console

from policies import run_folder, trainer
from policies.presets import TrainConfig
from policies.progress import Progress, Stopwatch, describe
from policies.team import load
from policies.train import Limits, train
from replays.recording import read
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text

SCENARIO = scenario_from_text("quadrant:ticks=10,preparation_ticks=4")
PER_UPDATE = 8 * 10 * 4
TINY = TrainConfig(
    worlds=8, minibatch=64, hidden=(16,), past_share=0.25, pool=3, snapshot_steps=700, checkpoint_steps=2 * PER_UPDATE
)


def quiet() -> Console:
    return Console(file=StringIO(), force_terminal=False)


def go(run: Path, updates: int, config: TrainConfig = TINY, keep: int = 10, threads: int = 1) -> bool:
    return train(config, SCENARIO, run, steps=updates * PER_UPDATE, keep=keep, threads=threads, console=quiet())


def lines(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def same_checkpoint(one: Path, other: Path) -> bool:
    names = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert len(names) == 3
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_a_resumed_run_equals_an_uninterrupted_one_tensor_for_tensor(tmp_path: Path):
    go(tmp_path / "whole", 9)
    go(tmp_path / "parts", 3)
    go(tmp_path / "parts", 4, threads=2)
    go(tmp_path / "parts", 9)
    name = run_folder.step_name(9 * PER_UPDATE)
    assert same_checkpoint(tmp_path / "whole" / "checkpoints" / name, tmp_path / "parts" / "checkpoints" / name)
    timing = {"seconds", "steps_per_s", "shares"}
    for one, other in zip(lines(tmp_path / "whole"), lines(tmp_path / "parts"), strict=True):
        assert {k: v for k, v in one.items() if k not in timing} == {k: v for k, v in other.items() if k not in timing}


def test_metrics_after_the_last_checkpoint_are_measured_again_and_not_doubled(tmp_path: Path):
    go(tmp_path, 4)
    stale = json.dumps({**lines(tmp_path)[-1], "agent_steps": 5 * PER_UPDATE, "update": 5})
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write(stale + "\n" + stale[:40])
    go(tmp_path, 6)
    assert [line["update"] for line in lines(tmp_path)] == [1, 2, 3, 4, 5, 6]


def test_a_run_folder_holds_what_it_should(tmp_path: Path):
    assert go(tmp_path, 5)
    steps = [2 * PER_UPDATE, 4 * PER_UPDATE, 5 * PER_UPDATE]
    assert [path.name for path in run_folder.checkpoints(tmp_path)] == [run_folder.step_name(step) for step in steps]
    assert run_folder.resumed(tmp_path) == (TINY, SCENARIO)
    line = lines(tmp_path)[-1]
    assert line["agent_steps"] == 5 * PER_UPDATE and {"simulate", "infer", "learn", "other"} == line["shares"].keys()
    assert sum(line["shares"].values()) == pytest.approx(1)
    sides = [load(run_folder.latest_team(tmp_path), side, SCENARIO) for side in (HIDERS, SEEKERS)]
    recording = read(run_folder.replay_path(tmp_path, 5 * PER_UPDATE))
    assert recording.header.hashes == {"hiders": sides[0].hash(), "seekers": sides[1].hash()}
    assert recording.values is not None and len(recording.actions) == SCENARIO.ticks
    assert sides[0].card.trained["agent_steps"] == 5 * PER_UPDATE


def test_keep_bounds_checkpoints_and_recordings(tmp_path: Path):
    go(tmp_path, 9, keep=2)
    kept = [path.name for path in run_folder.checkpoints(tmp_path)]
    assert kept == [run_folder.step_name(step * PER_UPDATE) for step in (8, 9)]
    assert sorted(path.stem for path in (tmp_path / "replays").iterdir()) == kept


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_after_the_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int):
    update = trainer.Trainer.update

    def interrupted(self, executor):
        if self.updates == 2:
            signal.raise_signal(number)
        return update(self, executor)

    before = signal.getsignal(number)
    monkeypatch.setattr(trainer.Trainer, "update", interrupted)
    assert not go(tmp_path, 100)
    assert signal.getsignal(number) is before
    assert run_folder.checkpoints(tmp_path)[-1].name == run_folder.step_name(3 * PER_UPDATE)


def test_a_full_disk_loses_nothing_that_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go(tmp_path, 2)
    whole = run_folder.checkpoints(tmp_path)

    def full(*_args, **_named):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "trainer.safetensors")

    monkeypatch.setattr(trainer, "save_file", full)
    with pytest.raises(UserError, match="No space left"):
        go(tmp_path, 4)
    assert run_folder.checkpoints(tmp_path) == whole and not list((tmp_path / "checkpoints").glob("*.part"))
    monkeypatch.undo()
    assert go(tmp_path, 4)


def test_a_damaged_checkpoint_is_named(tmp_path: Path):
    go(tmp_path, 4)
    newest = run_folder.checkpoints(tmp_path)[-1]
    for name in ("trainer.safetensors", "team/weights.safetensors"):
        content = (newest / name).read_bytes()
        (newest / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(UserError, match=newest.name):
            go(tmp_path, 6)
        (newest / name).write_bytes(content)
    assert go(tmp_path, 6)


def test_a_run_that_diverges_says_so_and_saves_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go(tmp_path, 2)
    whole = run_folder.checkpoints(tmp_path)

    def diverged(self, samples, executor):
        return {"hiders": {"value_loss": float("nan")}, "seekers": {"value_loss": 1.0}}

    monkeypatch.setattr(trainer.Trainer, "_learn", diverged)
    with pytest.raises(UserError, match="hiders value_loss is nan"):
        go(tmp_path, 4)
    assert run_folder.checkpoints(tmp_path) == whole and len(lines(tmp_path)) == 2


def start(run: Path, config: TrainConfig = TINY) -> None:
    """Enters the run folder as a training call does, and leaves it."""
    with run_folder.opened(run, config, SCENARIO):
        pass


def test_other_options_are_refused_by_name(tmp_path: Path):
    start(tmp_path)
    for name, value in (("seed", 1), ("worlds", 9), ("hidden", (16, 16))):
        with pytest.raises(UserError, match=f"with {name} "):
            start(tmp_path, replace(TINY, **{name: value}))
    with (
        pytest.raises(UserError, match="with scenario "),
        run_folder.opened(tmp_path, TINY, scenario_from_text("quadrant")),
    ):
        pass


def test_a_run_of_another_version_or_a_foreign_folder_is_refused(tmp_path: Path):
    start(tmp_path / "old")
    config = tmp_path / "old" / "config.json"
    config.write_text(config.read_text().replace('"format": 1', '"format": 0'))
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
    start(tmp_path)
    assert not left.exists() and run_folder.checkpoints(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "name"),
    [({"minutes": 0}, "minutes"), ({"steps": 0}, "steps"), ({"keep": 0}, "keep"), ({"device": "tpu"}, "device")],
)
def test_bad_limits_are_refused_before_anything_is_written(tmp_path: Path, options: dict, name: str):
    with pytest.raises(UserError, match=name):
        train(TINY, SCENARIO, tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_cuda_is_refused_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="cuda"):
        train(TINY, SCENARIO, tmp_path / "run", device="cuda")


def line() -> dict:
    figures = {"entropy": 4.5}
    seals = {f"{kind}_{moment}": 0.25 for kind in ("soft", "robust") for moment in ("prep", "end")}
    counts = {"hidden": 0.5, "seen": 0.4, "boxes_moved": 1.0, "hider_locks": 2.0, "seeker_locks": 0.0}
    shares = {"simulate": 0.5, "other": 0.5}
    return {"agent_steps": 1000, "steps_per_s": 10.0, **counts, **seals, "hiders": figures, "seekers": figures} | {
        "shares": shares
    }


def test_progress_without_a_terminal_is_one_line_now_and_then():
    console = quiet()
    with Progress(console, "run") as progress:
        progress.show(line(), 3725.0)
        progress.show(line(), 3720.0)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.count("\n") == 1 and "1:02:05" in text and "\x1b" not in text


def test_progress_on_a_terminal_is_a_table_without_colour_if_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with Progress(console, "run") as progress:
        progress.show(line(), None)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(fact in text for fact in describe(line(), None).values())
    assert not re.search(r"\x1b\[[349]\d", text)


def test_time_left_is_to_the_nearer_limit():
    both = Limits(minutes=1.0, steps=200)
    assert both.seconds_left(100, spent=10.0, speed=10.0) == pytest.approx(10.0)
    assert both.seconds_left(100, spent=55.0, speed=1.0) == pytest.approx(5.0)
    assert Limits(None, None).seconds_left(100, spent=55.0, speed=1.0) is None
    assert both.reached(200, 0.0) and both.reached(0, 60.0) and not both.reached(199, 59.9)
    assert not Limits(None, None).reached(10**12, 1e9)


def test_a_stopwatch_accounts_for_all_time():
    watch = Stopwatch()
    with watch.running("simulate"):
        sum(range(10_000))
    shares = watch.shares()
    assert sum(shares.values()) == pytest.approx(1, abs=0.05) and set(shares) == {"simulate", "other"}
