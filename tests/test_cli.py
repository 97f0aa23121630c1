"""The commands as a user types them: what they print, how they end, and that a mistake costs one line."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from PIL import Image, ImageSequence

from policies.agents.folders import step_name
from policies.cli import VERBS, main
from policies.commands import places
from policies.commands import window as window_verbs
from policies.commands.window import Play, Watch
from replays.events import in_words
from replays.format.recording import read
from replays.report.page import clip_page
from replays.viewer import app
from tests.commands import ROOT, hideseek, start

FILM = ROOT / "replays" / "gallery" / "behind-a-box.npz"
RATES = ("hidden", "win", "soft_prep", "robust_prep", "soft_end", "robust_end")


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


@pytest.mark.slow
def test_recordings_can_be_exported_and_watched_without_a_screen(tmp_path: Path):
    code, out, _ = hideseek("record builder chaser --episodes 2 --seed 3 --out kept", folder=tmp_path)
    paths = [tmp_path / line for line in out.split()]
    assert code == 0 and len(paths) == 2 and all(path.is_file() for path in paths)
    code, _, error = hideseek("record builder chaser --episodes 2 --seed 3 --out kept", folder=tmp_path)
    assert code == 2 and "exists" in error
    code, _, _ = hideseek(f"export {paths[0]} --to still.png --from 30", folder=tmp_path)
    assert code == 0 and (tmp_path / "still.png").stat().st_size > 1000
    code, out, _ = hideseek(f"watch {paths[0]}#tick=60", folder=tmp_path)
    film = tmp_path / f"{paths[0].stem}.gif"
    assert code == 0 and str(film) in out and film.stat().st_size > 1000
    code, out, _ = hideseek(f"watch {paths[0]}#tick=62", folder=tmp_path, SDL_VIDEODRIVER="x11", DISPLAY=":59999")
    second = tmp_path / f"{paths[0].stem}-2.gif"
    assert code == 0 and "No window opens here (" in out and str(second) in out
    assert second.stat().st_size < film.stat().st_size, "the first film is as it was"
    code, out, _ = hideseek("watch kept#tick=62", folder=tmp_path)
    assert code == 0 and f"{paths[0].stem}-3.gif" in out
    code, out, _ = hideseek("watch kept", folder=tmp_path)
    assert code == 0 and "one of 2 recordings, as a film" in out


def test_a_recording_becomes_a_page(tmp_path: Path):
    code, out, error = hideseek(f"export {FILM}#tick=20 --to clip.html --until 40", folder=tmp_path)
    assert (code, out, error) == (0, "clip.html\n", "")
    page = (tmp_path / "clip.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>") and page == clip_page(read(FILM), 20, 40)


def test_an_exported_range_has_exactly_its_pictures(tmp_path: Path):
    code, out, error = hideseek(f"export {FILM}#tick=20 --to clip.gif --until 23", folder=tmp_path)
    assert (code, out, error) == (0, "clip.gif\n", "")
    with Image.open(tmp_path / "clip.gif") as film:
        assert sum(1 for _ in ImageSequence.Iterator(film)) == 7
    code, _, error = hideseek(f"export {FILM} --to clip.gif --from 20 --until 65", folder=tmp_path)
    assert code == 2 and "choose from 0 to 64" in error and error.count("\n") == 1


@pytest.mark.parametrize(
    ("side", "you", "names"), [("hider", 0, ("evader", "chaser")), ("seeker", 2, ("builder", "chaser"))]
)
def test_play_opens_a_game_against_the_team(
    side: str, you: int, names: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened = []
    monkeypatch.setattr(app, "play", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(window_verbs, "has_screen", lambda: True)
    assert Play(side=side, out=tmp_path / "kept").run() == 0  # pyright: ignore[reportArgumentType]
    ((scene, play_context),) = opened
    first, second = scene.start(), scene.start()
    assert scene.human == you and first.teams.names == names
    assert first.episode.header.seed != second.episode.header.seed
    assert scene.kept_in == play_context.kept_in == tmp_path / "kept"


def test_what_is_played_is_kept_in_a_folder_of_the_user_and_stands_in_the_next_gallery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened = []
    monkeypatch.setattr(app, "play", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(app, "watch", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(window_verbs, "has_screen", lambda: True)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name, appauthor: tmp_path / "data" / name)
    monkeypatch.chdir(tmp_path)
    assert Play().run() == 0
    ((scene, play_context),) = opened
    assert scene.kept_in == play_context.kept_in and scene.kept_in.is_relative_to(tmp_path / "data")
    scene.kept_in.mkdir(parents=True)
    shutil.copy(FILM, scene.kept_in / "mine.npz")
    opened.clear()
    assert Watch().run() == 0
    paths, _, number, _, context, looked_in = opened[0]
    assert number is None and scene.kept_in / "mine.npz" in paths and scene.kept_in in looked_in
    assert context.kept_in == scene.kept_in


def test_what_is_recorded_lies_among_the_runs_and_stands_in_the_next_gallery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Not in a folder `replays`, which in a clone of the project is one of its packages."""
    opened = []
    monkeypatch.setattr(app, "watch", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(window_verbs, "has_screen", lambda: True)
    monkeypatch.chdir(tmp_path)
    assert main(["record", "idle", "idle", "--scenario", "quadrant:ticks=2,preparation_ticks=1"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.parent == Path("runs/recorded") and path.is_file()
    assert [one.name for one in tmp_path.iterdir()] == ["runs"]
    assert main(["watch"]) == 0
    assert path.resolve() in opened[0][0]


def test_a_recording_tells_when_the_room_was_sealed_and_with_what(tmp_path: Path):
    code, out, _ = hideseek("record builder chaser", folder=tmp_path)
    recording = read(tmp_path / out.strip())
    words = [in_words(event, recording.header.slots) for event in recording.events]
    assert code == 0 and recording.header.outcome["soft_end"]
    assert any(word in ("Box 0 seals the hiders in", "Box 1 seals the hiders in") for word in words)
    assert [event.tick for event in recording.events] == sorted(event.tick for event in recording.events)


def test_a_film_instead_of_a_window_is_announced_before_it_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def drawn(*about: object) -> Iterator[float]:
        print("drawn", file=sys.stderr)
        yield 1.0

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(window_verbs, "has_screen", lambda: False)
    monkeypatch.setattr("replays.video.export_bit_by_bit", drawn)
    assert main(["watch", str(FILM)]) == 0
    out, error = capsys.readouterr()
    assert error == "There is no screen to open a window on; drawing a film instead ...\ndrawn\n"
    assert "as a film: " in out


def test_training_ends_with_what_to_type_next(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("policies.learning.train.train", lambda *about: True)
    assert main(["train", "--run", "my runs/first"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("hideseek watch 'my runs/first' shows what was learned; hideseek report 'my runs/first' ")
    monkeypatch.setattr("policies.learning.train.train", lambda *about: False)
    assert main(["train", "--run", "my runs/first"]) == 130 and capsys.readouterr().out == ""


def test_a_drawn_world_is_not_taken_for_a_damaged_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    Path("my.toml").touch()
    for command in (["watch", "my.toml"], ["export", "my.toml", "--to", "x.gif"]):
        assert main(command) == 2
        assert "hideseek edit my.toml" in capsys.readouterr().err


def test_a_film_is_named_after_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert window_verbs._free_film(Path("runs/first/replays/000000040960.npz")).name == "first-000000040960.gif"
    Path("first-000000040960.gif").touch()
    assert window_verbs._free_film(Path("runs/first/replays/000000040960.npz")).name == "first-000000040960-2.gif"
    assert window_verbs._free_film(Path("replays/builder-chaser-0-0000.npz")).name == "builder-chaser-0-0000.gif"


@pytest.mark.parametrize("what", ["", "runs", "runs/new", "runs/new/replays", "runs/new/replays/000000000002.npz"])
def test_watch_opens_all_that_belongs_together(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run's recordings from the first to the newest, which is shown first; what others put there is left out.

    Nothing, a folder of recordings or one of runs is a gallery (which starts with no recording's number).
    """
    opened = []
    monkeypatch.setattr(app, "watch", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(window_verbs, "has_screen", lambda: True)
    monkeypatch.setattr(places, "GALLERY", tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    own, foreign = [f"{step_name(step)}.npz" for step in (1, 2, 10)], ["99.npz", "zebra.npz", "0000000000007.npz"]
    for age, run in enumerate(("new", "old")):
        folder = tmp_path / "runs" / run / "replays"
        folder.mkdir(parents=True)
        for name in (*own, *foreign):
            (folder / name).touch()
            os.utime(folder / name, (10_000 - age, 10_000 - age))
    Watch(what).run()
    ((paths, tick, number, _, _, looked_in),) = opened
    paths = [path.relative_to(tmp_path) for path in paths]
    assert looked_in == ([Path(what)] if what else places.gallery_places())
    names = [path.name for path in paths]
    assert tick is None
    if what in ("", "runs"):
        assert names == 2 * own and number is None and {path.parts[1] for path in paths} == {"new", "old"}
        return
    assert all(path.parent == Path("runs/new/replays") for path in paths)
    if what.endswith(".npz"):
        assert (names, number) == (["000000000002.npz"], 0)
    elif what.endswith("replays"):
        assert (names, number) == (sorted([*own, *foreign]), None)
    else:
        assert (names, number) == (own, 2)


def test_a_runs_folder_that_links_to_itself_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").symlink_to("runs")
    _, found, number, _ = window_verbs._to_watch("")
    assert number is None and FILM in found


def test_a_reader_that_leaves_early_is_no_error():
    process = start("scenarios")
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) in (0, 1)


def test_without_a_screen_a_damaged_recording_is_passed_over(tmp_path: Path):
    gallery, blocked = FILM.parent, FILM.parent / "door-blocked.npz"
    (tmp_path / "a.npz").write_text("junk")
    (whole,) = [path for path in gallery.glob("*.npz") if path.name == FILM.name]
    for found, wanted in (([whole], whole), ([whole, blocked], blocked)):
        assert window_verbs._most_telling([tmp_path / "a.npz", *found]) == wanted
    assert window_verbs._most_telling([tmp_path / "a.npz"]) == tmp_path / "a.npz", "what is wrong with it is said later"


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
    check_that_ctrl_c_ends(process)


def check_that_ctrl_c_ends(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in error
