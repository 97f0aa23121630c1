"""Scripted players do what they are made for, and it is found; idle ones do nothing."""

import numpy as np
import pytest

from policies.agents.players import player
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from tests.replays.strategies.rollouts import played, shown


def rates(scenario: str, hiders: str, seekers: str, worlds: int = 40) -> dict[str, float]:
    world = scenario_from_text(scenario)
    trace = played(scenario, player(hiders, HIDERS, world, 0), player(seekers, SEEKERS, world, 0), 7, worlds)
    return {name: float(np.mean(flags)) for name, flags in shown(trace).items()}


def test_idle_players_show_nothing():
    for scenario in ("quadrant", "quadrant-ramp"):
        assert not any(rates(scenario, "idle", "idle").values())


@pytest.mark.slow
def test_the_builder_shuts_and_locks_doors_and_the_chaser_chases_evaders():
    built = rates("quadrant", "builder", "chaser")
    assert min(built[name] for name in ("door_blocked", "sealed", "lock")) > 0.9
    assert built["fort"] < 0.1  # one of 40, the one whose door is not blocked
    assert max(built[name] for name in ("shelter", "climb", "over_wall", "surf", "seen_from_above")) == 0
    fled = rates("quadrant", "evader", "chaser")
    assert fled["chase"] > 0.6
    assert max(fled[name] for name in ("lock", "lock_war", "fort", "shield", "climb")) == 0


@pytest.mark.slow
def test_the_shelterer_builds_forts():
    built = rates("open_field", "shelterer", "chaser")
    assert built["fort"] > 0.5 and built["lock"] > 0.5 and built["door_blocked"] == 0


@pytest.mark.slow
def test_the_climber_gets_over_the_wall_where_the_builder_shuts_the_door():
    climbed = rates("quadrant-two-ramps", "builder", "climber")
    assert min(climbed[name] for name in ("sealed", "climb", "over_wall")) > 0.7
