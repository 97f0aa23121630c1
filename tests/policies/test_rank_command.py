"""`hideseek rank`: a team plays several times from every start, the window asks, and the command says what is kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from policies.cli import main
from policies.commands import ranking as rank_verb
from policies.commands.errors import BAD_INPUT, INTERRUPTED
from policies.evaluation import samplings
from replays.clip_pairs import clip_pairs
from replays.format.recording import read
from replays.labels import read as read_labels
from replays.viewer import app
from replays.viewer.rank.ranking import Ranking
from sim.scenario import scenario_from_text

ASK = "Which hiders stay closer together?"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two starts, two samplings."""
    monkeypatch.setattr(samplings, "STARTS", 2)
    monkeypatch.setattr(samplings, "SAMPLINGS", 2)


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> list[Ranking]:
    """In place of the window somebody answers one pair."""
    opened: list[Ranking] = []

    def rank(ranking: Ranking, scale: float | None) -> None:
        opened.append(ranking)
        question = ranking.next()
        assert question
        ranking.answer(question, "left", 1.5)

    monkeypatch.setattr(rank_verb, "has_screen", lambda: True)
    monkeypatch.setattr(app, "rank", rank)
    return opened


def test_samplings_have_their_starts_in_common_and_differ(few: None, tmp_path: Path):
    paths = samplings.record_samplings("quadrant-block", scenario_from_text("quadrant"), 3, tmp_path / "clips")
    first, other, again, _ = (read(path) for path in sorted(paths))
    assert first.header.seed == other.header.seed != again.header.seed
    assert (first.states.agents[0] == other.states.agents[0]).all()
    assert (first.actions != other.actions).any()
    before = {path: path.read_bytes() for path in paths}
    paths[1].unlink()
    samplings.record_samplings("quadrant-block", scenario_from_text("quadrant"), 3, tmp_path / "clips")
    assert {path: path.read_bytes() for path in paths} == before
    assert set((tmp_path / "clips").iterdir()) == set(paths)
    assert clip_pairs(paths)


def test_another_world_s_samplings_are_not_taken(few: None, tmp_path: Path):
    folder, worlds = tmp_path / "clips", [scenario_from_text(f"quadrant{options}") for options in ("", ":room_m=3.0")]
    tight, wide = (samplings.record_samplings("quadrant-block", world, 3, folder) for world in worlds)
    assert not set(tight) & set(wide)
    assert "room_m=3.0" in read(wide[0]).header.scenario and "room_m=3.0" not in read(tight[0]).header.scenario


def test_a_team_is_recorded_beside_its_labels_and_the_same_command_goes_on(
    few: None, window: list[Ranking], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    labels = tmp_path / "near.jsonl"
    assert main(["rank", "quadrant-block", "--labels", str(labels), "--ask", ASK]) == 0
    out, error = capsys.readouterr()
    lesson = f"hideseek tune quadrant-block --method reward-model --labels {labels} teaches hiders by them"
    assert "1 label; " in out and out.splitlines()[-1] == lesson
    assert error == f"quadrant-block plays 2 starts, 2 times each, into {tmp_path / 'near-clips'}\n"
    assert len(list((tmp_path / "near-clips").glob("*.npz"))) == 4
    assert main(["rank", "quadrant-block", "--labels", str(labels)]) == 0
    assert capsys.readouterr().err == f"4 clips of quadrant-block are taken from {tmp_path / 'near-clips'}\n"
    assert [label.ask for label in read_labels(labels)] == [ASK] * 2
    assert window[0].questions == window[1].questions
    assert main(["rank", str(tmp_path / "near-clips"), "--labels", str(labels), "--ask", ASK]) == 0
    assert len({label.question for label in read_labels(labels)}) == 3


def test_another_question_or_none_is_refused(window: list[Ranking], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    gallery = str(Path(app.__file__).parents[1] / "gallery")
    labels = tmp_path / "labels.jsonl"
    assert main(["rank", gallery, "--labels", str(labels)]) == BAD_INPUT
    assert "--ask is missing" in capsys.readouterr().err and not labels.exists()
    assert main(["rank", gallery, "--labels", str(labels), "--ask", ASK]) == 0
    before = labels.read_bytes()
    assert main(["rank", gallery, "--labels", str(labels), "--ask", "Which is redder?"]) == BAD_INPUT
    assert ASK in capsys.readouterr().err and labels.read_bytes() == before


def test_ranking_a_folder_loads_no_networks(tmp_path: Path):
    code = (
        "import sys; from policies.cli import main; import policies.commands.ranking as verb\n"
        "from replays.viewer import app; verb.has_screen = lambda: True; app.rank = lambda *_: None\n"
        f"main(['rank', {str(Path(app.__file__).parents[1] / 'gallery')!r}, '--ask', 'Which?',"
        f" '--labels', {str(tmp_path / 'a.jsonl')!r}]); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("answers", [0, 1])
def test_ctrl_c_in_the_window_says_that_answers_are_kept_if_there_are_any(
    answers: int, few: None, window: list[Ranking], tmp_path: Path, monkeypatch, capsys
):
    answer = app.rank

    def interrupted(ranking: Ranking, scale: float | None) -> None:
        if answers:
            answer(ranking, scale)
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "rank", interrupted)
    labels = tmp_path / "near.jsonl"
    assert main(["rank", "quadrant-block", "--labels", str(labels), "--ask", ASK]) == INTERRUPTED
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "hideseek: stopped" + f"; {labels} keeps every answer" * answers
