"""Trainings by the real command that are hit again and again, and must end as if nothing had happened.

    python -m tests.policies.misfortunes --hits 200

A run is trained once without interruption. A second one is hit while it trains or while it rests: by signals, by a
limit on memory or file size, a full disk, a clock set back, a file cut or deleted. After every hit the command is given
again. It must go on from the newest checkpoint, or refuse in one line; then what the line says is done, and it must go
on from the checkpoint before. In the end the checkpoint equals the uninterrupted run's byte for byte, and so do the
metrics that were not themselves damaged.
"""

import argparse
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from policies.agents.folders import checkpoints, step_name
from policies.commands.errors import BAD_INPUT, INTERRUPTED

ROOT = Path(__file__).parents[2]
UPDATES = 60
PATIENCE_S = 900
QUADRANT = "quadrant:ticks=10,preparation_ticks=4"
ROOMS = "rooms:ticks=10,preparation_ticks=4,hiders=2,seekers=2,boxes=3,ramps=1"
KINDS = {
    "mlp": (QUADRANT, ""),
    "recurrent": (QUADRANT, "--set network=recurrent"),
    "pooled": (QUADRANT, "--set network=pooled"),
    "rooms": (ROOMS, ""),
    "frozen": (QUADRANT, "--hiders {opponent}"),
    "restarts": (QUADRANT, "--set restart_below=0.5 --set restart_steps=1000"),
}
"""The scenario of each kind of training, and its options."""
PER_UPDATE = 8 * 10 * 4
SMALL = f"--set worlds=8 --set minibatch=64 --set hidden=16 --set pool=3 --set checkpoint_steps={2 * PER_UPDATE}"
TIMING = ("seconds", "steps_per_s", "shares")
OPPONENT = "opponent"
NO_MEMORY_TO_TELL = "Exception ignored on building sys.unraisablehook arguments"
"""Python says that by itself, and more, many times and around our line, when memory runs out in a destructor."""
DISK_BYTES = 64 * 2**20


class Run:
    """A run of one kind, and the processes that train it."""

    def __init__(self, folder: Path, kind: str, logs: Path) -> None:
        """`logs` gets what the command says, and has the run that is the opponent."""
        scenario, options = KINDS[kind]
        self.folder = folder
        options = f"{SMALL} --set snapshot_steps=700 {options.format(opponent=logs / OPPONENT)}".split()
        self.command = [sys.executable, "-m", "policies.cli", "train", "smoke", "--scenario", scenario, *options]
        self.command += ["--device", "cpu", "--run", str(folder), "--steps", str(UPDATES * PER_UPDATE)]
        self.output, self.errors = logs / f"{folder.name}.output", logs / f"{folder.name}.errors"
        self.process: subprocess.Popen[bytes] | None = None
        self.mute = False
        """Not even a message can be written any more: the exit code alone tells."""

    def start(self) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as out, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=errors, cwd=ROOT)
        self.mute = False
        return self.process

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def newest(self) -> int:
        """Agent-steps of the newest checkpoint; 0 if there is none."""
        found = checkpoints(self.folder)
        return int(found[-1].name) if found else 0

    def wait_for_checkpoint(self) -> bool:
        """Whether a new one comes; False if the process ends first."""
        assert self.process
        before, until = self.newest(), time.monotonic() + PATIENCE_S
        while self.newest() == before and self.process.poll() is None:
            assert time.monotonic() < until, f"no checkpoint in {PATIENCE_S} seconds: {self.last_output()}"
            time.sleep(0.01)
        return self.newest() > before

    def end(self) -> int:
        """Waits for the process and returns its exit code; it may have ended in any way but with a traceback."""
        assert self.process
        code = self.process.wait(PATIENCE_S)
        said = self.errors.read_text()  # Python reports by itself what happens before the command begins
        assert "Traceback" not in said or "in_one_line" not in said, self.last_output()
        if code == BAD_INPUT:
            assert len(self.refusal()) == 1 or self.mute, self.last_output()
        return code

    def refusal(self) -> list[str]:
        """The lines in which the command says what is wrong."""
        errors = self.errors.read_text()
        if NO_MEMORY_TO_TELL in errors:
            return re.findall("hideseek: (?!compiling).*", errors)
        return [line for line in errors.splitlines() if "compiling" not in line]

    def last_output(self) -> str:
        return f"{self.output.read_text()[-500:]}\n{self.errors.read_text()[-3000:]}"

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


