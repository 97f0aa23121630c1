"""Command lines that make no sense: each costs one line and exit code 2, compiles nothing and leaves no file behind."""

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from policies.cli import VERBS, main
from policies.commands.errors import BAD_INPUT, in_one_line
from policies.learning import config, run_folder
from sim.linked_kernel import Kernel
from sim.scenario import scenario_from_text
from tests.policies.command_lines import FILM, LINES
from tests.policies.training import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a few things in it that are not what their names promise."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("not a recording, not a team, not a run\n")
    (tmp_path / "void.npz").touch()
    (tmp_path / "void.toml").touch()
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    (tmp_path / "empty.toml").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.gif").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "team.json").write_text("{}")
    with run_folder.opened(tmp_path / "run", config.PRESETS["smoke"], scenario_from_text("quadrant")):
        pass
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "config.json").write_text("[" * 100_000)
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def refused(self: Kernel, sig: object) -> None:
    raise AssertionError(f"{self.__qualname__} is compiled for a command line that makes no sense")


def shown(line: str) -> str:
    return line.encode("unicode_escape").decode()[:60]


@pytest.mark.parametrize("line", LINES, ids=shown)
def test_a_mistake_costs_one_line_and_nothing_is_compiled_or_written(
    line: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Kernel, "compile", refused)
    before = names_in(folder)
    assert main(shlex.split(line)) == BAD_INPUT
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith("hideseek: ") and error.endswith("\n") and error.count("\n") == 1
    assert error.removesuffix("\n").isprintable() and 20 < len(error) < 630
    assert names_in(folder) == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "name a command"),
        ("dance", "'dance' is no command"),
        ("--nonsense", "--nonsense"),
        ("evaluate idle", "SEEKERS is missing"),
        ("evaluate idle idle --nonsense 3", "--nonsense is no option; see hideseek evaluate --help"),
        ("train --minuts 3", "--minuts is no option; did you mean --minutes? see hideseek train --help"),
        ("record idle idle --episode=3", "--episode is no option; did you mean --episodes? see"),
        ("keys foo", "'foo' is one word too many; see hideseek keys --help"),
        ("evaluate idle idle --episodes many", "--episodes cannot be 'many'"),
        ("evaluate idle idle --episodes 0", "--episodes"),
        ("evaluate idle nobody", "nobody"),
        ("evaluate runs/nope idle", "runs/nope does not exist; give a run"),
        ("scenarios nope.toml.x", "'nope.toml.x' is no scenario, see `hideseek scenarios`; the file of a drawn world"),
        ("evaluate idle builder", "hiders only"),
        ("evaluate idle idle --without spade", "spade"),
        ("evaluate idle idle --scenario moon", "moon"),
        ("evaluate idle idle --scenario quadrant:cheese=1", "cheese"),
        ("record idle idle --episodes 0", "--episodes"),
        ("watch missing.npz", "missing.npz"),
        ("play", "no screen to play on"),
        ("play moon --as hider", "moon"),
        ("play --as nobody", "nobody"),
        ("watch missing.npz#tick=x", "#tick="),
        ("export missing.npz --to clip.gif", "missing.npz"),
        ("export missing.npz", "--to is missing"),
        (f"export {FILM} --to still.png --until 9", "--until"),
        (f"export {FILM}#tick=4 --to clip.gif --from 5", "--from"),
        (f"export {FILM.parent} --to clip.gif", "name one of them"),
        (f"export {FILM.parent}#tick=3 --to clip.gif", "name one of them"),
        (f"watch {FILM} --scale 9", "--scale"),
        ("play --seed -5", "seed"),
        ("train nonsense", "nonsense"),
        ("train --scenario moon", "moon"),
        ("train --minutes soon", "--minutes cannot be 'soon'"),
        ("train --device quantum", "quantum"),
        ("bench --only coffee", "coffee"),
    ],
)
def test_what_is_wrong_is_named(line: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(line.split()) == BAD_INPUT
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_fits_the_terminal(
    verb: str, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main([*filter(None, [verb]), "--help"]) == 0
    out, error = capsys.readouterr()
    assert max(map(len, out.splitlines())) <= columns and error == ""
    assert out.startswith(f"usage: hideseek {verb}".rstrip())


@pytest.mark.parametrize("line", ["presets", "teams", "scenarios", "keys", "scenarios quadrant"])
def test_lists_fit_the_terminal_and_are_whole_for_the_next_program(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", "40")
    assert main(line.split()) == 0
    narrow = capsys.readouterr().out
    drawn = [each for each in narrow.splitlines() if re.match(r" {4}[+|]", each)]
    assert max(len(each) for each in narrow.splitlines() if each not in drawn) <= 40
    assert (len(drawn) > 5) == (line == "scenarios quadrant"), "a plan is not wrapped"
    monkeypatch.delenv("COLUMNS")
    assert main(line.split()) == 0
    whole = capsys.readouterr().out
    assert " ".join(whole.split())[:300] == " ".join(narrow.split())[:300] and whole.count("\n") < narrow.count("\n")


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_mistake_is_told_whatever_the_terminal_can_encode(
    encoding: str, terminal: bool, monkeypatch: pytest.MonkeyPatch
):
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2))
    monkeypatch.setattr(out, "isatty", lambda: terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", error)
    assert main(["bench", "--only", "café"]) == BAD_INPUT
    error.flush()
    message = error.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert message.startswith("hideseek: --only cannot be 'caf") and "choose all, world, learner, viewer" in message


SAYING = [f"{verb} --help" for verb in VERBS] + [
    "--help",
    "--version",
    "teams",
    "presets",
    "keys",
    "scenarios quadrant",
]


@pytest.mark.parametrize("line", SAYING)
def test_everything_is_said_in_one_column_and_in_ascii(line: str, monkeypatch: pytest.MonkeyPatch):
    out, error = (io.TextIOWrapper(io.BytesIO(), "ascii") for _ in range(2))
    monkeypatch.setenv("COLUMNS", "1")
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", error)
    assert main(line.split()) == 0
    out.flush()
    error.flush()
    assert len(out.buffer.getvalue()) > 5 and not error.buffer.getvalue()  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell does")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("line", [*SAYING, "evaluate idle nobody"])
def test_closed_streams_change_neither_exit_code_nor_say_more(line: str, closed: str):
    command = f"exec {shlex.quote(sys.executable)} -m policies.cli {line} {closed}"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == (BAD_INPUT if line.startswith("evaluate idle") else 0)
    assert "Traceback" not in done.stderr and done.stderr.count("\n") <= 1


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("can't start new thread"),
        RuntimeError("could not create a primitive"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        OSError("libgomp.so.1: failed to map segment from shared object"),
        SystemError("error return without exception set"),
    ],
)
def test_memory_that_runs_out_is_told_in_one_line(error: Exception, capsys: pytest.CaptureFixture[str]):
    """The errors of libraries are those that were met under limits on memory."""

    def fail() -> int:
        raise error

    assert in_one_line(fail) == BAD_INPUT
    assert capsys.readouterr().err.startswith("hideseek: too large for this machine's memory")
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        in_one_line(lambda: (_ for _ in ()).throw(RuntimeError("a mistake of ours")))
