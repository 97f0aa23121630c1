"""A run's metrics.jsonl, read as if a stranger had sent it: line by line, or while it grows."""

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LEVELS = (0.1, 0.5)
"""A strategy sets in where its rate first reaches these..."""
SMOOTHED = 8
"""...as the mean over this many updates, up to its own: a rate of 64 episodes is too noisy."""
FEWEST_FOR_CURVE, FEWEST_FOR_DATE = 16, 48
"""Updates that a report needs to draw a rate, and to date a strategy; it joins eight of them to a point."""
_LONGEST_LINE = 64 * 2**10
"""Bytes; a longer line is skipped. A real one has about 1,400."""
_MOST_BYTES = 256 * 2**20
"""No more of a file is read; the longest runs write a tenth of that."""
_CHUNK_BYTES = 2**20
"""At most so much is read at a time, so that the window stays awake."""
MOST_STEPS = 10**15
"""Agent-steps; more make no sense."""
_MOST_VALUE = 1e12


def parsed(line: bytes) -> dict[str, Any] | None:
    """What a line says, with its `agent_steps`; None if it makes no sense."""
    if len(line) > _LONGEST_LINE:
        return None
    try:
        found = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    steps = found.get("agent_steps") if isinstance(found, dict) else None
    return found if type(steps) is int and 0 <= steps <= MOST_STEPS else None


def parsed_lines(path: Path) -> Iterator[dict[str, Any]]:
    """All lines of a metrics file that make sense. Raises OSError."""
    with path.open("rb") as file:
        found = map(parsed, file.read(_MOST_BYTES).splitlines())
    yield from (line for line in found if line is not None)


@dataclass
class Metrics:
    """The columns of a metrics file, one entry for each line that makes sense; agent-steps always grow."""

    names: Sequence[str]
    """Which rates are kept."""
    agent_steps: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """How long training has taken up to here, all calls together."""
    speed: list[float] = field(default_factory=list)
    """Agent-steps a second."""
    rates: dict[str, list[float]] = field(default_factory=dict)
    """By name; NaN where a line does not have it. Names that no line has are missing."""

    def add(self, line: bytes) -> None:
        """Adds one line; one that makes no sense changes nothing."""
        found = parsed(line)
        if found is None or (self.agent_steps and found["agent_steps"] <= self.agent_steps[-1]):
            return
        spent, speed = (_number(found.get(name)) for name in ("seconds", "steps_per_s"))
        before = len(self.agent_steps)
        self.agent_steps.append(found["agent_steps"])
        self.seconds.append((self.seconds[-1] if before else 0.0) + (0.0 if math.isnan(spent) else spent))
        self.speed.append(speed)
        for name in self.names:
            value = _number(found.get(name))
            if name in self.rates or not math.isnan(value):
                self.rates.setdefault(name, [math.nan] * before).append(value)


class MetricsReader:
    """Reads each byte of a metrics file once; `metrics` holds what has been read by now.

    The last line may be torn: it waits until its end is there. A file that was replaced or cut, as a run that goes on
    from an earlier checkpoint does, is read from its beginning.
    """

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self.metrics = Metrics(names)
        self._path = path
        self._file: tuple[int, int] | None = None
        self._read = 0
        self._torn = b""

    def poll(self) -> bool:
        """Reads what has been written since, up to a megabyte; returns whether there was anything."""
        try:
            if not self._path.is_file():
                return False
            with self._path.open("rb") as file:
                about = os.fstat(file.fileno())
                if (about.st_dev, about.st_ino) != self._file or about.st_size < self._read:
                    self._begin_again((about.st_dev, about.st_ino))
                file.seek(self._read)
                content = file.read(min(_CHUNK_BYTES, _MOST_BYTES - self._read))
        except OSError:
            return False
        self.feed(content)
        return bool(content)

    def feed(self, content: bytes) -> None:
        """Takes the next bytes of the file."""
        self._read += len(content)
        *lines, torn = (self._torn + content).split(b"\n")
        for line in lines:
            self.metrics.add(line)
        self._torn = torn[: _LONGEST_LINE + 1]  # enough to know that the line is too long

    def finish(self) -> None:
        """Takes the last line as whole though no line break ends it: nothing will be written any more."""
        torn, self._torn = self._torn, b""
        self.metrics.add(torn)

    def _begin_again(self, file: tuple[int, int]) -> None:
        self.metrics = Metrics(self.metrics.names)
        self._file, self._read, self._torn = file, 0, b""


def read_metrics(path: Path, names: Sequence[str]) -> Metrics:
    """All of a metrics file; nothing where there is none."""
    reader = MetricsReader(path, names)
    while reader.poll():
        pass
    reader.finish()
    return reader.metrics


def _number(value: object) -> float:
    """A plain number of a sensible size, else NaN."""
    if type(value) in (int, float) and 0 <= value <= _MOST_VALUE:  # pyright: ignore[reportOperatorIssue]
        return float(value)  # pyright: ignore[reportArgumentType]
    return math.nan