# What happens to a process that trains. Each sees to it that the process ends.


def struck(number: signal.Signals, times: int = 1) -> Callable[[Run, random.Random], None]:
    """Sends a signal; one that asks to stop must save all that was learnt."""

    def hit(run: Run, random: random.Random) -> None:
        assert run.process
        for _ in range(times):
            run.process.send_signal(number)
        code = run.end()
        if code == INTERRUPTED and "agent-steps; saved" in run.output.read_text():
            assert metrics(run.folder)[-1]["agent_steps"] == run.newest(), "it says that it has saved"

    return hit


def out_of_memory(run: Run, random: random.Random) -> None:
    """From here on the process gets a few MiB more at most."""
    assert run.process
    with open(f"/proc/{run.process.pid}/statm") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    most = size + random.randrange(2**22)
    resource.prlimit(run.process.pid, resource.RLIMIT_AS, (most, most))
    _end_or_kill(run, random)


def no_larger_files(run: Run, random: random.Random) -> None:
    """From here on the process may write only a limited number of bytes into a file."""
    assert run.process
    most = random.choice([0, 1, 1000, 10_000, 100_000])
    resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (most, most))
    run.mute = most < 1000
    _end_or_kill(run, random)


def full_disk(run: Run, random: random.Random) -> None:
    """Another file takes all the space that is left, and is deleted once the process has noticed."""
    ballast = run.folder.parent / "ballast"
    try:
        with suppress_full(), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(2**12)):
                pass
        _end_or_kill(run, random)
    finally:
        ballast.unlink()


@contextmanager
def suppress_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        assert error.errno == 28, error


def _end_or_kill(run: Run, random: random.Random) -> None:
    """Some processes hardly notice, and are killed after a while."""
    assert run.process
    try:
        run.process.wait(random.uniform(1.0, 5.0))
    except subprocess.TimeoutExpired:
        run.process.kill()
    run.end()


# What happens to a run that rests.


def clock_set_back(run: Run, random: random.Random) -> None:
    """All files of the run are from the future."""
    ahead = time.time() + random.choice([3600, 86400, 366 * 86400])
    for path in [*run.folder.rglob("*"), run.folder]:
        os.utime(path, (ahead, ahead))


def cut(run: Run, random: random.Random) -> None:
    path = random.choice(run.files())
    os.truncate(path, random.randrange(path.stat().st_size + 1))


def deleted(run: Run, random: random.Random) -> None:
    random.choice(run.files()).unlink()


def newest_cut(run: Run, random: random.Random) -> None:
    path = random.choice(_newest_files(run))
    os.truncate(path, random.randrange(path.stat().st_size))


def newest_deleted(run: Run, random: random.Random) -> None:
    random.choice(_newest_files(run)).unlink()


def _newest_files(run: Run) -> list[Path]:
    newest = checkpoints(run.folder)[-1]
    return [path for path in run.files() if path.is_relative_to(newest)] + [run.folder / "config.json"]


WHILE_TRAINING = {
    "SIGKILL": struck(signal.SIGKILL),
    "SIGTERM": struck(signal.SIGTERM),
    "SIGINT": struck(signal.SIGINT),
    "SIGINT twice": struck(signal.SIGINT, 2),
    "SIGHUP": struck(signal.SIGHUP),
    "memory limit": out_of_memory,
    "file size limit": no_larger_files,
    "full disk": full_disk,
}
AT_REST = {
    "clock set back": clock_set_back,
    "file cut": cut,
    "file deleted": deleted,
    "newest cut": newest_cut,
    "newest deleted": newest_deleted,
}


def hit(run: Run, name: str, random: random.Random) -> None:
    """Lets a misfortune happen to a run that is being trained, and gives its command again, until it goes on."""
    assert run.process
    early = random.random() < 0.3
    if early:  # while the command starts
        run.kill()
        run.start()
    time.sleep(random.uniform(0.0, 4.0 if early else 1.0))
    before = run.newest()
    if name in WHILE_TRAINING:
        WHILE_TRAINING[name](run, random)
    else:
        run.kill()
    assert run.newest() >= before, "a checkpoint is lost"
    kept = {path: path.read_bytes() for path in (run.folder / "config.json",) if path.exists()}
    if name in AT_REST and run.folder.exists() and checkpoints(run.folder):
        AT_REST[name](run, random)
    go_on(run, kept)


