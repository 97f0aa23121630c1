"""Experts: hiders that were trained in a shifted world, against the seekers of the team that is probed.

An expert is an ordinary run (`hideseek train --shift NAME --seekers TEAM`) in a folder named after the seekers, the
shift and the tools that are missing. It has the seekers' kind of network. It is trained once; later probes find it, and
more steps go on with it, against the seekers as they were when it began. Against scripted seekers and own policies, who
cannot be named there, it is trained by self-play.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from policies.agents.folders import checkpoints
from policies.agents.players import is_own, scripted_teams, team_folder
from policies.agents.team import metadata_of
from policies.learning.config import PRESETS, TrainConfig
from policies.learning.limits import Limits
from policies.learning.run_folder import binding
from policies.learning.train import RunOptions, train
from sim.errors import UserError
from sim.scenario import Scenario


@dataclass(frozen=True)
class Experts:
    """Where experts are, and how long they are trained."""

    folder: Path
    steps: int
    """Agent-steps; with 0 none is trained, and those that are there are taken, whatever the seekers learnt since."""

    def run(self, seekers: str, shift: str, scenario: Scenario, without: tuple[str, ...] = ()) -> Path | None:
        """The run of the expert of a shifted scenario, trained now unless it is there; None if there is none.

        It is trained without the tools in `without`.

        Raises:
            UserError: what is there was trained otherwise.
            KeyboardInterrupt: its training was stopped.
        """
        missing = f"-without-{'-'.join(without)}" if without else ""
        run = self.folder / f"{Path(seekers).resolve().name}-{shift}{missing}"
        config = replace(_against(seekers), without=without)
        known = binding(run)
        if known and (known[0].seekers, known[0].without, known[1]) != (config.seekers, without, scenario):
            raise UserError(f"{run} was trained in another world or against others; choose another --experts")
        options = RunOptions(Limits(steps=self.steps or None), keep=1)
        if steps_of(run) < self.steps and not train(config, scenario, run, options, Console(stderr=True)):
            raise KeyboardInterrupt(f"the same command goes on training {run}")
        return run if steps_of(run) else None


def _against(seekers: str) -> TrainConfig:
    """The config of an expert; a run has one kind of network for both sides, so it is the seekers'."""
    if seekers in scripted_teams() or is_own(seekers):
        return PRESETS["laptop"]
    team = metadata_of(team_folder(seekers))
    return replace(PRESETS["laptop"], seekers=seekers, network=team.network, hidden=team.hidden)


def steps_of(run: Path) -> int:
    """How many agent-steps a run was trained for; 0 if there is none."""
    kept = checkpoints(run)
    return int(kept[-1].name) if kept else 0
