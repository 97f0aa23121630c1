"""Hide-and-seek as a PettingZoo environment: one world, dictionaries in and out.

Hiders and seekers move through rooms with boxes and ramps that can be pushed, grabbed and locked. Hiders are
paid for not being seen, seekers for seeing them. First comes the preparation phase: seekers stand still and see
nothing, and no agent is paid. Agents are `hider_0`, `hider_1`, ..., then `seeker_0`, ...; all of them
play until the end of the episode. Where a scenario draws their number, `agents` are those that take part.

| what             | value                                                                               |
|------------------|-------------------------------------------------------------------------------------|
| import           | `import sim.env; pettingzoo.make("parallel", "hideseek/quadrant-v0")`, or           |
|                  | `from sim.env import parallel_env, env, raw_env`                                    |
| actions          | `MultiDiscrete([9, 3, 4])`: move (0 still, 1-8 the compass directions,              |
|                  | counter-clockwise from +x, in the world's frame), turn (0 keep, 1 left, 2 right),   |
|                  | hands (0 keep, 1 grab, 2 release, 3 lock)                                           |
| observation      | `Dict` of the tables below, or with `flat=True` one float32 `Box` of the same       |
|                  | numbers in the same order; one space for all agents, the team is a number in `self` |
| state            | `state()`: float32 vector with everything, for a centralised critic; `state_space`  |
| rewards          | in hide-and-seek, each tick after preparation: hiders +1 if no hider is seen by any |
|                  | seeker, else -1; seekers the opposite (a scenario's `reward` option has other ways  |
|                  | to share); an agent out of bounds, in worlds without outer walls, gets -10          |
|                  | instead. Other games: see the table of scenarios                                    |
| end              | all agents are truncated together after the scenario's `ticks`; where a task can    |
|                  | end earlier (`blueprint`), all agents terminate in that tick                        |
| infos            | `tick` (ticks played), `preparation` (the next tick is one of preparation),         |
|                  | `hidden` (no hider is seen now), `sees` (bool, one per agent in `possible_agents`); |
|                  | in `object_counting` also the labels `left` and `right`                             |

Scenarios are found in `sim/scenarios/`, each with its options, rules and the original's numbers in its docstring; each
is registered as `hideseek/NAME-v0`. Names with a dash are presets of the family before it.

| scenario                                  | game                                                       | paid      |
|-------------------------------------------|------------------------------------------------------------|-----------|
| `quadrant`, `quadrant-...`                | hide-and-seek in and around a room                         | for sight |
| `rooms`, `rooms-full`, `open_field`       | hide-and-seek in random rooms, and without any             | for sight |
| `food`                                    | hide-and-seek with food; hiders eat what is near and seen, | for sight,|
|                                           | while no hider is seen                                     | +1 a bite |
| `lock_and_return`, `lock_and_return-told` | one agent, six rooms: lock the box, come home              | for locks |
|                                           |                                                            | and ways  |
| `sequential_lock`,                        | one agent, three rooms, ramps: lock four boxes in an       | likewise  |
| `sequential_lock-doors`                   | order it must find out                                     |           |
| `blueprint`, `blueprint-one`              | bring boxes onto all sites                                 | -0.05 a m |
|                                           |                                                            | apart, +3 |
|                                           |                                                            | a site at |
|                                           |                                                            | the end   |
| `shelter`                                 | put boxes around a pillar                                  | -0.001 a  |
|                                           |                                                            | ray       |
| `object_counting`                         | watch boxes vanish; no action has an effect                | nothing   |

In the ability tests, `lock_and_return` and those below it, there are no seekers and no preparation.

Observation tables by key. `self` is one row (W,) of W numbers, `lidar` one number for each ray (rays,), all others have
a row for each slot of the scenario (R, W): of the other agents, team mates come first. Positions are relative to the
observer. Masks of int8 (R,) follow: `agents_exist`, `boxes_exist`, `ramps_exist`, `doors_exist`, `sites_exist`,
`food_exist` and `pillars_exist` for rows in use; `agents_seen`, `boxes_seen`, `ramps_seen` and `food_seen` for rows
that the agent sees now. The rows of what it does not see are zero; doors, sites and pillars are a map, always given.
The numbers of a row; units and mirror images are in `sim.schema`:

    self     x, y, cos, sin, velocity_x, velocity_y, spin, level, holds, is_seeker, preparation_left, time_left
    agents   x, y, cos, sin, velocity_x, velocity_y, is_mate, holds, level, bearing_cos, bearing_sin
    boxes    x, y, cos, sin, velocity_x, velocity_y, spin, half_length, half_width, locked_by_us, locked_by_them,
             in_my_hands, bearing_cos, bearing_sin
    ramps    x, y, cos, sin, velocity_x, velocity_y, spin, half_length, half_width, locked_by_us, locked_by_them,
             in_my_hands, bearing_cos, bearing_sin
    doors    x, y, half_x, half_y, bearing_cos, bearing_sin
    sites    x, y, half_x, half_y, bearing_cos, bearing_sin
    food     x, y, left, bearing_cos, bearing_sin
    pillars  x, y, radius, bearing_cos, bearing_sin
    lidar    distance

A `bearing` is the direction of a thing, relative to the agent's heading; `cos` and `sin` of a box are those of four
times (square) or twice (elongated) its angle, so that it looks the same turned onto itself.

Options of `parallel_env`, `env`, `raw_env` and `pettingzoo.make`:

| option        | meaning                                                                                |
|---------------|----------------------------------------------------------------------------------------|
| `scenario`    | a scenario's text such as `"quadrant:two_doors=1.0"` or `"quadrant+no-lock"`, or an object |
| `flat`        | observations as one `Box` instead of a `Dict`                                          |
| `render_mode` | `None`, `"human"` (a window) or `"rgb_array"`                                          |
| `max_cycles`  | truncates earlier than the scenario does                                               |

`reset(seed=s)` starts the generator that all later resets draw their episodes from; `reset()` goes on with it.
A pickled or copied environment goes on from the tick it was at.

Version history:

* v0: first release; `food` and the ability tests came later, and with them tables that have no rows elsewhere; since
  then hands do not reach through walls.
"""

