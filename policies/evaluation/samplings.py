"""Several episodes from each start, in which a team draws other actions: what a person can compare."""

import shutil
from pathlib import Path

import numpy as np

from policies.agents.players import check_seed, player
from policies.evaluation.record import record
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario

STARTS, SAMPLINGS = 16, 4


def record_samplings(team: str, scenario: Scenario, seed: int, folder: Path) -> list[Path]:
    """Lets a team play itself SAMPLINGS times from each of STARTS starts, and returns the recordings.

    They are kept in `folder`; those that are there already are not played again.

    Args:
        team: what `player` takes.
        scenario: the world.
        seed: starts and sampled actions follow from it.
        folder: for all of them; each sampling has a folder of its own in it, named by team, weights and seed.

    Raises:
        UserError: there is no such team, it does not fit the scenario, the seed is out of range, or nothing can be
            written.
    """
    check_seed(seed)
    found: list[Path] = []
    for sampling, own in enumerate(np.random.SeedSequence(seed).generate_state(SAMPLINGS).tolist()):
        hiders, seekers = (player(team, side, scenario, own) for side in (HIDERS, SEEKERS))
        name = f"{Path(team).resolve().name}-{hiders.hash[:8]}-{seed}-{sampling}"
        place, part = folder / name, folder / f".{name}.part"
        if not place.is_dir():
            try:
                if part.exists():
                    shutil.rmtree(part)
                record(scenario, hiders, seekers, STARTS, seed, part)
                part.rename(place)
            except OSError as error:
                raise UserError(f"{place} cannot be written ({error.strerror}); choose another --labels") from None
        found += sorted(place.glob("*.npz"))
    return found
