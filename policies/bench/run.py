"""`hideseek bench`: measures the speed of the world, the learner and the viewer on this machine.

The world is compared with plain pymunk and with Chipmunk alone (`policies.bench.world`), the learner with
Stable-Baselines3 where that is installed (`policies.bench.learner`); the viewer is timed without a screen
(`policies.bench.viewer`). Two parts take longer and are measured only where they are asked for: how a tick's time grows
(`policies.bench.growth`), and how long it takes until teams shut themselves in (`policies.bench.sealed`).
"""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from policies.bench.document import BenchDocument, LearnerSpeed, Races, ViewerSpeed, WorldSpeed
from sim.errors import UserError
from sim.scenario import scenario_from_text

Part = Literal["world", "learner", "viewer", "growth", "sealed"]
PARTS: tuple[Part, ...] = ("world", "learner", "viewer")
"""What is measured where nothing else is asked for."""
SCENARIO = "quadrant"
"""What the learner is measured with: the tight room, 2 against 2."""
WORLDS = {"quadrant": 1024, "quadrant-two-boxes": 1024, "rooms-full": 512}
"""Scenarios that the world is measured with, and the number of worlds at once."""

_PACKAGES = ("numpy", "numba", "pymunk", "torch", "pygame-ce")


def bench(only: Part | None = None, seconds: float = 60.0, as_json: bool = False) -> None:
    """Measures and prints.

    Args:
        only: one part instead of `PARTS`.
        seconds: how long to measure in all, without compiling and warming up; each part takes at least as long as
            its smallest sample, which is about a minute for the world.
        as_json: one JSON object instead of tables.

    Raises:
        UserError: `seconds` is not positive.
    """
    results = measure(only, seconds, _say)
    if as_json:
        print(json.dumps(results, indent=2))
        return
    for table in tables(results):
        Console().print(table)


def measure(only: Part | None, seconds: float, tell: Callable[[str], None] = lambda words: None) -> BenchDocument:
    """Measures one part, or `PARTS`; `tell` is called with a few words before each step.

    Raises UserError if `seconds` is out of range.
    """
    if not 0 < seconds < 86_400:
        raise UserError(f"--seconds {seconds} is out of range; give more than 0 and less than a day")
    parts = PARTS if only is None else (only,)
    scenario, part_seconds = scenario_from_text(SCENARIO), seconds / len(parts)
    tell(f"measuring for {seconds:g} s or longer, compiling aside: {', '.join(parts)}")
    results: BenchDocument = {"machine": machine()}
    # Each part brings its own libraries: torch must not be loaded to time the viewer.
    if "world" in parts:
        from policies.bench import world as bench_world

        results["world"] = {}
        for name, worlds in WORLDS.items():
            tell(f"the world {name}")
            results["world"][name] = bench_world.measure(scenario_from_text(name), worlds, part_seconds / len(WORLDS))
    if "learner" in parts:
        tell("the learner")
        from policies.bench import learner

        results["learner"] = learner.measure(scenario, part_seconds)
    if "viewer" in parts:
        tell("the viewer")
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # a greeting on stdout would spoil the JSON
        from policies.bench import viewer as bench_viewer

        results["viewer"] = bench_viewer.measure(part_seconds)
    if "growth" in parts:
        tell("how the time of a tick grows")
        from policies.bench import growth

        results["growth"] = growth.measure(part_seconds)
    if "sealed" in parts:
        tell("until half of the episodes end sealed and locked")
        from policies.bench import sealed

        results["sealed"] = sealed.measure(scenario, part_seconds)
    return results


def _say(words: str) -> None:
    """A plain line: one that moves would take time from what is measured."""
    print(f"hideseek bench: {words}", file=sys.stderr, flush=True)


