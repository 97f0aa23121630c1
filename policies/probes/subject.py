"""Who is probed: a team's hiders and the seekers they meet, in any world, always in the same episodes."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from policies.agents.players import MOST_SEED, Player, team_folder
from policies.evaluation.stages import Arena, Played, mean_reward_in, play_episodes
from policies.learning.config import TrainConfig
from policies.learning.run_folder import resumed
from policies.probes.directedness import directedness
from policies.probes.observe import Observed, joined, observe
from replays.format.recording import Recording
from replays.report.documents.probe import Aim
from sim.errors import UserError
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, shifted
from sim.shifts.shifted import all_shifts, shifts_of, unshifted

WORLDS = 256
"""Episodes played side by side; each keeps all its states in memory."""


@dataclass(frozen=True)
class Subject:
    """Who is probed, and where it was trained."""

    hiders: str
    seekers: str
    scenario: Scenario
    episodes: int
    seed: int
    without: tuple[str, ...] = ()
    """Tools that nobody has."""

    def arena(self, scenario: Scenario, first: int = 0) -> Arena:
        """A world for the episodes from number `first` on; what players sample follows from that number."""
        return Arena(scenario, self.without, (self.seed + first) % (MOST_SEED + 1))

    def batch(self, scenario: Scenario, hiders: str, first: int) -> Played:
        """Up to `WORLDS` episodes of some hiders, from number `first` on; the same ones each time."""
        teams, names = self._teams(scenario, hiders, first), (Path(hiders).name, Path(self.seekers).name)
        return play_episodes(self.arena(scenario, first), teams, names, self._seeds(first))

    def watch(self, scenario: Scenario, hiders: str) -> Observed:
        """All episodes of some hiders in a world."""
        parts = []
        for first in range(0, self.episodes, WORLDS):
            played = self.batch(scenario, hiders, first)
            gap = self._critic_gap(played) if hiders == self.hiders else None
            parts.append(observe(played, self.scenario.ticks)._replace(critic_gap=gap))
        return joined(parts)

    def mean_reward(self, scenario: Scenario, hiders: str, first: int = 0) -> np.ndarray:
        """float64 [episode]: `Observed.mean_reward` alone, of some hiders in the same episodes from `first` on."""
        parts = [np.zeros(0)]
        for number in range(first, self.episodes, WORLDS):
            teams = self._teams(scenario, hiders, number)
            parts.append(mean_reward_in(self.arena(scenario, number), teams, self._seeds(number)))
        return np.concatenate(parts)

    def aims(self, scenario: Scenario) -> dict[str, Aim]:
        """Towards what the team's actions are aimed in a world, see `policies.probes.directedness`."""
        return directedness(self.arena(scenario), self.hiders, self.seekers, self.episodes)

    def recording(self, scenario: Scenario, episode: int) -> Recording:
        """One of the team's episodes."""
        first = episode - episode % WORLDS
        return self.batch(scenario, self.hiders, first).recording(episode - first)

    def _teams(self, scenario: Scenario, hiders: str, first: int) -> tuple[Player, Player]:
        arena = self.arena(scenario, first)
        return arena.team(hiders, HIDERS), arena.team(self.seekers, SEEKERS)

    def _seeds(self, first: int) -> np.ndarray:
        """uint64 [world]: of up to WORLDS episodes, from number `first` on."""
        return episode_seeds(self.seed, first, min(WORLDS, self.episodes - first))

    def _critic_gap(self, played: Played) -> np.ndarray | None:
        arena = self.arena(played.scenario)
        game = arena.game(len(played.seeds))
        game.reset(played.seeds)
        expected = arena.team(self.hiders, HIDERS).expect(game)
        if expected is None:
            return None
        reward = played.reward[:, :, : game.slots.hiders].mean(axis=2, dtype=float)
        return expected - self._gamma ** np.arange(len(reward)) @ reward

    @cached_property
    def _gamma(self) -> float:
        """The discount of the team's critic: that of the run whose team it is, else the default."""
        folder = team_folder(self.hiders).resolve()
        run = resumed(folder.parents[2]) if folder.parent.parent.name == "checkpoints" else None
        return run[0].gamma if run else TrainConfig.gamma


def as_played(scenario: Scenario) -> Scenario:
    """The scenario, without its shifts if they change nothing but the reward: teams play as without them then."""
    base = unshifted(scenario)
    changes = [(one.place, one.act, one.see, one.without, one.options(base) != base) for one in shifts_of(scenario)]
    return scenario if scenario.slots != base.slots or any(map(any, changes)) else base


def suitable_shifts(subject: Subject) -> list[str]:
    """The shifts that suit the subject's scenario, in which its teams can play."""
    found = []
    for name in all_shifts():
        try:
            arena = subject.arena(shifted(subject.scenario, [name]))
            for team, side in ((subject.hiders, HIDERS), (subject.seekers, SEEKERS)):
                arena.team(team, side)
        except UserError:
            continue
        found.append(name)
    return found
