"""The PettingZoo environment: PettingZoo's own tests, and the promises in the docstring of `sim.env`."""

import subprocess
import sys
from typing import Any

import numpy as np
import pettingzoo
import pytest
from gymnasium import spaces
from gymnasium.error import ResetNeeded
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, render_test, seed_test

from sim.env import HideSeekEnv, env, parallel_env
from sim.errors import UserError
from sim.game import Game
from sim.hide_seek_env import VERSION
from sim.scenario import scenario_from_text
from tests.sim.drawing import NAMES
from tests.sim.environments import actions_of, advice, play, said_in

SHAPES = pytest.mark.parametrize("flat", [False, True])


@advice
@SHAPES
@pytest.mark.parametrize("scenario", ["quadrant", "rooms:ticks=40,preparation_ticks=10", "open_field"])
def test_pettingzoo_api(scenario: str, flat: bool):
    parallel_api_test(parallel_env(scenario, flat=flat), num_cycles=200)
    api_test(env(scenario, flat=flat), num_cycles=200)


def test_agents_are_those_that_take_part():
    environment, random, met = HideSeekEnv("rooms:ticks=3,preparation_ticks=1"), np.random.default_rng(0), set()
    for seed in range(60):
        observations, infos = environment.reset(seed=seed)
        exist = environment.game.layout.agent_exists[0]
        assert environment.agents == [
            name for name, there in zip(environment.possible_agents, exist, strict=True) if there
        ]
        met.add(len(environment.agents))
        present = list(environment.agents)
        for said in (observations, infos, *environment.step(actions_of(environment, random))):
            assert list(said) == present
        hiders = sum(name.startswith("hider") for name in present)
        observed = observations["hider_0"]
        assert observed["agents_exist"][:2].sum() == hiders - 1 and observed["agents_exist"].sum() == len(present) - 1
    assert met == {2, 3, 4, 5, 6}


@advice
@pytest.mark.parametrize("scenario", ["quadrant", "rooms:ticks=40,preparation_ticks=10"])
def test_pettingzoo_api_with_one_number_for_an_action_and_all_agents_in_every_episode(scenario: str):
    options = {"flat": True, "actions": "discrete", "absent": "zeros"}
    parallel_api_test(parallel_env(scenario, **options), num_cycles=200)
    api_test(env(scenario, **options), num_cycles=200)


def test_absent_agents_can_stay_and_observe_zeros():
    """The others play the same episode."""
    scenario = "rooms:ticks=6,preparation_ticks=2"
    all_of_them, those_that_play = parallel_env(scenario, flat=True, absent="zeros"), parallel_env(scenario, flat=True)
    random, absent = np.random.default_rng(0), set()
    for seed in range(10):
        observations, infos = all_of_them.reset(seed=seed)
        expected, _ = those_that_play.reset(seed=seed)
        while those_that_play.agents:
            assert all_of_them.agents == list(observations) == list(infos) == all_of_them.possible_agents
            actions = actions_of(all_of_them, random)
            observations, rewards, _, _, infos = all_of_them.step(actions)
            expected, paid, *_ = those_that_play.step({agent: actions[agent] for agent in those_that_play.agents})
            assert all(np.array_equal(observations[agent], observed) for agent, observed in expected.items())
            assert {agent for agent, info in infos.items() if info["exists"]} == expected.keys()
            for agent in observations.keys() - expected.keys():
                absent.add(agent)
                assert not observations[agent].any() and rewards[agent] == 0
            assert all(rewards[agent] == own for agent, own in paid.items())
        assert all_of_them.agents == []
    assert len(absent) > 1


