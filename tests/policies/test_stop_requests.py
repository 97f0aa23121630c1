"""Signals, a terminal that goes away and a reader that leaves: training ends after the update, and saves."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from policies.agents.folders import latest_team
from policies.agents.team import load
from policies.learning import run_folder, trainer
from policies.learning.train import train
from tests.policies.training import (
    PER_UPDATE,
    ROOT,
    SCENARIO,
    SIGNALS,
    TINY,
    go,
    lines,
    options,
)


def raising(monkeypatch: pytest.MonkeyPatch, signals: dict[int, int]) -> None:
    """Has a training raise signals at the start of its third update: a count of each kind."""
    update = trainer.Trainer.update

    def interrupted(self, executor):
        if self.updates == 2:
            for number, times in signals.items():
                for _ in range(times):
                    signal.raise_signal(number)
        return update(self, executor)

    monkeypatch.setattr(trainer.Trainer, "update", interrupted)


@pytest.fixture
def noticed() -> Iterator[list[int]]:
    """The signals that nobody but this fixture has handled."""
    found: list[int] = []
    before = {number: signal.signal(number, lambda number, _: found.append(number)) for number in SIGNALS}
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_saves_after_the_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noticed: list, number: int):
    before = signal.getsignal(number)
    raising(monkeypatch, {number: 1})
    assert not go(tmp_path, 100)
    assert signal.getsignal(number) is before and noticed == []
    assert run_folder.checkpoints(tmp_path)[-1].name == run_folder.step_name(3 * PER_UPDATE)


def test_a_second_interrupt_gets_through_and_a_second_hangup_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noticed: list
):
    raising(monkeypatch, dict.fromkeys(SIGNALS, 2))
    assert not go(tmp_path, 100)
    assert noticed == [signal.SIGINT, signal.SIGTERM]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_an_ignored_hangup_stays_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noticed: list):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    raising(monkeypatch, {signal.SIGHUP: 1})
    assert go(tmp_path, 4)


class LostTerminal(StringIO):
    """A terminal that is gone after the first line."""

    def write(self, text: str) -> int:
        if self.getvalue():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().write(text)


def test_a_terminal_that_goes_away_saves_after_the_update(tmp_path: Path):
    go(tmp_path, 2)
    console = Console(file=LostTerminal(), force_terminal=False)
    assert not train(TINY, SCENARIO, tmp_path, options(100), console)
    assert run_folder.checkpoints(tmp_path)[-1].name == run_folder.step_name(3 * PER_UPDATE)


def test_a_reader_that_leaves_early_saves_after_the_update(tmp_path: Path):
    go(tmp_path, 2, replace(TINY, checkpoint_steps=2**40))
    code = (
        "from pathlib import Path\nfrom policies.learning.run_folder import resumed\n"
        "from policies.learning.limits import Limits\nfrom policies.learning.train import RunOptions, train\n"
        f"run, limits = Path({str(tmp_path)!r}), Limits(steps={1000 * PER_UPDATE})\n"
        "train(*resumed(run), run, RunOptions(limits, threads=1))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as it:
        assert it.stdout and it.stderr and b"going on" in it.stdout.readline()
        it.stdout.close()
        assert b"Error" not in it.stderr.read()  # it may say that it compiles
    assert it.returncode == 0
    newest = load(latest_team(tmp_path)).metadata.trained["updates"]
    assert 2 < newest == lines(tmp_path)[-1]["update"] < 1000
