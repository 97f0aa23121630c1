"""Many worlds as a Gymnasium `VectorEnv`: the promises in the docstring of `sim.vector`."""

import copy
import pickle
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers import vector as wrappers

from sim.env import parallel_env
from sim.errors import UserError
from sim.rules import ACTION_SIZES
from sim.spaces import in_parts
from sim.vector import VectorEnv

ROOMS = "rooms:ticks=6,preparation_ticks=2"
"""Short episodes of two to six agents."""
MODES = list(AutoresetMode)


def some_actions(envs: VectorEnv, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, ACTION_SIZES, (envs.num_envs, 3))


def in_turn(scenario: str, seeds: list[int], ticks: int) -> list[tuple[np.ndarray, ...]]:
    """What PettingZoo's environment says of worlds played one by one, in the arrays of `VectorEnv` with "NextStep"."""
    worlds = [parallel_env(scenario, flat=True, absent="zeros") for _ in seeds]
    first = [world.reset(seed=seed)[0] for world, seed in zip(worlds, seeds, strict=True)]
    names = worlds[0].possible_agents
    said: list[tuple[np.ndarray, ...]] = [(np.array([observed[name] for observed in first for name in names]),)]
    for tick in range(ticks):
        actions = np.random.default_rng(tick).integers(0, ACTION_SIZES, (len(worlds), len(names), 3))
        rows = []
        for world, own in zip(worlds, actions, strict=True):
            if world.agents:
                step = world.step(dict(zip(names, own, strict=True)))[:4]
            else:
                step = world.reset()[0], *({name: 0 for name in names},) * 3
            rows += [[part[name] for part in step] for name in names]
        said.append(tuple(np.array(column) for column in zip(*rows, strict=True)))
    return said


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(ROOMS, marks=pytest.mark.slow), "quadrant:ticks=5,preparation_ticks=2", "blueprint:ticks=4"],
)
def test_every_world_plays_what_the_pettingzoo_environment_with_its_seed_plays(scenario: str):
    seeds = [7, 8, 9]
    expected = in_turn(scenario, seeds, 20)
    for seed in (7, seeds):
        envs = VectorEnv(scenario, worlds=3, threads=2)
        assert np.array_equal(envs.reset(seed=seed)[0], expected[0][0])
        for tick in range(20):
            said = envs.step(some_actions(envs, tick))[:4]
            assert all(np.array_equal(ours, theirs) for ours, theirs in zip(said, expected[tick + 1], strict=True))
    assert any(step[3].any() for step in expected[1:])


def test_a_part_of_the_worlds_plays_as_in_the_whole():
    whole, part = VectorEnv(ROOMS, worlds=5), VectorEnv(ROOMS, worlds=2)
    rows = np.isin(whole.world_ids, (3, 4))
    everything, some = whole.reset(seed=20)[0], part.reset(seed=20 + 3)[0]
    assert np.array_equal(everything[rows], some)
    for tick in range(15):
        actions = some_actions(whole, tick)
        everything, some = whole.step(actions), part.step(actions[rows])
        assert all(np.array_equal(all_rows[rows], own) for all_rows, own in zip(everything[:4], some[:4], strict=True))


def test_the_modes_tell_one_story():
    """The same episodes in all three: what "SameStep" calls final is what the others observe last."""
    by_mode = {mode: VectorEnv(ROOMS, worlds=3, autoreset_mode=mode) for mode in MODES}
    starts = [envs.reset(seed=1)[0] for envs in by_mode.values()]
    assert np.array_equal(starts[0], starts[1]) and np.array_equal(starts[0], starts[2])
    for episode in range(3):
        for tick in range(6):
            actions = some_actions(by_mode[MODES[0]], 10 * episode + tick)
            said = {mode: envs.step(actions) for mode, envs in by_mode.items()}
            for one in said.values():
                assert all(np.array_equal(*both) for both in zip(one[1:4], said[MODES[0]][1:4], strict=True))
        following, same, disabled = (said[mode] for mode in MODES)
        assert following[3].all() and np.array_equal(following[0], disabled[0])
        assert same[4]["_final_obs"].all() and np.array_equal(np.stack(same[4]["final_obs"]), disabled[0])
        assert (same[4]["final_info"]["tick"] == 6).all() and (same[4]["tick"] == 0).all()
        with pytest.raises(ResetNeeded):
            by_mode[AutoresetMode.DISABLED].step(actions)
        begun = by_mode[AutoresetMode.DISABLED].reset(options={"reset_mask": disabled[3]})[0]
        after = by_mode[AutoresetMode.NEXT_STEP].step(actions)
        assert np.array_equal(begun, same[0]) and np.array_equal(begun, after[0])
        assert not after[1].any() and not after[3].any() and (after[4]["tick"] == 0).all()


