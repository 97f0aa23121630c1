"""`hideseek record`, `evaluate` and `rate`: teams that play without learning."""

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from policies.commands.listing import print_json
from policies.commands.options import Flag, Json, ScenarioName, Shifts, Tools
from policies.commands.places import RECORDED
from policies.commands.worlds import check_sought, chosen_scenario, fitted, remark
from policies.status import status_words
from sim.errors import UserError

if TYPE_CHECKING:
    from policies.agents.players import Player
    from policies.evaluation.match import Episodes
    from sim.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class _Played:
    """Options of every command that lets teams play."""

    scenario: ScenarioName = None
    """The world, see `hideseek scenarios`; by default the one in which the teams were trained, else quadrant. In any,
    nobody has a tool that one of the teams was trained without."""
    episodes: int
    """How many."""
    seed: int = 0
    """Starts and sampled actions follow from it."""


@dataclass(frozen=True, kw_only=True)
class _Match(_Played):
    """Options of a command that lets one team play against another."""

    hiders: Annotated[Positional[str], arg(metavar="HIDERS")]
    """A scripted or shipped team, a team folder, a run, or own.py:make, which runs that file; see `hideseek teams`."""
    seekers: Annotated[Positional[str], arg(metavar="SEEKERS")]
    """Likewise."""
    shift: Shifts = ()
    """Change the world in a way that was not trained, such as no-seekers; `hideseek scenarios` lists the ways."""

    def _world(self) -> "Scenario":
        from sim.scenario import shifted

        return shifted(chosen_scenario(self.scenario, self.hiders, self.seekers), self.shift)

    def _players(self, scenario: "Scenario", greedy: bool = False) -> "tuple[Player, Player]":
        from policies.agents.own_policy import user_player
        from sim.rules import HIDERS, SEEKERS

        hiders = user_player(self.hiders, HIDERS, scenario, self.seed, greedy)
        return hiders, user_player(self.seekers, SEEKERS, scenario, self.seed, greedy)


@dataclass(frozen=True, kw_only=True)
class Record(_Match):
    """Play episodes and keep them as recordings, which the gallery of `hideseek watch` shows."""

    episodes: int = 1
    """How many."""
    out: Annotated[Path, arg(metavar="DIR")] = RECORDED
    """Folder for the recordings."""

    def run(self) -> int:
        from policies.evaluation.match import check_episodes
        from policies.evaluation.record import MOST_EPISODES, record
        from policies.learning.warm_up import warm_up

        check_episodes(self.episodes, MOST_EPISODES)
        scenario = self._world()
        players = self._players(scenario)
        warm_up(scenario)
        record(scenario, *players, self.episodes, self.seed, self.out, on_file=print)
        return 0


