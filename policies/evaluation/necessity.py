"""Is a strategy real? What it costs to take its tool away, and what is left of its worth when random hiders have it.

*Necessity*: the same episodes with and without a tool; the mean paired difference of the hidden fraction.
*Sufficiency*: the hiders prepare as they have learnt, and random hiders take their places when preparation ends. What
was built must do the rest. It is compared, episode by episode, with random hiders from the start.
"""

from collections.abc import Sequence

import numpy as np

from policies.agents.players import Player
from policies.evaluation.match import begin, play_ticks
from policies.evaluation.stages import RANDOM, Arena
from policies.evaluation.statistics import mean_difference, mean_fraction
from replays.report.documents.common import Interval
from replays.report.documents.run import Sufficiency
from replays.strategies.catalogue import by_name, find_all, flags
from replays.strategies.evidence.trace import Tracer
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS

LEAST_RATE = 0.1
"""Strategies that occur in fewer episodes are not asked about."""
_LEAST_EPISODES = 20
"""Fewer episodes with a strategy say nothing about it."""


def tools_of(rates: dict[str, float]) -> list[str]:
    """The tools that strategies need which occur often enough."""
    tools = [by_name(name).tool for name, rate in rates.items() if rate >= LEAST_RATE]
    return sorted({tool for tool in tools if tool is not None})


def necessity(arena: Arena, team: str, tools: Sequence[str], episodes: int) -> dict[str, Interval]:
    """By tool: what the hidden fraction of a team against itself loses without it, with a 95 % interval."""
    whole = arena.match(team, team, episodes).hidden
    return {tool: mean_difference(whole - arena.match(team, team, episodes, (tool,)).hidden) for tool in tools}


def sufficiency(arena: Arena, team: str, episodes: int) -> dict[str, Sufficiency]:
    """By strategy that occurs in preparation: how well random hiders hide behind what was built."""
    seekers, random = arena.team(team, SEEKERS), arena.team(RANDOM, HIDERS)
    built, shown = _played_on(arena, arena.team(team, HIDERS), random, seekers, episodes)
    bare, _ = _played_on(arena, random, random, seekers, episodes)
    found: dict[str, Sufficiency] = {}
    for name, worlds in shown.items():
        if worlds.sum() >= _LEAST_EPISODES:
            found[name] = {
                "hidden": mean_fraction(built[worlds]),
                "random": mean_fraction(bare[worlds]),
                "gain": mean_difference(built[worlds] - bare[worlds]),
                "episodes": int(worlds.sum()),
            }
    return found


def _played_on(
    arena: Arena, preparing: Player, hiding: Player, seekers: Player, episodes: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Hidden fractions (float64 [episode]) if other hiders play after preparation, and which show what in it."""
    game, scenario = arena.game(episodes), arena.scenario
    begin(game, preparing, seekers, episode_seeds(arena.seed, 0, episodes))
    hiding.reset()
    tracer = Tracer.of(game, scenario.preparation_ticks)
    for _ in play_ticks(game, preparing, seekers, scenario.preparation_ticks):
        tracer.note(game.state, game.seen.agents)
    hidden, left = np.zeros(episodes), scenario.ticks - scenario.preparation_ticks
    for _ in play_ticks(game, hiding, seekers, left):
        hidden += game.hidden
    return hidden / left, flags(find_all(tracer.trace()), episodes)
