"""Commands that show or write films: what they open, what a film is called, and where it goes."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from PIL import Image, ImageSequence

from policies.agents.folders import step_name
from policies.cli import main
from policies.commands import places
from policies.commands import window as window_verbs
from policies.commands.window import Play, Watch
from replays.format.recording import read
from replays.report.page import clip_page
from replays.viewer import app
from tests.commands import FILM, hideseek


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
    code, out, _ = hideseek(f"export {FILM}#tick=20 --to clip.gif --until 23", folder=tmp_path)
    assert (code, out) == (0, "clip.gif\n")  # where it takes long, standard error says how far it is
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


def test_without_a_screen_a_damaged_recording_is_passed_over(tmp_path: Path):
    gallery, blocked = FILM.parent, FILM.parent / "door-blocked.npz"
    (tmp_path / "a.npz").write_text("junk")
    (whole,) = [path for path in gallery.glob("*.npz") if path.name == FILM.name]
    for found, wanted in (([whole], whole), ([whole, blocked], blocked)):
        assert window_verbs._most_telling([tmp_path / "a.npz", *found]) == wanted
    assert window_verbs._most_telling([tmp_path / "a.npz"]) == tmp_path / "a.npz", "what is wrong with it is said later"
