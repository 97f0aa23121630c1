"""Episodes that are played, as traces, and the same episodes looked at otherwise."""

import numpy as np

from policies.agents.players import Player
from policies.evaluation.match import begin, choose
from replays.strategies.catalogue import find_all, flags
from replays.strategies.evidence.trace import Trace, Tracer, trace_episode
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from sim.state import State, take
from tests.games import started
from tests.replays.strategies.symmetries import image, renumbered

KEEPS = 0.8
"""How likely an agent of `wandering` goes on with what it does."""


def wandering(scenario: str, seed: int, worlds: int) -> Trace:
    """Random agents that keep to what they do for a while, so that they get somewhere."""
    random = np.random.default_rng(seed)
    game = started(scenario, worlds, seed)
    actions = random.integers(0, ACTION_SIZES, (worlds, game.slots.agents, 3))

    def act() -> np.ndarray:
        fresh = random.integers(0, ACTION_SIZES, actions.shape)
        actions[:] = np.where(random.random((*actions.shape[:2], 1)) < KEEPS, actions, fresh)
        return actions

    return _noted(game, act)


def played(scenario: str, hiders: Player, seekers: Player, seed: int, worlds: int) -> Trace:
    """Two teams against each other."""
    game = Game(scenario_from_text(scenario), worlds)
    begin(game, hiders, seekers, episode_seeds(seed, 0, worlds))
    return _noted(game, lambda: choose(game, hiders, seekers))


def _noted(game: Game, act) -> Trace:
    tracer = Tracer(game.slots, game.layout, game.scenario.ticks, game.scenario.preparation_ticks)
    tracer.note(game.state, game.seen.agents)
    for _ in range(game.scenario.ticks):
        game.tick(act())
        tracer.note(game.state, game.seen.agents)
    return tracer.trace()


def shown(trace: Trace) -> dict[str, np.ndarray]:
    """bool [world] by name: which worlds show each strategy."""
    return flags(find_all(trace), trace.worlds)


def in_image(trace: Trace, symmetry: int) -> Trace:
    """The same episodes in the mirrored or turned world; all floors must have one size."""
    layout, states = image(symmetry, trace.layout, trace.states, float(trace.layout.floor[0]))
    return _again(trace, layout, states, trace.seen)


def with_agents(trace: Trace, order: np.ndarray) -> Trace:
    """The same episodes with the agents in another order."""
    return _again(trace, *renumbered(order, trace.layout, trace.states, trace.seen))


def _again(trace: Trace, layout, states: State, seen: np.ndarray) -> Trace:
    tracer = Tracer(trace.slots, layout, trace.ticks, trace.preparation_ticks)
    for moment in range(trace.ticks + 1):
        tracer.note(State(*(column[moment] for column in states)), seen[moment])
    return tracer.trace()


def alone(trace: Trace, world: int) -> Trace:
    """One of these episodes as it is looked at when it was recorded."""
    states = State(*(column[:, world] for column in trace.states))
    layout = take(trace.layout, slice(world, world + 1))
    return trace_episode(trace.slots, layout, states, trace.seen[:, world], trace.preparation_ticks)
