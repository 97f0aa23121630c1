"""Many worlds as TorchRL's `EnvBase`; its batch is the worlds, and each team is a group, as in BenchMARL.

    from sim.adapters.torchrl import HideSeekTorchEnv

    env = HideSeekTorchEnv("rooms", worlds=64)
    rollout = env.rollout(1000, break_when_any_done=False)

| key                            | value                                                             |
|--------------------------------|-------------------------------------------------------------------|
| `(group, "observation")`       | float32 [world, agent, number], flat as in `sim.env`              |
| `(group, "mask")`              | bool [world, agent]: the agent takes part in this episode         |
| `(group, "action")`            | int64 [world, agent, 3], or [world, agent] with `"discrete"`      |
| `(group, "reward")`            | float32 [world, agent, 1]                                         |
| `state`                        | float32 [world, number]: everything, for central critics          |
| `done`, `terminated`,          | bool [world, 1]                                                   |
| `truncated`                    |                                                                   |

Groups are `hiders` and, where somebody seeks, `seekers`; `group_map` names the agents of each.
"""

import numpy as np
import torch
from gymnasium.vector import AutoresetMode
from tensordict import TensorDict, TensorDictBase  # pyright: ignore[reportMissingImports]
from torchrl.data import (  # pyright: ignore[reportMissingImports]
    Binary,
    Categorical,
    Composite,
    MultiCategorical,
    Unbounded,
)
from torchrl.envs import EnvBase  # pyright: ignore[reportMissingImports]

from sim.layout import side_agents, sides_of
from sim.rules import ACTION_SIZES, SIDES
from sim.scenario import Scenario
from sim.spaces import ACTION_COUNT, DISCRETE, MULTIDISCRETE
from sim.vector import VectorEnv


class HideSeekTorchEnv(EnvBase):
    """N worlds at once, `worlds` of `sim.vector.VectorEnv`; see the module."""

    def __init__(
        self,
        scenario: str | Scenario = "quadrant",
        worlds: int = 1,
        threads: int = 1,
        actions: str = MULTIDISCRETE,
        device: torch.device | str = "cpu",
    ):
        """The worlds are simulated on the CPU; `device` is where tensors are. All else as in `sim.vector.VectorEnv`."""
        super().__init__(device=torch.device(device), batch_size=torch.Size([worlds]))
        self.worlds = VectorEnv(scenario, worlds, threads, actions, AutoresetMode.DISABLED)
        slots = self.worlds.game.slots
        self._groups = {SIDES[side]: side_agents(slots, side) for side in sides_of(slots)}
        self.group_map = {group: self.worlds.agent_names[agents] for group, agents in self._groups.items()}
        self._next_seed: int | None = None
        self._make_specs(actions == DISCRETE)

    def _make_specs(self, discrete: bool) -> None:
        worlds, numbers = self.worlds.game.worlds, self.worlds.game.observation.shape[-1]
        observed, acted, paid = {}, {}, {}
        for group, names in self.group_map.items():
            each = (worlds, len(names))
            parts = {"observation": Unbounded((*each, numbers)), "mask": Binary(shape=each, dtype=torch.bool)}
            observed[group] = Composite(parts, shape=each)
            chosen = Categorical(ACTION_COUNT, each) if discrete else MultiCategorical(ACTION_SIZES, (*each, 3))
            acted[group] = Composite({"action": chosen}, shape=each)
            paid[group] = Composite({"reward": Unbounded((*each, 1))}, shape=each)
        observed["state"] = Unbounded(self.worlds.game.global_state.shape)
        ends = {name: Binary(shape=(worlds, 1), dtype=torch.bool) for name in ("done", "terminated", "truncated")}
        self.observation_spec = Composite(observed, shape=(worlds,), device=self.device)
        self.action_spec = Composite(acted, shape=(worlds,), device=self.device)
        self.reward_spec = Composite(paid, shape=(worlds,), device=self.device)
        self.done_spec = Composite(ends, shape=(worlds,), device=self.device)

    def _reset(self, tensordict: TensorDictBase | None = None, **_: object) -> TensorDictBase:
        mask = None if tensordict is None else tensordict.get("_reset", None)
        options = {}
        if mask is not None:
            by_world = mask.reshape(self.worlds.game.worlds).cpu().numpy()
            options["reset_mask"] = by_world[self.worlds.world_ids]
        if mask is None or options["reset_mask"].any():
            self.worlds.reset(seed=self._next_seed, options=options)
            self._next_seed = None
        return self._answer()

    def _step(self, tensordict: TensorDictBase) -> TensorDictBase:
        chosen = [tensordict.get((group, "action")) for group in self._groups]
        actions = torch.cat(chosen, dim=1).cpu().numpy().reshape(self.worlds.action_space.shape)
        _, _, *ends, _ = self.worlds.step(actions)
        out = self._answer(*ends)
        for group, agents in self._groups.items():
            rewards = self.worlds.game.reward[:, agents, None]
            out[group, "reward"] = torch.from_numpy(rewards.copy()).to(self.device)
        return out

    def _set_seed(self, seed: int | None) -> None:
        """The next reset begins with it."""
        self._next_seed = seed

    def _answer(self, *ends: np.ndarray) -> TensorDictBase:
        """What the worlds are like now; `ends` are the step's terminations and truncations, none after a reset."""
        game = self.worlds.game
        terminated, truncated = ends or (np.zeros(self.worlds.num_envs, bool),) * 2
        first = self.worlds.agent_ids == 0
        found = {"state": game.global_state, "terminated": terminated[first, None], "truncated": truncated[first, None]}
        found["done"] = found["terminated"] | found["truncated"]
        out = TensorDict({name: torch.tensor(part) for name, part in found.items()}, self.batch_size)
        for group, agents in self._groups.items():
            parts = {"observation": game.observation[:, agents], "mask": game.layout.agent_exists[:, agents]}
            tensors = {name: torch.tensor(part) for name, part in parts.items()}
            out[group] = TensorDict(tensors, tensors["mask"].shape)
        return out.to(self.device)
