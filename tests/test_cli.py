"""The commands as a user types them: what they print, how they end, and that a mistake costs one line."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from policies.cli import VERBS, main
from replays.format.recording import read
from replays.wording import in_words
from tests.commands import FILM, hideseek, start

RATES = ("hidden", "win", "soft_prep", "robust_prep", "soft_end", "robust_end", "joint_end")


def test_help_names_every_command():
    code, out, error = hideseek("--help")
    assert (code, error) == (0, "")
    assert all(verb in out for verb in VERBS)


def test_help_says_where_traps_can_be_played():
    named = {verb: "traps" in hideseek(f"{verb} --help")[1] for verb in ("evaluate", "record", "train")}
    assert named == {"evaluate": True, "record": False, "train": False}


def test_version():
    code, out, _ = hideseek("--version")
    assert code == 0 and out.startswith("hideseek ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dance", "'dance' is no command"),
        ("evaluate idle nobody", "nobody"),
        (f"export {FILM}#tick=4 --to clip.gif --from 5", "--from"),
        (f"export {FILM} --to clip.html --from 30 --until 20", "choose from 0 to 64"),
        (f"export {FILM} --to clip.webm", ".html"),
    ],
)
def test_a_mistake_is_reported_in_one_line(line: str, message: str, tmp_path: Path):
    code, out, error = hideseek(line, folder=tmp_path)
    assert (code, out) == (2, "")
    assert error.startswith("hideseek: ") and error.count("\n") == 1 and message in error
    assert not list(tmp_path.iterdir()), "nothing was written"


def test_foreign_files_are_refused(tmp_path: Path):
    (tmp_path / "notes.npz").write_bytes(b"not a recording")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "team.json").write_text("{}")
    for line in ("watch notes.npz", "export notes.npz --to clip.gif", "evaluate team idle", "watch team"):
        code, _, error = hideseek(line, folder=tmp_path)
        assert code == 2 and error.startswith("hideseek: ") and error.count("\n") == 1, line
    assert not (tmp_path / "clip.gif").exists()


def test_scenarios_and_teams_as_json_and_as_text():
    code, out, error = hideseek("scenarios --json")
    found = json.loads(out)
    assert (code, error) == (0, "") and {"name", "options"} <= found[0].keys()
    assert "quadrant" in [scenario["name"] for scenario in found]
    assert all(one["options"].keys() == one["meanings"].keys() and all(one["meanings"].values()) for one in found)
    code, out, _ = hideseek("scenarios")
    assert code == 0 and "quadrant:boxes=2\n" in out and all(f"{one['name']} " in out for one in found)
    code, out, _ = hideseek("scenarios rooms-full")
    assert code == 0 and "one to three hiders" in out and "Most boxes, 0 to 9" in " ".join(out.split())
    code, out, error = hideseek("scenarios rooms:doors=3")
    assert (code, out) == (2, "") and "no option 'doors'" in error
    code, out, _ = hideseek("teams --json")
    names = [team["name"] for team in json.loads(out)]
    assert code == 0 and {"random", "idle", "chaser", "evader", "builder"} <= set(names)
    code, out, _ = hideseek("teams")
    assert code == 0 and all(name in out for name in names)
    (conditioned,) = [line for line in out.splitlines() if ":goal=" in line]
    assert conditioned.startswith("quadrant-told ") and "boxes_locked, unlocked, apart" in " ".join(out.split())


def test_a_world_says_what_its_options_can_be_and_a_drawn_one_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    assert main(["scenarios", "quadrant"]) == 0
    assert "One of team, individual, team_mean." in " ".join(capsys.readouterr().out.split())
    monkeypatch.chdir(tmp_path)
    assert main(["scenarios", "quadrant", "--save", "mine.toml"]) == 0
    capsys.readouterr()
    assert main(["scenarios", "mine.toml"]) == 0
    assert capsys.readouterr().out.startswith("mine, a drawn world; its file has no question\n")
    assert main(["scenarios", "trap-corridor"]) == 0
    assert "its file has no question" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("train overnite", "did you mean overnight? choose from laptop, overnight, smoke"),
        ("train --set entropi=0.1", "did you mean entropy"),
        ("train --until robust=0.5", "robust_end"),
        ("evalute idle idle", "did you mean evaluate"),
        ("evaluate chasr idle", "did you mean chaser"),
        ("tune quadrant-block --method verifier --goal seald", "did you mean sealed"),
        ("evaluate own.py chaser", "own.py:make"),
    ],
)
def test_a_name_that_is_nearly_right_is_recognised_and_lists_are_whole(
    line: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text("")
    assert main(line.split()) == 2
    message = capsys.readouterr().err
    assert words in message and " ... " not in message and message.count("\n") == 1


def test_evaluate_prints_nothing_but_json():
    code, out, _ = hideseek("evaluate random chaser --episodes 20 --json --without lock --without grab")
    found = json.loads(out)
    assert code == 0 and found["without"] == ["grab", "lock"] and found["episodes"] == 20
    assert {"hiders", "seekers", "scenario", "seed", "strategies", *RATES} <= found.keys()
    again = json.loads(hideseek("evaluate random chaser --episodes 20 --json --without lock --without grab")[1])
    assert again == found


def test_evaluate_for_people():
    code, out, error = hideseek("evaluate idle chaser --episodes 10")
    assert code == 0 and "95 % interval" in out and "hidden" in out and "Traceback" not in error


def test_a_recording_tells_when_the_room_was_sealed_and_with_what(tmp_path: Path):
    code, out, _ = hideseek("record builder chaser", folder=tmp_path)
    recording = read(tmp_path / out.strip())
    words = [in_words(event, recording.header.slots) for event in recording.events]
    assert code == 0 and recording.header.outcome["soft_end"]
    assert any(word in ("Box 0 seals the hiders in", "Box 1 seals the hiders in") for word in words)
    assert [event.tick for event in recording.events] == sorted(event.tick for event in recording.events)


def test_training_ends_with_what_to_type_next(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("policies.learning.train.train", lambda *about: True)
    assert main(["train", "--run", "my runs/first"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("hideseek watch 'my runs/first' shows what was learned; hideseek report 'my runs/first' ")
    monkeypatch.setattr("policies.learning.train.train", lambda *about: False)
    assert main(["train", "--run", "my runs/first"]) == 130 and capsys.readouterr().out == ""


def test_a_reader_that_leaves_early_is_no_error():
    process = start("scenarios")
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) in (0, 1)


@pytest.mark.slow
def test_a_run_can_be_stopped_resumed_evaluated_and_watched(tmp_path: Path):
    code, _, error = hideseek("train smoke --steps 40000 --run run --seed 1", folder=tmp_path)
    assert code == 0, error
    code, _, error = hideseek("train --run run --steps 60000", folder=tmp_path)
    assert code == 0, error
    code, _, error = hideseek("train --run run --seed 2 --steps 60000", folder=tmp_path)
    assert code == 2 and "seed" in error and error.count("\n") == 1
    code, out, error = hideseek("evaluate run run --episodes 20 --json --greedy", folder=tmp_path)
    assert code == 0 and json.loads(out)["greedy"], error
    code, out, error = hideseek("watch run", folder=tmp_path)
    newest = max((tmp_path / "run" / "replays").iterdir())
    assert code == 0 and (tmp_path / f"run-{newest.stem}.gif").is_file() and str(newest.name) in out, error
    recording = read(newest)
    assert recording.values is not None and {"soft_prep", "robust_end"} <= recording.header.outcome.keys()
    code, out, error = hideseek("watch", folder=tmp_path)
    (shown,) = [path for path in FILM.parent.glob("*.npz") if f"{path}, one of " in out]
    assert code == 0 and (tmp_path / f"{shown.stem}.gif").is_file(), error
    assert read(shown).header.outcome["door_blocked"]


@pytest.mark.slow
def test_ctrl_c_ends_a_training_with_130_and_no_traceback(tmp_path: Path):
    process, until = start("train smoke --run run", folder=tmp_path), time.monotonic() + 300
    while not (tmp_path / "run" / "metrics.jsonl").exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.1)
    check_that_ctrl_c_ends(process)


@pytest.mark.slow
def test_ctrl_c_ends_an_evaluation_with_130_and_no_traceback(tmp_path: Path):
    process = start("evaluate evader chaser --episodes 200000", folder=tmp_path)
    assert process.stderr is not None
    assert any("played " in line for line in process.stderr)
    assert check_that_ctrl_c_ends(process).splitlines()[-1] == "hideseek: stopped"


def check_that_ctrl_c_ends(process: subprocess.Popen) -> str:
    """Returns what it says then on standard error."""
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in error
    return error