def machine() -> dict[str, str | int | None]:
    """Hardware and versions that the numbers depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str | None:
    """None if it is not installed: the world and the viewer need no torch."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def tables(results: BenchDocument) -> Iterator[Table]:
    """The results as tables for the terminal."""
    about = results["machine"]
    packages = ", ".join(f"{name} {about[name] or 'not installed'}" for name in _PACKAGES)
    yield _table(
        "The machine", [(f"{about['processor']}, {about['cores']} cores", f"Python {about['python']}", packages)]
    )
    for name, world in results.get("world", {}).items():
        yield _table(f"The world: {name}, microseconds of one world's tick on one thread", _world_rows(world))
    if "learner" in results:
        yield _table("The learner: both teams, playing included", _learner_rows(results["learner"]))
    if "viewer" in results:
        yield _table("The viewer, milliseconds", _viewer_rows(results["viewer"]))
    for name, curve in results.get("growth", {}).items():
        yield _table(f"Microseconds of one world's tick by number of {name}", _growth_rows(curve))
    if "sealed" in results:
        yield _table("Until half of the episodes end sealed and locked", _sealed_rows(results["sealed"]))


def _table(title: str, rows: list[tuple[str, str, str]]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    return table


def _world_rows(world: WorldSpeed) -> list[tuple[str, str, str]]:
    tick, alone = world["tick_us"], world["chipmunk_us"]
    plain = {"plain pymunk": world["plain_us"], "plain pymunk, rays in numpy": world["plain_numpy_us"]}
    return [
        ("ours: physics, sight, lidar, observation, reward", f"{tick:.1f}", f"{world['reset_share']:.1%} of it resets"),
        *([("Chipmunk alone", f"{alone:.1f}", f"ours takes {tick / alone:.2f} times that")] if alone else []),
        *((way, f"{spent:.0f}", f"{spent / tick:.1f} times ours") for way, spent in plain.items() if spent is not None),
        *(
            (f"world ticks a second, {count} thread{'s' * (count != '1')}", f"{speed:,.0f}", "")
            for count, speed in world["threads"].items()
        ),
        ("steps a second of the PettingZoo environment", f"{world['env_steps_per_s']:,.0f}", ""),
    ]


def _learner_rows(learner: LearnerSpeed) -> list[tuple[str, str, str]]:
    theirs = learner["sb3_agent_steps_per_s"]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in learner["shares"].items())
    return [
        ("agent-steps a second", f"{learner['agent_steps_per_s']:,.0f}", shares),
        ("Stable-Baselines3", "not installed" if theirs is None else f"{theirs:,.0f}", ""),
    ]


def _growth_rows(curve: dict[str, float]) -> list[tuple[str, str, str]]:
    return [
        (f"{int(value):,}", f"{spent:.2f}", f"{1e6 / spent:,.0f} world ticks a second")
        for value, spent in curve.items()
    ]


def _sealed_rows(sealed: Races) -> list[tuple[str, str, str]]:
    rows = []
    for name, label in (("ours", "ours"), ("sb3", "Stable-Baselines3")):
        race = sealed[name]
        if race is None:
            rows.append((label, "not installed", ""))
            continue
        minutes = "not yet" if race["minutes"] is None else f"{race['minutes']:.1f} minutes"
        after = (
            f"{race['robust_end']:.0%} after {race['trained_minutes']:.1f} minutes "
            f"({race['processor_minutes']:.1f} of the processor), {race['agent_steps']:,} agent-steps"
        )
        rows.append((label, minutes, after))
    return rows


def _viewer_rows(viewer: ViewerSpeed) -> list[tuple[str, str, str]]:
    frames = [
        (
            f"a frame of {count} recording{'s' * (count != '1')}",
            f"{pane['frame_ms_p50']:.1f}",
            f"99th percentile {pane['frame_ms_p99']:.1f}",
        )
        for count, pane in viewer["panes"].items()
    ]
    return [
        ("until the first frame", f"{viewer['first_frame_ms']:.0f}", ""),
        (
            "a jump to any tick, 99th percentile",
            f"{viewer['seek_ms_p99']:.1f}",
            f"{viewer['seek_growth_jumps']:,} jumps take {viewer['seek_growth_mib']:.1f} MiB more memory than a tenth",
        ),
        *frames,
        (
            "a frame of a gallery of 500 that scrolls",
            f"{viewer['gallery']['frame_ms_p50']:.1f}",
            f"99th percentile {viewer['gallery']['frame_ms_p99']:.1f}",
        ),
    ]
