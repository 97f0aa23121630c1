"""Is a scenario worth training in? The table for `LOG.md`: `python -m policies.evaluation.scenario_gates [SCENARIO]`.

*Necessity*: hiders who do not build must lose against the chaser, and those who do must not. *Discovery*: random
hiders must build a robust seal now and then. A seal that was left unlocked must not hold.

With ramps, *feasibility*: seekers who climb must find the hiders who built. *Discovery after blocking*: random seekers
must see such hiders from above now and then, or they will never learn what a ramp is for.
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from policies.agents.players import player
from policies.commands.errors import in_one_line
from policies.evaluation.match import Episodes, MatchOptions, play
from policies.evaluation.statistics import mean_fraction, proportion
from replays.report.documents.common import Interval
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, scenario_from_text, scenario_text

EPISODES, DISCOVERY_EPISODES = 2_000, 20_000
_SEED = 0


class Gate(NamedTuple):
    """One line of the table."""

    what: str
    wanted: str
    episodes: int
    rate: Interval


def gates(scenario: Scenario, episodes: int = EPISODES, discovery_episodes: int = DISCOVERY_EPISODES) -> Iterator[Gate]:
    """Measures the gates one after the other; all but discovery start from the same states."""
    for hiders, wanted in (("idle", "<= 30 %"), ("random", ""), ("evader", "<= 50 %"), ("builder", ">= 95 %")):
        found = _play(scenario, hiders, "chaser", episodes)
        yield Gate(f"hidden: {hiders} against chaser", wanted, episodes, mean_fraction(found.hidden))
    built = _play(scenario, "builder", "chaser", episodes, without=("lock",))
    sealed = built.soft_prep
    broken = proportion(~built.soft_end[sealed]) if sealed.any() else proportion(~sealed)
    yield Gate("unlocked seals of builder that chaser breaks", ">= 70 %", int(sealed.sum()), broken)
    found = _play(scenario, "random", "random", discovery_episodes)
    yield Gate("robust_prep of random hiders", "0.5 to 3 %", discovery_episodes, proportion(found.robust_prep))
    yield Gate("robust_end of random hiders", "", discovery_episodes, proportion(found.robust_end))
    if scenario.slots.things > scenario.slots.boxes:
        yield from _ramp_gates(scenario, episodes)


def _ramp_gates(scenario: Scenario, episodes: int) -> Iterator[Gate]:
    found = _play(scenario, "builder", "climber", episodes)
    yield Gate("hidden: builder against climber", "30 points under chaser", episodes, mean_fraction(found.hidden))
    found = _play(scenario, "builder", "random", episodes)
    above = found.strategies["seen_from_above"]
    yield Gate("builder seen from above by random seekers", ">= 0.5 %", episodes, proportion(above))


def _play(scenario: Scenario, hiders: str, seekers: str, episodes: int, without: tuple[str, ...] = ()) -> Episodes:
    players = player(hiders, HIDERS, scenario, _SEED), player(seekers, SEEKERS, scenario, _SEED)
    return play(scenario, *players, MatchOptions(episodes, _SEED, without, threads=2))


def main() -> int:
    scenario = scenario_from_text(sys.argv[1] if len(sys.argv) > 1 else "quadrant")
    print(f"`{scenario_text(scenario)}`, seed {_SEED}\n")
    print("| measured | wanted | episodes | mean | 95 % interval |\n|---|---|---|---|---|")
    for gate in gates(scenario):
        rate = " | ".join((f"{gate.rate['mean']:.2%}", f"{gate.rate['low']:.2%} to {gate.rate['high']:.2%}"))
        print(f"| {gate.what} | {gate.wanted} | {gate.episodes:,} | {rate} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
