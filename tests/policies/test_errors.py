"""An error is reported in one short line that is safe to print, wherever its words come from."""

import subprocess
import sys

import pytest

from policies import cli
from policies.commands.errors import BAD_INPUT, INTERRUPTED
from sim.errors import UserError


def message_of(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int = BAD_INPUT
) -> str:
    """What a command that raises an error, and ends with that code, prints on standard error."""

    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(cli.Teams, "run", fail)
    assert cli.main(["teams"]) == code
    out, said = capsys.readouterr()
    assert out == "" and said.startswith("hideseek: ") and said.endswith("\n") and said.count("\n") == 1
    return said.removesuffix("\n")


def test_hostile_text_is_cut_to_one_printable_line(monkeypatch, capsys):
    hostile = "team: \x1b[2J\x1b]0;owned\x07" + "\r\nhideseek: all is well\u202e" + "x" * 10**6 + "; choose another"
    for error in (UserError(hostile), OSError(5, hostile, hostile)):
        said = message_of(error, monkeypatch, capsys)
        assert said.isprintable() and len(said) < 650
        assert "team: \\x1b[2J" in said and said.endswith("; choose another")


def test_an_ordinary_message_stays_as_it_is(monkeypatch, capsys):
    assert message_of(UserError("ölig.npz is damaged"), monkeypatch, capsys) == "hideseek: ölig.npz is damaged"


@pytest.mark.parametrize("error", [MemoryError(), MemoryError("cannot allocate 8 TiB"), RecursionError("too deep")])
def test_what_is_too_large_is_reported(error: BaseException, monkeypatch, capsys):
    assert str(error) in message_of(error, monkeypatch, capsys)


def test_ctrl_c_is_reported_with_what_the_command_keeps(monkeypatch, capsys):
    assert message_of(KeyboardInterrupt(), monkeypatch, capsys, INTERRUPTED) == "hideseek: stopped"
    kept = message_of(KeyboardInterrupt("a.jsonl keeps every answer"), monkeypatch, capsys, INTERRUPTED)
    assert kept == "hideseek: stopped; a.jsonl keeps every answer"


@pytest.mark.parametrize(("error", "code"), [("KeyboardInterrupt", INTERRUPTED), ("UserError('no')", BAD_INPUT)])
def test_the_code_is_the_same_where_nobody_reads_the_message(error: str, code: int):
    """As in `hideseek ... 2>&1 | less`, where Ctrl-C may end the reader first."""
    program = (
        "import os, sys\nfrom policies.commands.errors import in_one_line\nfrom sim.errors import UserError\n"
        f"def fail():\n    raise {error}\n"
        "nobody, writes = os.pipe()\nos.close(nobody)\nos.dup2(writes, 2)\nsys.exit(in_one_line(fail))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == code
