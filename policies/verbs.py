"""What each verb of the `hideseek` command does: frozen dataclasses whose `run` returns the exit code.

The docstrings under the fields are the command line's help. Each `run` imports what it needs, so that help
and verbs that need no networks start quickly.
"""

import dataclasses
import itertools
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from tyro.conf import Positional, UseAppendAction, arg

from sim.errors import UserError

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

PLAYED = Path("replays")
"""Where episodes go that were recorded or played, unless another folder is named."""

_RUNS = Path("runs")
_GALLERY = Path(__file__).parent.parent / "replays" / "gallery"
_TICK = "#tick="

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
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the networks live; auto takes a CUDA device if there is one."""
    keep: int = 10
    """How many of the newest checkpoints and recordings stay on disk."""
    tensorboard: bool = False
    """Write curves for TensorBoard into the run's folder as well (needs the extra of that name)."""

    def run(self) -> int:
        from policies.presets import PRESETS
        from policies.run_folder import resumed
        from policies.train import train
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
        if self.scenario is not None:
            scenario = scenario_from_text(self.scenario)
        whole = train(
            config,
            scenario,
            self.run_folder,
            self.minutes,
            self.steps,
            self.device,
            self.keep,
            tensorboard=self.tensorboard,
        )
        return 0 if whole else INTERRUPTED


@dataclass(frozen=True)
class Watch:
    """Open a window on a recording, on a run's newest one, or (with a folder, or nothing) on a gallery.

    Where no window opens, a gif is written into the current folder instead.
    """

    what: Annotated[Positional[str], arg(metavar="REPLAY[#tick=T]|RUN|FOLDER")] = ""
    """A recording, a run folder, a folder of recordings or of runs; #tick=T pauses at a tick."""
    scale: Annotated[float | None, arg(metavar="X", help_behavior_hint="")] = None
    """Size of letters and buttons, 0.5 to 4, such as 2 for a dense screen; remembered."""

    def run(self) -> int:
        recordings, number, tick = _to_watch(self.what)
        from policies.playing import studio
        from replays.recording import read
        from replays.video import export
        from replays.viewer.app import NoWindow, watch

        reason = "There is no screen to open a window on"
        if _has_screen():
            try:
                watch(recordings, tick, number, self.scale, studio(PLAYED))
                return 0
            except NoWindow as problem:
                reason = f"No window opens here ({problem.__cause__})"
        shown = recordings[number or 0]
        film = _free_film(shown)
        export(read(shown), film, tick or 0)
        print(f"{reason}; {shown} as a film: {film.resolve()}")
        return 0


@dataclass(frozen=True)
class Play:
    """Play against a team yourself, with the keyboard; the window shows the keys."""

    scenario: Annotated[Positional[str], arg(metavar="SCENARIO")] = "quadrant"
    """The world, see `hideseek scenarios`."""
    side: Annotated[Literal["hider", "seeker"], arg(name="as")] = "hider"
    """Who you are: the first of that team."""
    against: Annotated[str | None, arg(metavar="TEAM", help_behavior_hint="")] = None
    """The other team, see `hideseek teams`; chaser against a hider, builder against a seeker by default."""
    mates: Annotated[str | None, arg(name="with", metavar="TEAM", help_behavior_hint="")] = None
    """Who plays the rest of your team; evader with a hider, chaser with a seeker by default."""
    seed: int = 0
    """The first start follows from it; every further game has another one."""
    out: Annotated[Path, arg(metavar="DIR")] = PLAYED
    """Folder in which what was played is kept."""

    def run(self) -> int:
        from policies.playing import scene, studio
        from replays.viewer.app import play
        from sim.scenario import scenario_from_text

        scenario = scenario_from_text(self.scenario)
        if not _has_screen():
            raise UserError("there is no screen to play on; hideseek record lets two teams play without one")
        play(scene(scenario, self.side, self.against, self.mates, self.seed, self.out), studio(self.out))
        return 0


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
        from policies.players import player
        from policies.record import record
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

        from policies.evaluate import summary, table
        from policies.match import play
        from policies.players import player
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
            _print_json(result)
        else:
            Console().print(table(result))
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

        from policies.players import team_folder
        from policies.ratings import standings, table
        from policies.team import sides_in
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
            _print_json([dataclasses.asdict(one) for one in found])
            return 0
        for side in (HIDERS, SEEKERS):
            Console().print(table(found, side))
        return 0


