"""`hideseek record`, `evaluate` and `rate`: teams that play without learning."""

import dataclasses
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from tyro.conf import Positional, UseAppendAction, arg

from policies.commands.listing import print_json
from policies.commands.window import RECORDED
from policies.commands.worlds import chosen_scenario, remark

if TYPE_CHECKING:
    from policies.evaluation.match import Episodes
    from sim.scenario import Scenario

Hiders: TypeAlias = Annotated[Positional[str], arg(metavar="HIDERS")]
Seekers: TypeAlias = Annotated[Positional[str], arg(metavar="SEEKERS")]


@dataclass(frozen=True)
class Record:
    """Play episodes and keep them as recordings."""

    hiders: Hiders
    """A scripted or shipped team, a team folder, or a run; see `hideseek teams`."""
    seekers: Seekers
    """Likewise."""
    scenario: Annotated[str | None, arg(metavar="S", help_behavior_hint="")] = None
    """The world, see `hideseek scenarios`; by default the one in which the teams were trained, else quadrant."""
    episodes: int = 1
    """How many."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    out: Annotated[Path, arg(metavar="DIR")] = RECORDED
    """Folder for the recordings."""

    def run(self) -> int:
        from policies.agents.players import player
        from policies.evaluation.record import record
        from policies.learning.warm_up import warm_up
        from sim.rules import HIDERS, SEEKERS

        scenario = chosen_scenario(self.scenario, self.hiders, self.seekers)
        warm_up(scenario)
        hiders = player(self.hiders, HIDERS, scenario, self.seed)
        seekers = player(self.seekers, SEEKERS, scenario, self.seed)
        record(scenario, hiders, seekers, self.episodes, self.seed, self.out, on_file=print)
        return 0


@dataclass(frozen=True)
class Evaluate:
    """Measure two teams against each other: how long hiders stay hidden, and whether they seal themselves in."""

    hiders: Hiders
    """A scripted or shipped team, a team folder, or a run; see `hideseek teams`."""
    seekers: Seekers
    """Likewise."""
    scenario: Annotated[str | None, arg(metavar="S", help_behavior_hint="")] = None
    """The world, see `hideseek scenarios`; by default the one in which the teams were trained, else quadrant."""
    episodes: int = 2000
    """How many; episode i starts the same for every pair of teams."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    without: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="lock|grab|boxes|ramps|pushing")] = ()
    """Take a tool away from both teams."""
    greedy: bool = False
    """Take the likeliest actions instead of sampling them."""
    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from rich.console import Console

        from policies.evaluation.comparison import comparison_table, differences
        from policies.evaluation.statistics import summary, table
        from policies.learning.warm_up import warm_up

        scenario = chosen_scenario(self.scenario, self.hiders, self.seekers)
        warm_up(scenario)
        about = (self.hiders, self.seekers, scenario, self.seed)
        found = self._play(scenario, self.without)
        result = summary(found, *about, self.without, self.greedy)
        note = remark(scenario, self.hiders, self.seekers)
        if not self.without:
            shown = table(result, scenario)
        else:
            whole = self._play(scenario, ())
            result["with"] = summary(whole, *about, (), self.greedy)
            result["difference"] = differences(found, whole)
            shown = comparison_table(result, scenario)
        if self.json:
            print_json({**result, "remark": note})
            return 0
        Console().print(shown)
        if note:
            print(note)
        return 0

    def _play(self, scenario: "Scenario", without: tuple[str, ...]) -> "Episodes":
        """Plays all episodes; the same ones whatever is taken away."""
        from policies.agents.players import player
        from policies.evaluation.match import MatchOptions, play
        from sim.rules import HIDERS, SEEKERS

        hiders = player(self.hiders, HIDERS, scenario, self.seed, self.greedy)
        seekers = player(self.seekers, SEEKERS, scenario, self.seed, self.greedy)
        options = MatchOptions(self.episodes, self.seed, without, threads=min(os.cpu_count() or 1, 2))
        title = f"without {', '.join(without)}" if without else "episodes"
        with _progress(title, self.episodes, self.json) as advance:
            return play(scenario, hiders, seekers, options, advance)


@dataclass(frozen=True)
class Rate:
    """Order teams by how good they are: against a fixed panel of scripted teams, and against each other."""

    teams: Annotated[Positional[tuple[str, ...]], arg(metavar="TEAM")]
    """Shipped teams, team folders or runs; each plays every side it holds."""
    scenario: Annotated[str | None, arg(metavar="S", help_behavior_hint="")] = None
    """The world, see `hideseek scenarios`; by default the one in which the teams were trained, else quadrant."""
    episodes: int = 256
    """Of every pair of teams."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from rich.console import Console

        from policies.agents.players import team_folder
        from policies.agents.team import sides_in
        from policies.evaluation.ratings import standings, table
        from policies.learning.warm_up import warm_up
        from sim.rules import HIDERS, SEEKERS

        sides = {name: sides_in(team_folder(name)) for name in self.teams}
        hiders, seekers = ([name for name in self.teams if side in sides[name]] for side in (HIDERS, SEEKERS))
        scenario = chosen_scenario(self.scenario, *self.teams)
        warm_up(scenario)
        with _progress("pairs", None, self.json) as advance:
            found = standings(scenario, hiders, seekers, self.episodes, self.seed, on_match=advance)
        if self.json:
            print_json([dataclasses.asdict(one) for one in found])
            return 0
        for side in (HIDERS, SEEKERS):
            Console().print(table(found, side))
        if note := remark(scenario, *self.teams):
            print(note)
        return 0


@contextmanager
def _progress(title: str, total: int | None, quiet: bool) -> Iterator[Any]:
    """A bar on a terminal's standard error; yields what takes how much is done, and perhaps of how much."""
    from rich.console import Console
    from rich.progress import Progress

    hidden = quiet or not sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=hidden) as progress:
        task = progress.add_task(title, total=total)

        def advance(done: int, of: int | None = None) -> None:
            progress.update(task, completed=done, total=of if of is not None else total)

        yield advance
