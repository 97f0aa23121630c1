"""What takes long, in words on standard error: on a terminal a live line, else a plain one now and then."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

EVERY_S = 10.0
"""Without a terminal, at most one line in this many seconds; what is over sooner says nothing."""


@contextmanager
def status_words(prefix: str = "") -> Iterator[Callable[[str], None]]:
    """Yields what takes a few words before each step; they are shown behind the prefix."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(escape(prefix)) as status:
            yield lambda words: status.update(escape(f"{prefix}{words}"))
    else:
        with _plain_lines() as newest:
            yield lambda words: newest.append(f"{prefix}{words}")


@contextmanager
def _plain_lines() -> Iterator[deque[str]]:
    """Prints the newest words of a queue, each once, as long as the block lasts."""
    newest: deque[str] = deque(maxlen=1)
    ended = threading.Event()

    def print_newest() -> None:
        while not ended.wait(EVERY_S):
            with suppress(IndexError, OSError):  # there may be no news, and nobody may read them
                print(newest.popleft(), file=sys.stderr, flush=True)

    printer = threading.Thread(target=print_newest, daemon=True)
    printer.start()
    try:
        yield newest
    finally:
        ended.set()
        printer.join()
