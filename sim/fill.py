"""Filling rows of arrays in kernels. `row[:] = 0.0` does the same, and numba needs half a second more to compile it."""

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
