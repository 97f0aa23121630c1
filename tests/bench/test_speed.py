"""Speed over time, for `pytest tests/bench -m slow --benchmark-autosave --benchmark-compare`."""

import numpy as np
import pytest

from sim.env import parallel_env
from sim.game import Game
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text

pytestmark = pytest.mark.slow
WORLDS = 256


@pytest.fixture
def game() -> Game:
    game = Game(scenario_from_text("quadrant"), WORLDS)
    game.reset(np.arange(WORLDS, dtype=np.uint64))
    return game


def test_tick_of_256_worlds(benchmark, game: Game):
    random = np.random.default_rng(0)
    actions = random.integers(0, ACTION_SIZES, (64, *game.actions.shape), np.int8)
    turn = iter(range(10**9))
    benchmark(lambda: game.tick(actions[next(turn) % 64]))


def test_reset_of_256_worlds(benchmark, game: Game):
    benchmark(lambda: game.reset(np.arange(WORLDS, dtype=np.uint64)))


def test_episode_through_pettingzoo(benchmark):
    environment = parallel_env(flat=True)
    actions = {agent: environment.action_space(agent).sample() for agent in environment.possible_agents}

    def episode() -> None:
        environment.reset(seed=0)
        while environment.agents:
            environment.step(actions)

    benchmark(episode)
