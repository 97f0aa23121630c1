"""A few of the files that `tests.policies.hostile_files` draws; its command reads as many as one likes."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from policies.evaluation.report import metric_lines
from policies.learning.run_metrics import truncate_metrics
from replays.format.metrics import read_metrics
from tests.policies.hostile_files import Guard, Kind, attack, kinds, read_hostile
from tests.policies.mutated_files import Attack, attack_in_turns
from tests.policies.mutations import FORMS, SAFETENSORS, mutated


@pytest.fixture(scope="session")
def guard() -> Guard:
    return Guard()


def attacked(count: int, guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The kinds of files of which hostile and mutated ones were read or refused."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    done, found = set(), kinds(tmp_path)
    assert not attack_in_turns([Attack(*one, 0, guard) for one in found.items()], count * len(found), tmp_path / "bad")
    for name, kind in found.items():
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


def test_what_breaks_on_a_mutated_file_is_counted_and_kept(
    guard: Guard, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    file, broken = tmp_path / "file", tmp_path / "broken"
    file.write_bytes(b"1")
    breaking = Attack("number", Kind(file, lambda: int(file.read_bytes()), st.nothing()), 0, guard)
    faults = attack_in_turns([breaking], 50, broken)
    assert 10 < len(faults) < 50 and all("ValueError" in fault.what for fault in faults)
    kept = [path.read_bytes() for path in broken.iterdir()]
    assert kept == [breaking.content(faults[0].number)] and "ValueError" in capfd.readouterr().out
    with pytest.raises(ValueError):
        int(kept[0])


def test_parts_of_files_are_mutated_and_the_files_still_open():
    """What is taken apart can be put together again."""
    zipped = FORMS[0].put_together([(b"a.npy", b"12345678"), (b"b", b"")])
    picture = FORMS[1].put_together([(b"IHDR", bytes(13)), (b"tEXt", b"facts\0[]"), (b"IEND", b"")])
    tensors = SAFETENSORS.put_together([(b"", b'{"a": 1}'), (b"", b"12345678")])
    for content, form in ((zipped, FORMS[0]), (picture, FORMS[1]), (tensors, SAFETENSORS)):
        assert form.put_together(form.take_apart(content)) == content
        assert len({mutated(content, np.random.default_rng(seed)) for seed in range(40)}) > 30


def test_numbers_too_large_for_a_machine_do_not_count(tmp_path: Path):
    (tmp_path / "metrics.jsonl").write_text(f'{{"agent_steps": 1, "hidden": {10**400}, "seen": 0.5, "paid": NaN}}\n')
    assert metric_lines(tmp_path) == [{"agent_steps": 1, "seen": 0.5}]


def test_all_who_read_metrics_leave_out_the_same_damaged_lines(tmp_path: Path):
    good = [json.dumps({"agent_steps": steps, "hidden": 0.5}).encode() for steps in (1, 2, 3)]
    damaged = [
        b'{"agent_steps": -1}',
        b'{"agent_steps": 10000000000000000}',
        b'{"agent_steps": true}',
        b'{"agent_steps": 2, "hidden": "\xff"}',
        b'{"agent_steps": 2, "note": "' + b"a" * 70_000 + b'"}',
        b"[" * 50_000,
        b"[]",
    ]
    for line in damaged:
        file = tmp_path / "metrics.jsonl"
        file.write_bytes(b"\n".join([good[0], line, *good[1:]]))
        assert [one["agent_steps"] for one in metric_lines(tmp_path)] == [1, 2, 3]
        assert read_metrics(file, ["hidden"]).agent_steps == [1, 2, 3]
        truncate_metrics(tmp_path, 2)
        assert file.read_bytes() == b"\n".join([*good[:2], b""]), "only what is past the checkpoint is written again"