@dataclass(frozen=True)
class Export:
    """Turn a recording, or a part of it, into a film or a picture."""

    replay: Annotated[Positional[Path], arg(metavar="REPLAY")]
    """The recording."""
    to: Annotated[Path, arg(metavar="clip.mp4|clip.gif|still.png")]
    """The file to write, over what is there; its ending says what it becomes."""
    first: Annotated[int, arg(name="from", metavar="TICK")] = 0
    """First tick shown; a picture shows this one."""
    until: Annotated[int | None, arg(metavar="TICK", help_behavior_hint="")] = None
    """Last tick shown; the end by default."""

    def run(self) -> int:
        from rich.console import Console
        from rich.progress import Progress

        from replays.recording import read
        from replays.video import export_bit_by_bit

        work = export_bit_by_bit(read(self.replay), self.to, self.first, self.until)
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("pictures", total=1.0)
            for share in work:
                progress.update(task, completed=share)
        print(self.to)
        return 0


@dataclass(frozen=True)
class Scenarios:
    """List the worlds and their options."""

    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from sim.scenario import options_of, scenario_from_text, scenario_names

        found = [{"name": name, "options": options_of(scenario_from_text(name))} for name in scenario_names()]
        if self.json:
            _print_json(found)
            return 0
        for scenario in found:
            print(scenario["name"])
            for option, value in scenario["options"].items():
                print(f"    {option}={value}")
        print("\nChange options like this: --scenario quadrant:room_m=3.0,boxes=1")
        return 0


@dataclass(frozen=True)
class Teams:
    """List the teams that can be named; team folders and runs can be given by their path."""

    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from policies.players import scripted_teams, shipped_teams

        found = [{"name": name, "kind": "scripted", "about": about} for name, about in scripted_teams().items()]
        found += [{"name": name, "kind": "shipped", "about": "Trained and shipped"} for name in shipped_teams()]
        if self.json:
            _print_json(found)
            return 0
        width = max(len(team["name"]) for team in found)
        for team in found:
            print(f"{team['name']:{width}}  {team['kind']:8}  {team['about']}")
        return 0


@dataclass(frozen=True)
class Bench:
    """Measure how fast this machine plays, learns and draws."""

    only: Annotated[
        Literal["world", "learner", "viewer"] | None, arg(metavar="world|learner|viewer", help_behavior_hint="")
    ] = None
    """One part instead of all."""
    seconds: float = 60.0
    """How long to measure in all."""
    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from policies.bench import bench

        bench(self.only, self.seconds, self.json)
        return 0


def _has_screen() -> bool:
    """Can a window be expected to open here?"""
    driver = os.environ.get("SDL_VIDEODRIVER")
    if driver:
        return driver not in ("dummy", "offscreen")
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _to_watch(what: str) -> tuple[list[Path], int | None, int | None]:
    """The recordings to open, the number of the one shown first or None for a gallery, and the tick to pause at."""
    from replays.viewer.gallery_sources import of_run, recordings_in

    text, marked, tick_text = what.partition(_TICK)
    if marked and not tick_text.isdecimal():
        raise UserError(f"'{what}' wants a whole number after {_TICK}")
    tick = int(tick_text) if marked else None
    if not text:
        return _unasked(), None if tick is None else 0, tick
    found = recordings_in(Path(text))
    of_one_run = bool(of_run(Path(text)))
    if len(found) > 1 and not of_one_run and tick is None:
        return found, None, None
    return found, len(found) - 1 if of_one_run else 0, tick


def _unasked() -> list[Path]:
    """What is shown where nothing is named: what is shipped, and what was recorded in all runs."""
    from replays.viewer.gallery_sources import of_runs

    found = [*sorted(_GALLERY.glob("*.npz")), *of_runs(_RUNS)]
    if not found:
        raise UserError("there is nothing to watch yet; train a run, or give a recording or a run folder")
    return found


def _free_film(recording: Path) -> Path:
    """A name for a film in the current folder that nothing has yet: the recording's, after its run's if it has one."""
    from replays.viewer.gallery_facts import run_of

    run = run_of(recording)
    stem = recording.stem if run is None else f"{run}-{recording.stem}"
    films = (Path(f"{stem}{end}.gif") for end in itertools.chain([""], (f"-{n}" for n in itertools.count(2))))
    return next(film for film in films if not film.exists())


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2))
