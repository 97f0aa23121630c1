"""Signals that ask a training to stop: the loop ends after its update and saves."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_STOPPING = b"hideseek: stopping after this update, and saving; Ctrl-C again stops at once\n"


@contextmanager
def stop_requests() -> Iterator[threading.Event]:
    """An event that SIGINT, SIGTERM and SIGHUP set; a second SIGINT or SIGTERM acts as it did before.

    A closing terminal may send several SIGHUP. Where it is ignored (`nohup`), it stays so.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if hangup and signal.getsignal(hangup) is not signal.SIG_IGN:
        before[hangup] = signal.getsignal(hangup)

    def request(number: int, _: object) -> None:
        if number == signal.SIGINT and not stop.is_set():
            with suppress(OSError):  # not print, which must not be entered twice
                os.write(2, _STOPPING)
        stop.set()
        if number != hangup:
            signal.signal(number, before[number])

    for number in before:
        signal.signal(number, request)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
