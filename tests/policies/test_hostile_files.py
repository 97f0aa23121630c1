"""A few of the files that `tests.policies.hostile_files` draws; its command reads as many as one likes."""

import os
from pathlib import Path

import pytest

from policies.evaluation.report import metric_lines
from tests.policies.hostile_files import Guard, Kind, attack, kinds, read_hostile


@pytest.fixture(scope="session")
def guard() -> Guard:
    return Guard()


def attacked(count: int, guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The kinds of files of which hostile ones were read or refused."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    done = set()
    for name, kind in kinds(tmp_path).items():
        counts = attack(kind, count, 0, guard)
        assert counts["read"] + counts["refused"] >= count, f"{name}: {counts}"
        done.add(name)
    return done


def test_hostile_files_of_every_kind_are_read_or_refused(guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert len(attacked(20, guard, tmp_path, monkeypatch)) == 11


@pytest.mark.slow
def test_many_hostile_files_are_read_or_refused(guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert len(attacked(2000, guard, tmp_path, monkeypatch)) == 11


@pytest.mark.parametrize(
    "deed",
    [
        lambda folder: os.system("true"),
        lambda folder: exec("1"),
        lambda folder: (folder.parent / "up").write_text("x"),
        lambda folder: (folder.parent / "old").rename(folder / "new"),
    ],
)
def test_the_guard_notices(guard: Guard, tmp_path: Path, deed):
    (tmp_path / "old").touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(AssertionError), guard.watching(folder):
        deed(folder)
    with guard.watching(folder):
        (folder / "here").write_text("x")


def test_what_breaks_is_found(guard: Guard, tmp_path: Path):
    """A reader that ends in anything but UserError is a failure."""
    file = tmp_path / "file"
    with pytest.raises(ValueError):
        read_hostile(Kind(file, lambda: int(file.read_text()), None), b"x", guard)  # type: ignore[arg-type]


def test_numbers_too_large_for_a_machine_do_not_count(tmp_path: Path):
    (tmp_path / "metrics.jsonl").write_text(f'{{"agent_steps": 1, "hidden": {10**400}, "seen": 0.5, "paid": NaN}}\n')
    assert metric_lines(tmp_path) == [{"agent_steps": 1, "seen": 0.5}]
