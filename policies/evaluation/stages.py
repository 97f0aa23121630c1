"""A run looked at stage by stage: every kept checkpoint plays the same true starts against itself.

What the run noted while it trained tells when something happened; a stage's episodes tell what it looked like, what it
costs to take a tool away, and what happened that has no name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from policies.agents.folders import checkpoints
from policies.agents.players import Player, player
from policies.evaluation.match import Episodes, MatchOptions, begin, choose, play
from replays.annotate import with_strategies
from replays.behaviour import behaviour
from replays.format.header import FORMAT, Header
from replays.format.recording import Recording, made_by, outcome
from replays.strategies.catalogue import find_all, flags
from replays.strategies.evidence.trace import Trace, Tracer
from sim.game import Game
from sim.layout import Layout
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, full_text
from sim.state import State, take


@dataclass(frozen=True)
class Arena:
    """Where the teams of a run are examined: in the world that they were trained in, from starts they never met."""

    scenario: Scenario
    without: tuple[str, ...] = ()
    """The tools that they never had."""
    seed: int = 0
    """Starts and sampled actions follow from it."""

    def team(self, name: str, side: int) -> Player:
        """A team by name or folder. Raises UserError if it cannot play that side here.

        Where nobody seeks, an idle team stands for the seekers.
        """
        nobody = side == SEEKERS and not self.scenario.slots.seekers
        return player("idle" if nobody else name, side, self.scenario, self.seed)

    def game(self, worlds: int) -> Game:
        """Many such worlds."""
        return Game(self.scenario, worlds, without=self.without)

    def match(self, hiders: str, seekers: str, episodes: int, without: Sequence[str] = ()) -> Episodes:
        """Plays two teams, by name or folder; `without` takes more tools away."""
        options = MatchOptions(episodes, self.seed, (*self.without, *without))
        return play(self.scenario, self.team(hiders, HIDERS), self.team(seekers, SEEKERS), options)


@dataclass(frozen=True)
class Played:
    """Episodes that were played side by side, with all that a recording of one of them needs."""

    scenario: Scenario
    names: tuple[str, str]
    """Of the teams, as people know them."""
    hashes: tuple[str, str]
    seeds: np.ndarray
    """uint64 [world]"""
    trace: Trace
    actions: np.ndarray
    """int8 [tick, world, agent, 3]"""
    reward: np.ndarray
    """float32 [tick, world, agent]"""

    def recording(self, world: int) -> Recording:
        """One of the episodes, with its strategies."""
        trace, one = self.trace, slice(world, world + 1)
        seen = trace.seen[:, world].copy()
        header = Header(
            format=FORMAT,
            made_by=made_by(),
            scenario=full_text(self.scenario),
            ticks=trace.ticks,
            preparation_ticks=trace.preparation_ticks,
            slots=trace.slots,
            seed=int(self.seeds[world]),
            hiders=self.names[0],
            seekers=self.names[1],
            hashes={"hiders": self.hashes[0], "seekers": self.hashes[1]},
            outcome=outcome(trace.slots, seen, trace.preparation_ticks),
        )
        recording = Recording(
            header=header,
            layout=Layout(*(column[one].copy() for column in trace.layout)),
            states=State(*(column[:, world].copy() for column in trace.states)),
            actions=self.actions[:, world].copy(),
            seen=seen,
            reward=self.reward[:, world].copy(),
            values=None,
            events=(),
        )
        return with_strategies(recording)


@dataclass(frozen=True)
class Stage:
    """What a checkpoint does against itself."""

    agent_steps: int
    hidden: np.ndarray
    """float64 [episode]: fraction of play in which no hider was seen."""
    strategies: dict[str, np.ndarray]
    """bool [episode] by name"""
    behaviour: dict[str, np.ndarray]
    """float64 [episode] by name, see `replays.behaviour`."""

    def rates(self) -> dict[str, float]:
        """The proportion of episodes with each strategy."""
        return {name: float(shown.mean()) for name, shown in self.strategies.items()}


def play_episodes(arena: Arena, teams: tuple[Player, Player], names: tuple[str, str], seeds: np.ndarray) -> Played:
    """Plays one episode from each seed (uint64 [world]), side by side, and keeps all of them."""
    game, scenario = arena.game(len(seeds)), arena.scenario
    begin(game, *teams, seeds)
    layout = take(game.layout, slice(None))
    tracer = Tracer(game.slots, layout, scenario.ticks, scenario.preparation_ticks)
    tracer.note(game.state, game.seen.agents)
    actions = np.zeros((scenario.ticks, len(seeds), game.slots.agents, 3), np.int8)
    reward = np.zeros(actions.shape[:3], np.float32)
    for tick in range(scenario.ticks):
        actions[tick] = choose(game, *teams)
        game.tick(actions[tick])
        reward[tick] = game.reward
        tracer.note(game.state, game.seen.agents)
    return Played(scenario, names, (teams[0].hash, teams[1].hash), seeds, tracer.trace(), actions, reward)


def stage_of(played: Played, agent_steps: int) -> Stage:
    """What was played, in numbers."""
    trace = played.trace
    hiders = trace.slots.hiders
    seen = trace.seen[trace.preparation_ticks + 1 :, :, hiders:, :hiders].any(axis=(2, 3))
    shown = flags(find_all(trace), trace.worlds)
    return Stage(agent_steps, 1.0 - seen.mean(axis=0), shown, behaviour(trace))


def play_checkpoint(checkpoint: Path, arena: Arena, episodes: int) -> Played:
    """Episodes 0 to N - 1 of the arena's seed, played by the teams of a checkpoint."""
    hiders, seekers = (arena.team(str(checkpoint / "team"), side) for side in (HIDERS, SEEKERS))
    name = f"{checkpoint.parents[1].resolve().name} {int(checkpoint.name) / 1e6:.1f} M"
    return play_episodes(arena, (hiders, seekers), (name, name), episode_seeds(arena.seed, 0, episodes))


def stages_of(
    run: Path, arena: Arena, episodes: int, on_stage: Callable[[int, int], None] = lambda done, of: None
) -> list[Stage]:
    """Every kept checkpoint of a run, from the first on."""
    found, kept = [], checkpoints(run)
    for number, checkpoint in enumerate(kept):
        found.append(stage_of(play_checkpoint(checkpoint, arena, episodes), int(checkpoint.name)))
        on_stage(number + 1, len(kept))
    return found
