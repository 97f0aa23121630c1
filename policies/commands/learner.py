"""What the verbs of the `hideseek` command do: frozen dataclasses whose `run` returns the exit code.

The docstrings under the fields are the command line's help. Each `run` imports what it needs, so that help
and verbs that need no networks start quickly. Those that draw are in `window_verbs`, those that only tell what
there is in `listing_verbs`.
"""

import contextlib
import dataclasses
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from tyro.conf import Positional, UseAppendAction, arg

from policies.commands.errors import INTERRUPTED
from policies.commands.window import PLAYED
from sim.errors import UserError

_RUNS = Path("runs")

Hiders: TypeAlias = Annotated[Positional[str], arg(metavar="HIDERS")]
Seekers: TypeAlias = Annotated[Positional[str], arg(metavar="SEEKERS")]


@dataclass(frozen=True)
class Train:
    """Train two teams against each other, from scratch or on from where a run stopped."""

    preset: Annotated[Positional[str | None], arg(metavar="PRESET", help_behavior_hint="")] = None
    """Named set of the learner's numbers: laptop, overnight or smoke. A new run takes laptop, an old one its own."""
    scenario: Annotated[str | None, arg(metavar="S", help_behavior_hint="")] = None
    """The world, see `hideseek scenarios`. A new run takes quadrant, an old one its own."""
    minutes: Annotated[float | None, arg(metavar="M", help_behavior_hint="")] = None
    """Stop after so many minutes; without --minutes and --steps only Ctrl-C stops, and saves."""
    steps: Annotated[int | None, arg(metavar="N", help_behavior_hint="")] = None
    """Stop when the run has so many agent-steps in all."""
    until: Annotated[str | None, arg(metavar="NAME=SHARE", help_behavior_hint="")] = None
    """Stop when a rate reaches a share: robust_end=0.5 once half of the episodes end sealed and locked."""
    run_folder: Annotated[Path, arg(name="run", metavar="DIR")] = _RUNS / "latest"
    """The run's folder; an existing run goes on."""
    seed: Annotated[int | None, arg(metavar="S", help_behavior_hint="")] = None
    """Everything random follows from it. A new run takes 0, an old one its own."""
    without: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="lock|grab|boxes|ramps|pushing")] = ()
    """Train both teams without a tool. A new run takes none, an old one its own."""
    hiders: Annotated[str | None, arg(metavar="TEAM", help_behavior_hint="")] = None
    """A trained team that plays the hiders and learns nothing: the seekers learn the best response to it."""
    seekers: Annotated[str | None, arg(metavar="TEAM", help_behavior_hint="")] = None
    """Likewise for the seekers."""
    settings: Annotated[UseAppendAction[tuple[str, ...]], arg(name="set", metavar="NAME=VALUE")] = ()
    """Change one of the learner's numbers, such as entropy=0.02; a run's config.json names them all."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the networks live; auto takes a CUDA device if there is one."""
    keep: int = 24
    """How many checkpoints and recordings stay on disk, spread over the whole run."""
    watch: bool = False
    """Show the learning in a window beside training; where there is no screen, write a film of it at the end."""
    tensorboard: bool = False
    """Write curves for TensorBoard into the run's folder as well (needs the extra of that name)."""

    def run(self) -> int:
        from policies.commands.live import watched
        from policies.learning.config import PRESETS, changed
        from policies.learning.limits import Limits
        from policies.learning.run_folder import resumed
        from policies.learning.train import RunOptions, train
        from sim.scenario import scenario_from_text

        if self.preset not in (None, *PRESETS):
            raise UserError(f"preset '{self.preset}' is unknown; choose {', '.join(PRESETS)}")
        config, scenario = resumed(self.run_folder) or (PRESETS["laptop"], scenario_from_text("quadrant"))
        if self.preset is not None:
            kept = {name: getattr(config, name) for name in ("seed", "without", "hiders", "seekers")}
            config = dataclasses.replace(PRESETS[self.preset], **kept)
        asked = {
            "seed": self.seed,
            "without": tuple(sorted(set(self.without))) or None,
            "hiders": self.hiders,
            "seekers": self.seekers,
        }
        config = dataclasses.replace(config, **{name: value for name, value in asked.items() if value is not None})
        config = changed(config, self.settings)
        if self.scenario is not None:
            scenario = scenario_from_text(self.scenario)
        limits = Limits(self.minutes, self.steps, self.until)
        with watched(self.run_folder) if self.watch else contextlib.nullcontext():
            whole = train(
                config,
                scenario,
                self.run_folder,
                RunOptions(limits, self.device, self.keep, tensorboard=self.tensorboard),
            )
        return 0 if whole else INTERRUPTED


