"""What one's own PettingZoo loop plays, as recordings."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pettingzoo.utils.conversions import parallel_to_aec_wrapper

from replays.film.facts import facts_of
from replays.film.origin import OWN
from replays.format.recording import read
from replays.recorded_env import RecordedEnv
from sim.env import parallel_env
from sim.rules import ACTION_SIZES
from sim.state import take

SHORT = "rooms:ticks=12,preparation_ticks=4"


def play(env: Any, episodes: int) -> list[dict[str, list]]:
    """What agents chose, what they were paid, and where things stood, in every tick of whole episodes."""
    random, played = np.random.default_rng(0), []
    for _ in range(episodes):
        env.reset()
        played.append({"actions": [], "rewards": [], "states": [take(env.game.state, slice(0, 1))]})
        while env.agents:
            chosen = {agent: random.integers(0, ACTION_SIZES) for agent in env.agents}
            rewards = env.step(chosen)[1]
            for name, value in (("actions", chosen), ("rewards", rewards)):
                played[-1][name].append(value)
            played[-1]["states"].append(take(env.game.state, slice(0, 1)))
    return played


@pytest.mark.parametrize("absent", ["omit", "zeros"])
def test_every_episode_is_kept_as_it_was_played(tmp_path: Path, absent: str):
    env = RecordedEnv(parallel_env(SHORT, absent=absent), tmp_path / "films", hiders="mine", seekers="a/b")
    env.reset(seed=0)
    played = play(env, 3)
    assert [path.name for path in env.recordings] == [f"mine-a-b-{number:06d}.npz" for number in range(3)]
    for path, episode in zip(env.recordings, played, strict=True):
        recording = read(path)
        assert (recording.header.hiders, recording.header.seekers) == ("mine", "a/b")
        assert "lock" in recording.header.outcome and facts_of(recording).origin == OWN
        for tick, (chosen, paid) in enumerate(zip(episode["actions"], episode["rewards"], strict=True)):
            for agent, action in chosen.items():
                index = env.possible_agents.index(agent)
                exists = recording.layout.agent_exists[0, index]
                still = not exists or (tick < 4 and agent.startswith("seeker"))
                assert recording.actions[tick, index].tolist() == ([0, 0, 0] if still else action.tolist())
                assert recording.reward[tick, index] == paid[agent]
        for tick, state in enumerate(episode["states"]):
            assert all(
                np.array_equal(now, then)
                for now, then in zip(take(recording.states, slice(tick, tick + 1)), state, strict=True)
            )


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_goes_on_with_its_episode(tmp_path: Path, copied: Callable):
    env = RecordedEnv(parallel_env("quadrant", max_cycles=30), tmp_path)
    env.reset(seed=0)
    for _ in range(5):
        env.step(dict.fromkeys(env.agents, np.array([1, 1, 0])))
    other = copied(env)
    for one, move in ((env, 1), (other, 5)):
        while one.agents:
            one.step(dict.fromkeys(one.agents, np.array([move, 0, 0])))
    mine, its = read(env.recordings[0]), read(other.recordings[0])
    assert mine.header.ticks == its.header.ticks == 30
    for one, other_one in zip(take(mine.states, slice(0, 6)), take(its.states, slice(0, 6)), strict=True):
        np.testing.assert_array_equal(one, other_one)
    for recording, played in ((mine, env), (its, other)):
        last = take(played.game.state, slice(0, 1))
        np.testing.assert_array_equal(recording.states.agents[-1:], last.agents)
    assert (mine.states.agents[-1] != its.states.agents[-1]).any()


def test_one_of_many_is_kept_and_nothing_is_overwritten(tmp_path: Path):
    for kept in (2, 4):
        env = RecordedEnv(parallel_env("quadrant", max_cycles=3), tmp_path, every=2)
        play(env, 3)
        assert len(list(tmp_path.iterdir())) == kept


def test_an_episode_that_is_left_is_not_kept(tmp_path: Path):
    env = RecordedEnv(parallel_env("quadrant", max_cycles=5), tmp_path)
    env.reset(seed=1)
    env.step({agent: env.action_space(agent).sample() for agent in env.agents})
    env.reset()
    assert not env.recordings
    play(env, 1)
    assert len(env.recordings) == 1
    assert env.step({}) == ({}, {}, {}, {}, {}) and len(env.recordings) == 1


def test_other_wrappers_go_around_it(tmp_path: Path):
    recorded = RecordedEnv(parallel_env("quadrant", max_cycles=2), tmp_path)
    in_turn = parallel_to_aec_wrapper(recorded)
    in_turn.reset(seed=0)
    for agent in in_turn.agent_iter():
        in_turn.step(None if in_turn.last()[3] else in_turn.action_space(agent).sample())
    assert len(recorded.recordings) == 1
    with pytest.raises(TypeError, match=r"sim\.env\.parallel_env"):
        RecordedEnv(in_turn, tmp_path)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="every"):
        RecordedEnv(parallel_env(), tmp_path, every=0)
