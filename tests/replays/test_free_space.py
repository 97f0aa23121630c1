"""The grid that floods run on: where an agent's disc fits, what is joined to what, and an agent's own cell."""

import numpy as np
import pytest

from replays.strategies.evidence.free_space import (
    BLOCKED,
    CELL_M,
    GOAL,
    MARGIN_M,
    OPEN,
    REACHED,
    cell_of,
    draw_floor,
    empty_grid,
    flood,
)
from sim.climb import UPPER
from sim.geometry import distance_to_rectangle
from sim.layout import Layout, Slots, empty_layout
from sim.state import State, empty_state

SLOTS = Slots(hiders=1, seekers=1, boxes=3, ramps=0, walls=3, doors=1)


def random_world(seed: int) -> tuple[Layout, State]:
    """A small floor with walls, a box and a long bar, some of which reach beyond it; the last of each is missing."""
    random = np.random.default_rng(seed)
    layout, state = empty_layout(1, SLOTS), empty_state(1, SLOTS)
    layout.floor[:] = random.uniform(2.4, 2.6)
    low = random.uniform(-0.1, 2.4, (3, 2))
    layout.walls[0] = np.concatenate([low, low + random.uniform(0.05, 0.3, (3, 2))], 1)
    layout.wall_exists[0, :2] = layout.thing_exists[0, :2] = True
    layout.thing_half[0] = (0.25, 0.3), (0.1, 1.2), (0.3, 0.3)
    state.things[0, :, :3] = random.uniform((0.0, 0.0, -4.0), (2.5, 2.5, 4.0), (3, 3))
    return layout, state


def drawn(layout: Layout, state: State) -> np.ndarray:
    """int8 [row, column]: the floor with all walls and things that exist."""
    cells = empty_grid(layout).cells
    side = int(np.sqrt(len(cells)))
    draw_floor(layout, state.things, 0, layout.thing_exists[0], side, cells)
    return cells.reshape(side, side)


@pytest.mark.parametrize("seed", range(6))
def test_a_cell_is_open_where_no_solid_and_no_side_of_the_floor_is_nearer_than_the_margin(seed: int):
    layout, state = random_world(seed)
    cells, floor = drawn(layout, state), layout.floor[0]
    for row, column in np.ndindex(cells.shape):
        x, y = (column + 0.5) * CELL_M, (row + 0.5) * CELL_M
        gaps = [x, y, floor - x, floor - y]
        for x0, y0, x1, y1 in layout.walls[0, :2]:
            gaps.append(np.hypot(max(x0 - x, 0.0, x - x1), max(y0 - y, 0.0, y - y1)))
        for pose, half in zip(state.things[0, :2], layout.thing_half[0, :2], strict=True):
            gaps.append(distance_to_rectangle(x, y, pose, half[0], half[1]))
        if abs(min(gaps) - MARGIN_M) > 1e-6:
            assert cells[row, column] == (OPEN if min(gaps) > MARGIN_M else BLOCKED), (row, column)
    assert 0.1 < (cells == OPEN).mean() < 0.9


@pytest.mark.parametrize("floor_m", [0.4, 3.0, 6.0])
def test_an_empty_floor_looks_the_same_from_every_side(floor_m: float):
    layout = empty_layout(1, SLOTS)
    layout.floor[:] = floor_m
    cells = drawn(layout, empty_state(1, SLOTS))
    assert (cells == OPEN).any()
    assert np.array_equal(cells, cells[::-1]) and np.array_equal(cells, cells.T)


def joined(free: np.ndarray, first: tuple[int, int]) -> np.ndarray:
    """bool [row, column]: what steps to the eight neighbours lead to, grown until it stays as it is."""
    region = np.zeros_like(free)
    region[first] = True
    while True:
        wide, side = np.pad(region, 1), len(free)
        grown = free & np.any([wide[i : i + side, j : j + side] for i in range(3) for j in range(3)], 0)
        if (grown == region).all():
            return region
        region = grown


@pytest.mark.parametrize("blocked", [0.0, 0.4, 0.6])
def test_a_flood_reaches_what_is_joined_and_nothing_else_up_to_the_grids_edges(blocked: float):
    random, side = np.random.default_rng(7), 11
    for _ in range(10):
        free = random.random((side, side)) >= blocked
        first = int(random.choice(np.flatnonzero(free)))
        cells, stack = np.where(free, OPEN, BLOCKED).astype(np.int8).ravel(), np.zeros(side * side, np.int32)
        assert flood(side, first, cells, stack)
        region = joined(free, divmod(first, side))
        wanted = np.where(region, REACHED, np.where(free, OPEN, BLOCKED))
        assert np.array_equal(cells.reshape(side, side), wanted)


@pytest.mark.parametrize("blocked", [0.0, 0.4, 0.6])
def test_a_flood_fails_where_a_goal_is_joined_and_only_there(blocked: float):
    random, side, answers = np.random.default_rng(8), 11, []
    for _ in range(30):
        free = random.random((side, side)) >= blocked
        first, goal = (int(cell) for cell in random.choice(np.flatnonzero(free), 2))
        cells, stack = np.where(free, OPEN, BLOCKED).astype(np.int8).ravel(), np.zeros(side * side, np.int32)
        cells[goal] = GOAL
        answers.append(flood(side, first, cells, stack))
        assert answers[-1] == (not joined(free, divmod(first, side))[divmod(goal, side)])
    assert blocked == 0.0 or (any(answers) and not all(answers))


@pytest.mark.parametrize("seed", range(3))
def test_an_agents_cell_is_the_nearest_that_its_disc_fits_on_within_three_cells(seed: int):
    layout, state = random_world(seed)
    cells, random, missed = drawn(layout, state), np.random.default_rng(seed), 0
    centres = (np.arange(len(cells)) + 0.5) * CELL_M
    for _ in range(40):
        x, y = state.agents[0, 0, :2] = random.uniform(0.0, layout.floor[0], 2)
        far = np.hypot(centres[None] - x, centres[:, None] - y)
        rows, columns = np.indices(cells.shape)
        near = np.maximum(abs(rows - int(y / CELL_M)), abs(columns - int(x / CELL_M))) <= 3
        far[(cells == BLOCKED) | ~near] = np.inf
        found, missed = cell_of(state, 0, 0, len(cells), cells.ravel()), missed + bool(np.isinf(far.min()))
        assert found == (-1 if np.isinf(far.min()) else far.argmin())
    assert 0 < missed < 40
    state.level[0, 0] = UPPER
    assert cell_of(state, 0, 0, len(cells), cells.ravel()) == -1
