"""A training of hours, by the real command: do its memory, its open files and its speed stay what they were?

    python -m tests.policies.soak --hours 2 --scenario quadrant-large

Once a minute the memory, open files and threads of the process are read. In the end it is compared with a young one,
which goes on with a copy of the run and so does the same work with the same networks. They take turns, one stopped
while the other trains: what else runs on a machine changes its speed by more than the few per cent that are looked for.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from policies.evaluation.statistics import mean_with_interval
from replays.format.metrics import parsed_lines

ROOT = Path(__file__).parents[2]
A_READING_S = 60.0
A_TURN_S = 30.0
TURNS = 12
YOUNG_UPDATES = 20
"""After so many, a young process has compiled, filled its caches and met past opponents."""


def train(run: Path, options: list[str]) -> subprocess.Popen[bytes]:
    """Begins a run or goes on with it."""
    command = [sys.executable, "-m", "policies.cli", "train", *options, "--run", str(run)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def updates(run: Path) -> list[int]:
    """Agent-steps at the end of each update."""
    return [line["agent_steps"] for line in parsed_lines(run / "metrics.jsonl")]


def reading(pid: int) -> tuple[float, int, int]:
    """Resident MiB, open files and threads of a process."""
    process = Path(f"/proc/{pid}")
    pages = int((process / "statm").read_text().split()[1])
    mib = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return mib, len(list((process / "fd").iterdir())), len(list((process / "task").iterdir()))


def watch(process: subprocess.Popen[bytes], seconds: float) -> np.ndarray:
    """Readings [minute, (MiB, files, threads)] until the time is over."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(A_READING_S)
        if process.poll() is not None:
            sys.exit(f"the training ended with {process.returncode}")
        found.append(reading(process.pid))
        print(f"{len(found)} min: {found[-1][0]:.0f} MiB, {found[-1][1]} files, {found[-1][2]} threads", flush=True)
    return np.array(found)


@contextmanager
def running(pid: int) -> Iterator[None]:
    """Lets a stopped process go on for a while."""
    os.kill(pid, signal.SIGCONT)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGSTOP)


def speeds(processes: dict[int, Path]) -> np.ndarray:
    """Agent-steps a second [turn, process] of stopped trainings that take turns."""
    found = np.empty((TURNS, len(processes)))
    for turn in range(TURNS):
        order = list(enumerate(processes.items()))
        for column, (pid, run) in order if turn % 2 else reversed(order):
            before, begun = updates(run)[-1], time.monotonic()
            with running(pid):
                time.sleep(A_TURN_S)
            found[turn, column] = (updates(run)[-1] - before) / (time.monotonic() - begun)
    return found


def compare(old: int, run: Path, options: list[str]) -> None:
    """Says how fast the process `old`, which trains `run`, is beside a young one; both are stopped in the end."""
    copy = run.with_name(f"{run.name}-young")
    os.kill(old, signal.SIGSTOP)
    shutil.copytree(run, copy)
    young = train(copy, options)
    try:
        enough = len(updates(copy)) + YOUNG_UPDATES
        while len(updates(copy)) < enough:
            if young.poll() is not None:
                sys.exit(f"the young training ended with {young.returncode}")
            time.sleep(1.0)
        os.kill(young.pid, signal.SIGSTOP)
        found = speeds({old: run, young.pid: copy})
    finally:
        young.kill()
    ratio = mean_with_interval(found[:, 0] / found[:, 1])
    print(f"old {found[:, 0].mean():,.0f}, young {found[:, 1].mean():,.0f} agent-steps a second in {TURNS} turns each")
    print("ratio, mean of turns: {mean:.3f} ({low:.3f} to {high:.3f})".format(**ratio))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--scenario", default="quadrant-large")
    parser.add_argument("--run", type=Path, default=Path("runs/soak"))
    given = parser.parse_args()
    options = ["laptop", "--scenario", given.scenario]
    old = train(given.run, options)
    try:
        found = watch(old, given.hours * 3600)
        later = found[len(found) // 4 :]
        slope = np.polyfit(np.arange(len(later)) / 60, later[:, 0], 1)[0]
        print(f"memory {later[:, 0].min():.0f} to {later[:, 0].max():.0f} MiB, {slope:+.1f} an hour")
        files, threads = (sorted({int(count) for count in column}) for column in found[:, 1:].T)
        print(f"files {files}, threads {threads}")
        compare(old.pid, given.run, options)
    finally:
        old.kill()


if __name__ == "__main__":
    main()
