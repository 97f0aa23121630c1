"""One agent as a Gymnasium environment: Gymnasium's own check, and the game it is part of."""

from typing import Any

import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env

from policies.agents.players import player
from policies.evaluation.match import choose
from policies.single_agent import SingleAgentEnv
from sim.errors import UserError
from sim.game import Game
from sim.rules import ACTION_SIZES, HIDERS, SEEKERS
from sim.scenario import scenario_from_text

SHORT = "quadrant:ticks=20,preparation_ticks=5"

# Gymnasium recommends bounds and one shape of actions.
advice = pytest.mark.filterwarnings("ignore:.*Box observation space.*:UserWarning", "ignore:.*WARN.*:UserWarning")


@advice
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"agent": "seeker_1", "against": "quadrant-block", "actions": "discrete"},
        {"scenario": "rooms", "render_mode": "rgb_array"},
        pytest.param({"scenario": "blueprint"}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_gymnasiums_own_check(options: dict[str, Any]):
    check_env(SingleAgentEnv(**options), skip_render_check="render_mode" not in options)


def test_it_is_the_game_with_these_teams():
    env, game = SingleAgentEnv(SHORT, "seeker_0", against="builder"), Game(scenario_from_text(SHORT), 1)
    teams = player("builder", HIDERS, game.scenario, 4), player("chaser", SEEKERS, game.scenario, 4)
    observation, info = env.reset(seed=4)
    game.reset(np.random.default_rng(4).integers(2**64, size=1, dtype=np.uint64))
    for tick in range(20):
        assert np.array_equal(observation, game.observation[0, 2]) and info["tick"] == tick
        action = np.random.default_rng(tick).integers(0, ACTION_SIZES)
        actions = choose(game, *teams)
        actions[0, 2] = action
        game.tick(actions)
        observation, reward, terminated, truncated, info = env.step(action)
        assert (reward, terminated, truncated) == (game.reward[0, 2], False, tick == 19)


def test_one_number_is_the_same_action():
    parts, number = SingleAgentEnv(SHORT), SingleAgentEnv(SHORT, actions="discrete")
    parts.reset(seed=0)
    number.reset(seed=0)
    for action in np.random.default_rng(0).integers(0, 108, 20):
        by_parts = np.array([action // 12, action // 4 % 3, action % 4])
        assert np.array_equal(number.step(action)[0], parts.step(by_parts)[0])


def test_wrong_options_and_actions_are_named():
    for options, message in (
        ({"agent": "hider_9"}, "hider_9"),
        ({"against": "nobody"}, "nobody"),
        ({"actions": "x"}, "actions"),
        ({"agent": "seeker_0", "against": "chaser", "mates": "builder"}, "builder"),
    ):
        with pytest.raises(UserError, match=message):
            SingleAgentEnv(**options)
    env = SingleAgentEnv(SHORT, actions="discrete")
    with pytest.raises(ResetNeeded):
        env.step(0)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="108"):
        env.step(108)
