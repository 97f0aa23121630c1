"""Lines of metrics as TensorBoard curves, in RUN/tensorboard; needs the extra `tensorboard`."""

import importlib.util
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from replays.format.archive import free_space_or
from sim.errors import UserError, extra_missing


def check_installed() -> None:
    """Raises UserError where TensorBoard is not installed."""
    if importlib.util.find_spec("tensorboard") is None:
        raise extra_missing("--tensorboard", "tensorboard")


class Board:
    """Writes curves over agent-steps. Its methods raise UserError if the disk is full."""

    def __init__(self, run: Path, agent_steps: int) -> None:
        """Goes on from `agent_steps`: what an earlier call wrote after that is hidden."""
        from torch.utils.tensorboard import SummaryWriter

        self.folder = run / "tensorboard"
        self._hook, threading.excepthook = threading.excepthook, self._in_thread
        with self._storing():
            self.writer = SummaryWriter(str(self.folder), purge_step=agent_steps + 1)

    def add(self, line: Mapping[str, Any]) -> None:
        """Adds every number of a line of metrics."""
        with self._storing():
            for name, value in _numbers(line):
                self.writer.add_scalar(name, value, line["agent_steps"])

    def close(self) -> None:
        threading.excepthook = self._hook
        with self._storing():
            self.writer.close()

    def _in_thread(self, error: threading.ExceptHookArgs) -> None:
        """TensorBoard writes in a thread; what fails there is raised once more in ours, and need not be printed."""
        if not issubclass(error.exc_type, OSError):
            self._hook(error)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            threading.excepthook = self._hook
            mend = f"{free_space_or(error)}leave --tensorboard out"
            raise UserError(f"{self.folder} cannot be written ({error.strerror}); {mend}") from None


def _numbers(line: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    for name, value in line.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{prefix}{name}/")
        else:
            yield prefix + name, float(value)
