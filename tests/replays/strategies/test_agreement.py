"""Many episodes looked at together show what each of them shows alone, occurrence by occurrence."""

import numpy as np
import pytest

from policies.agents.players import player
from replays.strategies.catalogue import find_all
from replays.strategies.evidence.trace import Trace
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from tests.replays.strategies.rollouts import alone, played, wandering

TEAMS = {"quadrant": "quadrant-block", "quadrant-two-boxes": "quadrant-fort"}


def agree(trace: Trace) -> int:
    """Checks every world of a trace; how many occurrences there were."""
    together = find_all(trace)
    for world in range(trace.worlds):
        for name, rows in find_all(alone(trace, world)).items():
            np.testing.assert_array_equal(rows[:, 1:], together[name][together[name][:, 0] == world, 1:], name)
    return sum(map(len, together.values()))


@pytest.mark.parametrize(("scenario", "worlds"), [("quadrant", 20), ("quadrant-ramp", 20), ("open_field", 10)])
def test_worlds_played_side_by_side_show_what_each_shows_alone(scenario: str, worlds: int):
    assert agree(wandering(scenario, 2, worlds)) > worlds


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["quadrant", "quadrant-two-boxes", "quadrant-ramp", "rooms", "open_field"])
def test_many_random_episodes(scenario: str):
    assert agree(wandering(scenario, 3, 200)) > 200


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "team"), TEAMS.items())
def test_many_trained_episodes(scenario: str, team: str):
    world = scenario_from_text(scenario)
    for seed in (4, 5):
        trace = played(scenario, player(team, HIDERS, world, 0), player(team, SEEKERS, world, 0), seed, 250)
        assert agree(trace) > 250
