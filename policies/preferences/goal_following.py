"""How well goal-conditioned hiders follow the goals they are given: how often each set of goals is met under each."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from policies.agents.folders import latest_team
from policies.agents.goal_sets import goal_names
from policies.agents.players import Player
from policies.evaluation.stages import Arena
from policies.evaluation.statistics import proportion
from policies.preferences.goals import goals_of
from policies.preferences.scored_episodes import goals_met
from replays.format.header import GOAL_MARK
from replays.report.documents.taught import GoalFollowing
from sim.rules import HIDERS


def goals_given_and_met(
    run: Path, before: Player, seekers: Player, taught: Sequence[str], arena: Arena, episodes: int
) -> list[GoalFollowing]:
    """One row for the hiders before, and one for each set of goals given to the hiders of the run's newest checkpoint.

    These sets are the ones in training (`taught`), and every other goal and pair of goals among them. All rows are of
    episodes 0 to N - 1 of the arena's seed, against these seekers.
    """
    names = goal_names(taught)
    sets = list(taught)
    for one in [*combinations(names, 1), *combinations(names, 2)]:
        if not any(set(one) == set(other.split(",")) for other in taught):
            sets.append(",".join(one))
    folder, goals = latest_team(run), goals_of(names, arena.scenario.slots)
    rows: list[GoalFollowing] = []
    for goals_given in (None, *sets):
        hiders = before if goals_given is None else arena.team(f"{folder}{GOAL_MARK}{goals_given}", HIDERS)
        met = goals_met(arena, hiders, seekers, goals, episodes)
        rates = {one: proportion(np.logical_and.reduce([met[name] for name in one.split(",")])) for one in sets}
        rows.append({"told": goals_given, "taught": goals_given in taught, "met": rates})
    return rows
