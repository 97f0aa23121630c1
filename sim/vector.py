"""Many worlds as one Gymnasium `VectorEnv`: arrays over the agents of all worlds.

Every agent of every world is one of Gymnasium's environments: row `world * agents + agent`. `world_ids`, `agent_ids`
and `sides` say what each row is. All rows of a world begin and end together. Observations are flat, as with `flat=True`
in `sim.env`; `sim.schema.split` makes tables of them. Every action is always allowed, so there are no action masks.

    from sim.vector import VectorEnv

    envs = VectorEnv("quadrant", worlds=256)
    observations, infos = envs.reset(seed=0)
    observations, rewards, terminations, truncations, infos = envs.step(envs.action_space.sample())
    critic_input = envs.state()[envs.world_ids]

World w plays the episodes of `parallel_env(scenario)` with the seed of world w, which is `seed + w`, as in Gymnasium's
`SyncVectorEnv`, or the w-th of a list. So several processes or hosts can each hold a part of the worlds: the part from
world k on is reset with `seed + k`.

Infos have, for every row: `tick` (ticks played), `preparation` (the next tick is one of preparation), `hidden` (no
hider is seen now) and `exists` (the agent takes part in this episode; the others observe zeros, are paid 0, and what
they choose has no effect), in `object_counting` also the labels `left` and `right`, each with Gymnasium's mask (`_tick`
and so on), true in all rows.
"""

import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from gymnasium import vector
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from sim.game import Game
from sim.hide_seek_env import VERSION, agent_names
from sim.rules import ACTION_SIZES, HIDERS, SEEKERS
from sim.scenario import Scenario, scenario_from_user
from sim.spaces import ACTION_COUNT, DISCRETE, MULTIDISCRETE, action_space, check_action_kind, flat_space, in_parts
from sim.spaces import state_space as space_of_states
from sim.tasks.counting import vanished
from sim.tasks.kinds import OBJECT_COUNTING

Step = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]