def go_on(run: Run, kept: dict[Path, bytes]) -> None:
    """Gives the command again; a refusal says in one line what to do, and after that it works."""
    found = checkpoints(run.folder)
    run.start()
    if not run.wait_for_checkpoint() and run.end() == BAD_INPUT:
        refusal = run.refusal()[0]
        if "config.json" in refusal:
            for path, content in kept.items():
                path.write_bytes(content)
        elif len(found) > 1:
            assert f"{found[-1]} is damaged" in refusal and "delete it" in refusal, refusal
            shutil.rmtree(found[-1])
        else:
            assert f"{found[-1]} is damaged" in refusal and "another run" in refusal, refusal
            shutil.rmtree(run.folder)
        run.start()
        if not run.wait_for_checkpoint():
            assert run.end() == 0, run.last_output()
    going_on = [line for line in run.output.read_text().splitlines() if "going on from" in line]
    if len(found) > 1:
        assert going_on, run.last_output()
        steps = int(going_on[0].partition("going on from ")[2].partition(" ")[0].replace(",", ""))
        assert steps >= int(found[-2].name), "more than one checkpoint is lost"


def metrics(run: Path) -> list[dict]:
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name not in TIMING} for line in lines]


def same(run: Path, whole: Path) -> None:
    """Asserts that the last checkpoints are equal, and every line of metrics; some may have been cut off."""
    name = step_name(UPDATES * PER_UPDATE)
    files = sorted(path.relative_to(whole) for path in (whole / "checkpoints" / name).rglob("*") if path.is_file())
    assert len(files) == 3
    for path in files:
        assert (run / path).read_bytes() == (whole / path).read_bytes(), f"{path} differs"
    wanted = {line["agent_steps"]: line for line in metrics(whole)}
    found = metrics(run)
    steps = [line["agent_steps"] for line in found]
    assert steps == sorted(set(steps)) and all(wanted[line["agent_steps"]] == line for line in found)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own below a folder, where the system lets us make one."""
    folder.mkdir()
    mounted = (
        shutil.which("mount") is not None
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], stderr=subprocess.DEVNULL
        ).returncode
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def hits(kind: str, count: int, seed: int, place: Path) -> Counter[str]:
    """Trains runs of a kind until they were hit so often; returns how often by what."""
    dice, opponent, counts = random.Random(f"{kind}-{seed}"), place / OPPONENT, Counter()
    if "opponent" in KINDS[kind][1] and not opponent.exists():
        finish(Run(opponent, "mlp", place))
    whole = Run(place / f"{kind}-whole", kind, place)
    finish(whole)
    with small_disk(place / f"{kind}-disk") as mounted:
        names = [name for name in (*WHILE_TRAINING, *AT_REST) if mounted or name != "full disk"]
        order = dice.sample(names * -(-count // len(names)), count)
        for number in range(count):
            run = Run(place / f"{kind}-disk" / f"run-{number}", kind, place)
            try:
                run.start()
                while order and run.wait_for_checkpoint():
                    hit(run, order[-1], dice)
                    counts[order.pop()] += 1
                    print(f"{kind}: {sum(counts.values())} hits, at {run.newest():,} agent-steps", flush=True)
                finish(run)
            finally:
                run.kill()
            same(run.folder, whole.folder)
            if not order:
                break
            shutil.rmtree(run.folder)
    return counts


def finish(run: Run) -> None:
    if run.process is None:
        run.start()
    try:
        assert run.process and run.process.wait(PATIENCE_S) == 0, run.last_output()
    finally:
        run.kill()  # if we were stopped ourselves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=KINDS, action="append")
    options = parser.parse_args()
    kinds = options.kind or list(KINDS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that disks are taken down
    with tempfile.TemporaryDirectory() as folder:
        for number, kind in enumerate(kinds):
            share = options.hits // len(kinds) + (number < options.hits % len(kinds))
            print(kind, dict(hits(kind, share, options.seed, Path(folder))))


if __name__ == "__main__":
    main()
