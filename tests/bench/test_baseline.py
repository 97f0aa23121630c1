"""The baselines of `hideseek bench` play the game they are compared with."""

import numpy as np
import pytest

from policies.bench.baseline.numpy_sight import NumpySight
from policies.bench.baseline.sight import Sight
from policies.bench.baseline.world import BaselineWorld
from sim.game import Game
from sim.layout import Layout
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from sim.state import ANGLE, FREE, State, X, Y

SCENARIO = scenario_from_text("quadrant:preparation_ticks=4")
SIGHTS = pytest.mark.parametrize("sight", [Sight, NumpySight])


def random_actions(random: np.random.Generator) -> np.ndarray:
    return random.integers(0, ACTION_SIZES, (1, SCENARIO.slots.agents, len(ACTION_SIZES)), np.int8)


def moment_of(world: BaselineWorld) -> tuple[Layout, State]:
    """The baseline's moment as Layout and State, good for `Game.restore`."""
    layout, state = world._layout, world._state
    state.tick[0] = world.ticks
    for entities, poses in ((world.agents, state.agents), (world.things, state.things)):
        for entity in entities:
            body = entity.body
            velocity = (*body.velocity, body.angular_velocity)
            poses[0, entity.index] = (*body.position, body.angle, *velocity)
    for thing in world.things:
        state.lock[0, thing.index] = 0 if thing.lock is None else thing.lock + 1
    for agent in world.agents:
        state.held[0, agent.index] = FREE if agent.held is None else agent.held.index
        state.hold[0, agent.index] = 0.0
        if agent.held is not None:
            pivot, gear = agent.joints
            state.hold[0, agent.index] = (*pivot.anchor_a, gear.phase)
    return layout, state


@SIGHTS
def test_observation_and_reward_are_the_games(sight: type[Sight]):
    """At every moment of three episodes of random play, the game set to the baseline's state says the same."""
    world, game, random = BaselineWorld(SCENARIO, sight), Game(SCENARIO, 1), np.random.default_rng(0)
    held = locked = 0
    for seed in range(3):
        world.reset(seed)
        for _ in range(SCENARIO.ticks):
            world.tick(random_actions(random)[0].tolist())
            game.restore(*moment_of(world))
            assert np.allclose(np.stack(world.observation), game.observation[0], atol=1e-4)
            assert np.allclose(world.global_state, game.global_state[0], atol=1e-4)
            assert world.sight.hidden == game.hidden[0]
            held += int(np.sum(game.state.held != FREE))
            locked += int(np.sum(game.state.lock != 0))
    assert held > 10
    assert locked > 10


@SIGHTS
def test_the_future_is_the_games_until_rounding_grows(sight: type[Sight]):
    """From one start with one set of actions: the same hands and, to a centimetre, the same poses for 30 ticks."""
    world, game, random = BaselineWorld(SCENARIO, sight), Game(SCENARIO, 1), np.random.default_rng(1)
    for seed in range(20):
        world.reset(seed)
        game.reset(np.array([seed], np.uint64))
        for _ in range(30):
            actions = random_actions(random)
            world.tick(actions[0].tolist())
            game.tick(actions)
            _, state = moment_of(world)
            assert np.array_equal(state.held, game.state.held)
            assert np.array_equal(state.lock, game.state.lock)
            assert np.array_equal(np.array(world.reward, np.float32), game.reward[0])
            for ours, theirs in ((state.agents, game.state.agents), (state.things, game.state.things)):
                assert np.allclose(ours[..., [X, Y, ANGLE]], theirs[..., [X, Y, ANGLE]], atol=0.01)
