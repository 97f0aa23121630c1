"""Threads that play and fit at the same time, each on one core."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits

_MOST = 4
"""More wait for each other: what is not compiled runs in one thread at a time."""


@contextmanager
def workers() -> Iterator[ThreadPoolExecutor]:
    """Threads for what takes long, one for each core; what has not begun when the block fails is dropped.

    Networks and matrices use no further threads meanwhile: for batches as small as these, waking and waiting for them
    costs several times what the work itself does.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    # Torch keeps this number for each calling thread.
    pool = ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST), "hideseek-probe", lambda: torch.set_num_threads(1))
    try:
        with threadpool_limits(1):
            yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(before)
