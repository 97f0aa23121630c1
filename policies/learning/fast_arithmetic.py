"""How torch is set up while teams learn."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from policies.agents.one_thread import one_thread


@contextmanager
def fast_arithmetic() -> Iterator[None]:
    """Torch set up as a Trainer works fastest, and put back as it was.

    One thread in each call: on small networks a second one costs more than it brings. And matrix products may round
    their factors to bfloat16, sums stay float32: where the processor has an instruction for it, the default network
    learns and plays 1.3 times as fast, and two seeds came to shut doors no later (policies/LOG.md).
    """
    precision = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        with one_thread():
            yield
    finally:
        torch.set_float32_matmul_precision(precision)
