"""The metrics of a run, `RUN/metrics.jsonl`: one line of JSON per update."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from policies.learning.storing import replace_text, storing
from policies.learning.tensorboard import Board
from policies.learning.thinning import Onsets
from replays.format.metrics import parsed, parsed_lines


def metrics(run: Path) -> Iterator[dict[str, Any]]:
    """The lines of a run's metrics, without damaged ones; none where they cannot be read."""
    with suppress(OSError):
        yield from parsed_lines(run / "metrics.jsonl")


def known_onsets(run: Path) -> Onsets:
    """The onsets in a run's metrics so far; damaged lines do not count."""
    onsets = Onsets()
    for line in metrics(run):
        onsets.add(line)
    return onsets


def append_metrics(run: Path, line: dict[str, Any]) -> None:
    """Adds the line of an update. Raises UserError if it cannot be written."""
    with storing(run), (run / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


@contextmanager
def metrics_writer(run: Path, board_from: int | None) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Writes lines of metrics to the run's file, and to TensorBoard from `board_from` agent-steps on unless None."""
    if board_from is None:
        yield lambda line: append_metrics(run, line)
        return
    board = Board(run, board_from)

    def both(line: dict[str, Any]) -> None:
        append_metrics(run, line)
        board.add(line)

    try:
        yield both
    finally:
        board.close()


def truncate_metrics(run: Path, agent_steps: int) -> None:
    """Drops the lines past a checkpoint, which the resumed run writes again, and damaged ones.

    Raises UserError if the file cannot be read or written.
    """
    path = run / "metrics.jsonl"
    if not path.exists():
        return
    with storing(run):
        kept = []
        for text in path.read_bytes().splitlines():
            line = parsed(text)
            if line and line["agent_steps"] > agent_steps:
                break
            kept += [text.decode() + "\n"] if line else []
        replace_text(path, "".join(kept))
