"""The planner's fields and lines of sight, against slow ones that are written differently."""

import heapq

import numpy as np
import pytest

from policies.scripted.evader import _place_viewer, _view_is_free
from policies.scripted.grid import BLOCKED
from policies.scripted.pathfinding import FAR, spread


def random_map(row: int, random: np.random.Generator) -> np.ndarray:
    """Free ground with blocked and dear rectangles on it, and a blocked rim."""
    map_ = np.ones((row, row), np.int32)
    for _ in range(random.integers(0, 12)):
        line, column, high, wide = random.integers(0, row, 4)
        map_[line : line + high // 3, column : column + wide // 3] = random.choice([BLOCKED, 1, 2, 4, 30])
    map_[[0, -1]] = map_[:, [0, -1]] = BLOCKED
    return map_.ravel()


def shortest(row: int, map_: np.ndarray, sources: list[int]) -> np.ndarray:
    """The field by Dijkstra's algorithm."""
    field, waiting = np.full(row * row, FAR, np.int32), [(0, cell) for cell in sources]
    field[sources] = 0
    while waiting:
        so_far, cell = heapq.heappop(waiting)
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                near = cell + down * row + right
                distance = so_far + int(map_[near]) * (14 if down and right else 10)
                if map_[near] != BLOCKED and distance < field[near]:
                    field[near] = distance
                    heapq.heappush(waiting, (distance, near))
    return field


@pytest.mark.parametrize("seed", range(40))
def test_fields_hold_the_shortest_ways(seed):
    random = np.random.default_rng(seed)
    row = int(random.integers(3, 40))
    map_, inside = random_map(row, random), np.arange(1, row - 1)
    sources = [int(line * row + column) for line, column in random.choice(inside, (random.integers(1, 4), 2))]
    field = np.full(row * row, FAR, np.int32)
    field[sources] = 0
    # What a field before it has left behind must not matter.
    queue, queued = np.full(row * row, 7, np.int32), np.ones(row * row, bool)
    spread(row, map_, field, queue, queued)
    np.testing.assert_array_equal(field, shortest(row, map_, sources))


def meets(block: np.ndarray, start: np.ndarray, end: np.ndarray) -> bool:
    """Whether a segment meets a turned rectangle, by clipping the segment at the rectangle's four sides."""
    x, y, cosine, sine, *half = block[:6]
    turn = np.array([[cosine, sine], [-sine, cosine]])
    at, by = turn @ (start - (x, y)), turn @ (end - start)
    low, high = 0.0, 1.0
    for axis in range(2):
        way = by[axis] if by[axis] != 0.0 else 1e-12
        sides = sorted([(-half[axis] - at[axis]) / way, (half[axis] - at[axis]) / way])
        low, high = max(low, sides[0]), min(high, sides[1])
    return low <= high


def test_lines_of_sight_are_free_unless_they_meet_a_block():
    random, found = np.random.default_rng(0), []
    for _ in range(3000):
        angle = random.choice([0.0, random.uniform(-3, 3)])
        block = np.zeros(8)
        block[:6] = [*random.uniform(0, 4, 2), np.cos(angle), np.sin(angle), *random.uniform(0.05, 1, 2)]
        start, end = random.integers(0, 9, (2, 2)) / 2.0  # on a grid: some segments are points, or touch a side
        _place_viewer(block[None], 1, *start)
        free = _view_is_free(block[None], 1, *(end - start))
        assert free != meets(block, start, end)
        found.append(free)
    assert 0.2 < np.mean(found) < 0.8
