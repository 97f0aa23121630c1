"""How fast other libraries and `Game` play the same world: `pytest -m slow -s tests/bench/test_adapters.py`.

Random actions, drawn before the clock starts, on one thread; agent-steps a second of CPU time. Every way is measured in
turn, several times, so that what else the machine does falls on all of them alike.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
import pytest

from sim.env import parallel_env
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES
from sim.vector import VectorEnv
from tests.games import started

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SCENARIO, WORLDS, AGENTS = "quadrant", 256, 4
ROWS = WORLDS * AGENTS
SECONDS, ROUNDS = 0.5, 3
ACTIONS = np.random.default_rng(0).integers(0, ACTION_SIZES, (64, ROWS, 3))


def through_game() -> Callable[[np.ndarray], object]:
    game = started(SCENARIO, WORLDS)

    def step(actions: np.ndarray) -> None:
        game.tick(actions.reshape(WORLDS, AGENTS, 3))
        if game.ended.all():
            game.reset(episode_seeds(1, 0, WORLDS))

    return step


def through_vector() -> Callable[[np.ndarray], object]:
    envs = VectorEnv(SCENARIO, WORLDS)
    envs.reset(seed=0)
    return envs.step


def through_sb3() -> Callable[[np.ndarray], object]:
    from sim.adapters.sb3 import HideSeekVecEnv

    envs = HideSeekVecEnv(SCENARIO, WORLDS)
    envs.reset()
    return envs.step


def through_puffer() -> Callable[[np.ndarray], object]:
    from sim.adapters.pufferlib import HideSeekPufferEnv

    envs = HideSeekPufferEnv(SCENARIO, WORLDS)
    envs.reset()
    return envs.step


def through_torchrl() -> Callable[[np.ndarray], object]:
    import torch

    from sim.adapters.torchrl import HideSeekTorchEnv

    torch.set_num_threads(1)
    envs = HideSeekTorchEnv(SCENARIO, WORLDS)
    shown = [envs.reset()]

    def step(actions: np.ndarray) -> None:
        chosen = torch.from_numpy(actions).reshape(WORLDS, AGENTS, 3)
        for group, agents in (("hiders", slice(0, 2)), ("seekers", slice(2, 4))):
            shown[0].set((group, "action"), chosen[:, agents])
        shown[0] = envs.step_and_maybe_reset(shown[0])[1]

    return step


def through_supersuit() -> Callable[[np.ndarray], object]:
    import supersuit  # pyright: ignore[reportMissingImports]

    one = supersuit.pettingzoo_env_to_vec_env_v1(parallel_env(SCENARIO, flat=True))
    envs = supersuit.concat_vec_envs_v1(one, WORLDS)
    envs.reset(seed=0)
    return envs.step


def through_pettingzoo() -> Callable[[np.ndarray], object]:
    env = parallel_env(SCENARIO, flat=True)
    env.reset(seed=0)

    def step(actions: np.ndarray) -> None:
        for own in actions.reshape(WORLDS, AGENTS, 3):
            env.step(dict(zip(env.agents, own, strict=True)))
            if not env.agents:
                env.reset()

    return step


WAYS = (
    through_game,
    through_vector,
    through_puffer,
    through_sb3,
    through_torchrl,
    through_supersuit,
    through_pettingzoo,
)


def speeds(step: Callable[[np.ndarray], object]) -> Iterator[float]:
    """Agent-steps a second of CPU time, again and again."""
    turn = 0
    while True:
        begun, steps = time.process_time(), 0
        while steps == 0 or time.process_time() - begun < SECONDS:
            step(ACTIONS[turn % len(ACTIONS)])
            steps, turn = steps + 1, turn + 1
        yield steps * ROWS / (time.process_time() - begun)


def test_speed_of_every_way_to_play():
    measured = {}
    for way in WAYS:
        with suppress(ModuleNotFoundError):
            measured[way.__name__.removeprefix("through_")] = speeds(way())
    rounds = [{name: next(found) for name, found in measured.items()} for _ in range(ROUNDS)]
    print(f"\n{SCENARIO}, {WORLDS} worlds: agent-steps a second of CPU time, and times those of Game")
    for name in measured:
        share = np.median([one[name] / one["game"] for one in rounds])
        print(f"{name:12} {np.median([one[name] for one in rounds]):10,.0f} {share:6.3f}")
        assert share > 0
