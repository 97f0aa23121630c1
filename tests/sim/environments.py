"""PettingZoo environments: random play, all that it says, and which advice of PettingZoo we do not follow."""

import numpy as np
import pytest

from sim.env import HideSeekEnv
from sim.rules import ACTION_SIZES

# PettingZoo expects one Box with finite bounds as the observation, a Discrete action, and everybody who may take part
# to do so in every episode; all of it is advice.
advice = pytest.mark.filterwarnings(
    "ignore:Observation:UserWarning",
    "ignore:Action:UserWarning",
    "ignore:Agent's:UserWarning",
    "ignore:No agents present but:UserWarning",
)


def actions_of(environment: HideSeekEnv, random: np.random.Generator) -> dict[str, np.ndarray]:
    return {agent: random.integers(0, ACTION_SIZES) for agent in environment.agents}


def play(environment: HideSeekEnv, ticks: int, seed: int) -> list[bytes]:
    """Everything the environment says over some ticks of random play, episode after episode."""
    random, said = np.random.default_rng(seed), []
    observations, infos = environment.reset(seed=seed)
    for _ in range(ticks):
        said.append(said_in(observations, infos, environment))
        if environment.agents:
            observations, rewards, _, ended, infos = environment.step(actions_of(environment, random))
            said.append(repr((rewards, ended)).encode())
        else:
            observations, infos = environment.reset()
    return said


def said_in(observations, infos, environment: HideSeekEnv) -> bytes:
    parts = [environment.state().tobytes(), repr(infos).encode()]
    for observed in observations.values():
        tables = observed.values() if isinstance(observed, dict) else [observed]
        parts += [table.tobytes() for table in tables]
    return b"".join(parts)
