"""How many threads a training has; what it learns does not depend on that."""

import os

from policies.learning import ranks

_WORLDS_EACH = 32
"""Worlds for which a thread is woken: waking it takes as long as a tick of some fourteen worlds of `quadrant`."""


def simulating_threads(wanted: int, worlds: int) -> int:
    """Threads for so many worlds: `wanted`, but not more than cores; for 0 as many as are worth waking."""
    return _own_threads(wanted or -(-worlds // _WORLDS_EACH))


def learning_threads(networks: int, ranks_together: ranks.Ranks) -> int:
    """One for each network that learns, but not more than cores.

    With several ranks networks learn one after the other: the calls of the ranks must come in the same order.
    """
    return _own_threads(networks) if ranks_together.count == 1 else 1


def _own_threads(wanted: int) -> int:
    """`wanted` threads, or fewer if this process has fewer cores: the ranks of a machine share those they may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    ranks_here = int(os.environ["LOCAL_WORLD_SIZE"]) if ranks.launched() > 1 else 1
    return max(1, min(wanted, cores // ranks_here))
