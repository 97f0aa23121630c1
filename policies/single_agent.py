"""One agent of a world as an ordinary Gymnasium environment; named teams play all others.

from policies.single_agent import SingleAgentEnv

env = SingleAgentEnv("quadrant", agent="seeker_0", against="quadrant-block")
"""

from typing import Any

import gymnasium
import numpy as np

from policies.agents.own_policy import user_player
from policies.agents.players import Player
from policies.evaluation.match import choose
from policies.scripted.players import STAND_INS
from sim.errors import UserError
from sim.hide_seek_env import HideSeekEnv
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario
from sim.spaces import DISCRETE, MULTIDISCRETE, action_space, check_action_kind, in_parts


class SingleAgentEnv(gymnasium.Env):
    """Spaces, rewards and infos of one agent as in `sim.env`; observations are flat.

    Where a scenario draws how many agents there are, the first of each team always takes part; another one may not, and
    then observes zeros.
    """

    def __init__(
        self,
        scenario: str | Scenario = "quadrant",
        agent: str = "hider_0",
        against: str = "chaser",
        mates: str | None = None,
        actions: str = MULTIDISCRETE,
        render_mode: str | None = None,
    ):
        """The teams are named as on the command line, see `policies.agents.players` and `policies.agents.own_policy`.

        Args:
            scenario: the world.
            agent: who acts: `hider_0` and so on.
            against: the team that plays the other side; of no meaning where nobody seeks.
            mates: the team that plays the rest of the agent's side; by default evader for hiders, chaser for seekers.
            actions: "multidiscrete" or "discrete", as in `sim.env`.
            render_mode: None, "human" or "rgb_array".

        Raises:
            UserError: an option has a value that does not exist, or a team cannot play its side here.
        """
        check_action_kind(actions)
        self.env = HideSeekEnv(scenario, flat=True, render_mode=render_mode, absent="zeros")
        if agent not in self.env.possible_agents:
            raise UserError(f"agent: '{agent}' does not exist here; choose {', '.join(self.env.possible_agents)}")
        self.metadata, self.render_mode = self.env.metadata, render_mode
        self.observation_space, self.action_space = self.env.observation_space(agent), action_space(actions)
        self._agent, self._discrete = agent, actions == DISCRETE
        side = HIDERS if agent.startswith("hider") else SEEKERS
        own = mates or STAND_INS[side]
        other = against if self.env.game.slots.seekers else "idle"
        self._teams = (own, other) if side == HIDERS else (other, own)
        self._players = self._seeded_players(0)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Starts an episode; the teams' random choices follow from the seed, too."""
        super().reset(seed=seed)
        if seed is not None:
            self._players = self._seeded_players(seed)
        observations, infos = self.env.reset(seed)
        for player in self._players:
            player.reset()
        return observations[self._agent], infos[self._agent]

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Plays one tick. Raises ResetNeeded before the first reset, ValueError for an action that does not exist."""
        if self._discrete:
            if not self.action_space.contains(action):
                raise ValueError(f"the action {action!r} does not exist; choose one of {self.action_space}")
            action = in_parts(np.asarray(action))
        actions = dict(zip(self.env.possible_agents, choose(self.env.game, *self._players)[0], strict=True))
        observed, paid, done, over, infos = self.env.step({**actions, self._agent: action})
        agent = self._agent
        return observed[agent], paid[agent], done[agent], over[agent], infos[agent]

    def render(self) -> Any:
        return self.env.render()

    def close(self) -> None:
        self.env.close()

    def _seeded_players(self, seed: int) -> tuple[Player, Player]:
        hiders, seekers = self._teams
        scenario = self.env.scenario
        return user_player(hiders, HIDERS, scenario, seed), user_player(seekers, SEEKERS, scenario, seed)
