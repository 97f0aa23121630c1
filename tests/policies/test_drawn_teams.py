"""Teams for the editor: training in a drawn world, and who plays for a team that does not fit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from policies.window import drawn_worlds
from policies.window.drawn_worlds import begin_compiling, load_teams, train_in
from replays.viewer.edit.new_world import first_world
from sim.scenario import full_text, scenario_from_text


def test_two_trainings_in_one_world_get_two_runs_and_each_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    begun, real = [], subprocess.Popen

    def begin(words: list[str], **options: object) -> subprocess.Popen[bytes]:
        begun.append(words)
        return real([sys.executable, "-c", "import time; time.sleep(60)"], **options)  # type: ignore

    monkeypatch.setattr(subprocess, "Popen", begin)
    first, second = train_in(Path("my.toml")), train_in(Path("my.toml"))
    assert first.folder != second.folder and first.running and second.running
    assert [words[words.index("--run") + 1] for words in begun] == [str(first.folder), str(second.folder)]
    assert all(Path(f"{one.folder}.log").is_file() for one in (first, second))
    first.stop()
    first._process.wait(10)
    assert not first.running and second.running
    second.stop()
    second._process.wait(10)
    assert os.listdir(second.folder) == []


@pytest.mark.slow
def test_a_team_that_does_not_fit_is_replaced_and_the_sentence_is_short():
    teams, _ = load_teams("quadrant-block", "idle", scenario_from_text("quadrant-two-boxes"), 0)
    assert teams.names == ("builder", "idle")
    assert teams.note.startswith("builder hides: ") and len(teams.note) < 120


def test_what_was_compiled_is_remembered_and_else_another_process_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun = []
    monkeypatch.setattr(drawn_worlds.kernel_cache, "marker", lambda _, name: tmp_path / name)
    monkeypatch.setattr(subprocess, "Popen", lambda words, **_: begun.append(words))
    world = first_world()
    assert begin_compiling("builder", "chaser", world) is not None
    assert begun[0][2:] == ["policies.window.drawn_worlds", "builder", "chaser", full_text(world)]
    marker = drawn_worlds._marker("builder", "chaser", world)
    assert marker is not None
    marker.touch()
    assert begin_compiling("builder", "chaser", world) is None and len(begun) == 1
    assert begin_compiling("evader", "chaser", world) is not None
    marker = drawn_worlds._marker("quadrant-block", "chaser", world)
    assert marker is not None
    marker.touch()
    assert begin_compiling("quadrant-fort", "chaser", world) is None, "trained teams need the same"
