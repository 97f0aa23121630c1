"""Many worlds as Stable-Baselines3's `VecEnv`: every agent of every world is one of its environments.

    from stable_baselines3 import PPO
    from sim.adapters.sb3 import HideSeekVecEnv

    model = PPO("MlpPolicy", HideSeekVecEnv("quadrant", worlds=64), n_steps=64)

One policy plays all agents; `is_seeker` in its observation tells it for which team. Agents that do not take part in an
episode stay as rows of zeros that are paid 0; `exists` in their infos is False. Use `actions="discrete"` for DQN.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from stable_baselines3.common.vec_env import VecEnv  # pyright: ignore[reportMissingImports]

from sim.scenario import Scenario
from sim.spaces import MULTIDISCRETE
from sim.vector import VectorEnv


class HideSeekVecEnv(VecEnv):
    """N worlds at once, `worlds` of `sim.vector.VectorEnv`; see the module."""

    render_mode = None

    def __init__(
        self,
        scenario: str | Scenario = "quadrant",
        worlds: int = 1,
        threads: int = 1,
        actions: str = MULTIDISCRETE,
    ):
        """Options and errors are those of `sim.vector.VectorEnv`."""
        self.worlds = VectorEnv(scenario, worlds, threads, actions, AutoresetMode.SAME_STEP)
        self._actions = np.zeros(0)
        super().__init__(self.worlds.num_envs, self.worlds.single_observation_space, self.worlds.single_action_space)

    def reset(self) -> np.ndarray:
        """Starts episodes everywhere; after `seed(s)` world w has the seed s + w."""
        observations, infos = self.worlds.reset(seed=self._seeds[0])
        self.reset_infos = [{"exists": bool(exists)} for exists in infos["exists"]]
        self._reset_seeds()
        self._reset_options()
        return observations

    def step_async(self, actions: np.ndarray) -> None:
        self._actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Observations, rewards and ends of all rows; infos of an ended one have `terminal_observation`."""
        observations, rewards, terminated, truncated, found = self.worlds.step(self._actions)
        infos = [{"exists": exists} for exists in found["exists"].tolist()]
        ended = terminated | truncated
        for row in np.flatnonzero(ended):
            infos[row]["exists"] = bool(found["final_info"]["exists"][row])
            infos[row]["terminal_observation"] = found["final_obs"][row]
            infos[row]["TimeLimit.truncated"] = bool(truncated[row])
        return observations, rewards, ended, infos

    def close(self) -> None:
        self.worlds.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """The attribute of the worlds, once for each row."""
        value = self.render_mode if attr_name == "render_mode" else getattr(self.worlds, attr_name)
        return [value for _ in self._rows(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Raises NotImplementedError: rows share their worlds."""
        raise NotImplementedError("the agents of these worlds have no attributes of their own to set")

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        """Raises NotImplementedError: rows share their worlds."""
        raise NotImplementedError(f"the agents of these worlds have no method {method_name} of their own; see .worlds")

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        return [False for _ in self._rows(indices)]

    def _rows(self, indices: int | Sequence[int] | None) -> Sequence[int]:
        return list(self._get_indices(indices))
