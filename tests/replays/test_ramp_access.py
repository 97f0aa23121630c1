"""Which ramps seekers can come to and climb, on a small floor that a wall divides."""

import numpy as np
import pytest

from replays.strategies.evidence.free_space import CELL_M, REACHED, cell_of, draw_floor, empty_grid, flood
from replays.strategies.evidence.ramp_access import BEFORE_M, ramps_in_reach
from sim.climb import UPPER
from sim.layout import Layout, Slots, empty_layout
from sim.rules import HIDERS
from sim.state import HIDERS_LOCK, SEEKERS_LOCK, State, empty_state

SLOTS = Slots(hiders=1, seekers=2, boxes=1, ramps=2, walls=1, doors=0)
SEEKER, RAMP = SLOTS.hiders, SLOTS.boxes


def divided(pose: tuple[float, float, float], lying: bool = False) -> tuple[Layout, State]:
    """The seeker is to the left of the wall at x 1.6, or below it at y 1.6; one ramp is in this pose, the other does
    not exist.
    """
    layout, state = empty_layout(1, SLOTS), empty_state(1, SLOTS)
    layout.floor[:], layout.wall_exists[:] = 3.0, True
    layout.walls[0, 0] = (0.0, 1.6, 3.0, 1.7) if lying else (1.6, 0.0, 1.7, 3.0)
    layout.agent_exists[0, [HIDERS, SEEKER]] = layout.thing_exists[0, RAMP] = True
    layout.thing_half[0, RAMP] = (0.45, 0.2)
    state.agents[0, :2, :2] = (2.5, 1.5), (0.3, 0.3)
    state.things[0, RAMP, :3] = pose
    return layout, state


def reached(layout: Layout, state: State, solid: bool) -> tuple[np.ndarray, np.ndarray]:
    """Where the seeker can get, along the ramp's x and y from its centre (float [cell]), past or through the ramp."""
    grid, side = empty_grid(layout), int(np.ceil(layout.floor[0] / CELL_M))
    draw_floor(layout, state.things, 0, layout.thing_exists[0] & solid, side, grid.cells)
    assert flood(side, cell_of(state, 0, SEEKER, side, grid.cells), grid.cells, grid.stack)
    rows, columns = np.divmod(np.flatnonzero(grid.cells == REACHED), side)
    x, y, angle = state.things[0, RAMP, :3]
    dx, dy = (columns + 0.5) * CELL_M - x, (rows + 0.5) * CELL_M - y
    return np.cos(angle) * dx + np.sin(angle) * dy, np.cos(angle) * dy - np.sin(angle) * dx


def test_ramps_are_touched_where_seekers_could_stand_in_their_place_and_climbed_from_before_their_low_edge():
    random, answers = np.random.default_rng(3), []
    for draw in range(100):
        pose, lying = (random.uniform(1.3, 2.2), random.uniform(0.5, 2.5), random.uniform(-4.0, 4.0)), draw % 2 == 1
        layout, state = divided((pose[1], pose[0], pose[2]) if lying else pose, lying)
        along, across = reached(layout, state, solid=False)
        touched = bool(((abs(along) <= 0.45) & (abs(across) <= 0.2)).any())
        along, across = reached(layout, state, solid=True)
        before = bool(((abs(along + 0.45 + BEFORE_M) <= CELL_M) & (abs(across) <= 0.2)).any())
        for lock, usable in ((0, touched), (HIDERS_LOCK, touched and before), (SEEKERS_LOCK, touched and before)):
            state.lock[0, RAMP] = lock
            found = ramps_in_reach(SLOTS, layout, state)
            assert found.touched.tolist() == [[touched, False]] and found.usable.tolist() == [[usable, False]]
            assert not found.gone.any()
        answers.append((touched, touched and before))
    assert {(False, False), (True, False), (True, True)} == set(answers)


@pytest.mark.parametrize("lock", [0, HIDERS_LOCK])
def test_a_seeker_upstairs_or_one_that_fits_nowhere_gets_anywhere(lock: int):
    layout, state = divided((2.4, 1.5, 0.0))
    state.lock[0, RAMP] = lock
    assert not ramps_in_reach(SLOTS, layout, state).touched.any()
    state.level[0, SEEKER] = UPPER
    assert ramps_in_reach(SLOTS, layout, state).usable[0, 0]
    state.level[0, SEEKER], state.agents[0, SEEKER, :2] = 0, (-1.0, 1.5)
    assert ramps_in_reach(SLOTS, layout, state).usable[0, 0]


def test_worlds_are_looked_at_where_asked_and_a_ramp_taken_away_is_gone():
    layout, state = divided((0.8, 1.5, 0.0))
    assert ramps_in_reach(SLOTS, layout, state, np.array([True])).usable.tolist() == [[True, False]]
    assert not any(field.any() for field in ramps_in_reach(SLOTS, layout, state, np.array([False])))
    for away in ((-1.0, 1.5), (0.8, -1.0)):
        state.things[0, RAMP, :2] = away
        found = ramps_in_reach(SLOTS, layout, state)
        assert found.gone.tolist() == [[True, False]] and not found.touched.any() and not found.usable.any()
