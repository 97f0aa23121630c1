"""The networks that a side of a run begins with, plays with if it does not learn, and starts over with."""

import torch

from policies.agents.critic import Critic
from policies.agents.goal_conditioning import add_goal_input
from policies.agents.networks import Actor
from policies.agents.players import trained_team
from policies.agents.team import Team, slot_mismatch
from policies.learning.config import TrainConfig
from policies.learning.objective import Objective
from policies.learning.ppo import new_networks
from policies.learning.random_streams import first_networks_entropy, random_words, restart_entropy
from sim.errors import UserError
from sim.scenario import Scenario


class InitialNetworks:
    """Makes actors and critics for the sides of one run."""

    def __init__(self, config: TrainConfig, scenario: Scenario, objective: Objective) -> None:
        self.config = config
        self.scenario = scenario
        self.objective = objective

    def first(self, side: int) -> tuple[Actor, Critic]:
        """Untrained networks, or those of the team that the objective begins with."""
        actor, critic = self._untrained(first_networks_entropy(self.config.seed, side), side)
        if start := self.objective.start:
            tensors, goals = start.actor.state_dict(), self.config.goal_counts[side]
            actor.load_state_dict(add_goal_input(tensors, self.config.network, goals) if goals else tensors)
            if self.objective.group:  # else a critic of the game's reward would be in the way
                critic.load_state_dict(start.critic.state_dict())
        return actor, critic

    def of_team(self, name: str, side: int) -> tuple[Actor, Critic]:
        """Those of a trained team; an untrained critic where the team's cannot judge this world.

        The critic expects the reward as this run scales it. Raises UserError as `fitting_team`.
        """
        team = fitting_team(name, side, self.config, self.scenario)
        if _knows_slots(team, self.scenario):
            if team.metadata.reward_scale != self.config.reward_scale:
                team.critic.rescale(self.config.reward_scale / team.metadata.reward_scale)
            return team.actor, team.critic
        return team.actor, self._untrained(first_networks_entropy(self.config.seed, side), side)[1]

    def foreign_critics(self) -> list[int]:
        """The sides whose critic was not trained for the game's reward in such worlds, and is not trained here."""
        names = enumerate((self.config.hiders, self.config.seekers))
        teams = [fitting_team(name, side, self.config, self.scenario) for side, name in names if name]
        if self.objective.start and self.objective.group:
            teams.append(self.objective.start)
        known = [team.metadata.expects_game_reward(team.side) and _knows_slots(team, self.scenario) for team in teams]
        return [team.side for team, knows in zip(teams, known, strict=True) if not knows]

    def after_restart(self, side: int, update: int) -> tuple[Actor, Critic]:
        """Untrained networks for a side that starts over before this update."""
        return self._untrained(restart_entropy(self.config.seed, side, update), side)

    def _untrained(self, entropy: list[int], side: int) -> tuple[Actor, Critic]:
        generator = torch.Generator().manual_seed(int(random_words(entropy, 1)[0]))
        config, slots = self.config, self.scenario.slots
        return new_networks(config.network, slots, side, config.hidden, generator, config.goal_counts[side])


def _knows_slots(team: Team, scenario: Scenario) -> bool:
    """Whether a team's critic takes worlds with so many entities; some actors take any number."""
    return slot_mismatch(team.metadata.slots, scenario.slots) is None


def fitting_team(name: str, side: int, config: TrainConfig, scenario: Scenario) -> Team:
    """A team's networks for a side of this run: one that plays without learning, or one to begin with.

    Raises:
        UserError: there is no such team, or its networks are not those of this run.
    """
    team = trained_team(name, side, scenario)
    if (team.metadata.network, team.metadata.hidden) != (config.network, config.hidden):
        raise UserError(
            f"{name} has networks {team.metadata.network} {team.metadata.hidden}, "
            f"this run {config.network} {config.hidden}; choose another team"
        )
    return team
