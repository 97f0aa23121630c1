"""A disk that is full or may not be written: one line that says so, and no half of a file under a final name."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policies.cli import main
from policies.commands.errors import BAD_INPUT, INTERRUPTED
from policies.learning import checkpoint
from policies.learning.storing import storing
from policies.learning.tensorboard import Board
from replays.format import archive
from sim.errors import UserError

ROOT = Path(__file__).parents[2]
FILM = ROOT / "replays" / "gallery" / "behind-a-box.npz"
SHORT = "quadrant:ticks=4,preparation_ticks=2"
TRAIN = f"train smoke --scenario {SHORT} --set worlds=2 --set hidden=8 --set checkpoint_steps=1 --run run --steps"
FULL = Path("/dev/full")
COMMANDS = {
    f"record idle idle --scenario {SHORT} --out kept": "kept",
    f"export {FILM} --to clip.gif --until 1": "clip.gif",
    f"export {FILM} --to still.png": "still.png",
    f"watch {FILM}#tick=63": "behind-a-box.gif",
    f"{TRAIN} 1": "run",
}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EDQUOT], ids=errno.errorcode.get)
@pytest.mark.parametrize("line", COMMANDS)
def test_what_cannot_be_written_is_told_in_one_line(
    line: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(archive.os, "fsync", refuse)
    assert main(line.split()) == BAD_INPUT
    out, error = capsys.readouterr()
    (message,) = [message for message in error.splitlines() if not message.endswith("...")]
    assert out == "" and message.startswith(f"hideseek: {COMMANDS[line]}") and os.strerror(number) in message
    assert ("free some space" in message) == (number != errno.EACCES)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"lock"}


@pytest.mark.parametrize("line", COMMANDS)
def test_ctrl_c_while_a_file_is_written_leaves_no_half_of_it(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(archive.os, "fsync", interrupt)
    assert main(line.split()) == INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"lock"}


@pytest.mark.parametrize(("number", "helps"), [(errno.ENOSPC, True), (errno.EACCES, False)])
def test_free_space_is_advised_only_where_it_is_short(number: int, helps: bool, tmp_path: Path):
    with pytest.raises(UserError, match="choose another --run") as told, storing(tmp_path):
        raise OSError(number, os.strerror(number))
    assert ("free some space" in str(told.value)) == helps


def test_a_disk_that_fills_up_while_training_leaves_what_was_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert main(f"{TRAIN} 1".split()) == 0
    stored = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    capsys.readouterr()

    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "trainer.safetensors")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, "save_file", full)
        assert main(f"{TRAIN} 100".split()) == BAD_INPUT
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "No space left" in error
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    metrics, ended = tmp_path / "run" / "metrics.jsonl", tmp_path / "run" / "ended.txt"
    assert stored.pop(ended) and ended not in after  # this call ended without a word
    assert after.pop(metrics).startswith(stored.pop(metrics)) and after == stored
    assert main(f"{TRAIN} 100".split()) == 0


def test_curves_that_cannot_be_written_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    from tensorboard.summary.writer.record_writer import RecordWriter

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(RecordWriter, "write", full)
    with pytest.raises(UserError, match="tensorboard cannot be written"):
        Board(tmp_path, 0)
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("line", ["teams --json", "train --help"])
def test_output_that_cannot_be_written_is_told_in_one_line(line: str):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "policies.cli", *line.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
    assert done.returncode == BAD_INPUT
    assert done.stderr == "hideseek: output: No space left on device\n"
