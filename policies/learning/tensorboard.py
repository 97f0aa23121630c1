"""Lines of metrics as TensorBoard curves, in RUN/tensorboard; needs the extra `tensorboard`."""

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import UserError


def check_installed() -> None:
    """Raises UserError where TensorBoard is not installed."""
    if importlib.util.find_spec("tensorboard") is None:
        raise UserError("--tensorboard needs a package that is not installed; pip install 'hideseek[tensorboard]'")


class Board:
    """Writes curves over agent-steps."""

    def __init__(self, run: Path, agent_steps: int) -> None:
        """Goes on from so many agent-steps: what an earlier call wrote after that is hidden."""
        from torch.utils.tensorboard import SummaryWriter

        self.writer = SummaryWriter(str(run / "tensorboard"), purge_step=agent_steps + 1)

    def add(self, line: Mapping[str, Any]) -> None:
        """Adds every number of a line of metrics."""
        for name, value in _numbers(line):
            self.writer.add_scalar(name, value, line["agent_steps"])

    def close(self) -> None:
        self.writer.close()


def _numbers(line: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    for name, value in line.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{prefix}{name}/")
        else:
            yield prefix + name, float(value)
