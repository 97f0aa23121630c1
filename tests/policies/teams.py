"""Teams with networks that learned nothing, in the default world."""

import torch

from policies.agents.team import Team, TeamMetadata
from policies.learning.ppo import new_networks
from sim.scenario import scenario_from_text
from sim.schema import observation_size

SCENARIO = scenario_from_text("quadrant")


def untrained_team(side: int, seed: int = 0, kind: str = "mlp") -> Team:
    slots = SCENARIO.slots
    generator = torch.Generator().manual_seed(seed)
    actor, critic = new_networks(kind, slots, side, (16, 16), generator)
    size = observation_size(slots)
    actor.normaliser.absorb(torch.rand(size, generator=generator), torch.ones(size), 10)
    return Team(side, TeamMetadata("quadrant", slots, kind, (16, 16), 0.05, {"agent_steps": 7}), actor, critic)
