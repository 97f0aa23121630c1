"""Three doors: two in one wall and one in the other, and wall everywhere else."""

import numpy as np

from sim.scenarios.quadrant_walls import PIER_M
from tests.games import started


def test_three_doors_are_two_in_one_wall_and_one_in_the_other():
    game = started("quadrant+three-doors", 400)
    doors, (wide, room) = game.layout.doors, (0.5, 2.4)
    assert game.layout.door_exists.all() and game.layout.wall_exists.any(axis=0).all()
    upright = np.isclose(doors[..., 2] - doors[..., 0], 0.1)
    assert upright[:, 0].all() and not upright[:, 1].any()
    assert 0.4 < upright[:, 2].mean() < 0.6
    lows = np.where(upright, doors[..., 1], doors[..., 0] - 3.6)
    highs = np.where(upright, doors[..., 3], doors[..., 2] - 3.6)
    assert np.allclose(highs - lows, wide) and lows.min() > -1e-9 and highs.max() < room + 1e-9
    mate = np.where(upright[:, 2], lows[:, 0], lows[:, 1])
    assert (np.abs(mate - lows[:, 2]) >= wide + PIER_M - 1e-9).all()
    assert 0.4 < (mate < lows[:, 2]).mean() < 0.6


def test_walls_of_three_doors_close_the_rest_of_the_room():
    """Every place along the two walls is in a piece of wall or a door."""
    game = started("quadrant+three-doors", 100)
    layout = game.layout
    bars = np.concatenate([layout.walls, layout.doors], axis=1)
    exist = np.concatenate([layout.wall_exists, layout.door_exists], axis=1)
    for along in np.linspace(0.01, 2.39, 120):
        for x, y in ((3.55, along), (3.6 + along, 2.45)):
            inside = (bars[..., 0] <= x) & (x <= bars[..., 2]) & (bars[..., 1] <= y) & (y <= bars[..., 3])
            assert (inside & exist).any(axis=1).all()
