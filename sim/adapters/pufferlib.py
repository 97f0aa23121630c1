"""Many worlds as PufferLib's `PufferEnv`: the worlds write observations straight into its buffers.

    import pufferlib.vector
    from sim.adapters.pufferlib import HideSeekPufferEnv

    envs = pufferlib.vector.make(HideSeekPufferEnv, env_kwargs={"scenario": "quadrant", "worlds": 64})

One policy plays all agents; `is_seeker` in its observation tells it for which team. `masks` is False for agents that do
not take part in an episode. When an episode ends, the observations are already those of the next one.
"""

from typing import Any

import numpy as np
import pufferlib  # pyright: ignore[reportMissingImports]
from gymnasium.vector import AutoresetMode

from sim.scenario import Scenario
from sim.spaces import MULTIDISCRETE
from sim.vector import VectorEnv


class HideSeekPufferEnv(pufferlib.PufferEnv):  # pyright: ignore[reportAttributeAccessIssue]
    """N worlds at once, `worlds` of `sim.vector.VectorEnv`; see the module."""

    def __init__(
        self,
        scenario: str | Scenario = "quadrant",
        worlds: int = 1,
        threads: int = 1,
        actions: str = MULTIDISCRETE,
        buf: Any = None,
        seed: int = 0,
    ):
        """`buf` and `seed` are PufferLib's; the other options and all errors are those of `sim.vector.VectorEnv`."""
        self.worlds = VectorEnv(scenario, worlds, threads, actions, AutoresetMode.SAME_STEP, copy=False)
        self.single_observation_space = self.worlds.single_observation_space
        self.single_action_space = self.worlds.single_action_space
        self.num_agents = self.worlds.num_envs
        self._first_seed: int | None = seed
        super().__init__(buf)
        game = self.worlds.game
        filled = self.observations.view()
        filled.shape = game.observation.shape  # unlike reshape it never copies
        game.observation = filled

    def reset(self, seed: int | None = None) -> tuple[np.ndarray, list[dict[str, Any]]]:
        """Starts episodes everywhere; None begins with the seed of `__init__`, and then goes on with it.

        World w has the seed `seed * worlds + w`: PufferLib gives consecutive seeds to environments side by side.
        """
        seed, self._first_seed = self._first_seed if seed is None else seed, None
        _, infos = self.worlds.reset(seed=None if seed is None else seed * self.worlds.game.worlds)
        self.masks[:] = infos["exists"]
        return self.observations, []

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Plays one tick; infos hold one summary when episodes end.

        The arrays are PufferLib's buffers, as with all its environments: the next step overwrites them, copy what you
        keep.
        """
        shape = self.worlds.action_space.shape
        _, self.rewards[:], self.terminals[:], self.truncations[:], infos = self.worlds.step(
            np.asarray(actions).reshape(shape)
        )
        self.masks[:] = infos["exists"]
        found = []
        if "final_info" in infos:
            final = infos["final_info"]
            found.append({"episode_length": float(final["tick"][final["_tick"]].mean())})
        return self.observations, self.rewards, self.terminals, self.truncations, found

    def close(self) -> None:
        self.worlds.close()
