"""The parallel environment; `sim.env` documents its spaces, rewards and options."""

import copy
from typing import Any

import numpy as np
from gymnasium import logger, spaces
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from pettingzoo import ParallelEnv

from sim.errors import UserError
from sim.game import Game
from sim.layout import Slots
from sim.rules import ACTION_SIZES, RULES
from sim.scenario import Scenario, scenario_from_user
from sim.spaces import (
    ACTION_COUNT,
    DISCRETE,
    MULTIDISCRETE,
    action_space,
    check_action_kind,
    flat_space,
    in_parts,
    state_space,
    table_space,
    tables,
)
from sim.tasks.counting import vanished
from sim.tasks.kinds import OBJECT_COUNTING

VERSION = 0
"""Once released, raised whenever the same actions lead to other observations, rewards or episodes."""

PICTURE_SIZE = (720, 720)
"""Width and height in pixels of what `render` draws."""

OMIT, ZEROS = "omit", "zeros"
"""What becomes of agents that do not take part in an episode."""

Observation = Any
"""np.ndarray if `flat`, else dict[str, np.ndarray]."""

Infos = dict[str, dict[str, Any]]


def agent_names(slots: Slots) -> list[str]:
    """`hider_0`, ..., `seeker_0`, ...: in the order of the agent axis."""
    return [f"hider_{i}" for i in range(slots.hiders)] + [f"seeker_{i}" for i in range(slots.seekers)]


