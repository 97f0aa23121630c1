"""Whether hiders that were taught several sets of goals meet the goals they are given: sets given against sets met."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from policies.agents.folders import latest_team
from policies.agents.goal_sets import goal_names
from policies.agents.players import Player, player
from policies.evaluation.statistics import proportion
from policies.preferences.goals import goals_of
from policies.preferences.measure import goals_met
from replays.format.header import GOAL_MARK
from sim.rules import HIDERS
from sim.scenario import Scenario


def obedience(
    run: Path, team: str, taught: Sequence[str], scenario: Scenario, seekers: Player, episodes: int, seed: int
) -> list[dict[str, Any]]:
    """A row for the team before, and for the hiders of the run's newest checkpoint given each set.

    Given are the sets that were `taught`, and each goal and each pair of goals that was not. A row has `told`, the set
    given (null for the team before), `taught`, whether that set was in training, and `met`, the proportion of episodes
    in which each of all those sets was met, whichever was given. All play episodes 0 to N - 1 of a seed.
    """
    names = goal_names(taught)
    sets = list(taught)
    for one in [*combinations(names, 1), *combinations(names, 2)]:
        if not any(set(one) == set(other.split(",")) for other in taught):
            sets.append(",".join(one))
    folder, goals, rows = latest_team(run), goals_of(names, scenario.slots), []
    for goals_given in (None, *sets):
        hiders = player(team if goals_given is None else f"{folder}{GOAL_MARK}{goals_given}", HIDERS, scenario, seed)
        met = goals_met(scenario, hiders, seekers, goals, episodes, seed)
        rates = {one: proportion(np.logical_and.reduce([met[name] for name in one.split(",")])) for one in sets}
        rows.append({"told": goals_given, "taught": goals_given in taught, "met": rates})
    return rows
