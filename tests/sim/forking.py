"""Doing something in a process that was forked from the test's."""

import os
import signal
from collections.abc import Callable

import pytest

only_where_processes_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")


def in_a_fork(do: Callable[[], bytes]) -> bytes:
    """What `do` returns in a forked process; nothing if it raised. A process that hangs is ended after a minute."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            os.write(writer, do())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        found = said.read()
    assert os.waitpid(child, 0)[1] == 0
    return found