import re
from collections import OrderedDict
from typing import Any

import numpy as np
from gymnasium import logger, spaces
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from pettingzoo import AECEnv, ParallelEnv, parallel_registry, register
from pettingzoo.utils.conversions import parallel_to_aec_wrapper
from pettingzoo.utils.wrappers import OrderEnforcingWrapper

from sim.errors import UserError
from sim.game import Game
from sim.layout import Slots
from sim.rules import ACTION_SIZES, RULES
from sim.scenario import Scenario, scenario_from_text, scenario_names, scenario_text
from sim.schema import global_state_size, observation_size, split
from sim.tasks.counting import vanished
from sim.tasks.kinds import OBJECT_COUNTING

VERSION = 0
"""Raised whenever the same actions lead to other observations, rewards or episodes."""

PICTURE_SIZE = (720, 720)
"""Width and height in pixels of what `render` draws."""

Observation = Any
"""np.ndarray if `flat`, else dict[str, np.ndarray]."""

Infos = dict[str, dict[str, Any]]


class HideSeekEnv(ParallelEnv[str, Observation, Any]):
    """One world of hide-and-seek; see the module's docstring for spaces, rewards and options."""

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
    ):
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise UserError(f"render_mode: {render_mode!r} is none of None, 'human', 'rgb_array'")
        if max_cycles is not None and (not isinstance(max_cycles, int) or max_cycles < 1):
            raise UserError(f"max_cycles: {max_cycles!r} is no whole number of 1 or more")
        self._options = (scenario, flat, render_mode, max_cycles)
        self._game = Game(scenario_from_text(scenario) if isinstance(scenario, str) else scenario, worlds=1)
        self.scenario = self._game.scenario
        self.render_mode = render_mode
        self.max_cycles = self.scenario.ticks if max_cycles is None else max_cycles
        slots = self._game.slots
        self.possible_agents = [f"hider_{i}" for i in range(slots.hiders)] + [
            f"seeker_{i}" for i in range(slots.seekers)
        ]
        self.agents: list[str] = []
        self._flat = flat
        space = _flat_space(slots) if flat else _table_space(slots)
        self._observation_spaces = dict.fromkeys(self.possible_agents, space)
        self._action_spaces = {agent: spaces.MultiDiscrete(list(ACTION_SIZES)) for agent in self.possible_agents}
        self.state_space = spaces.Box(-np.inf, np.inf, (global_state_size(slots),), np.float32)
        self._np_random: np.random.Generator | None = None
        self._window = None

    def observation_space(self, agent: str) -> spaces.Space:
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.MultiDiscrete:
        return self._action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], Infos]:
        """Starts an episode; `options` is part of PettingZoo's signature and has no meaning here."""
        if seed is not None or self._np_random is None:
            self._np_random, _ = seeding.np_random(seed)
        self._game.reset(self._np_random.integers(2**64, size=1, dtype=np.uint64))
        self.agents = [self.possible_agents[index] for index in self._present]
        if self.render_mode == "human":
            self.render()
        return self._observations(), self._infos()

    def step(
        self, actions: dict[str, np.ndarray]
    ) -> tuple[dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Plays one tick; every agent must act.

        Raises:
            ResetNeeded: `reset` was never called.
            ValueError: an agent's action is missing, or outside of its action space.
        """
        if self._np_random is None:
            raise ResetNeeded("call reset() before step()")
        if not self.agents:
            return {}, {}, {}, {}, {}
        self._game.tick(self._checked(actions))
        done = bool(self._game.terminated[0])
        over = bool(self._game.ended[0]) or int(self._game.state.tick[0]) >= self.max_cycles
        played = self.agents
        self.agents = [] if over else played
        if self.render_mode == "human":
            self.render()
        return (
            self._observations(),
            {agent: float(self._game.reward[0, index]) for agent, index in zip(played, self._present, strict=True)},
            dict.fromkeys(played, done),
            dict.fromkeys(played, over and not done),
            self._infos(),
        )

    def state(self) -> np.ndarray:
        """Everything about the world: float32 [global_state_size]."""
        return self._game.global_state[0].copy()

    def render(self) -> np.ndarray | None:
        """The present moment: uint8 [height, width, 3] with `"rgb_array"`, a window and None with `"human"`.

        Raises:
            ResetNeeded: `reset` was never called.
        """
        if self._np_random is None:
            raise ResetNeeded("call reset() before render()")
        if self.render_mode is None:
            logger.warn('render() does nothing without a render_mode; make the environment with "rgb_array" or "human"')
            return None
        from sim.render.draw import Options, render_array
        from sim.render.snapshot import Snapshot

        game = self._game
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
        return {
            "options": self._options,
            "moment": self._game.snapshot(),
            "np_random": self._np_random,
            "agents": self.agents,
            "max_cycles": self.max_cycles,
        }

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__init__(*kept["options"])
        self._np_random, self.agents, self.max_cycles = kept["np_random"], kept["agents"], kept["max_cycles"]
        if self._np_random is not None:
            self._game.restore(*kept["moment"])

    @property
    def _present(self) -> list[int]:
        """The agents that take part in this episode."""
        return np.flatnonzero(self._game.layout.agent_exists[0]).tolist()

    @property
    def _preparing(self) -> bool:
        return int(self._game.state.tick[0]) < self.scenario.preparation_ticks

    def _checked(self, actions: dict[str, np.ndarray]) -> np.ndarray:
        """The actions as int8 [1, agent, 3]; zero for absent agents."""
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise ValueError(f"step: no action for {missing[0]}; every agent in env.agents must act")
        try:
            chosen = np.array([[actions[agent] for agent in self.agents]])
        except ValueError:  # not all of one shape
            chosen = np.empty(0)
        if not _is_valid(chosen, (1, len(self.agents), len(ACTION_SIZES))):
            chosen = np.array([[_alone(agent, actions[agent]) for agent in self.agents]])
        all_actions = np.zeros((1, len(self.possible_agents), len(ACTION_SIZES)), np.int8)
        all_actions[:, self._present] = chosen
        return all_actions

    def _observations(self) -> dict[str, Observation]:
        flat = self._game.observation[0].copy()
        return {
            self.possible_agents[index]: flat[index] if self._flat else _tables(flat[index], self._game.slots)
            for index in self._present
        }

    def _infos(self) -> Infos:
        tick = int(self._game.state.tick[0])
        seen = self._game.seen.agents[0].copy()
        labels: dict[str, int] = {}
        if self.scenario.task == OBJECT_COUNTING:
            labels["left"], labels["right"] = vanished(self._game.layout, self._game.state)[0].tolist()
        return {
            self.possible_agents[index]: {
                "tick": tick,
                "preparation": self._preparing,
                "hidden": bool(self._game.hidden[0]),
                "sees": seen[index],
                **labels,
            }
            for index in self._present
        }


def _alone(agent: str, action: Any) -> np.ndarray:
    """One agent's action as int8 [3]. Raises ValueError unless it is valid."""
    found = np.asarray(action) if np.ndim(action) == 1 else np.empty(0)
    if not _is_valid(found, (len(ACTION_SIZES),)):
        raise ValueError(
            f"step: the action of {agent} must be {len(ACTION_SIZES)} integers, each 0 or more and below "
            f"{ACTION_SIZES}, not {action!r}"
        )
    return found.astype(np.int8)


def _is_valid(actions: np.ndarray, shape: tuple[int, ...]) -> bool:
    whole = actions.shape == shape and actions.dtype.kind in "iu"
    return whole and bool(((actions >= 0) & (actions < ACTION_SIZES)).all())


def _is_mask(name: str) -> bool:
    return name.endswith(("_exist", "_seen"))


def _flat_space(slots: Slots) -> spaces.Box:
    return spaces.Box(-np.inf, np.inf, (observation_size(slots),), np.float32)


def _table_space(slots: Slots) -> spaces.Dict:
    # An OrderedDict keeps gymnasium from sorting the keys, so that its `flatten` gives our flat observation.
    parts = OrderedDict()
    for name, table in split(np.empty(observation_size(slots)), slots).items():
        low, high, kind = (0, 1, np.int8) if _is_mask(name) else (-np.inf, np.inf, np.float32)
        parts[name] = spaces.Box(low, high, table.shape, kind)
    return spaces.Dict(parts)


def _tables(flat: np.ndarray, slots: Slots) -> dict[str, np.ndarray]:
    """Views of one agent's flat observation; the masks are copies."""
    return {name: part.astype(np.int8) if _is_mask(name) else part for name, part in split(flat, slots).items()}


parallel_env = HideSeekEnv
"""PettingZoo's name for the parallel environment."""


def raw_env(
    scenario: str | Scenario = "quadrant",
    flat: bool = False,
    render_mode: str | None = None,
    max_cycles: int | None = None,
) -> AECEnv:
    """The environment for agents that act in turn; the world moves after the last one."""
    return parallel_to_aec_wrapper(HideSeekEnv(scenario, flat, render_mode, max_cycles))


def env(
    scenario: str | Scenario = "quadrant",
    flat: bool = False,
    render_mode: str | None = None,
    max_cycles: int | None = None,
) -> AECEnv:
    """`raw_env` with a guard against calls in the wrong order."""
    return OrderEnforcingWrapper(raw_env(scenario, flat, render_mode, max_cycles))


def registered_parallel_env(registered: str, scenario: str | Scenario, **options: Any) -> HideSeekEnv:
    """What `pettingzoo.make("parallel", ...)` makes. Raises UserError for another scenario than the registered one."""
    return parallel_env(_of_name(registered, scenario), **options)


def registered_env(registered: str, scenario: str | Scenario, **options: Any) -> AECEnv:
    """What `pettingzoo.make("aec", ...)` makes. Raises UserError for another scenario than the registered one."""
    return env(_of_name(registered, scenario), **options)


def _of_name(registered: str, scenario: str | Scenario) -> str | Scenario:
    """The scenario, if it is the registered one or that with other options or shifts."""
    if isinstance(scenario, Scenario):
        scenario = scenario_text(scenario)
    if not isinstance(scenario, str) or re.split("[:+]", scenario)[0] != registered:
        raise UserError(
            f"hideseek/{registered}-v{VERSION} is the scenario '{registered}', not {scenario!r}; "
            "make the environment registered under that name, or call sim.env.parallel_env(scenario)"
        )
    return scenario


def _register_scenarios() -> None:
    for name in scenario_names():
        identity, options = f"hideseek/{name}-v{VERSION}", {"registered": name, "scenario": name}
        if identity not in parallel_registry:
            register("parallel", identity, entry_point="sim.env:registered_parallel_env", kwargs=options)
            register("aec", identity, entry_point="sim.env:registered_env", kwargs=options)


_register_scenarios()