def test_one_number_for_an_action_is_the_same_game():
    number, parts = parallel_env(flat=True, actions="discrete"), parallel_env(flat=True)
    number.reset(seed=0)
    parts.reset(seed=0)
    for tick in range(30):
        chosen = {agent: np.random.default_rng(tick).integers(108) for agent in number.agents}
        assert all(number.action_space(agent).contains(action) for agent, action in chosen.items())
        by_parts = {agent: np.array([one // 12, one // 4 % 3, one % 4]) for agent, one in chosen.items()}
        ours, theirs = number.step(chosen)[0], parts.step(by_parts)[0]
        assert all(np.array_equal(ours[agent], theirs[agent]) for agent in ours)
    for wrong in (108, -1, 1.5, [1, 2, 3], None):
        with pytest.raises(ValueError, match="hider_1 must be an integer"):
            number.step({**chosen, "hider_1": wrong})


def test_what_other_libraries_read_is_there():
    """skrl, EPyMARL and SuperSuit read these; nothing that one does to its metadata reaches another environment."""
    first, second = parallel_env(), parallel_env()
    first.metadata["render_modes"].clear()
    assert second.metadata["render_modes"] and HideSeekEnv.metadata["render_modes"]
    for agent in first.possible_agents:
        assert first.observation_spaces[agent] == first.observation_space(agent)
        assert first.action_spaces[agent] is first.action_space(agent)
    assert len({id(space) for space in first.action_spaces.values()}) == len(first.possible_agents)
    assert first.np_random.integers(2**63) != second.np_random.integers(2**63)
    first.reset(seed=3)
    assert first.episode_seed == np.random.default_rng(3).integers(2**64, dtype=np.uint64)


@pytest.mark.parametrize("name", NAMES)
def test_tables_without_rows_are_left_out(name: str):
    environment = parallel_env(name)
    space: Any = environment.observation_space("hider_0")
    observation = environment.reset(seed=0)[0]["hider_0"]
    assert space.contains(observation) and list(space) == list(observation)
    assert all(table.size for table in observation.values())
    slots = environment.game.slots
    assert ("ramps" in list(space), "food_seen" in list(space)) == (slots.ramps > 0, slots.food > 0)


@advice
def test_pettingzoo_seed():
    parallel_seed_test(parallel_env, num_cycles=100)
    seed_test(env, num_cycles=100)


def test_pettingzoo_render():
    render_test(env)  # pyright: ignore[reportArgumentType]


@SHAPES
@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_same_seed_same_bytes_for_500_steps(flat: bool, seed: int):
    first, second = parallel_env(flat=flat), parallel_env(flat=flat)
    second.reset(seed=5)
    second.step(actions_of(second, np.random.default_rng(0)))  # what was played before must not matter
    said = play(first, 500, seed)
    assert play(second, 500, seed) == said
    assert play(first, 500, seed) == said
    assert play(first, 500, seed + 1) != said


def test_same_seed_same_bytes_in_a_fresh_process():
    program = (
        "import hashlib, sys; from tests.sim.environments import play; from sim.env import parallel_env;"
        "print(hashlib.sha256(b''.join(play(parallel_env(), 200, 3))).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_reset_without_a_seed_goes_on():
    environment = parallel_env(flat=True)
    first, _ = environment.reset(seed=4)
    second, _ = environment.reset()
    assert not np.array_equal(first["hider_0"], second["hider_0"])
    again, _ = environment.reset(seed=4)
    assert np.array_equal(first["hider_0"], again["hider_0"])


@pytest.mark.parametrize("name", NAMES)
def test_registered(name: str):
    identity = f"hideseek/{name}-v{VERSION}"
    parallel = pettingzoo.make("parallel", identity, flat=True, max_cycles=3)
    in_turn = pettingzoo.make("aec", identity, flat=True, max_cycles=3)
    assert isinstance(parallel, pettingzoo.ParallelEnv)
    assert isinstance(in_turn, pettingzoo.AECEnv)
    for made in (parallel, in_turn):
        made.reset(seed=0)
        assert made.possible_agents[0] == "hider_0"
        made.close()


def test_flat_is_the_dict_in_order():
    tables, flat = parallel_env(), parallel_env(flat=True)
    random = np.random.default_rng(0)
    observed, numbers = tables.reset(seed=1)[0], flat.reset(seed=1)[0]
    for _ in range(40):
        for agent in tables.agents:
            space = tables.observation_space(agent)
            assert space.contains(observed[agent])
            assert flat.observation_space(agent).contains(numbers[agent])
            flattened: Any = spaces.flatten(space, observed[agent])
            assert np.array_equal(flattened.astype(np.float32), numbers[agent])
            assert all(table.dtype == np.int8 for name, table in observed[agent].items() if "_" in name)
        actions = actions_of(tables, random)
        observed, numbers = tables.step(actions)[0], flat.step(actions)[0]
    assert len({str(tables.observation_space(agent)) for agent in tables.possible_agents}) == 1


def test_the_environment_is_the_game():
    """One world of a Game with the same seed and actions tells, pays and ends the same."""
    environment, game = parallel_env(flat=True), Game(scenario_from_text("quadrant"), 1)
    random = np.random.default_rng(2)
    observations, _ = environment.reset(seed=6)
    game.reset(np.random.default_rng(6).integers(2**64, size=1, dtype=np.uint64))
    while environment.agents:
        assert np.array_equal(np.stack(list(observations.values())), game.observation[0])
        assert np.array_equal(environment.state(), game.global_state[0])
        assert environment.state_space.contains(environment.state())
        actions = actions_of(environment, random)
        observations, rewards, terminated, truncated, infos = environment.step(actions)
        game.tick(np.stack(list(actions.values()))[None])
        assert list(rewards.values()) == game.reward[0].tolist()
        assert not any(terminated.values())
        assert set(truncated.values()) == {bool(game.ended[0])}
        assert infos["hider_0"]["tick"] == game.state.tick[0]
        assert infos["hider_0"]["hidden"] == game.hidden[0]
    assert game.state.tick[0] == game.scenario.ticks


def test_nobody_is_paid_and_seekers_are_blind_in_preparation():
    environment = parallel_env()
    observations, infos = environment.reset(seed=0)
    while infos["seeker_0"]["preparation"]:
        assert not infos["seeker_0"]["sees"].any()
        assert not observations["seeker_0"]["lidar"].any()
        observations, rewards, _, _, infos = environment.step(actions_of(environment, np.random.default_rng(0)))
        assert not any(rewards.values())
    assert infos["seeker_0"]["tick"] == environment.scenario.preparation_ticks
    assert observations["seeker_0"]["lidar"].all()


def test_what_was_told_stays_as_it_was():
    """Observations are the caller's: later ticks do not change them."""
    environment = parallel_env()
    observations, infos = environment.reset(seed=0)
    before = said_in(observations, infos, environment)[-1000:]
    state = environment.state()
    kept = state.copy()
    environment.step(actions_of(environment, np.random.default_rng(0)))
    assert said_in(observations, infos, environment)[-1000:] == before
    assert np.array_equal(state, kept)


def test_max_cycles_ends_the_episode_early():
    environment = parallel_env(max_cycles=3)
    environment.reset(seed=0)
    for step in range(3):
        truncated = environment.step(actions_of(environment, np.random.default_rng(0)))[3]
        assert set(truncated.values()) == {step == 2}
    assert environment.agents == []
    assert environment.step({}) == ({}, {}, {}, {}, {})


@pytest.mark.parametrize(
    "action",
    [[9, 0, 0], [0, 3, 0], [0, 0, 4], [-1, 0, 0], [0, 0], [0, 0, 0, 0], 3, [0.5, 0.0, 0.0], None],
    ids=str,
)
def test_a_wrong_action_is_named(action):
    environment = parallel_env()
    environment.reset(seed=0)
    actions = actions_of(environment, np.random.default_rng(0))
    with pytest.raises(ValueError, match="hider_1"):
        environment.step({**actions, "hider_1": action})
    del actions["seeker_0"]
    with pytest.raises(ValueError, match="seeker_0"):
        environment.step(actions)


def test_actions_of_kinds_that_do_not_go_together_are_taken_one_by_one():
    here, there = parallel_env(), parallel_env()
    for environment in (here, there):
        environment.reset(seed=0)
    actions = actions_of(here, np.random.default_rng(0))
    mixed = {**actions, "hider_1": np.array(actions["hider_1"], np.uint64)}
    assert all(
        np.array_equal(one["lidar"], mixed_one["lidar"])
        for one, mixed_one in zip(here.step(actions)[0].values(), there.step(mixed)[0].values(), strict=True)
    )


def test_calls_in_the_wrong_order_and_wrong_options_are_errors():
    with pytest.raises(ResetNeeded):
        parallel_env().step({})
    with pytest.raises(ResetNeeded):
        parallel_env(render_mode="rgb_array").render()
    with pytest.raises(UserError, match="render_mode"):
        parallel_env(render_mode="ansi")
    with pytest.raises(UserError, match="quadrat"):
        parallel_env("quadrat")
    with pytest.raises(UserError, match="actions: 'continuous'"):
        parallel_env(actions="continuous")
    with pytest.raises(UserError, match="absent: None"):
        parallel_env(absent=None)  # type: ignore[arg-type]
    for cycles in (0, -3, 2.5, "x"):
        with pytest.raises(UserError, match="max_cycles"):
            parallel_env(max_cycles=cycles)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["parallel", "aec"])
def test_a_registered_name_makes_its_own_scenario_only(kind):
    for other in ("rooms", "quadrant-ramp", scenario_from_text("rooms"), None):
        with pytest.raises(UserError, match="hideseek/quadrant-v0 is the scenario 'quadrant'"):
            pettingzoo.make(kind, "hideseek/quadrant-v0", scenario=other)
    environment = pettingzoo.make(kind, "hideseek/quadrant-v0", scenario="quadrant:two_doors=1.0")
    assert environment.unwrapped.scenario.two_doors == 1.0


@pytest.mark.parametrize("scenario", [None, 5])
def test_what_is_no_scenario_is_named(scenario):
    with pytest.raises(TypeError, match="scenario must be a Scenario"):
        parallel_env(scenario)
