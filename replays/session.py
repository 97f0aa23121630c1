"""An episode played on by living teams, in which a person may play one of the agents. Knows no window.

The game is imported when a person plays: watching need not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from replays.format.header import WITH_PERSON, clean
from replays.format.recording import Recording
from replays.live_episode import Changes, LiveEpisode, scenario_of, world_at
from sim.errors import UserError
from sim.hands import nearest_reachable
from sim.rules import RULES
from sim.scenario import Scenario
from sim.state import ANGLE, FREE, SPIN

if TYPE_CHECKING:
    from sim.game import Game


class TeamPair(Protocol):
    """Two living teams; `policies` makes them."""

    names: tuple[str, str]
    """What to call them, hiders first."""
    hashes: tuple[str, str]
    """Of their weights; empty where there are none."""
    without: tuple[str, ...]
    """Tools that nobody has where they play, see `sim.tools.TOOLS`."""
    note: str
    """Which team replaces a missing one, in a sentence; empty where none does."""

    def reset(self) -> None:
        """Forgets what it remembers: an episode begins, or goes on from somewhere."""
        ...

    def act(self, game: "Game") -> np.ndarray:
        """int8 [world, agent, 3]: what all agents do in the next tick."""
        ...

    def expect(self, game: "Game") -> np.ndarray | None:
        """float32 [world, side]: what each side expects of the rest, NaN where unknown; None if neither side knows."""
        ...


FindTeams = Callable[[Recording, Path, Scenario], TeamPair]
"""Finds the teams that played a recording read from a path, to go on in its scenario.

May take seconds; raises UserError where there are none.
"""


class Training(Protocol):
    """Teams that are trained in a process of their own, which outlives the window."""

    folder: Path
    """Of the run."""

    @property
    def running(self) -> bool:
        """It has not ended."""
        ...

    def stop(self) -> None:
        """Lets it end after this update, and save."""
        ...


class Compiling(Protocol):
    """A process that compiles kernels, keeps them, and ends; it outlives the window."""

    @property
    def running(self) -> bool:
        """It has not ended."""
        ...


@dataclass(frozen=True)
class NamedTeams:
    """Teams by name, for worlds that have no recording."""

    names: tuple[tuple[str, ...], tuple[str, ...]]
    """Those that hide and those that seek, the first choice first."""
    load: Callable[[str, str, Scenario, int], tuple[TeamPair, Scenario]]
    """Two teams by name, hiders first, that play in a scenario with a seed, and the scenario with room for what they
    observe. May take seconds; where a team is missing or does not fit, another one plays, and `TeamPair.note` says so.
    """
    train: Callable[[Path], Training]
    """Trains teams in the drawn world of a file, with a window of its own, until it is stopped.

    Raises UserError where it cannot begin.
    """
    begin_compiling: "Callable[[str, str, Scenario], Compiling | None]"
    """Begins to compile what two teams need to play in a scenario, in another process; None if nothing is missing.

    numba holds the interpreter's lock, so a window whose own process compiles stands still.
    """


@dataclass(frozen=True)
class PlayContext:
    """What the viewer needs to play on; the command that opens it hands this over."""

    find_teams: FindTeams
    """Finds a recording's teams."""
    kept_in: Path
    """Folder for what is played."""
    named: NamedTeams | None = None
    """Teams for drawn worlds; None where worlds can only be drawn."""


class Session:
    """A game of one world, the teams that play it, and the episode they make."""

    def __init__(self, teams: TeamPair, episode: LiveEpisode) -> None:
        self.teams, self.episode = teams, episode
        self.human: int | None = None
        """The agent that a person plays."""
        self._by_hand: set[int] = set()
        teams.reset()
        self.within_reach(0)  # compiled now, while the user waits anyway

    @property
    def game(self) -> "Game":
        return self.episode.game

    @property
    def agents(self) -> list[int]:
        """The agents that take part."""
        return np.flatnonzero(self.game.layout.agent_exists[0]).tolist()

    def step(self, action: tuple[int, int, int]) -> None:
        """Plays one tick; the person's agent, if any, does `action` (move, turn, hands)."""
        expected, actions = self.teams.expect(self.game), self.teams.act(self.game)
        if self.human is not None:
            actions[0, self.human] = action
            if self.human not in self._by_hand:
                self._by_hand.add(self.human)
                self._name_the_person()
        self.episode.play(actions, expected)

    def within_reach(self, agent: int) -> int:
        """The thing that the agent would grab or lock with empty hands, or FREE."""
        game = self.game
        return int(nearest_reachable(RULES, game.layout, game.state, game.seen, 0, agent))

    def held(self, agent: int) -> int:
        """The thing in the agent's hands, or FREE."""
        return int(self.game.state.held[0, agent])

    def lock(self, thing: int) -> int:
        """As in `State.lock`."""
        return int(self.game.state.lock[0, thing])

    def pose(self, agent: int) -> np.ndarray:
        """float64 [6]: as in `State.agents`."""
        return self.game.state.agents[0, agent]

    def heading_of(self, agent: int) -> tuple[float, float, bool]:
        """Heading and spin of an agent, and whether its hands are full."""
        pose = self.pose(agent)
        return float(pose[ANGLE]), float(pose[SPIN]), self.held(agent) != FREE

    def _name_the_person(self) -> None:
        self.episode.played_by_person = True
        hiders = self.game.slots.hiders
        header, (first, second) = self.episode.header, self.teams.names
        by_hand = [any((agent < hiders) == side for agent in self._by_hand) for side in (True, False)]
        names = [name + WITH_PERSON if hand else name for name, hand in zip((first, second), by_hand, strict=True)]
        self.episode.header = replace(header, hiders=clean(names[0]), seekers=clean(names[1]))


def begin(scenario: Scenario, teams: TeamPair, seed: int) -> Session:
    """A session from an episode's start."""
    from sim.game import Game

    game = Game(scenario, 1, without=teams.without)
    game.reset(np.array([seed], np.uint64))
    return Session(teams, LiveEpisode(game, teams.names, teams.hashes, seed))


def go_on(recording: Recording, path: Path, tick: int, changes: Changes, find_teams: FindTeams) -> Session:
    """A session on from a tick of a recording, with some things changed.

    Raises:
        UserError: the world is not known here, the episode is over at that tick, or its teams cannot be found.
    """
    from sim.game import Game

    scenario = scenario_of(recording)
    if tick >= scenario.ticks:
        raise UserError("the episode is over here; go back a little, and play on from there")
    layout, state = world_at(recording, tick, changes)
    teams = find_teams(recording, path, scenario)
    game = Game(scenario, 1, without=teams.without)
    try:
        game.restore(layout, state)
    except ValueError as error:
        raise UserError(f"this recording can be watched, not played on: {error}") from error
    episode = LiveEpisode(game, teams.names, teams.hashes, recording.header.seed, recording, changes)
    return Session(teams, episode)
