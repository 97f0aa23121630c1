"""Intervals of time in which a condition holds."""

import numpy as np


def intervals(flags: np.ndarray) -> list[tuple[int, int]]:
    """First index and first index after of every run of True."""
    bounds = np.flatnonzero(np.diff(np.concatenate([[0], flags, [0]])))
    return [(first, end) for first, end in bounds.reshape(-1, 2).tolist()]
