"""Several episodes from each start, in which a team draws other actions: what a person can compare."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from policies.agents.players import check_seed, player
from policies.evaluation.record import record
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, full_text

STARTS, SAMPLINGS = 16, 4


def record_samplings(
    team: str, scenario: Scenario, seed: int, folder: Path, tell: Callable[[str], None] = lambda words: None
) -> list[Path]:
    """Lets a team play itself SAMPLINGS times from each of STARTS starts, and returns the recordings.

    Args:
        team: what `player` takes.
        scenario: the world.
        seed: starts and sampled actions follow from it.
        folder: where they are kept, named by team, weights, world, seed, start and sampling. Those that are there
            already are not played again.
        tell: is called once, with what is played or taken from there.

    Raises:
        UserError: there is no such team, it does not fit the scenario, the seed is out of range, or nothing can be
            written.
    """
    check_seed(seed)
    found: list[Path] = []
    world, played = hashlib.sha256(full_text(scenario).encode()).hexdigest(), False
    for sampling, own in enumerate(np.random.SeedSequence(seed).generate_state(SAMPLINGS).tolist()):
        hiders, seekers = (player(team, side, scenario, own) for side in (HIDERS, SEEKERS))
        stem = f"{Path(team).resolve().name}-{hiders.hash[:8]}-{world[:8]}-{seed}"
        paths = [folder / f"{stem}-{start:02}-{sampling}.npz" for start in range(STARTS)]
        if not all(path.exists() for path in paths):
            if not played:
                tell(f"{team} plays {STARTS} starts, {SAMPLINGS} times each, into {folder}")
            played = True
            try:
                folder.mkdir(exist_ok=True)
                with tempfile.TemporaryDirectory(prefix=".", dir=folder) as part:
                    recorded = record(scenario, hiders, seekers, STARTS, seed, Path(part))
                    for path, new in zip(paths, recorded, strict=True):
                        if not path.exists():
                            new.rename(path)
            except OSError as error:
                raise UserError(f"{folder} cannot be written ({error.strerror}); choose another --labels") from None
        found += paths
    if not played:
        tell(f"{len(found)} clips of {team} are taken from {folder}")
    return found
