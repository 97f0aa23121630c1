"""Experts: hiders that were trained in a shifted world, against the seekers of the team that is probed.

An expert is an ordinary run (`hideseek train --shift NAME --seekers TEAM`) in a folder named after the seekers and the
shift. It is trained once; later probes find it, and more steps go on with it.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from policies.agents.folders import checkpoints
from policies.agents.players import scripted_teams
from policies.learning.config import PRESETS
from policies.learning.limits import Limits
from policies.learning.train import RunOptions, train
from sim.scenario import Scenario


@dataclass(frozen=True)
class Experts:
    """Where experts are, and how long they are trained."""

    folder: Path
    steps: int
    """Agent-steps; with 0 there are none."""

    def run(self, seekers: str, shift: str, scenario: Scenario) -> Path | None:
        """The run of the expert of a shifted scenario, trained now unless it is there; None without experts.

        Raises:
            UserError: what is there was trained otherwise.
            KeyboardInterrupt: its training was stopped.
        """
        if not self.steps:
            return None
        run = self.folder / f"{Path(seekers).resolve().name}-{shift}"
        if not steps_of(run) >= self.steps:
            frozen = "" if seekers in scripted_teams() else seekers
            config = replace(PRESETS["laptop"], seekers=frozen)
            if not train(config, scenario, run, RunOptions(Limits(steps=self.steps), keep=1), Console(stderr=True)):
                raise KeyboardInterrupt
        return run


def steps_of(run: Path) -> int:
    """How many agent-steps a run was trained for; 0 if there is none."""
    kept = checkpoints(run)
    return int(kept[-1].name) if kept else 0
