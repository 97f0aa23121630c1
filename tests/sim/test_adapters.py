"""The adapters for other libraries, each by that library's own checks; skipped where it is not installed."""

# pyright: reportMissingImports=false
import numpy as np
import pytest

from sim.rules import ACTION_SIZES
from sim.vector import VectorEnv

pytestmark = [
    pytest.mark.slow,
    # What the libraries and what they import have to say of each other.
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]

ROOMS = "rooms:ticks=6,preparation_ticks=2"
"""Short episodes of two to six agents."""
STEPS = 14
WORLDS = 3


def actions_at(step: int, rows: int) -> np.ndarray:
    return np.random.default_rng(step).integers(0, ACTION_SIZES, (rows, 3))


def played(seed: int, worlds: int = WORLDS) -> list[tuple]:
    """Observations, rewards, ends and infos of every step of the worlds themselves, each next episode at once."""
    envs = VectorEnv(ROOMS, worlds, autoreset_mode="SameStep")
    first, infos = envs.reset(seed=seed)
    steps: list[tuple] = [(first, None, None, infos)]
    for step in range(STEPS):
        observations, rewards, terminated, truncated, infos = envs.step(actions_at(step, envs.num_envs))
        steps.append((observations, rewards, terminated | truncated, infos))
    return steps


def test_sb3_plays_the_same_worlds():
    pytest.importorskip("stable_baselines3")
    from sim.adapters.sb3 import HideSeekVecEnv

    envs, expected = HideSeekVecEnv(ROOMS, WORLDS), played(seed=5)
    envs.seed(5)
    assert np.array_equal(envs.reset(), expected[0][0])
    for step in range(STEPS):
        observations, rewards, ended, infos = envs.step(actions_at(step, envs.num_envs))
        wanted = expected[step + 1]
        assert np.array_equal(observations, wanted[0]) and np.array_equal(rewards, wanted[1])
        assert np.array_equal(ended, wanted[2])
        for row in np.flatnonzero(ended):
            assert np.array_equal(infos[row]["terminal_observation"], wanted[3]["final_obs"][row])
            assert infos[row]["TimeLimit.truncated"]
            assert infos[row]["exists"] == infos[row]["terminal_observation"].any()
        assert all(info["exists"] for info, paid in zip(infos, rewards, strict=True) if paid)
    assert ended.sum() == 0 and envs.get_attr("num_envs", [0, 1]) == [envs.num_envs] * 2
    assert envs.env_is_wrapped(object) == [False] * envs.num_envs


def test_sb3_learns_and_its_wrappers_work():
    pytest.importorskip("stable_baselines3")
    from stable_baselines3 import DQN, PPO
    from stable_baselines3.common.evaluation import evaluate_policy
    from stable_baselines3.common.vec_env import VecMonitor, VecNormalize

    from sim.adapters.sb3 import HideSeekVecEnv

    envs = VecNormalize(VecMonitor(HideSeekVecEnv(ROOMS, WORLDS)))
    learner = PPO("MlpPolicy", envs, n_steps=12, batch_size=36, n_epochs=1, device="cpu", seed=0).learn(300)
    returns, lengths = evaluate_policy(learner, envs, 20, return_episode_rewards=True)
    assert len(returns) >= 20 and set(lengths) == {6}
    DQN("MlpPolicy", HideSeekVecEnv(ROOMS, WORLDS, actions="discrete"), learning_starts=50, device="cpu").learn(200)


def test_torchrls_own_check_and_the_same_worlds():
    torch = pytest.importorskip("torch")
    pytest.importorskip("torchrl")
    from tensordict import TensorDict
    from torchrl.envs.utils import check_env_specs

    from sim.adapters.torchrl import HideSeekTorchEnv

    for scenario in (ROOMS, "quadrant", "blueprint"):
        for actions in ("multidiscrete", "discrete"):
            check_env_specs(HideSeekTorchEnv(scenario, WORLDS, actions=actions), seed=1, break_when_any_done="both")
    env, expected = HideSeekTorchEnv(ROOMS, WORLDS), played(seed=5)
    assert list(env.group_map) == ["hiders", "seekers"] and env.group_map["hiders"][0] == "hider_0"
    env._set_seed(5)
    shown = env.reset()
    for step in range(STEPS):
        rows = torch.cat([shown[group, "observation"] for group in env.group_map], 1).reshape(env.worlds.num_envs, -1)
        masks = torch.cat([shown[group, "mask"] for group in env.group_map], 1).flatten()
        assert np.array_equal(rows, expected[step][0]) and np.array_equal(masks, expected[step][3]["exists"])
        assert np.array_equal(shown["state"], env.worlds.state())
        chosen = torch.from_numpy(actions_at(step, env.worlds.num_envs)).reshape(WORLDS, -1, 3)
        for group, agents in (("hiders", slice(0, 3)), ("seekers", slice(3, 6))):
            shown[group] = shown[group].set("action", chosen[:, agents])
        step_out, shown = env.step_and_maybe_reset(shown)
        wanted = expected[step + 1]
        paid = torch.cat([step_out["next", group, "reward"] for group in env.group_map], 1).flatten()
        assert np.array_equal(paid, wanted[1])
        assert np.array_equal(step_out["next", "truncated"].flatten(), wanted[2].reshape(WORLDS, -1)[:, 0])
    one = TensorDict({"_reset": torch.tensor([[False], [True], [False]])}, [WORLDS])
    assert env.reset(one)["state"].shape[0] == WORLDS and env.worlds.game.state.tick.tolist() == [2, 0, 2]


def test_puffer_environments_fill_its_buffers_with_the_same_worlds():
    pytest.importorskip("pufferlib")
    import pufferlib.vector

    from sim.adapters.pufferlib import HideSeekPufferEnv

    env, expected = HideSeekPufferEnv(ROOMS, WORLDS), played(seed=2 * WORLDS)
    assert np.array_equal(env.reset(seed=2)[0], expected[0][0])
    for step in range(STEPS):
        observations, rewards, terminals, truncations, infos = env.step(actions_at(step, env.num_agents))
        wanted = expected[step + 1]
        assert observations is env.observations and np.array_equal(observations, wanted[0])
        assert np.array_equal(rewards, wanted[1]) and np.array_equal(terminals | truncations, wanted[2])
        assert np.array_equal(env.masks, wanted[3]["exists"])
        assert infos == ([{"episode_length": 6.0}] if wanted[2].any() else [])
    options = {"env_kwargs": {"scenario": ROOMS, "worlds": WORLDS}, "num_envs": 2}
    several = pufferlib.vector.make(HideSeekPufferEnv, backend=pufferlib.vector.Serial, **options)
    several.async_reset(2)
    both = several.recv()[0]
    assert np.array_equal(both, played(seed=2 * WORLDS, worlds=2 * WORLDS)[0][0])
    several.close()
