"""What takes long says on standard error what it does; standard output is for results."""

import json
import time

import pytest

from policies import status
from policies.cli import main
from policies.status import status_words


def wait_for(capsys: pytest.CaptureFixture, words: str) -> str:
    """What stood on standard error when these words were there."""
    said, until = "", time.monotonic() + 20
    while words not in said and time.monotonic() < until:
        time.sleep(0.01)
        said += capsys.readouterr().err
    return said


def test_without_a_terminal_each_step_is_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setattr(status, "EVERY_S", 0.01)
    with status_words("[run]: ") as tell:
        tell("stage 1")
        assert wait_for(capsys, "stage 1") == "[run]: stage 1\n"
        time.sleep(0.1)
        assert capsys.readouterr().err == "", "said once"
        tell("stage 2")
        assert wait_for(capsys, "stage 2") == "[run]: stage 2\n"
    assert capsys.readouterr() == ("", "")


def test_lines_are_rare_and_what_is_over_soon_is_silent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setattr(status, "EVERY_S", 0.3)
    with status_words() as tell:
        for number in range(1000):
            tell(f"step {number}")
        said = wait_for(capsys, "999")
    assert said == "step 999\n"
    monkeypatch.setattr(status, "EVERY_S", 60.0)
    begun = time.monotonic()
    with status_words() as tell:
        tell("quick")
    assert time.monotonic() - begun < 30, "nobody waits for a line"
    assert capsys.readouterr() == ("", "")


def test_a_command_says_how_far_it_is_and_its_json_stays_pure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(status, "EVERY_S", 0.001)
    assert main(["evaluate", "idle", "idle", "--episodes", "1200", "--without", "lock", "--json"]) == 0
    out, error = capsys.readouterr()
    assert json.loads(out)["episodes"] == 1200
    assert "without lock: played " in error and "of 1,200 episodes" in error
