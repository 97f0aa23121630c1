"""How a tick's time grows: with worlds side by side, agents, boxes and threads; `hideseek bench --only growth`.

Whole episodes of random actions, as in `policies.bench.world`. Each round measures every point once, in turn, and the
median over rounds counts, so that other work on the machine weighs on all points alike. Agents and boxes grow as far as
the family of the scenario allows.
"""

import os
import statistics
import time
from typing import NamedTuple

from policies.bench.world import play_episodes
from sim.game import Game
from sim.scenario import scenario_from_text

_FEWEST_ROUNDS, _MOST_ROUNDS = 3, 25
_FIELD = "open_field:hiders={hiders},seekers={seekers},boxes={boxes},ramps=0,ticks=64,preparation_ticks=24"
_WORLDS = 256


class Point(NamedTuple):
    """One measurement."""

    scenario: str
    worlds: int
    threads: int = 1


def curves() -> dict[str, dict[int, Point]]:
    """What grows, and the point for each of its values; there are as many threads as the machine has cores."""
    cores = os.cpu_count() or 1
    return {
        "worlds": {worlds: Point("quadrant", worlds) for worlds in (1, 4, 16, 64, 256, 1024, 4096, 16_384)},
        "agents": {2 * n: Point(_FIELD.format(hiders=n, seekers=n, boxes=3), _WORLDS) for n in (1, 2, 3)},
        "boxes": {n: Point(_FIELD.format(hiders=2, seekers=2, boxes=n), _WORLDS) for n in (0, 1, 2, 3, 5, 7, 9)},
        "threads": {n: Point("quadrant", 1024, n) for n in (1, 2, 4, 8, 16, 32, 64) if n <= cores},
    }


def measure(seconds: float) -> dict[str, dict[str, float]]:
    """Microseconds of one world's tick for each value of each curve; takes about `seconds` seconds beside compiling."""
    points = {(name, value): point for name, curve in curves().items() for value, point in curve.items()}
    games = {at: Game(scenario_from_text(p.scenario), p.worlds, p.threads) for at, p in points.items()}
    for game in games.values():
        play_episodes(game, 0)
    rounds: list[dict[tuple[str, int], float]] = []
    begun = time.perf_counter()
    while len(rounds) < _FEWEST_ROUNDS or (time.perf_counter() - begun < seconds and len(rounds) < _MOST_ROUNDS):
        rounds.append({at: play_episodes(game, len(rounds) + 1)["tick_us"] for at, game in games.items()})
    return {
        name: {str(value): statistics.median(one[name, value] for one in rounds) for value in curve}
        for name, curve in curves().items()
    }
