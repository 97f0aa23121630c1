"""Files that the programs write themselves, with parts changed at random, handed to those that read them.

    python -m tests.policies.mutated_files --files 100000 --seed 1

`tests.policies.hostile_files` draws what a clever stranger would write, some tens of files a second; this changes
bytes, pieces and numbers (`tests.policies.mutations`), hundreds a second. The kinds of files, and what reading one may
do, are the same: a result or UserError, in less than a second of the processor's time, in little memory, with nothing
executed and nothing written elsewhere. Kinds take turns of a second, so that fast readers read more. File `n` of a kind
follows from the seed and `n` alone. What a fault was raised by is kept in the folder that is named; a crash leaves its
file there, too, and the stack on standard error.
"""

import argparse
import faulthandler
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.policies.hostile_files import MOST_CPU_S, MOST_MIB, Guard, Kind, kinds, no_hang, peak_mib, read_hostile
from tests.policies.mutations import mutated

TURN_S = 1.0
REPORT_EVERY = 20_000
MEMORY_DISK = Path("/dev/shm")
"""Where there is one files are written four times as fast."""


class Fault(NamedTuple):
    """What a file was answered by that should have been read or refused."""

    kind: str
    what: str
    number: int
    """Of the file."""


class Attack:
    """Reads changed files of one kind, from file 0 on."""

    def __init__(self, name: str, kind: Kind, seed: int, guard: Guard) -> None:
        self.name, self.kind, self.guard = name, kind, guard
        self.good = kind.path.read_bytes()
        self.seed = [seed, *name.encode()]
        self.counts: Counter[str] = Counter()
        self.slowest_s = 0.0
        self.files = 0
        kind.read()  # what the first reader imports and compiles is not the file's doing

    def content(self, number: int) -> bytes:
        return mutated(self.good, np.random.default_rng([*self.seed, number]))

    def next(self) -> Fault | None:
        """Reads one file; returns what was wrong with that."""
        number, before, begun = self.files, peak_mib(), time.process_time()
        self.files += 1
        try:
            fine, seconds = read_hostile(self.kind, self.content(number), self.guard)
        except Exception as error:  # all but UserError is a fault, whatever it is
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            return Fault(self.name, f"{type(error).__name__} in {where}: {str(error)[:200]}", number)
        finally:
            self.slowest_s = max(self.slowest_s, time.process_time() - begun)
        self.counts["read" if fine else "refused"] += 1
        if seconds > MOST_CPU_S:
            return Fault(self.name, f"took {seconds:.1f} s", number)
        if peak_mib() - before > MOST_MIB:
            return Fault(self.name, f"took {peak_mib() - before:.0f} MiB", number)
        return None

    def turn(self, most: int) -> list[Fault]:
        """Reads at most `most` files, for a second, and puts the good one back: others are read beside it."""
        end, until = self.files + most, time.monotonic() + TURN_S
        faults = []
        with no_hang():
            while self.files < end and time.monotonic() < until:
                faults.append(self.next())
        self.kind.path.write_bytes(self.good)
        return [fault for fault in faults if fault]


def attack_in_turns(attacks: list[Attack], files: int, keep: Path) -> list[Fault]:
    """Reads `files` files of all kinds together; keeps and prints the first of each kind of fault, returns all."""
    faults: list[Fault] = []
    known: set[str] = set()
    done = reported = 0
    while done < files:
        for attack in attacks:
            left = files - sum(one.files for one in attacks)
            for fault in attack.turn(left):
                faults.append(fault)
                sort = f"{fault.kind} {fault.what.partition(': ')[0]}"
                if sort not in known:
                    known.add(sort)
                    keep.mkdir(exist_ok=True)
                    (keep / f"{fault.kind}-{fault.number}").write_bytes(attack.content(fault.number))
                    print(f"{fault.kind}, file {fault.number}: {fault.what}", flush=True)
        done = sum(one.files for one in attacks)
        if done >= reported + REPORT_EVERY:
            reported = done
            print(f"{done:,} files, {len(faults)} faults", flush=True)
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="mutated-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None))
    os.environ["XDG_CONFIG_HOME"] = str(place / "user")
    print(f"files lie in {place}", flush=True)
    faulthandler.enable()
    guard = Guard()
    attacks = [Attack(name, kind, options.seed, guard) for name, kind in kinds(place).items()]
    before, begun = peak_mib(), time.monotonic()
    faults = attack_in_turns(attacks, options.files, place / "faults")
    for attack in attacks:
        print(f"{attack.name}: {dict(attack.counts)}, the slowest {attack.slowest_s * 1000:.0f} ms")
    seconds = time.monotonic() - begun
    print(f"{options.files:,} files in {seconds:,.0f} s, {peak_mib() - before:.0f} MiB more than before", end="; ")
    print(f"{len(faults)} faults", flush=True)
    if faults:
        sys.exit(1)
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