def test_a_mask_resets_its_worlds_only():
    envs = VectorEnv(ROOMS, worlds=3, autoreset_mode="Disabled")
    envs.reset(seed=0)
    before = envs.step(some_actions(envs, 0))[0]
    mask = envs.world_ids == 1
    observations, infos = envs.reset(seed=50, options={"reset_mask": mask})
    assert np.array_equal(observations[~mask], before[~mask])
    assert infos["tick"].tolist() == np.where(mask, 0, 1).tolist()
    assert envs.np_random_seed == (0, 51, 2)
    assert np.array_equal(observations[mask], VectorEnv(ROOMS, worlds=1).reset(seed=51)[0])
    torn, none = mask.copy(), np.zeros_like(mask)
    torn[0] = True
    for wrong in (torn, none, mask[:-1]):
        with pytest.raises(ValueError, match="reset_mask"):
            envs.reset(options={"reset_mask": wrong})
    with pytest.raises(TypeError, match="reset_mask"):
        envs.reset(options={"reset_mask": mask.astype(int)})


def test_spaces_rows_and_infos():
    envs = VectorEnv(ROOMS, worlds=4)
    agents = len(envs.agent_names)
    observations, infos = envs.reset(seed=0)
    assert envs.num_envs == 4 * agents == len(observations)
    assert envs.observation_space.contains(observations)
    assert envs.world_ids.tolist() == [row // agents for row in range(envs.num_envs)]
    assert [envs.agent_names[agent] for agent in envs.agent_ids[:agents]] == envs.agent_names
    assert (envs.sides[:agents] == [name.startswith("seeker") for name in envs.agent_names]).all()
    assert not observations[~infos["exists"]].any() and observations[infos["exists"]].any(axis=1).all()
    assert not infos["exists"].all()
    assert envs.state().shape == (4, *envs.state_space.shape)
    assert envs.state_space.contains(envs.state()[0])
    for tick in range(3):
        _, rewards, *_, infos = envs.step(envs.action_space.sample())
        assert (infos["tick"] == tick + 1).all() and infos["preparation"].all() == (tick < 1)
        assert not rewards[~infos["exists"]].any() and rewards[infos["exists"]].all() == (tick == 2)
    assert all(infos[f"_{name}"].all() for name in ("tick", "preparation", "hidden", "exists"))


def test_discrete_actions_are_the_same_game():
    parts, numbers = VectorEnv("quadrant", worlds=2), VectorEnv("quadrant", worlds=2, actions="discrete")
    assert numbers.single_action_space == gymnasium.spaces.Discrete(108)
    parts.reset(seed=0)
    numbers.reset(seed=0)
    for tick in range(20):
        chosen = np.random.default_rng(tick).integers(0, 108, numbers.num_envs)
        assert numbers.action_space.contains(chosen)
        ours, theirs = numbers.step(chosen)[0], parts.step(in_parts(chosen))[0]
        assert np.array_equal(ours, theirs)
    assert in_parts(np.array((3 * 3 + 1) * 4 + 2)).tolist() == [3, 1, 2]


@pytest.mark.parametrize("actions", ["multidiscrete", "discrete"])
@pytest.mark.parametrize("wrong", [-1, 108, 2.5, np.nan])
def test_an_action_that_does_not_exist_is_named(actions: str, wrong: float):
    envs = VectorEnv("quadrant", worlds=2, actions=actions)
    envs.reset(seed=0)
    chosen = np.zeros(np.shape(envs.action_space.sample()), type(wrong))
    chosen[5] = wrong
    with pytest.raises(ValueError, match=r"agent 1 in world 1|agent 0 in world 0"):
        envs.step(chosen)
    with pytest.raises(ValueError, match="shape"):
        envs.step(chosen[1:])
    assert (envs.game.state.tick == 0).all()


def test_calls_in_the_wrong_order_and_wrong_options_are_errors():
    make: Any = VectorEnv
    envs = make("quadrant", worlds=2)
    with pytest.raises(ResetNeeded):
        envs.step(some_actions(envs, 0))
    for seed, error in (([1, 2, 3], ValueError), (2.5, TypeError), ("a", TypeError), (-1, gymnasium.error.Error)):
        with pytest.raises(error):
            envs.reset(seed=seed)
    for options in ({"worlds": 0}, {"threads": 0}, {"autoreset_mode": "never"}):
        with pytest.raises(ValueError):
            make("quadrant", **options)
    for options in ({"actions": "continuous"}, {"scenario": "quadrat"}):
        with pytest.raises(UserError):
            make(**options)


def test_observations_stay_as_they_were_unless_they_are_not_copied():
    kept, overwritten = VectorEnv("quadrant", worlds=2), VectorEnv("quadrant", worlds=2, copy=False)
    first, shared = kept.reset(seed=0)[0], overwritten.reset(seed=0)[0]
    before = first.copy()
    second, again = kept.step(some_actions(kept, 0))[0], overwritten.step(some_actions(kept, 0))[0]
    assert np.array_equal(first, before) and not np.array_equal(first, second)
    assert np.shares_memory(shared, again) and np.array_equal(shared, second)


def test_a_refused_seed_changes_nothing():
    envs = VectorEnv("quadrant", worlds=2)
    envs.reset(seed=[5, 6])
    before = [generator.bit_generator.state for generator in envs.np_random]
    with pytest.raises(gymnasium.error.Error):
        envs.reset(seed=[7, -1])
    assert envs.np_random_seed == (5, 6)
    assert [generator.bit_generator.state for generator in envs.np_random] == before


def test_object_counting_has_the_labels_of_the_parallel_environment():
    envs, one = VectorEnv("object_counting", worlds=2), parallel_env("object_counting")
    _, infos = envs.reset(seed=3)
    one.reset(seed=3)
    for _ in range(one.max_cycles - 1):
        infos = envs.step(np.zeros((envs.num_envs, 3), int))[-1]
        told = one.step({"hider_0": np.zeros(3, int)})[-1]["hider_0"]
    assert (infos["left"][0], infos["right"][0]) == (told["left"], told["right"]) and infos["_left"].all()
    assert told["left"] + told["right"] > 0
    assert "left" not in VectorEnv("quadrant").reset(seed=0)[1]


@pytest.mark.parametrize("remake", [copy.deepcopy, lambda envs: pickle.loads(pickle.dumps(envs))])
def test_a_copy_goes_on_from_the_same_tick(remake):
    envs = VectorEnv(ROOMS, worlds=2)
    envs.reset(seed=0)
    envs.step(some_actions(envs, 0))
    first, second = remake(envs), remake(envs)
    assert np.array_equal(first.state(), envs.state())
    for tick in range(12):
        ours, theirs = first.step(some_actions(envs, tick)), second.step(some_actions(envs, tick))
        assert np.array_equal(ours[0], theirs[0])
    assert np.array_equal(first.reset()[0], second.reset()[0])


def test_gymnasiums_wrappers_work():
    """Their statistics of an episode are its length and what was paid; the list of infos has one for each row."""
    envs: Any = wrappers.RecordEpisodeStatistics(VectorEnv(ROOMS, worlds=2, autoreset_mode="SameStep"))
    envs = wrappers.DictInfoToList(envs)
    paid = np.zeros(envs.num_envs)
    envs.reset(seed=0)
    for tick in range(6):
        _, rewards, _, truncated, infos = envs.step(some_actions(envs, tick))
        paid += rewards
    assert truncated.all() and len(infos) == envs.num_envs
    assert [info["episode"]["r"] for info in infos] == paid.tolist()
    assert {info["episode"]["l"] for info in infos} == {6}
    assert all("final_obs" in info and info["final_info"]["tick"] == 6 for info in infos)
