"""Where the time of an update goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up seconds by what they were spent on."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.started = time.perf_counter()

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + time.perf_counter() - begun

    def seconds(self) -> float:
        """Since the stopwatch was made."""
        return time.perf_counter() - self.started

    def shares(self) -> dict[str, float]:
        """The share of all time spent on each name, and on anything else (`other`)."""
        total = self.seconds()
        shares = {name: seconds / total for name, seconds in self.spent.items()}
        return {**shares, "other": max(0.0, 1 - sum(shares.values()))}
