"""Kernels over packed rows: forward and backward passes of what `policies.agents.packed_rows` puts together.

Rows of different observations lie behind each other, and what is not visible has none. Observations have few rows (at
most some twenty), so that every loop over them is short; what is long, and goes through the processor's vectors, are
the D numbers of a row.
"""

from typing import NamedTuple

import numpy as np

from policies.agents.layers import HEADS
from sim.jit import compiled, reordered

LANES = 8
"""Loops over a head's numbers go in steps of this constant size, or they would not be vectors."""
START, ROWS, WIDTH, MASK, WEIGHT = range(5)
"""Columns of `Sets.kinds`: a table's place in an observation, its rows and their width, the place of its mask, and the
first row of its weights."""


class Sets(NamedTuple):
    """The visible rows of N observations, M in all; each observation has the agent's own row first."""

    inputs: np.ndarray
    """float32 [N, F]: prepared observations."""
    kinds: np.ndarray
    """int64 [K, 5]: the kinds of rows, see the columns above."""
    offsets: np.ndarray
    """int64 [N + 1]: where each observation's rows begin, and the last ones end."""
    kind_of: np.ndarray
    """int64 [M]: 0 for an own row, k + 1 for a row of kind k."""
    places: np.ndarray
    """int64 [M]: where a row's features begin in its observation; nothing for own rows."""


@compiled
def count_rows(inputs, kinds, offsets):
    """Fills `Sets.offsets`."""
    offsets[0] = 0
    for n in range(len(inputs)):
        count = 1
        for k in range(len(kinds)):
            for row in range(kinds[k, ROWS]):
                count += inputs[n, kinds[k, MASK] + row] >= 0.5
        offsets[n + 1] = offsets[n] + count


@compiled
def list_rows(sets):
    """Fills `kind_of` and `places` from the other parts."""
    inputs, kinds = sets.inputs, sets.kinds
    m = 0
    for n in range(len(inputs)):
        sets.kind_of[m] = 0
        sets.places[m] = 0
        m += 1
        for k in range(len(kinds)):
            for row in range(kinds[k, ROWS]):
                if inputs[n, kinds[k, MASK] + row] >= 0.5:
                    sets.kind_of[m] = k + 1
                    sets.places[m] = kinds[k, START] + row * kinds[k, WIDTH]
                    m += 1


@reordered
def embed(sets, own, weight, bias, rows):
    """Fills rows [M, D]: the own row [N, D] and, but for itself, a linear layer of its kind on the row's features.

    `weight` is [features of all kinds, D], `bias` [K, D].
    """
    for n in range(len(own)):
        for m in range(sets.offsets[n], sets.offsets[n + 1]):
            row, k = rows[m], sets.kind_of[m] - 1
            if k < 0:
                for d in range(len(row)):
                    row[d] = own[n, d]
                continue
            for d in range(len(row)):
                row[d] = own[n, d] + bias[k, d]
            for f in range(sets.kinds[k, WIDTH]):
                feature, column = sets.inputs[n, sets.places[m] + f], weight[sets.kinds[k, WEIGHT] + f]
                for d in range(len(row)):
                    row[d] += feature * column[d]


@reordered
def embed_backward(sets, slope, own, weight, bias):
    """Adds to the gradients of the three factors of `embed` what follows from that of the rows, `slope` [M, D]."""
    for n in range(len(own)):
        for m in range(sets.offsets[n], sets.offsets[n + 1]):
            row, k = slope[m], sets.kind_of[m] - 1
            for d in range(len(row)):
                own[n, d] += row[d]
            if k < 0:
                continue
            for d in range(len(row)):
                bias[k, d] += row[d]
            for f in range(sets.kinds[k, WIDTH]):
                feature, column = sets.inputs[n, sets.places[m] + f], weight[sets.kinds[k, WEIGHT] + f]
                for d in range(len(row)):
                    column[d] += feature * row[d]


@reordered
def largest(sets, rows, summary, chosen):
    """Fills summary [N, K + 1, D] with the largest value of each kind's rows [M, D], or 0 where none is above it, and
    `chosen` with the rows that they come from, or -1. What is no number counts as above all others: it is to be seen.
    """
    for n in range(len(summary)):
        best, which = summary[n], chosen[n]
        for k in range(best.shape[0]):
            for d in range(best.shape[1]):
                best[k, d] = 0.0
                which[k, d] = -1
        for m in range(sets.offsets[n], sets.offsets[n + 1]):
            row, k = rows[m], sets.kind_of[m]
            for d in range(len(row)):
                above = (row[d] > best[k, d]) | (row[d] != row[d])
                best[k, d] = row[d] if above else best[k, d]
                which[k, d] = m if above else which[k, d]


