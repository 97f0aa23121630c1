"""Copies of the PettingZoo environment, pickled ones too: they go on from where the original stands."""

import copy
import pickle

import numpy as np
import pytest

from sim.env import env, parallel_env, raw_env
from tests.sim.environments import actions_of


@pytest.mark.parametrize(
    "remake", [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))], ids=["copy", "pickle"]
)
def test_a_copy_goes_on_from_the_same_tick(remake):
    """Two copies have one future; what they know is what the original knew."""
    environment = parallel_env(flat=True)
    random = np.random.default_rng(0)
    environment.reset(seed=0)
    for _ in range(30):
        environment.step(actions_of(environment, random))
    first, second = remake(environment), remake(environment)
    assert np.array_equal(first.state(), environment.state())
    for _ in range(20):
        actions = actions_of(environment, random)
        ours, theirs = first.step(actions)[0], second.step(actions)[0]
        assert all(np.array_equal(ours[agent], theirs[agent]) for agent in ours)
    assert np.array_equal(first.reset()[0]["hider_0"], environment.reset()[0]["hider_0"])


class OtherEnv(parallel_env):
    """A subclass with arguments and attributes of its own."""

    def __init__(self, size: int):
        super().__init__("quadrant", absent="zeros")
        self.size, self.paid, self.note = size, 0.0, ""

    def step(self, actions):
        told = super().step(actions)
        self.paid += sum(told[1].values())
        return told


@pytest.mark.parametrize(
    "remake", [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))], ids=["own", "copy", "pickle"]
)
def test_a_subclass_keeps_what_it_has_of_its_own(remake):
    environment = OtherEnv(3)
    vars(environment)["note"] = "mine"
    environment.reset(seed=0)
    for _ in range(30):
        environment.step(dict.fromkeys(environment.agents, np.array([1, 1, 0])))
    other = remake(environment)
    assert (other.size, vars(other)["note"], other.max_cycles) == (3, "mine", environment.max_cycles)
    assert other.paid == environment.paid
    before = environment.state()
    other.step(dict.fromkeys(other.agents, np.array([1, 1, 0])))
    assert np.array_equal(environment.state(), before) and not np.array_equal(other.state(), before)
    kept = environment.np_random.bit_generator.state
    other.reset()
    assert environment.np_random.bit_generator.state == kept, "a copy draws its own numbers"


@pytest.mark.parametrize("make", [parallel_env, raw_env, env])
def test_every_kind_can_be_copied_before_and_after_reset(make):
    fresh = pickle.loads(pickle.dumps(make()))
    fresh.reset(seed=0)
    assert np.array_equal(pickle.loads(pickle.dumps(fresh)).state(), fresh.state())
