"""How fast the world runs, compared with two plain pymunk games of the same rules and with Chipmunk alone.

Each of them plays whole episodes of uniformly random actions, with the holds, locks and resets that come of it. They
take turns, round after round, and the median over rounds counts: other work on the machine slows all of them alike.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from policies.bench.baseline.numpy_sight import NumpySight
from policies.bench.baseline.world import BaselineWorld
from policies.bench.document import WorldSpeed
from sim.env import HideSeekEnv
from sim.game import Game
from sim.jit import compiled
from sim.physics.following import follow_state
from sim.physics.intrinsics import call_with_double, store
from sim.physics.moving import keep_out_of_walls, read_back
from sim.physics.stepping import CompiledStepper
from sim.rules import ACTION_SIZES
from sim.scenario import Scenario
from sim.tick import choose_worlds, pass_time_in_worlds, show_worlds

_PLAIN_EPISODES = 3
_FEWEST_ROUNDS, _MOST_ROUNDS = 2, 25

Measured = dict[str, float]


@compiled
def _take_hands(c, spaces, play):
    for w in range(play.state.tick.shape[0]):
        follow_state(c, spaces, play.rules, play.layout, play.state, w)


@compiled
def _step_alone(c, spaces, play):
    """What any game on pymunk has to do: set the forces and call Chipmunk, once a substep."""
    for w in range(play.state.tick.shape[0]):
        for _ in range(play.rules.substeps):
            for agent in range(spaces.agent_bodies.shape[1]):
                body = spaces.agent_bodies[w, agent]
                store(body + c.force, play.forces[w, agent, 0])
                store(body + c.force + 8, play.forces[w, agent, 1])
                store(body + c.torque, play.forces[w, agent, 2])
            call_with_double(c.space_step, spaces.space[w], play.push.substep_s)


@compiled
def _read_back(c, spaces, play):
    for w in range(play.state.tick.shape[0]):
        read_back(c, spaces, play.rules, play.push, play.state, w)
        keep_out_of_walls(c, spaces, play.rules, play.layout, play.state, w)


def measure(scenario: Scenario, worlds: int, seconds: float) -> WorldSpeed:
    """Measures a scenario with `worlds` worlds for about `seconds` seconds (at least two rounds, without compiling)."""
    ways = _ways(scenario, worlds)
    for way in ways.values():
        way(0)
    rounds: list[Measured] = []
    begun = time.perf_counter()
    while len(rounds) < _FEWEST_ROUNDS or (time.perf_counter() - begun < seconds and len(rounds) < _MOST_ROUNDS):
        rounds.append({name: number for way in ways.values() for name, number in way(len(rounds) + 1).items()})
    median = {name: statistics.median(measured[name] for measured in rounds) for name in rounds[0]}
    return {
        "tick_us": median["tick_us"],
        "plain_us": median.get("plain_us"),
        "plain_numpy_us": median.get("plain_numpy_us"),
        "chipmunk_us": median.get("chipmunk_us"),
        "reset_share": median["reset_share"],
        "threads": {"1": 1e6 / median["tick_us"], "2": 1e6 / median["tick_us_on_two"]},
        "env_steps_per_s": median["env_steps_per_s"],
        "rounds": len(rounds),
    }


def _ways(scenario: Scenario, worlds: int) -> dict[str, Callable[[int], Measured]]:
    one, two, bare = (Game(scenario, worlds, threads) for threads in (1, 2, 1))
    stepper = bare._stepper
    environment = HideSeekEnv(scenario, flat=True)

    def on_two_threads(number: int) -> Measured:
        return {"tick_us_on_two": play_episodes(two, number)["tick_us"]}

    ways: dict[str, Callable[[int], Measured]] = {
        "ours": lambda number: play_episodes(one, number),
        "two": on_two_threads,
        "env": lambda number: {"env_steps_per_s": _play_environment(environment, number)},
    }
    if isinstance(stepper, CompiledStepper):
        ways["chipmunk"] = lambda number: {"chipmunk_us": _play_bare(bare, stepper, number)}
    if not scenario.slots.ramps:
        plain, plain_numpy = BaselineWorld(scenario), BaselineWorld(scenario, NumpySight)
        ways["plain"] = lambda number: {"plain_us": _play_plain(plain, number)}
        ways["numpy"] = lambda number: {"plain_numpy_us": _play_plain(plain_numpy, number)}
    return ways


def _random_actions(scenario: Scenario, number: int, worlds: int) -> np.ndarray:
    """int8 [tick, world, agent, 3]"""
    shape = (scenario.ticks, worlds, scenario.slots.agents, len(ACTION_SIZES))
    return np.random.default_rng(number).integers(0, ACTION_SIZES, shape, np.int8)


def _seeds(number: int, worlds: int) -> np.ndarray:
    return np.arange(worlds, dtype=np.uint64) + np.uint64(number * worlds)


def play_episodes(game: Game, number: int) -> Measured:
    """One episode of every world."""
    actions = _random_actions(game.scenario, number, game.worlds)
    begun = time.perf_counter()
    game.reset(_seeds(number, game.worlds))
    started = time.perf_counter()
    for chosen in actions:
        game.tick(chosen)
    ended = time.perf_counter()
    return {
        "tick_us": (ended - begun) / (game.scenario.ticks * game.worlds) * 1e6,
        "reset_share": (started - begun) / (ended - begun),
    }


def _play_bare(game: Game, stepper: CompiledStepper, number: int) -> float:
    """The same episode with a clock around Chipmunk alone; microseconds of a world's tick."""
    worlds = np.arange(game.worlds)
    play, c, spaces = game._context, stepper.pool.chipmunk, stepper.pool.spaces
    game.reset(_seeds(number, game.worlds))
    spent = 0.0
    for chosen in _random_actions(game.scenario, number, game.worlds):
        game.actions[...] = chosen
        choose_worlds(play, worlds)
        _take_hands(c, spaces, play)
        begun = time.perf_counter()
        _step_alone(c, spaces, play)
        spent += time.perf_counter() - begun
        _read_back(c, spaces, play)
        pass_time_in_worlds(play, worlds)
        show_worlds(play, game.observation, game.global_state, worlds, False)
    return spent / (game.scenario.ticks * game.worlds) * 1e6


def _play_plain(world: BaselineWorld, number: int) -> float:
    """A few episodes of one world; microseconds of a tick, resets spread over the ticks."""
    episodes = _random_actions(world.scenario, number, _PLAIN_EPISODES).swapaxes(0, 1).tolist()
    begun = time.perf_counter()
    for episode, actions in enumerate(episodes):
        world.reset(number * _PLAIN_EPISODES + episode)
        for chosen in actions:
            world.tick(chosen)
    return (time.perf_counter() - begun) / (_PLAIN_EPISODES * world.scenario.ticks) * 1e6


def _play_environment(environment: HideSeekEnv, number: int) -> float:
    """A few episodes through PettingZoo; steps of all agents a second."""
    episodes = _random_actions(environment.scenario, number, _PLAIN_EPISODES).swapaxes(0, 1)
    chosen = [[dict(zip(environment.possible_agents, tick, strict=True)) for tick in ticks] for ticks in episodes]
    begun = time.perf_counter()
    for episode, ticks in enumerate(chosen):
        environment.reset(seed=number * _PLAIN_EPISODES + episode)
        for actions in ticks:
            environment.step(actions)
    return _PLAIN_EPISODES * environment.scenario.ticks / (time.perf_counter() - begun)
