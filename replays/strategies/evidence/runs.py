"""Runs of moments in which a condition holds, of many worlds at once; the first axis is time."""

import numpy as np


def run_lengths(flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How long each run of True is (int, at all of its moments; 0 outside) and where runs begin (bool)."""
    begins = flags.copy()
    begins[1:] &= ~flags[:-1]
    ends = flags.copy()
    ends[:-1] &= ~flags[1:]
    moments = np.arange(len(flags)).reshape(-1, *[1] * (flags.ndim - 1))
    first = np.maximum.accumulate(np.where(begins, moments, -1), axis=0)
    last = np.minimum.accumulate(np.where(ends, moments, len(flags))[::-1], axis=0)[::-1]
    return np.where(flags, last - first + 1, 0), begins


def sums_in_runs(values: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """The sum of values since the run of True began, the moment's own included; 0 outside of runs."""
    sums = np.cumsum(np.where(flags, values, 0), axis=0)
    moments = np.arange(len(flags)).reshape(-1, *[1] * (flags.ndim - 1))
    last_break = np.maximum.accumulate(np.where(flags, -1, moments), axis=0)
    before = np.where(last_break < 0, 0, np.take_along_axis(sums, np.maximum(last_break, 0), axis=0))
    return np.where(flags, sums - before, 0)
