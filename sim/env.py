"""Hide-and-seek as a PettingZoo environment: one world, dictionaries in and out.

Hiders and seekers move through rooms with boxes and ramps that can be pushed, grabbed and locked. Hiders are
paid for not being seen, seekers for seeing them. First comes the preparation phase: seekers stand still and see
nothing, and no agent is paid. Agents are `hider_0`, `hider_1`, ..., then `seeker_0`, ...; all of them
play until the end of the episode. Where a scenario draws their number, `agents` are those that take part.

| what             | value                                                                               |
|------------------|-------------------------------------------------------------------------------------|
| import           | `import sim.env; pettingzoo.make("parallel", "hideseek/quadrant-v0")` (PettingZoo   |
|                  | 1.27 or newer), or `from sim.env import parallel_env, env, raw_env`                 |
| actions          | `MultiDiscrete([9, 3, 4])`: move (0 still, 1-8 the compass directions,              |
|                  | counter-clockwise from +x, in the world's frame), turn (0 keep, 1 left, 2 right),   |
|                  | hands (0 keep, 1 grab, 2 release, 3 lock); with `actions="discrete"` one            |
|                  | `Discrete(108)`: (move * 3 + turn) * 4 + hands. Every action is always allowed, so  |
|                  | there are no action masks                                                           |
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
|                  | `hidden` (no hider is seen now), `sees` (bool, one per agent in `possible_agents`), |
|                  | `exists` (the agent takes part);                                                    |
|                  | in `object_counting` also the labels `left` and `right`                             |

Scenarios are found in `sim/scenarios/`, each with its options, rules and the original's numbers in its docstring; each
is registered as `hideseek/NAME-v0`. Names with a dash are presets of the family before it.

| scenario                                  | game                                                       | paid      |
|-------------------------------------------|------------------------------------------------------------|-----------|
| `quadrant`, `quadrant-...`                | hide-and-seek in and around a room                         | for sight |
| `rooms`, `rooms-...`                      | hide-and-seek in random rooms                              | for sight |
| `open_field`, `open_field-small`, `hall`  | hide-and-seek without rooms                                | for sight |
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
| `hall`                                    | hide-and-seek on a small floor without rooms               | for sight |
| `trap-...`                                | hide-and-seek in a shipped world with a question           | for sight |
| `drawn`                                   | hide-and-seek in a world of your own:                      | for sight |
|                                           | `make("parallel", "hideseek/drawn-v0", scenario="my.toml")`|           |

In the ability tests, `lock_and_return` and those below it, there are no seekers and no preparation.

Observation tables by key. `self` is one row (W,) of W numbers, `lidar` one number for each ray (rays,), all others have
a row for each slot of the scenario (R, W): of the other agents, team mates come first. Positions are relative to the
observer. Tables without rows are left out. Masks of int8 (R,) follow: `agents_exist`, `boxes_exist`, `ramps_exist`,
`doors_exist`, `sites_exist`, `food_exist` and `pillars_exist` for rows in use; `agents_seen`, `boxes_seen`,
`ramps_seen` and `food_seen` for rows that the agent sees now. The rows of what it does not see are zero; doors, sites
and pillars are a map, always given.
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
| `actions`     | `"multidiscrete"` or `"discrete"`, see above                                           |
| `absent`      | agents that do not take part in an episode: `"omit"` leaves them out of `agents` and   |
|               | of all dictionaries; with `"zeros"` they observe zeros and are paid 0, and what they   |
|               | choose has no effect, for libraries that want the same agents in every episode         |
| `max_cycles`  | truncates earlier than the scenario does                                               |

`reset(seed=s)` starts the generator that all later resets draw their episodes from; `reset()` goes on with it.
A pickled or copied environment goes on from the tick it was at.

Version history:

* v0: not released yet, and may change until it is.
"""

import re
from typing import Any

from pettingzoo import AECEnv
from pettingzoo.utils.conversions import parallel_to_aec_wrapper
from pettingzoo.utils.wrappers import OrderEnforcingWrapper

from sim.errors import UserError
from sim.hide_seek_env import VERSION, HideSeekEnv
from sim.scenario import Scenario, family_of, scenario_from_user, scenario_names, scenario_text

parallel_env = HideSeekEnv
"""PettingZoo's name for the parallel environment."""


def raw_env(*arguments: Any, **options: Any) -> AECEnv:
    """The environment for agents that act in turn; the world moves after the last one. Options as above."""
    return parallel_to_aec_wrapper(HideSeekEnv(*arguments, **options))


def env(*arguments: Any, **options: Any) -> AECEnv:
    """`raw_env` with a guard against calls in the wrong order."""
    return OrderEnforcingWrapper(raw_env(*arguments, **options))


DRAWN = "drawn"
"""The registered name of all drawn worlds, each given by its path: `make(..., scenario="my.toml")`."""


def registered_parallel_env(registered: str, scenario: str | Scenario = "", **options: Any) -> HideSeekEnv:
    """What `pettingzoo.make("parallel", ...)` makes. Raises UserError for another scenario than the registered one."""
    return parallel_env(_of_name(registered, scenario), **options)


def registered_env(registered: str, scenario: str | Scenario = "", **options: Any) -> AECEnv:
    """What `pettingzoo.make("aec", ...)` makes. Raises UserError for another scenario than the registered one."""
    return env(_of_name(registered, scenario), **options)


def _of_name(registered: str, scenario: str | Scenario) -> str | Scenario:
    """The scenario, if it is the registered one or that with other options or shifts."""
    if registered == DRAWN:
        return _drawn(scenario)
    if isinstance(scenario, Scenario):
        scenario = scenario_text(scenario)
    if not isinstance(scenario, str) or re.split("[:+]", scenario)[0] != registered:
        raise UserError(
            f"hideseek/{registered}-v{VERSION} is the scenario '{registered}', not {scenario!r}; "
            "make the environment registered under that name, or call sim.env.parallel_env(scenario)"
        )
    return scenario


def _drawn(scenario: str | Scenario) -> Scenario:
    """The scenario, if it is a drawn world."""
    found = scenario_from_user(scenario) if isinstance(scenario, str) and scenario else scenario
    if not isinstance(found, Scenario) or family_of(found) != DRAWN:
        raise UserError(
            f"hideseek/{DRAWN}-v{VERSION} is a world that you drew; give scenario='my.toml', not {scenario!r}"
        )
    return found


def _register_scenarios() -> None:
    try:
        from pettingzoo import parallel_registry, register
    except ImportError:  # PettingZoo before 1.27 has no registry; parallel_env(NAME) makes the same environments
        return
    all_options = {name: {"registered": name, "scenario": name} for name in scenario_names()}
    for name, options in {**all_options, DRAWN: {"registered": DRAWN}}.items():
        identity = f"hideseek/{name}-v{VERSION}"
        if identity not in parallel_registry:
            register("parallel", identity, entry_point="sim.env:registered_parallel_env", kwargs=options)
            register("aec", identity, entry_point="sim.env:registered_env", kwargs=options)


_register_scenarios()