@reordered
def largest_backward(sets, slope, chosen, rows):
    """Fills the gradient of the rows [M, D] from that of the summary, `slope` [N, K + 1, D]."""
    for n in range(len(slope)):
        for m in range(sets.offsets[n], sets.offsets[n + 1]):
            row, k, own = rows[m], sets.kind_of[m], np.int32(m)
            for d in range(len(row)):
                row[d] = slope[n, k, d] if chosen[n, k, d] == own else np.float32(0.0)


@reordered
def attend(offsets, looks, shares, mixed):
    """Fills mixed [M, D]: in each head, the values of an observation's rows, mixed by how well keys suit queries.

    `looks` [M, 3 D] are queries, keys and values; `shares`, of 4 numbers for each pair of rows, is filled with the
    weights of the mixing.
    """
    size, p = mixed.shape[1], 0
    for n in range(len(offsets) - 1):
        rows = looks[offsets[n] : offsets[n + 1]]
        for m in range(len(rows)):
            for head in range(HEADS):
                low, high = head * size // HEADS, (head + 1) * size // HEADS
                own = shares[p : p + len(rows)]
                p += len(rows)
                _weigh(rows[m, low:high], rows[:, size + low : size + high], own)
                _mix(own, rows[:, 2 * size + low : 2 * size + high], mixed[offsets[n] + m, low:high])


@reordered
def _weigh(query, keys, shares):
    """Fills the shares: softmax of how well the keys [rows, width] suit a query [width]."""
    scale = np.float32(len(query) ** -0.5)
    top = np.float32(-np.inf)
    for j in range(len(keys)):
        shares[j] = _product(query, keys[j]) * scale
        top = max(top, shares[j])
    total = np.float32(0.0)
    for j in range(len(keys)):
        shares[j] = np.exp(shares[j] - top)
        total += shares[j]
    for j in range(len(keys)):
        shares[j] /= total


@reordered
def _mix(shares, values, mixed):
    """Fills the sum of the values [rows, width], each times its share."""
    mixed[:] = 0.0
    for j in range(len(values)):
        _add(mixed, shares[j], values[j])


@reordered
def attend_backward(offsets, looks, shares, slope, scratch, looks_slope):
    """Adds to the gradient of `looks` [M, 3 D] what follows from that of the mixed rows, `slope` [M, D].

    `shares` are those that `attend` has left; `scratch` has room for a number for each row of an observation.
    """
    size, p = slope.shape[1], 0
    for n in range(len(offsets) - 1):
        rows, slopes = looks[offsets[n] : offsets[n + 1]], looks_slope[offsets[n] : offsets[n + 1]]
        for m in range(len(rows)):
            for head in range(HEADS):
                low, high = head * size // HEADS, (head + 1) * size // HEADS
                own, pulls = shares[p : p + len(rows)], scratch[: len(rows)]
                p += len(rows)
                keys, values = slice(size + low, size + high), slice(2 * size + low, 2 * size + high)
                _mix_backward(own, rows[:, values], slope[offsets[n] + m, low:high], pulls, slopes[:, values])
                _weigh_backward(own, pulls, rows[m, low:high], rows[:, keys], slopes[m, low:high], slopes[:, keys])


@reordered
def _mix_backward(shares, values, slope, pulls, values_slope):
    """Adds to the gradient of the values, and fills that of the shares, `pulls`, from that of the mixed row."""
    for j in range(len(values)):
        pulls[j] = _product(slope, values[j])
        _add(values_slope[j], shares[j], slope)


@reordered
def _weigh_backward(shares, pulls, query, keys, query_slope, keys_slope):
    """Adds to the gradients of the query and the keys, from that of the shares."""
    scale, mean = np.float32(len(query) ** -0.5), np.float32(0.0)
    for j in range(len(keys)):
        mean += shares[j] * pulls[j]
    for j in range(len(keys)):
        pull = shares[j] * (pulls[j] - mean) * scale
        _add(query_slope, pull, keys[j])
        _add(keys_slope[j], pull, query)


@reordered
def _product(one, other):
    """The sum of the products of two vectors' numbers."""
    total = np.float32(0.0)
    for low in range(0, len(one), LANES):
        part, its_other = one[low : low + LANES], other[low : low + LANES]
        for e in range(LANES):
            total += part[e] * its_other[e]
    return total


@reordered
def _add(total, times, vector):
    """Adds a vector `times` times."""
    for low in range(0, len(total), LANES):
        part, its_vector = total[low : low + LANES], vector[low : low + LANES]
        for e in range(LANES):
            part[e] += times * its_vector[e]
