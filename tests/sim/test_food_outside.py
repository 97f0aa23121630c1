"""Food outside: where it stands, that nobody observes it, and when and whom it pays."""

import numpy as np

from sim.game import Game
from sim.shifts.food_outside import AWAY_M, BITE_TICKS
from sim.state import ANGLE, BITES
from sim.tasks.eating import EATING_M, MOST_BITES
from tests.games import started


def near_food(game: Game, away_m: float) -> np.ndarray:
    """Puts the first hider so far from the first plate of each world that has one, beyond it, looking there.

    Gives the number of that plate, by world.
    """
    layout, state = game.snapshot()
    which, has_food = layout.food_exists.argmax(axis=1), layout.food_exists.any(axis=1)
    one = np.flatnonzero(has_food), which[has_food]
    plates, doors = layout.food[one], layout.doors[one]
    outward = (plates - 0.5 * (doors[:, :2] + doors[:, 2:])) / AWAY_M
    state.agents[has_food, 0, :2] = plates + away_m * outward
    state.agents[has_food, 0, ANGLE] = np.arctan2(-outward[:, 1], -outward[:, 0])
    state.agents[:, 2:, :2] = [(0.3, 5.0), (1.0, 5.0)]  # the seekers are out of the way
    game.restore(layout, state)
    return which


def test_food_outside_stands_before_each_door_and_nobody_observes_it():
    game, plain = started("quadrant:two_doors=0.5+food-outside", 200), started("quadrant:two_doors=0.5", 200)
    layout = game.layout
    assert (layout.food_exists == layout.door_exists).all() and not layout.door_exists.all()
    middles, plates = (0.5 * (layout.doors[..., :2] + layout.doors[..., 2:]), layout.food)
    apart = np.linalg.norm(middles - plates, axis=-1)[layout.door_exists]
    assert np.allclose(apart, AWAY_M)
    outside = (plates[..., 0] < 3.5) | (plates[..., 1] > 2.5)
    assert outside[layout.door_exists].all()
    assert game.observation.tobytes() == plain.observation.tobytes()
    assert game.global_state.tobytes() == plain.global_state.tobytes()


def test_food_outside_pays_for_bites_in_preparation_alone():
    game = started("quadrant+food-outside", 32)
    which = near_food(game, EATING_M - 0.1)
    worlds, preparation = np.arange(32), game.scenario.preparation_ticks
    for tick in range(1, preparation + 4):
        game.tick(np.zeros((32, 4, 3), np.int8))
        bites = min(tick, preparation)
        assert (game.state.food[worlds, which, BITES] == MOST_BITES - bites).all()
        if tick <= preparation:
            assert (game.reward == [BITE_TICKS, BITE_TICKS, 0, 0]).all()
        else:
            assert np.isin(game.reward, [-1, 1]).all()


def test_hiders_do_not_eat_from_afar_nor_with_their_backs_to_it_nor_from_an_empty_plate():
    for change in ("afar", "backs", "empty"):
        game = started("quadrant+food-outside", 32)
        near_food(game, EATING_M + 0.05 if change == "afar" else EATING_M - 0.1)
        layout, state = game.snapshot()
        if change == "backs":
            state.agents[:, 0, ANGLE] += np.pi
        if change == "empty":
            state.food[...] = 0.0
        game.restore(layout, state)
        game.tick(np.zeros((32, 4, 3), np.int8))
        assert not game.reward.any(), change


def test_food_outside_as_a_share_pays_where_there_is_food():
    game = started("quadrant+food-outside=0.3", 64)
    has_food = game.layout.food_exists.any(axis=1)
    assert has_food.any() and not has_food.all()
    near_food(game, EATING_M - 0.1)
    game.tick(np.zeros((64, 4, 3), np.int8))
    assert ((game.reward > 0).any(axis=1) == has_food).all()