@dataclass(frozen=True)
class Record:
    """Play episodes and keep them as recordings."""

    hiders: Hiders
    """A scripted or shipped team, a team folder, or a run; see `hideseek teams`."""
    seekers: Seekers
    """Likewise."""
    scenario: Annotated[str, arg(metavar="S")] = "quadrant"
    """The world, see `hideseek scenarios`."""
    episodes: int = 1
    """How many."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    out: Annotated[Path, arg(metavar="DIR")] = PLAYED
    """Folder for the recordings."""

    def run(self) -> int:
        from policies.agents.players import player
        from policies.evaluation.record import record
        from sim.rules import HIDERS, SEEKERS
        from sim.scenario import scenario_from_text

        scenario = scenario_from_text(self.scenario)
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
    scenario: Annotated[str, arg(metavar="S")] = "quadrant"
    """The world, see `hideseek scenarios`."""
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
        from rich.progress import Progress

        from policies.agents.players import player
        from policies.evaluation.match import play
        from policies.evaluation.statistics import summary, table
        from sim.rules import HIDERS, SEEKERS
        from sim.scenario import scenario_from_text

        scenario = scenario_from_text(self.scenario)
        hiders = player(self.hiders, HIDERS, scenario, self.seed, self.greedy)
        seekers = player(self.seekers, SEEKERS, scenario, self.seed, self.greedy)
        threads = min(os.cpu_count() or 1, 2)
        with Progress(
            console=Console(stderr=True), transient=True, disable=self.json or not sys.stderr.isatty()
        ) as progress:
            task = progress.add_task("episodes", total=self.episodes)
            found = play(
                scenario,
                hiders,
                seekers,
                self.episodes,
                self.seed,
                self.without,
                threads=threads,
                on_batch=lambda done: progress.update(task, completed=done),
            )
        result = summary(found, self.hiders, self.seekers, scenario, self.seed, self.without, self.greedy)
        if self.json:
            print_json(result)
        else:
            Console().print(table(result, scenario))
        return 0


@dataclass(frozen=True)
class Rate:
    """Order teams by how good they are: against a fixed panel of scripted teams, and against each other."""

    teams: Annotated[Positional[tuple[str, ...]], arg(metavar="TEAM")]
    """Shipped teams, team folders or runs; each plays every side it holds."""
    scenario: Annotated[str, arg(metavar="S")] = "quadrant"
    """The world, see `hideseek scenarios`."""
    episodes: int = 256
    """Of every pair of teams."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from rich.console import Console
        from rich.progress import Progress

        from policies.agents.players import team_folder
        from policies.agents.team import sides_in
        from policies.evaluation.ratings import standings, table
        from sim.rules import HIDERS, SEEKERS
        from sim.scenario import scenario_from_text

        sides = {name: sides_in(team_folder(name)) for name in self.teams}
        hiders, seekers = ([name for name in self.teams if side in sides[name]] for side in (HIDERS, SEEKERS))
        scenario = scenario_from_text(self.scenario)
        quiet = self.json or not sys.stderr.isatty()
        with Progress(console=Console(stderr=True), transient=True, disable=quiet) as progress:
            task = progress.add_task("pairs", total=None)
            found = standings(
                scenario,
                hiders,
                seekers,
                self.episodes,
                self.seed,
                on_match=lambda done, of: progress.update(task, completed=done, total=of),
            )
        if self.json:
            print_json([dataclasses.asdict(one) for one in found])
            return 0
        for side in (HIDERS, SEEKERS):
            Console().print(table(found, side))
        return 0


@dataclass(frozen=True)
class Bench:
    """Measure how fast this machine plays, learns and draws."""

    only: Literal["all", "world", "learner", "viewer"] = "all"
    """One part instead of all."""
    seconds: float = 60.0
    """How long to measure in all."""
    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from policies.bench.run import bench

        bench(None if self.only == "all" else self.only, self.seconds, self.json)
        return 0


def print_json(value: object) -> None:
    """For the next program."""
    print(json.dumps(value, indent=2))
