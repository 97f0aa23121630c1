"""The window beside `hideseek train --watch` is a process of its own: neither takes the other down."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from policies.commands import live
from replays.format.recording import Recording, write

ROOT = Path(__file__).parents[2]
TRAIN = "train smoke --scenario quadrant:ticks=10,preparation_ticks=4 --set worlds=8 --set minibatch=64 --watch --run"


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch):
    """Every window that is opened; ended with the test."""
    opened: list[subprocess.Popen[bytes]] = []
    begin = live._open_beside

    def remembered(run: Path):
        window = begin(run)
        opened.extend([window] if window else [])
        return window

    monkeypatch.setattr(live, "has_screen", lambda: True)
    monkeypatch.setattr(live, "_open_beside", remembered)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield opened
    for window in opened:
        window.kill()
        window.wait()


def begun(run: Path, recording: Recording) -> None:
    """A run with a recording, as a trainer leaves it."""
    (run / "replays").mkdir(parents=True)
    write(recording, run / "replays" / "000000000000.npz")
    (run / "config.json").write_text('{"scenario": "quadrant"}')


@pytest.mark.slow
def test_the_window_stays_open_when_training_ends(windows: list, recording: Recording, tmp_path: Path):
    with live.watched(tmp_path / "run"):
        begun(tmp_path / "run", recording)
        time.sleep(8)
        assert windows[0].poll() is None
    time.sleep(4)
    assert windows[0].poll() is None


@pytest.mark.slow
def test_a_trainer_that_refuses_its_options_opens_no_window(windows: list, tmp_path: Path):
    with pytest.raises(ZeroDivisionError), live.watched(tmp_path / "run"):
        raise ZeroDivisionError
    assert windows[0].wait(timeout=60) == 0


@pytest.mark.slow
def test_a_window_that_dies_leaves_training_alone_and_a_film(
    windows: list, recording: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with live.watched(tmp_path / "run"):
        begun(tmp_path / "run", recording)
        windows[0].kill()
        windows[0].wait()
    assert "No window could be kept open" in capsys.readouterr().out
    assert (tmp_path / "run" / "training.gif").stat().st_size > 10_000


@pytest.mark.slow
def test_closing_the_window_leaves_the_trainer_running(tmp_path: Path):
    """The window is closed in the middle of a real training, which goes on to its end."""
    code = (
        "import sys\nfrom policies.commands import live\nfrom policies.cli import main\n"
        "live.has_screen, begin = (lambda: True), live._open_beside\n"
        "def opened(run):\n    window = begin(run)\n    print('window', window.pid, flush=True)\n    return window\n"
        f"live._open_beside = opened\nsys.exit(main({[*TRAIN.split(), str(tmp_path / 'run'), '--steps', '64000']!r}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    trainer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    assert trainer.stdout is not None
    pid = next(int(line.split()[1]) for line in trainer.stdout if line.startswith("window "))
    os.kill(pid, 15)
    out, _ = trainer.communicate(timeout=300)
    assert trainer.returncode == 0 and "the run has 64" in out.replace(",", "")


@pytest.mark.slow
def test_without_a_screen_a_film_is_written_and_named(tmp_path: Path):
    gone = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in gone}
    command = [sys.executable, "-m", "policies.cli", *TRAIN.split(), str(tmp_path / "run"), "--steps", "6400"]
    environment |= {"PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "dummy", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=300)
    film = tmp_path / "run" / "training.gif"
    assert done.returncode == 0 and str(film) in done.stdout and film.exists()
