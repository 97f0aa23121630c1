"""`hideseek report` and `tournament`: what a run's agents came to do, as a page and as JSON."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from policies.commands.listing import print_json
from policies.commands.options import Json
from policies.commands.worlds import check_sought
from policies.status import status_words
from replays.report.documents.taught import TaughtDocument
from sim.errors import UserError

_FEWEST, _MOST = 16, 1_000
"""Episodes of a stage: fewer say nothing, and more do not fit into memory with a large world."""

_MOST_COLUMNS = 6
"""A table of more pairs than that does not fit a terminal; the page has them all."""

Runs = Annotated[Positional[tuple[Path, ...]], arg(metavar="RUN ...", help_behavior_hint="")]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Say what the agents of runs came to do: which strategies, since when, how sure, and what has no name yet.

    Give several runs that differ in their seeds only to see how much of it is chance. If all runs are of hideseek tune,
    they are compared by what that measured when it ended; --episodes and --seed play no part then.
    """

    runs: Runs
    """Run folders."""
    to: Annotated[Path, arg(metavar="FILE")] = Path("report.html")
    """The page; one file that opens in every browser."""
    episodes: int = 256
    """Of every stage of training, 16 to 1000; more make it slower and surer."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    json: Json = False

    def run(self) -> int:
        if not _FEWEST <= self.episodes <= _MOST:
            raise UserError(f"--episodes {self.episodes} is out of range; give {_FEWEST} to {_MOST}")
        if not self.json:
            check_page(self.to)
        from policies.evaluation.entrants import world_of
        from policies.evaluation.examination import ReportOptions
        from policies.evaluation.report import run_report
        from policies.learning.run_folder import trained
        from policies.learning.warm_up import warm_up
        from policies.preferences.taught_folder import figures_of
        from replays.report.page import write
        from replays.report.run_page import report_page

        runs = list({os.path.realpath(run): run for run in self.runs}.values())  # each once, however often it is named
        if runs and all(figures := [figures_of(run) for run in runs]):
            return self._compare(runs, [one for one in figures if one])
        for run in runs:
            trained(run)  # a single team has no stages
        warm_up(world_of([str(run) for run in runs])[0])
        found = []
        for run in runs:
            with status_words(f"{run.resolve().name}: ") as tell:
                found.append(run_report(run, ReportOptions(self.episodes, seed=self.seed), tell))
        data = [one.data for one in found]
        if self.json:
            print_json({"runs": data})
            return 0
        clips = {name: clip for one in reversed(found) for name, clip in one.clips.items()}
        write(report_page(data, clips, [one.unknown for one in found]), self.to)
        print(f"{self.to.resolve()}")
        return 0

    def _compare(self, folders: Sequence[Path], figures: Sequence[TaughtDocument]) -> int:
        """The page of runs that were taught."""
        from policies.preferences.taught_folder import recordings_of
        from replays.report.page import write
        from replays.report.taught_page import TaughtRun, taught_page

        if self.json:
            print_json({"taught": list(figures)})
            return 0
        runs = []
        for run, one in zip(folders, figures, strict=True):
            runs.append(TaughtRun(run.resolve().name, one, *recordings_of(run)))
        try:
            page = taught_page(runs)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            names = " or ".join(str(run / "taught") for run in folders)
            raise UserError(f"{names} has wrong or missing figures; tune again") from None
        write(page, self.to)
        print(f"{self.to.resolve()}")
        return 0


@dataclass(frozen=True, kw_only=True)
class Tournament:
    """Let every stage of hiders meet every stage of seekers: who beats whom, and what is forgotten."""

    entrants: Annotated[Positional[tuple[str, ...]], arg(metavar="RUN|TEAM ...", help_behavior_hint="")]
    """Run folders, each with its stages, and trained teams, all of one world; and own.py:make, which runs that file."""
    every: Annotated[int, arg(metavar="K")] = 4
    """Every K-th kept checkpoint of a run takes part, and the newest."""
    episodes: int = 200
    """Of every pair."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    to: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """A page with the results as a heat map."""
    json: Json = False

    def run(self) -> int:
        from policies.evaluation.match import MatchOptions, check_episodes

        check_episodes(self.episodes)
        if self.every < 1:
            raise UserError(f"--every {self.every} is out of range; give 1 or more")
        if self.to:
            check_page(self.to)
        from rich.console import Console

        from policies.agents.own_policy import user_player
        from policies.evaluation.entrants import entrants, world_of
        from policies.evaluation.tournament import pairs_table, summary, table, tournament
        from policies.learning.warm_up import warm_up
        from replays.report.page import write
        from replays.report.tournament_page import tournament_page

        scenario, without = world_of(self.entrants)
        check_sought(scenario)
        sides = entrants(self.entrants, self.every)
        for side, taking_part in enumerate(sides):
            for one in taking_part:
                user_player(one.team, side, scenario, self.seed)  # refused before others have played for minutes
        options = MatchOptions(self.episodes, self.seed, without)
        warm_up(scenario)
        with status_words() as tell:
            tell("playing the first pair")
            played = tournament(scenario, *sides, options, lambda done, of: tell(f"played {done} of {of} pairs"))
        found = summary(played)
        if self.to:
            write(tournament_page(found), self.to)
        if self.json:
            print_json(found)
        else:
            Console().print(table(found))
            if len(found["seekers"]) <= _MOST_COLUMNS:
                Console().print(pairs_table(found))
            print(self.to.resolve() if self.to else f"cyclic share {found['cyclic_share']:.1%}")
        return 0


def check_page(path: Path) -> None:
    """Raises UserError if a page cannot be written there, before anything is played."""
    if path.suffix.lower() != ".html":
        raise UserError(f"--to {path} must end in .html")
    if not path.resolve().parent.is_dir():
        raise UserError(f"--to {path}: there is no folder {path.resolve().parent}")