class HideSeekEnv(ParallelEnv[str, Observation, Any]):
    """One world of hide-and-seek; `sim.env` documents spaces, rewards and options.

    `game` is the world, to read only; `episode_seed` is what it was last reset with.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - PettingZoo's name and kind for it
        "name": f"hideseek_v{VERSION}",
        "render_modes": ["human", "rgb_array"],
        "render_fps": round(1 / RULES.tick_s),
    }

    def __init__(
        self,
        scenario: str | Scenario = "quadrant",
        flat: bool = False,
        render_mode: str | None = None,
        max_cycles: int | None = None,
        actions: str = MULTIDISCRETE,
        absent: str = OMIT,
    ):
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise UserError(f"render_mode: {render_mode!r} is none of None, 'human', 'rgb_array'")
        if max_cycles is not None and (not isinstance(max_cycles, int) or max_cycles < 1):
            raise UserError(f"max_cycles: {max_cycles!r} is no whole number of 1 or more")
        if absent not in (OMIT, ZEROS):
            raise UserError(f"absent: {absent!r} is none of '{OMIT}', '{ZEROS}'")
        check_action_kind(actions)
        scenario = scenario_from_user(scenario) if isinstance(scenario, str) else scenario
        self.metadata = copy.deepcopy(self.metadata)
        self.game = Game(scenario, worlds=1)
        self.scenario = self.game.scenario
        self.render_mode = render_mode
        self.max_cycles = self.scenario.ticks if max_cycles is None else max_cycles
        slots = self.game.slots
        self.possible_agents = agent_names(slots)
        self.agents: list[str] = []
        self._flat, self._discrete, self._absent = flat, actions == DISCRETE, absent
        space = flat_space(slots) if flat else table_space(slots)
        self.observation_spaces = dict.fromkeys(self.possible_agents, space)
        self.action_spaces = {agent: action_space(actions) for agent in self.possible_agents}
        self.state_space = state_space(slots)
        self.episode_seed: int | None = None
        self._np_random: np.random.Generator | None = None
        self._window = None

    def observation_space(self, agent: str) -> spaces.Space:
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space:
        return self.action_spaces[agent]

    @property
    def np_random(self) -> np.random.Generator:
        """Draws the episodes; starts from a random seed unless `reset` got one."""
        if self._np_random is None:
            self._np_random, _ = seeding.np_random()
        return self._np_random

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], Infos]:
        """Starts an episode; `options` is part of PettingZoo's signature and has no meaning here."""
        if seed is not None:
            self._np_random, _ = seeding.np_random(seed)
        seeds = self.np_random.integers(2**64, size=1, dtype=np.uint64)
        self.game.reset(seeds)
        self.episode_seed = int(seeds[0])
        self.agents = [self.possible_agents[index] for index in self._listed]
        if self.render_mode == "human":
            self.render()
        return self._observations(), self._infos()

    def step(
        self, actions: dict[str, Any]
    ) -> tuple[dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Plays one tick; every agent must act.

        Raises:
            ResetNeeded: `reset` was never called.
            ValueError: an agent's action is missing, or outside of its action space.
        """
        self._check_started("step")
        if not self.agents:
            return {}, {}, {}, {}, {}
        self.game.tick(self._checked(actions))
        done = bool(self.game.terminated[0])
        over = bool(self.game.ended[0]) or int(self.game.state.tick[0]) >= self.max_cycles
        played = self.agents
        self.agents = [] if over else played
        if self.render_mode == "human":
            self.render()
        return (
            self._observations(),
            {agent: float(self.game.reward[0, index]) for agent, index in zip(played, self._listed, strict=True)},
            dict.fromkeys(played, done),
            dict.fromkeys(played, over and not done),
            self._infos(),
        )

    def state(self) -> np.ndarray:
        """Everything about the world: float32 [global_state_size]."""
        return self.game.global_state[0].copy()

    def render(self) -> np.ndarray | None:
        """The present moment: uint8 [height, width, 3] with `"rgb_array"`, a window and None with `"human"`.

        Raises:
            ResetNeeded: `reset` was never called.
        """
        self._check_started("render")
        if self.render_mode is None:
            logger.warn('render() does nothing without a render_mode; make the environment with "rgb_array" or "human"')
            return None
        from sim.render.draw import Options, render_array
        from sim.render.snapshot import Snapshot

        game = self.game
        options = Options(preparation=self._preparing)
        snapshot = Snapshot(game.slots, game.layout, game.state, game.seen.agents)
        picture = render_array(snapshot, PICTURE_SIZE, options)
        if self.render_mode == "rgb_array":
            return picture
        if self._window is None:
            from sim.render.window import Window

            self._window = Window("hideseek", PICTURE_SIZE, self.metadata["render_fps"])
        self._window.show(picture)
        return None

    def close(self) -> None:
        """Closes the window; may be called any number of times."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def __getstate__(self) -> dict[str, Any]:
        """All but the window."""
        return {**vars(self), "_window": None}

    def __copy__(self) -> "HideSeekEnv":
        """Shares no world, random numbers or list of agents with the original."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__getstate__())
        other.game, other.agents = copy.copy(self.game), list(self.agents)
        other._np_random = copy.deepcopy(self._np_random)
        return other

    @property
    def _listed(self) -> list[int]:
        """The agents of this episode's dictionaries."""
        if self._absent == ZEROS:
            return list(range(self.game.slots.agents))
        return np.flatnonzero(self.game.layout.agent_exists[0]).tolist()

    @property
    def _preparing(self) -> bool:
        return int(self.game.state.tick[0]) < self.scenario.preparation_ticks

    def _check_started(self, call: str) -> None:
        if self.episode_seed is None:
            raise ResetNeeded(f"call reset() before {call}()")

    def _checked(self, actions: dict[str, Any]) -> np.ndarray:
        """The actions as int8 [1, agent, 3]; zero for absent agents."""
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise ValueError(f"step: no action for {missing[0]}; every agent in env.agents must act")
        try:
            chosen = np.array([actions[agent] for agent in self.agents])
        except ValueError:  # not all of one shape
            chosen = np.empty(0)
        if not self._valid(chosen, len(self.agents)):
            chosen = np.array([self._alone(agent, actions[agent]) for agent in self.agents])
        all_actions = np.zeros((1, len(self.possible_agents), len(ACTION_SIZES)), np.int8)
        all_actions[:, self._listed] = in_parts(chosen) if self._discrete else chosen
        all_actions[~self.game.layout.agent_exists] = 0
        return all_actions

    def _alone(self, agent: str, action: Any) -> np.ndarray:
        """One agent's action as an array. Raises ValueError unless it is valid."""
        try:
            found = np.asarray(action)[None]
        except ValueError:
            found = np.empty(0)
        if not self._valid(found, 1):
            wanted = f"an integer of 0 or more and below {ACTION_COUNT}"
            if not self._discrete:
                wanted = f"{len(ACTION_SIZES)} integers, each 0 or more and below {ACTION_SIZES}"
            raise ValueError(f"step: the action of {agent} must be {wanted}, not {action!r}")
        return found[0].astype(np.int8)

    def _valid(self, actions: np.ndarray, count: int) -> bool:
        """Whether these are actions of `count` agents."""
        shape, sizes = ((count,), ACTION_COUNT) if self._discrete else ((count, len(ACTION_SIZES)), ACTION_SIZES)
        whole = actions.shape == shape and actions.dtype.kind in "iu"
        return whole and bool(((actions >= 0) & (actions < sizes)).all())

    def _observations(self) -> dict[str, Observation]:
        flat = self.game.observation[0].copy()
        return {
            self.possible_agents[index]: flat[index] if self._flat else tables(flat[index], self.game.slots)
            for index in self._listed
        }

    def _infos(self) -> Infos:
        tick = int(self.game.state.tick[0])
        seen = self.game.seen.agents[0].copy()
        labels: dict[str, int] = {}
        if self.scenario.task == OBJECT_COUNTING:
            labels["left"], labels["right"] = vanished(self.game.layout, self.game.state)[0].tolist()
        return {
            self.possible_agents[index]: {
                "tick": tick,
                "preparation": self._preparing,
                "hidden": bool(self.game.hidden[0]),
                "sees": seen[index],
                "exists": bool(self.game.layout.agent_exists[0, index]),
                **labels,
            }
            for index in self._listed
        }