class VectorEnv(vector.VectorEnv):
    """N worlds at once; see the module. `game` has everything else about them, to read only."""

    def __init__(
        self,
        scenario: str | Scenario = "quadrant",
        worlds: int = 1,
        threads: int = 1,
        actions: str = MULTIDISCRETE,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        copy: bool = True,
    ):
        """Builds the worlds; call `reset` before the first step.

        Args:
            scenario: a scenario's text such as "rooms" or "quadrant:boxes=2", or a scenario.
            worlds: how many.
            threads: threads that simulate; what happens does not depend on it.
            actions: "multidiscrete" (move, turn, hands) or "discrete" (one number), as in `sim.env`.
            autoreset_mode: Gymnasium's, see https://farama.org/Vector-Autoreset-Mode. "NextStep": the step after an
                episode's end begins the next one, whatever the actions are. "SameStep": the step that ends an episode
                begins the next one, and infos hold `final_obs` and `final_info`. "Disabled": the caller resets, by
                `reset(options={"reset_mask": rows})`.
            copy: False returns observations that the next step overwrites.

        Raises:
            UserError: there is no such scenario or kind of actions.
            ValueError: `worlds`, `threads` or `autoreset_mode` has an impossible value.
        """
        check_action_kind(actions)
        self.game = Game(scenario_from_user(scenario) if isinstance(scenario, str) else scenario, worlds, threads)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {"name": f"hideseek_v{VERSION}", "render_modes": [], "autoreset_mode": self.autoreset_mode}
        self.copy, self._discrete = copy, actions == DISCRETE
        slots = self.game.slots
        self.agent_names = agent_names(slots)
        self.num_envs = self.game.worlds * slots.agents
        self.world_ids = np.repeat(np.arange(self.game.worlds), slots.agents)
        self.agent_ids = np.tile(np.arange(slots.agents), self.game.worlds)
        self.sides = np.where(self.agent_ids < slots.hiders, HIDERS, SEEKERS)
        self.single_observation_space, self.single_action_space = flat_space(slots), action_space(actions)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.state_space = space_of_states(slots)
        self._generators: list[Any] = [None] * self.game.worlds
        self._seeds: list[Any] = [None] * self.game.worlds
        self._begun, self._ended = (np.zeros(self.game.worlds, bool) for _ in range(2))

    @property
    def np_random(self) -> tuple[np.random.Generator, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """One for each world, as in `SyncVectorEnv`: it draws the world's episodes."""
        self._seed(None, range(self.game.worlds))
        return tuple(self._generators)

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The seed of each world."""
        self._seed(None, range(self.game.worlds))
        return tuple(self._seeds)

    def reset(
        self, *, seed: int | Sequence[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begins episodes in all worlds, or in those of `options["reset_mask"]`: bool [num_envs].

        Args:
            seed: of world 0 (the others follow from it), or one for each world; None goes on with what was seeded.
            options: only `reset_mask` has a meaning. With it, only the worlds that begin take a new seed.

        Raises:
            TypeError: a seed is no whole number, or the mask is not of bools.
            ValueError: there are more or fewer seeds than worlds, or the mask has another shape, parts the agents of a
                world, or chooses none.
            gymnasium.error.Error: a seed is negative.
        """
        chosen = self._chosen((options or {}).get("reset_mask"))
        self._seed(seed, chosen)
        self._begin(chosen)
        return self._observed(), self._infos()

    def step(self, actions: np.ndarray) -> Step:
        """Plays one tick in all worlds; `actions` is int [num_envs, 3], or int [num_envs] if they are discrete.

        Returns:
            Observations float32 [num_envs, number], rewards float32 [num_envs], terminations and truncations bool
            [num_envs], and infos.

        Raises:
            ResetNeeded: `reset` was not called, or with "Disabled" not for a world whose episode has ended.
            ValueError: an action does not exist.
        """
        if not self._begun.all() or (self.autoreset_mode == AutoresetMode.DISABLED and self._ended.any()):
            raise ResetNeeded("call reset() before step(), for all worlds whose episode has ended")
        starting = self._ended if self.autoreset_mode == AutoresetMode.NEXT_STEP else np.zeros_like(self._ended)
        self.game.tick(self._parts(actions))
        rewards = self.game.reward.copy()
        rewards[starting] = 0.0
        self._ended = self.game.ended & ~starting
        terminated = self.game.terminated & ~starting
        truncated = self._ended & ~terminated
        if starting.any():
            self._begin(np.flatnonzero(starting))
        final: dict[str, Any] = {}
        if self.autoreset_mode == AutoresetMode.SAME_STEP and self._ended.any():
            final = self._final()
            self._begin(np.flatnonzero(self._ended))
        return self._observed(), rewards.ravel(), self._rows(terminated), self._rows(truncated), self._infos() | final

    def state(self) -> np.ndarray:
        """Everything about each world, for central critics: float32 [world, number]; see `world_ids`."""
        return self.game.global_state.copy()

    def _parts(self, actions: np.ndarray) -> np.ndarray:
        """The actions as [world, agent, 3]; `Game.tick` checks those that already have three parts."""
        chosen, shape = np.asarray(actions), self.game.actions.shape
        wanted = (self.num_envs,) if self._discrete else (self.num_envs, len(ACTION_SIZES))
        if chosen.shape != wanted:
            raise ValueError(f"actions must have the shape {wanted}, not {chosen.shape}")
        if not self._discrete:
            return chosen.reshape(shape)
        valid = np.zeros(wanted, bool) if chosen.dtype.kind not in "iu" else (chosen >= 0) & (chosen < ACTION_COUNT)
        if not valid.all():
            row = int(np.argmin(valid))
            raise ValueError(
                f"the action {chosen[row]!r} of agent {self.agent_ids[row]} in world {self.world_ids[row]} does not "
                f"exist; it is a whole number from 0, below {ACTION_COUNT}"
            )
        return in_parts(chosen).reshape(shape)

    def _begin(self, worlds: np.ndarray) -> None:
        seeds = [self._generators[world].integers(2**64, dtype=np.uint64) for world in worlds]
        self.game.reset(np.array(seeds, np.uint64), worlds)
        self._begun[worlds], self._ended[worlds] = True, False

    def _seed(self, seed: int | Sequence[int] | None, worlds: Iterable[int]) -> None:
        """Starts the generators of these worlds; None starts only those that never were."""
        count = self.game.worlds
        if seed is None or np.ndim(seed) == 1:
            seeds = [None] * count if seed is None else [operator.index(one) for one in seed]  # pyright: ignore
        else:
            seeds = [operator.index(seed) + world for world in range(count)]  # type: ignore[arg-type]
        if len(seeds) != count:
            raise ValueError(f"{count} worlds need {count} seeds, not {len(seeds)}")
        chosen = [world for world in worlds if seed is not None or self._generators[world] is None]
        made = [seeding.np_random(seeds[world]) for world in chosen]  # all, before one of them counts
        for world, (generator, number) in zip(chosen, made, strict=True):
            self._generators[world], self._seeds[world] = generator, number

    def _chosen(self, mask: Any) -> np.ndarray:
        """The numbers of the worlds in a mask over rows; all of them without one."""
        if mask is None:
            return np.arange(self.game.worlds)
        if not isinstance(mask, np.ndarray) or mask.dtype != bool:
            raise TypeError("options['reset_mask'] must be an array of bools")
        if mask.shape != (self.num_envs,) or not mask.any():
            raise ValueError(f"options['reset_mask'] must have the shape ({self.num_envs},) and choose a world")
        by_world = mask.reshape(self.game.worlds, -1)
        if (by_world != by_world[:, :1]).any():
            raise ValueError("options['reset_mask'] must choose all agents of a world or none")
        return np.flatnonzero(by_world[:, 0])

    def _rows(self, by_world: np.ndarray) -> np.ndarray:
        return np.repeat(by_world, len(self.agent_names))

    def _observed(self) -> np.ndarray:
        rows = self.game.observation.reshape(self.num_envs, -1)
        return rows.copy() if self.copy else rows

    def _infos(self, rows: np.ndarray | None = None) -> dict[str, Any]:
        """Gymnasium's form: an array for each key, and a mask of the rows that have it; the rest is zero."""
        tick = self.game.state.tick
        found = {
            "tick": self._rows(tick),
            "preparation": self._rows(tick < self.game.scenario.preparation_ticks),
            "hidden": self._rows(self.game.hidden),
            "exists": self.game.layout.agent_exists.ravel(),
            **self._labels(),
        }
        have = np.ones(self.num_envs, bool) if rows is None else rows
        infos = {name: np.where(have, values, np.zeros_like(values)) for name, values in found.items()}
        return infos | {f"_{name}": have.copy() for name in found}

    def _labels(self) -> dict[str, np.ndarray]:
        """In object counting, how many boxes have vanished on either side; nothing elsewhere."""
        if self.game.scenario.task != OBJECT_COUNTING:
            return {}
        counts = vanished(self.game.layout, self.game.state)
        return {"left": self._rows(counts[:, 0]), "right": self._rows(counts[:, 1])}

    def _final(self) -> dict[str, Any]:
        """What the agents of ended worlds observe last, before their next episode begins."""
        rows = self._rows(self._ended)
        last = np.full(self.num_envs, None, object)
        observed = self.game.observation.reshape(self.num_envs, -1)
        for row in np.flatnonzero(rows):
            last[row] = observed[row].copy()
        return {"final_obs": last, "_final_obs": rows, "final_info": self._infos(rows), "_final_info": rows.copy()}