@dataclass(frozen=True, kw_only=True)
class Evaluate(_Match):
    """Measure two teams against each other: how long hiders stay hidden, and whether they seal themselves in."""

    scenario: ScenarioName = None
    """The world, see `hideseek scenarios`; by default the one in which the teams were trained, else quadrant. In any,
    nobody has a tool that one of the teams was trained without. `traps` are all shipped traps that the teams fit, in
    one table."""
    episodes: int = 2000
    """How many; episode i starts the same for every pair of teams."""
    without: Tools = ()
    """Take one more tool away from both teams."""
    greedy: Flag = False
    """Take the likeliest actions instead of sampling them."""
    json: Json = False

    def run(self) -> int:
        from rich.console import Console

        from policies.agents.players import tools_missing
        from policies.evaluation.comparison import compared, comparison_table, differences
        from policies.evaluation.match import check_episodes
        from policies.evaluation.statistics import Pairing, summary, table
        from policies.learning.warm_up import warm_up
        from sim.scenario import TRAPS

        check_episodes(self.episodes)
        if self.scenario == TRAPS:
            return self._traps()
        scenario = self._world()
        missing = tools_missing(*self._players(scenario))  # who cannot play here is refused before anything is compiled
        warm_up(scenario)
        without = {*self.without, *missing}
        pairing = Pairing(self.hiders, self.seekers, scenario, self.seed, without, self.greedy)
        found = self._play(scenario, self.without)
        result = summary(found, pairing)
        note = remark(scenario, missing, self.hiders, self.seekers)
        if without == set(missing):
            shown = table(result, scenario)
        else:
            whole = self._play(scenario, ())
            result = compared(result, summary(whole, pairing._replace(without=missing)), differences(found, whole))
            shown = comparison_table(result, scenario)
        if self.json:
            print_json({**result, "remark": note})
            return 0
        Console().print(shown)
        if note:
            print(note)
        return 0

    def _traps(self) -> int:
        """Plays all shipped traps."""
        from rich.console import Console

        from policies.agents.players import tools_missing
        from policies.evaluation.document import TrapsDocument
        from policies.evaluation.traps import play_traps, traps_table
        from policies.learning.warm_up import warm_up
        from sim.scenario import shifted

        without: set[str] = set(self.without)

        def play(scenario: "Scenario") -> "Episodes":
            without.update(tools_missing(*self._players(scenario)))
            warm_up(scenario)
            return self._play(scenario, self.without)

        rows = play_traps(play, lambda world: fitted(shifted(world, self.shift), self.hiders, self.seekers))
        if self.json:
            document: TrapsDocument = {
                "hiders": self.hiders,
                "seekers": self.seekers,
                "episodes": self.episodes,
                "seed": self.seed,
                "without": sorted(without),
                "shift": list(self.shift),
                "greedy": self.greedy,
                "traps": rows,
            }
            print_json(document)
            return 0
        Console().print(traps_table(rows, self.hiders, self.seekers, self.episodes, self.seed))
        for row in rows:
            if "unfit" in row:
                print(f"{row['world']}: {row['unfit']}")
        return 0

    def _play(self, scenario: "Scenario", without: tuple[str, ...]) -> "Episodes":
        """Plays all episodes; the same ones whatever is taken away."""
        from policies.evaluation.match import MatchOptions, play

        players = self._players(scenario, self.greedy)
        options = MatchOptions(self.episodes, self.seed, without, threads=min(os.cpu_count() or 1, 2))
        prefix = f"without {', '.join(without)}: " if without else ""
        with status_words(prefix) as tell:
            tell(f"playing {self.episodes:,} episodes")
            said = lambda done: tell(f"played {done:,} of {self.episodes:,} episodes")  # noqa: E731
            return play(scenario, *players, options, said)


@dataclass(frozen=True, kw_only=True)
class Rate(_Played):
    """Order teams by how good they are: against a fixed panel of scripted teams, and against each other."""

    teams: Annotated[Positional[tuple[str, ...]], arg(metavar="TEAM ...", help_behavior_hint="")]
    """Shipped teams, team folders, runs, or own.py:make; each plays every side it holds."""
    episodes: int = 256
    """Of every pair of teams."""
    json: Json = False

    def run(self) -> int:
        from rich.console import Console

        from policies.agents.own_policy import sides_of_named, user_player
        from policies.agents.players import tools_missing
        from policies.evaluation.entrants import distinct
        from policies.evaluation.match import MatchOptions, check_episodes
        from policies.evaluation.ratings import standings, table
        from policies.learning.warm_up import warm_up
        from sim.rules import HIDERS, SEEKERS

        if not self.teams:
            raise UserError("TEAM is missing; name the teams to rate, see hideseek rate --help")
        check_episodes(self.episodes)
        teams = distinct(self.teams)
        sides = {name: sides_of_named(name) for name in teams}
        hiders, seekers = ([name for name in teams if side in sides[name]] for side in (HIDERS, SEEKERS))
        scenario = chosen_scenario(self.scenario, *teams)
        check_sought(scenario)
        named = [(name, side) for name in teams for side in sides[name]]
        players = [user_player(*one, scenario, self.seed) for one in named]  # refused before others play for minutes
        without = tools_missing(*players)
        warm_up(scenario)
        with status_words() as tell:
            tell("playing the first pair")
            said = lambda done, of: tell(f"played {done} of {of} pairs")  # noqa: E731
            options = MatchOptions(self.episodes, self.seed, without, threads=2)
            found = standings(scenario, hiders, seekers, options, on_match=said)
        if self.json:
            print_json([dataclasses.asdict(one) for one in found])
            return 0
        for side in (HIDERS, SEEKERS):
            Console().print(table(found, side))
        if without:
            print(f"all played without {', '.join(without)}")
        if note := remark(scenario, without, *teams):
            print(note)
        return 0
