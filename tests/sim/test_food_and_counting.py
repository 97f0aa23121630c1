"""Food and object counting: what is eaten and paid, what is seen and drifts; each rule against plain Python."""

import math

import numpy as np
import pytest

from sim.env import parallel_env
from sim.game import Game
from sim.rules import RULES
from sim.schema import split
from sim.state import BARE, BITES, DRIFTING, FREE, VX
from sim.tasks.counting import vanished
from sim.tasks.eating import MOST_BITES, REGROWING_TICKS
from tests.games import started
from tests.sim.task_games import at_random, still


def fed(hidden: bool = True) -> Game:
    """Food right in front of the first hider, of whom seekers see nothing unless not `hidden`; play has begun."""
    game = started("food:hiders=2,seekers=1,boxes=0,food=2", 1)
    layout, state = game.snapshot()
    state.tick[:] = game.scenario.preparation_ticks
    state.agents[0, :, :3] = [
        (1.0, 1.0, 0.0),
        (1.0, 3.0, math.pi),
        (0.3 if hidden else 3.0, 5.0 if hidden else 1.0, math.pi),
    ]
    layout.food[0] = [(1.3, 1.0), (0.3, 5.5)]
    game.restore(layout, state)
    return game


def test_a_hider_eats_what_it_sees_and_the_team_is_paid():
    game = fed()
    tables = split(game.observation[0], game.slots)
    assert tables["food_seen"].tolist() == [[1, 0], [0, 0], [0, 0]] and tables["food_exist"].all()
    assert tables["food"][0, 0].tolist() == pytest.approx([0.1, 0.0, 1.0, 1.0, 0.0], abs=1e-6)
    for tick in range(1, MOST_BITES + 1):
        game.tick(still(game))
        assert game.reward[0].tolist() == pytest.approx([1.5, 1.5, -1.0])
        assert game.state.food[0, :, BITES].tolist() == [MOST_BITES - tick, MOST_BITES]
    assert game.state.food[0, 0, BARE] == 1
    for _ in range(REGROWING_TICKS):
        assert game.state.food[0, 0, BITES] == 0
        game.tick(still(game))
        assert game.reward[0, 0] == 1.0
    assert game.state.food[0, 0, BITES] == MOST_BITES


def test_nobody_eats_while_a_hider_is_seen_or_in_preparation():
    game = fed(hidden=False)
    game.tick(still(game))
    assert game.reward[0].tolist() == [-1.0, -1.0, 1.0] and (game.state.food[..., BITES] == MOST_BITES).all()
    game = started("food", 8)
    for _ in range(game.scenario.preparation_ticks):
        game.tick(still(game))
        assert (game.state.food[..., BITES] == MOST_BITES).all() and not game.reward.any()


def test_the_last_bite_is_shared():
    game = fed()
    layout, state = game.snapshot()
    state.agents[0, 1, :3] = (1.3, 1.35, -math.pi / 2)
    state.food[0, 0, BITES] = 1.0
    game.restore(layout, state)
    game.tick(still(game))
    assert game.reward[0, :2].tolist() == pytest.approx([1.5, 1.5]) and game.state.food[0, 0, BITES] == 0


def test_food_lies_outside_of_the_room_where_one_can_stand():
    game = started("food:food=8", 300)
    x, y = np.moveaxis(game.layout.food, -1, 0)
    assert game.layout.food_exists.all()
    assert ((x < 3.5) | (y > 2.5)).all()
    assert (np.minimum(x, y) >= RULES.agent_radius_m).all() and (np.maximum(x, y) <= 6 - RULES.agent_radius_m).all()


def test_boxes_are_seen_drift_and_vanish_and_the_watcher_cannot_interfere():
    game = started("object_counting", 64)
    start, random = game.state.agents.copy(), np.random.default_rng(0)
    assert game.seen.things.all() and not vanished(game.layout, game.state).any()
    speeds, before = game.state.things[..., VX].copy(), vanished(game.layout, game.state)
    ever_blocked = np.zeros(64, bool)
    for tick in range(1, game.scenario.ticks + 1):
        game.tick(at_random(game, random))
        assert np.array_equal(game.state.agents[..., :3], start[..., :3]) and (game.state.held == FREE).all()
        assert np.array_equal(game.state.things[..., VX], speeds) and (game.state.lock == DRIFTING).all()
        now = vanished(game.layout, game.state)
        assert (now >= before).all() and not game.reward.any()
        ever_blocked |= (now != before).any(1)
        before = now
        if tick == game.scenario.ticks * 3 // 4:
            late = now
    assert np.array_equal(before, np.stack([(speeds < 0).sum(1), (speeds > 0).sum(1)], axis=1))
    assert ever_blocked.all() and (late.sum(1) >= 5).mean() > 0.9, "most have vanished long before the end"


def test_the_labels_stand_in_the_infos():
    environment = parallel_env("object_counting")
    _, infos = environment.reset(seed=0)
    while environment.agents:
        assert (infos["hider_0"]["left"], infos["hider_0"]["right"]) >= (0, 0)
        infos = environment.step({"hider_0": np.zeros(3, int)})[4]
    assert infos["hider_0"]["left"] + infos["hider_0"]["right"] == 6
    assert "left" not in parallel_env("quadrant").reset(seed=0)[1]["hider_0"]
