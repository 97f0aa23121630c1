"""Filling rows of arrays in kernels.

`row[:] = 0.0` and `table[0] = (1.0, 2.0)` do the same, and numba needs a second more to compile their errors.
"""

from sim.jit import compiled


@compiled
def clear_row(row):
    """Sets all of a one-dimensional array to zero, or False."""
    for k in range(row.shape[0]):
        row[k] = 0


@compiled
def clear_table(table):
    """Sets all of a two-dimensional array to zero, or False."""
    for row in range(table.shape[0]):
        for column in range(table.shape[1]):
            table[row, column] = 0


@compiled
def fill_row(row, numbers):
    """Writes numbers of one type, a tuple or an array, into a one-dimensional array."""
    for k in range(len(numbers)):
        row[k] = numbers[k]
