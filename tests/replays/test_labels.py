"""A label file says what was answered, whenever its writer was killed, and whatever somebody else wrote into it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import replays
from replays.label_lines import clean_question
from replays.label_writer import LabelWriter
from replays.labels import parse, read
from replays.questions import Clip, Label, Question, Statement, clip_of, pair, recording_of
from sim.errors import UserError

ASK = 'Which hiders hide better, "together"?'
CHOICES = ("left", "right", "equal", "skip")
ANSWERS = {"left": "yes", "right": "no", "equal": "unsure", "skip": "unsure"}
NEAR = Statement("Hiders stay near each other", "mates_apart", -1)


def clips_in(folder: Path, count: int = 3) -> list[Clip]:
    """Clips of files that only have to have a hash."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"é {number}.npz").write_bytes(bytes([number]))
    return [clip_of(folder / f"é {number}.npz", 2, 20 + number) for number in range(count)]


Step = tuple[str, int, str]
steps = st.lists(
    st.tuples(st.sampled_from(["add", "add", "change", "undo"]), st.integers(0, 5), st.sampled_from(CHOICES)),
    max_size=8,
)


def question_of(number: int, clips: list[Clip]) -> Question:
    """A pair, groups of two and of one, or a statement."""
    first, second, third = clips[number % 3], clips[(number + 1) % 3], clips[(number + 2) % 3]
    found = pair(first, second), Question((first, second), (third,)), Question((first, second), statement=NEAR)
    return found[number // 2 % 3]


def do(writer: LabelWriter, step: Step, clips: list[Clip]) -> None:
    what, number, choice = step
    label = writer.labels[number % len(writer.labels)] if writer.labels else None
    question = question_of(number, clips) if what == "add" or label is None else label.question
    answer: Any = ANSWERS[choice] if question.statement else choice
    if what == "add" or label is None:
        writer.add(ASK, question, answer, number / 7)
    elif what == "change":
        writer.change(label, answer, 0.5)
    else:
        writer.take_back(writer.labels[number % len(writer.labels)])


@given(steps=steps, cut=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_killed_after_any_byte_all_that_was_answered_before_stands(steps: list[Step], cut: float):
    with tempfile.TemporaryDirectory() as folder:
        clips, path = clips_in(Path(folder) / "clips"), Path(folder) / "labels.jsonl"
        writer, after = LabelWriter(path), [(0, [])]
        for step in steps:
            do(writer, step, clips)
            after.append((path.stat().st_size, list(writer.labels)))
            assert read(path) == writer.labels
        writer.close()
        size = round(cut * after[-1][0])
        path.write_bytes(path.read_bytes()[:size])
        stands = [labels for end, labels in after if end - 1 <= size][-1]  # a line may lack its end alone
        before = path.read_bytes()
        assert read(path) == stands
        again = LabelWriter(path)
        assert again.labels == stands
        label = again.add(ASK, pair(*clips[:2]), "left", 1.0)
        again.close()
        assert read(path) == [*stands, label]
        assert path.read_bytes().startswith(before[: before.rfind(b"\n") + 1])


def test_a_first_line_that_is_cut_short_anywhere_is_no_line_yet(tmp_path: Path):
    clips, path = clips_in(tmp_path / "clips"), tmp_path / "labels.jsonl"
    writer = LabelWriter(path)
    writer.add(ASK, pair(*clips[:2]), "left", 1.0)
    writer.close()
    whole = path.read_bytes()
    for size in range(len(whole) - 1):
        assert parse(whole[:size], path) == ([], 0)


def test_a_killed_writer_has_kept_every_label_it_was_asked_to(tmp_path: Path):
    left, right = clips_in(tmp_path)[:2]
    code = (
        "import sys, pathlib; from replays.label_writer import LabelWriter; from replays.questions import *\n"
        f"folder = pathlib.Path({str(tmp_path)!r}); writer = LabelWriter(folder / 'labels.jsonl')\n"
        f"left, right = (clip_of(pathlib.Path(name), 2, 20) for name in {[str(left.path), str(right.path)]!r})\n"
        "while True:\n"
        "    writer.add('Which?', pair(left, right), 'left', 1.0); print('kept', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout
        kept = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        kept += process.stdout.readlines()
    assert len(read(tmp_path / "labels.jsonl")) in (len(kept), len(kept) + 1)  # one may be kept and not yet said so


@pytest.fixture
def lines(tmp_path: Path) -> list[dict[str, Any]]:
    """A label, a change of it, another label and its undoing."""
    clips = clips_in(tmp_path)
    writer = LabelWriter(tmp_path / "labels.jsonl")
    first = writer.add(ASK, pair(*clips[:2]), "left", 1.0)
    writer.change(first, "right", 2.0)
    writer.take_back(writer.add(ASK, pair(*clips[1:]), "equal", 3.0))
    writer.close()
    return [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]


def written(folder: Path, lines: list[Any]) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_paths_are_relative_so_that_the_folder_can_move(lines: list[dict[str, Any]], tmp_path: Path):
    assert {line["left"]["file"] for line in lines if "left" in line} == {"é 0.npz", "é 1.npz"}
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert [label.question.left[0].path for label in read(moved / "labels.jsonl")] == [moved / "é 0.npz"]


def test_a_file_elsewhere_is_found_from_the_folder_of_the_labels(tmp_path: Path):
    clips = clips_in(tmp_path / "clips")
    (tmp_path / "here").mkdir()
    writer = LabelWriter(tmp_path / "here" / "labels.jsonl")
    writer.add(ASK, pair(*clips[:2]), "left", 1.0)
    writer.close()
    assert '"../clips/' in writer.path.read_text()
    assert read(writer.path)[0].question == pair(*clips[:2])


def clip_with(**changes: Any) -> Callable[[list[Any]], None]:
    return lambda lines: lines[0]["left"].update(changes)


def line_with(number: int, **changes: Any) -> Callable[[list[Any]], None]:
    return lambda lines: lines[number - 1].update(changes)


BROKEN: dict[str, tuple[Callable[[list[Any]], None], str]] = {
    "no table": (lambda lines: lines.insert(0, 3), "line 1"),
    "another format": (line_with(1, format=2), "line 1: its format is not 1"),
    "a foreign key": (line_with(1, rater="me"), "line 1: it has other keys"),
    "no clip": (line_with(1, left="a.npz"), "line 1: a clip"),
    "an unknown choice": (line_with(1, choice="both"), "line 1: choice"),
    "a choice of another type": (line_with(1, choice=["left"]), "line 1: choice"),
    "no question": (line_with(1, ask=" \n"), "line 1: ask"),
    "another question": (line_with(3, ask="Which is redder?"), "line 3: it answers another question"),
    "endless": (line_with(1, seconds=float("inf")), "line 1: seconds"),
    "no number": (line_with(1, seconds=float("nan")), "line 1: seconds"),
    "true": (line_with(1, seconds=True), "line 1: seconds"),
    "no time": (line_with(1, time="today"), "line 1: "),
    "a time of no place": (line_with(1, time="2026-11-27T08:00:00"), "line 1: time"),
    "an undo without time": (line_with(4, time=None), "line 4: time"),
    "undoes itself": (line_with(2, undoes=2), "line 2: it undoes"),
    "undoes what is undone": (line_with(4, undoes=1), "line 4: it undoes"),
    "undoes nothing": (line_with(4, undoes=True), "line 4: it undoes"),
    "changes another pair": (line_with(3, undoes=2), "line 3: it changes"),
    "ticks that go back": (clip_with(**{"from": 9, "until": 9}), "line 1: a clip's ticks"),
    "half a tick": (clip_with(**{"from": 0.5}), "line 1: a clip's ticks"),
    "no path": (clip_with(file="a\0b"), "line 1: a clip's file"),
    "no hash": (clip_with(sha256="A" * 64), "line 1: a clip's sha256"),
    "no clips": (line_with(1, left=[]), "line 1: a group has not 1 to 64"),
    "too many clips": (lambda lines: lines[0].update(left=[lines[0]["left"]] * 65), "line 1: a group has not 1 to 64"),
    "a group in a group": (lambda lines: lines[0].update(left=[[lines[0]["left"]]]), "line 1: a clip has other keys"),
    "a vote of a label": (line_with(1, choice="yes"), "line 1: choice is not one of left"),
    "both a label and a vote": (line_with(1, statement="Near", feature="mates_apart", sign=1), "line 1: it has other"),
    "a changed group": (lambda lines: lines[1].update(left=[lines[1]["left"]] * 2), "line 2: it changes"),
    "another recording": (lambda lines: lines[1]["left"].update(sha256="0" * 64), "other clips"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_named_and_nothing_is_overwritten(name: str, lines: list[Any], tmp_path: Path):
    break_it, why = BROKEN[name]
    break_it(lines)
    path = written(tmp_path, lines)
    before = path.read_bytes()
    for open_it in (read, LabelWriter):
        with pytest.raises(UserError, match=why) as refused:
            open_it(path)
        assert str(path) in str(refused.value) and "\n" not in str(refused.value)
    assert path.read_bytes() == before


@given(content=st.binary(max_size=200) | st.text(max_size=50).map(lambda text: text.encode()))
def test_foreign_bytes_are_refused_or_empty(content: bytes):
    try:
        labels, whole = parse(content, Path("labels.jsonl"))
    except UserError:
        return
    assert not labels and whole == 0
    assert b'{"format": 1, "'.startswith(content[:15])


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_changed_byte_is_refused_or_means_what_it_says(data: st.DataObject):
    with tempfile.TemporaryDirectory() as folder:
        clips = clips_in(Path(folder))
        writer = LabelWriter(Path(folder) / "labels.jsonl")
        writer.change(writer.add(ASK, pair(*clips[:2]), "left", 1.0), "right", 1.0)
        writer.close()
        content = bytearray(writer.path.read_bytes())
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        try:
            labels, _ = parse(bytes(content), writer.path)
        except UserError:
            return
        assert all(label.choice in CHOICES for label in labels)


def test_a_file_of_something_else_is_kept_though_its_last_line_has_no_end(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk")
    with pytest.raises(UserError, match="line 1"):
        LabelWriter(path)
    assert path.read_text() == "Buy milk"


def test_a_changed_or_missing_recording_is_named(lines: list[Any], tmp_path: Path):
    (tmp_path / "é 0.npz").write_bytes(b"other")
    with pytest.raises(UserError, match=r"é 0\.npz is not the recording that was labelled"):
        read(tmp_path / "labels.jsonl")
    (tmp_path / "é 0.npz").unlink()
    with pytest.raises(UserError, match=r"é 0\.npz is not there"):
        read(tmp_path / "labels.jsonl")


def test_a_recording_with_a_longer_name_than_files_have_is_missing(lines: list[Any], tmp_path: Path):
    for line in lines:
        if "left" in line:
            line["left"]["file"] = "x" * 4000
    (tmp_path / "labels.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    with pytest.raises(UserError, match="is not there"):
        read(tmp_path / "labels.jsonl")


def test_a_recording_shorter_than_its_clip_is_refused():
    path = Path(replays.__file__).parent / "gallery" / "fort.npz"
    assert recording_of(clip_of(path, 0, 24)).header.ticks >= 24
    with pytest.raises(UserError, match="ticks up to 9999"):
        recording_of(clip_of(path, 0, 9999))


def test_a_full_disk_keeps_what_was_there(lines: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "labels.jsonl"
    before, writer, clips = path.read_bytes(), LabelWriter(path), clips_in(tmp_path)
    with monkeypatch.context() as full:
        write = os.write
        full.setattr(os, "write", lambda file, line: write(file, line[:10]))
        with pytest.raises(UserError, match="cannot be written"):
            writer.add(ASK, pair(*clips[:2]), "left", 1.0)
    assert path.read_bytes() == before and len(writer.labels) == 1
    label = writer.add(ASK, pair(*clips[:2]), "left", 1.0)
    assert read(path)[-1] == label


def test_two_writers_do_not_mix_their_lines(lines: list[Any], tmp_path: Path):
    path, clips = tmp_path / "labels.jsonl", clips_in(tmp_path)
    one, other = LabelWriter(path), LabelWriter(path)
    one.add(ASK, pair(*clips[:2]), "left", 1.0)
    before = path.read_bytes()
    with pytest.raises(UserError, match="changed by another program"):
        other.take_back(other.labels[0])
    assert path.read_bytes() == before


def test_a_question_is_one_printable_line():
    assert clean_question("  Which \n is better? ") == "Which is better?"
    for text in ("", " \n", "a\0b", "x" * 201):
        with pytest.raises(UserError, match="a question is one line"):
            clean_question(text)


def test_a_group_is_a_list_of_clips_and_a_vote_has_its_statement(tmp_path: Path):
    clips = clips_in(tmp_path)
    writer = LabelWriter(tmp_path / "labels.jsonl")
    groups, vote = Question((clips[0], clips[1]), (clips[2],)), Question((clips[2], clips[0]), statement=NEAR)
    writer.change(writer.add(ASK, groups, "left", 1.0), "equal", 1.0)
    writer.add(ASK, vote, "no", 2.0)
    writer.close()
    assert [(label.question, label.choice) for label in read(writer.path)] == [(groups, "equal"), (vote, "no")]
    raw = [json.loads(line) for line in writer.path.read_text().splitlines()]
    assert [clip["file"] for clip in raw[0]["left"]] == ["é 0.npz", "é 1.npz"] and raw[0]["right"]["file"] == "é 2.npz"
    assert (raw[2]["statement"], raw[2]["feature"], raw[2]["sign"]) == tuple(NEAR) and len(raw[2]["clips"]) == 2
    for changes in ({"choice": "left"}, {"sign": 0}, {"sign": True}, {"feature": ""}, {"statement": 3}, {"left": 1}):
        with pytest.raises(UserError, match="line 1: "):
            read(written(tmp_path, [raw[2] | changes]))


def test_a_question_is_the_same_whichever_side_is_left(tmp_path: Path):
    clips = clips_in(tmp_path)
    groups = Question((clips[0], clips[1]), (clips[2],))
    assert groups.swapped().key == groups.key and not groups.swapped().same_as(groups)
    assert Question((clips[1], clips[0]), (clips[2],)).key == groups.key
    assert len({groups.key, pair(clips[0], clips[1]).key, pair(clips[0], clips[2]).key}) == 3
    vote = Question((clips[0],), statement=NEAR)
    assert vote.key != vote._replace(statement=NEAR._replace(sign=1)).key
    elsewhere = groups._replace(right=(clips[2]._replace(path=tmp_path / "b.npz"),))
    assert elsewhere.same_as(groups) and elsewhere.key == groups.key
    assert [one.kind for one in (pair(*clips[:2]), groups, vote)] == ["pairs", "groups", "votes"]


def test_a_label_knows_its_line(lines: list[Any], tmp_path: Path):
    (label,) = read(tmp_path / "labels.jsonl")
    assert isinstance(label, Label)
    assert (label.line, label.choice, label.seconds) == (2, "right", 2.0)
