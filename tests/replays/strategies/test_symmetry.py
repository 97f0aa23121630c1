"""A strategy is the same in a mirrored or turned world, and whatever numbers the agents of a team have."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as drawn

from policies.agents.players import player
from replays.strategies.evidence.trace import Trace
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from tests.replays.strategies.rollouts import in_image, played, shown, wandering, with_agents
from tests.replays.strategies.symmetries import SYMMETRIES, team_orders

SCENARIOS = ("quadrant", "quadrant-ramp", "rooms", "open_field")

ON_GRID = {"door_blocked", "sealed", "fort", "shelter", "cooperation", "ramp_theft", "ramp_denied"}
"""Found by floods. Where a passage is up to 5 cm narrower than an agent, a cell may lie on either side of the limit by
the last bit of a number alone.
"""


def differing(trace: Trace, other: Trace) -> dict[str, int]:
    """In how many worlds a strategy is found in one alone."""
    first, second = shown(trace), shown(other)
    return {name: int((first[name] != second[name]).sum()) for name in first}


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    scenario=drawn.sampled_from(SCENARIOS),
    seed=drawn.integers(0, 2**31),
    symmetry=drawn.integers(1, SYMMETRIES - 1),
)
def test_the_image_of_an_episode_shows_the_same(scenario: str, seed: int, symmetry: int):
    trace = wandering(scenario, seed, worlds=3)
    turned, renamed = in_image(trace, symmetry), with_agents(trace, team_orders(trace.slots, seed))
    for other in (turned, renamed):
        differs = {name for name, worlds in differing(trace, other).items() if worlds}
        assert differs <= (ON_GRID if other is turned else set())


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("hiders", ["builder", "shelterer"])
def test_images_of_episodes_with_forts_and_doors_shut_show_the_same(scenario: str, hiders: str):
    """The detectors on the grid agree in all but one of a hundred images, the others in all."""
    world = scenario_from_text(scenario)
    trace = played(scenario, player(hiders, HIDERS, world, 0), player("chaser", SEEKERS, world, 0), 1, worlds=60)
    differs = [differing(trace, in_image(trace, symmetry)) for symmetry in range(1, SYMMETRIES)]
    for name in differs[0]:
        worlds = sum(one[name] for one in differs)
        assert worlds <= (0.01 * trace.worlds * len(differs) if name in ON_GRID else 0), (name, worlds)
    for seed in range(3):
        assert not any(differing(trace, with_agents(trace, team_orders(trace.slots, seed))).values())


def test_an_image_is_another_world_and_its_image_the_first():
    trace = wandering("quadrant-ramp", 3, worlds=2)
    for symmetry in range(1, SYMMETRIES):
        back = symmetry if symmetry >= 4 else 4 - symmetry
        there = in_image(trace, symmetry)
        assert np.abs(there.states.agents[..., :2] - trace.states.agents[..., :2]).max() > 0.1
        np.testing.assert_allclose(
            in_image(there, back).states.agents[..., :2], trace.states.agents[..., :2], atol=1e-9
        )
        np.testing.assert_allclose(in_image(there, back).layout.walls, trace.layout.walls, atol=1e-9)
