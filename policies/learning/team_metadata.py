"""The metadata that a run writes into its team files."""

from collections.abc import Sequence
from dataclasses import asdict

from policies.agents.team import TeamMetadata
from policies.learning.config import TrainConfig
from sim.rules import SIDES
from sim.scenario import Scenario, full_text


def team_metadata(
    config: TrainConfig, scenario: Scenario, agent_steps: int, updates: int, foreign_critics: Sequence[int] = ()
) -> TeamMetadata:
    """The metadata of a run's teams after that much training; see `InitialNetworks.foreign_critics`."""
    trained = {
        "agent_steps": agent_steps,
        "updates": updates,
        "seed": config.seed,
        "without": list(config.without),
        "frozen": [name for name in (config.hiders, config.seekers) if name],
    }
    if config.start:
        trained["start"] = config.start
    if foreign_critics:
        trained["foreign_critics"] = [SIDES[side] for side in foreign_critics]
    if config.tuning:
        trained["tuning"] = asdict(config.tuning)
    goal_sets = config.tuning.told if config.tuning else ()
    return TeamMetadata(
        full_text(scenario), scenario.slots, config.network, config.hidden, config.reward_scale, trained, goal_sets
    )
