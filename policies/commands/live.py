"""The window beside a training run: `hideseek train --watch`.

The window is a process of its own: closing it, or a crash of it, leaves training alone, and it stays open when training
ends. It reads the files of the run; all that joins the two is a pipe into which nothing is written. Its end tells the
window that the trainer is gone, however it ended.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policies.commands.errors import in_one_line
from policies.commands.places import played_folder
from policies.commands.window import has_screen
from sim.errors import UserError

_NO_WINDOW = 3
"""Exit code of a window's process that could not open one."""
_FILM = "training.gif"
_LOOK_S = 0.1


@contextmanager
def watched(run: Path) -> Iterator[None]:
    """Shows what a trainer does to a run while the block lasts; where no window opens, a film is written at its end."""
    window = _open_beside(run) if has_screen() else None
    try:
        yield
    finally:
        if window is not None and window.stdin is not None:
            window.stdin.close()
    if window is None or window.poll() not in (None, 0):
        why = "There is no screen to open a window on" if window is None else "No window could be kept open here"
        _write_film(run, why)


def _open_beside(run: Path) -> subprocess.Popen[bytes] | None:
    """The window's process; None where none can be started."""
    try:
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(run)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is meant for the trainer
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError:
        return None


def _write_film(run: Path, why: str) -> None:
    from replays.film.facts import of_run
    from replays.viewer.training.stages_film import write_stages

    recordings = of_run(run.resolve())
    if not recordings:
        print(f"{why}, and there is no recording yet to make a film of")
        return
    film = run / _FILM
    print(f"{why}; drawing a film of the training ...", file=sys.stderr, flush=True)
    write_stages(recordings, film)
    print(f"{why}; training as a film: {film.resolve()}")


def _window(run: Path) -> int:
    """The window's process. Standard input ends when the trainer does."""
    ended = threading.Event()
    threading.Thread(target=_await_end, args=(ended,), daemon=True).start()
    while not (run / "config.json").exists():  # a trainer that refuses its options needs no window
        if ended.wait(_LOOK_S):
            return 0
    from policies.window.playing import play_context
    from replays.viewer.app import NoWindow, watch_training
    from replays.viewer.training.run import WatchedRun

    if ended.is_set():
        return 0
    try:
        watch_training(WatchedRun(run, lambda: not ended.is_set()), play_context(played_folder()))
    except NoWindow:
        return _NO_WINDOW
    return 0


def _await_end(ended: threading.Event) -> None:
    # Not through sys.stdin, whose lock a thread that waits would hold when Python shuts down.
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            time.sleep(_LOOK_S)
    ended.set()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise UserError("give a run folder")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    sys.exit(in_one_line(lambda: _window(Path(sys.argv[1]))))
