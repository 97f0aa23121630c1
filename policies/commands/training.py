"""`hideseek train`.

The docstrings under the fields are the command line's help. Like every verb, it imports what it needs when it runs, so
that help and verbs that need no networks start quickly.
"""

import contextlib
import dataclasses
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import Positional, UseAppendAction, arg

from policies.choices import choices
from policies.commands.errors import INTERRUPTED
from policies.commands.options import Flag, ScenarioName, Shifts, TeamName, Tools
from policies.commands.places import RUNS
from sim.errors import UserError

if TYPE_CHECKING:
    from policies.learning.config import TrainConfig
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Train:
    """Train two teams against each other, from scratch or on from where a run stopped."""

    preset: Annotated[Positional[str | None], arg(metavar="[PRESET]", help_behavior_hint="")] = None
    """Named set of the learner's numbers: laptop, overnight or smoke. A new run takes laptop, an old one its own."""
    scenario: ScenarioName = None
    """The world, see `hideseek scenarios`. A new run takes that of the first team it names, else quadrant; an old one
    its own."""
    shift: Shifts = ()
    """Change the world, or with NAME=SHARE that share of the episodes: seeker-inside=0.1; see `hideseek scenarios`.
    With regret=0.1, a tenth of the starts get a shift each, drawn by how much hiders regret there."""
    minutes: Annotated[float | None, arg(metavar="M", help_behavior_hint="")] = None
    """Stop after this many minutes; without --minutes and --steps only Ctrl-C stops, and saves."""
    steps: Annotated[int | None, arg(metavar="N", help_behavior_hint="")] = None
    """Stop when the run has this many agent-steps in all."""
    until: Annotated[str | None, arg(metavar="NAME=SHARE", help_behavior_hint="")] = None
    """Stop when a rate reaches a share: robust_end=0.5 once half of the episodes end sealed and locked."""
    run_folder: Annotated[Path, arg(name="run", metavar="DIR")] = RUNS / "latest"
    """The run's folder; an existing run goes on."""
    seed: Annotated[int | None, arg(metavar="S", help_behavior_hint="")] = None
    """Everything random follows from it. A new run takes 0, an old one its own."""
    without: Tools = ()
    """Train both teams without a tool. A new run takes none, an old one its own."""
    start: TeamName = None
    """A trained team whose networks a new run begins with, instead of new ones."""
    then: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="STEPS:S")] = ()
    """A world for later: beyond so many agent-steps episodes start there, as in 100000000:quadrant:door_m=0.6. It may
    differ from the first in its starts alone; --shift changes it, too. The option may be repeated."""
    hiders: TeamName = None
    """A trained team that plays the hiders and learns nothing: the seekers learn the best response to it."""
    seekers: TeamName = None
    """Likewise for the seekers."""
    settings: Annotated[UseAppendAction[tuple[str, ...]], arg(name="set", metavar="NAME=VALUE")] = ()
    """Change one of the learner's numbers, such as entropy=0.02; `hideseek presets` explains them all."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the networks live; auto takes a CUDA device if there is one."""
    keep: int = 24
    """How many checkpoints and recordings stay on disk, spread over the whole run."""
    watch: Flag = False
    """Show the learning in a window beside training; where there is no screen, write a film of it at the end."""
    tensorboard: Flag = False
    """Write curves for TensorBoard into the run's folder as well (needs the extra of that name)."""

    def run(self) -> int:
        from policies.learning.limits import Limits

        limits = Limits(self.minutes, self.steps, self.until)
        config, scenario = self._numbers()  # so far without torch, which takes seconds to load
        from policies.commands.live import watched
        from policies.commands.worlds import chosen_scenario, fitted
        from policies.learning.ranks import launched
        from policies.learning.regret import regret_share
        from policies.learning.train import RunOptions, train
        from sim.scenario import full_text, scenario_from_user, shifted

        if self.watch and launched() > 1:
            raise UserError("--watch is for one process; give hideseek watch RUN beside torchrun")
        shifts, share = regret_share(self.shift)
        asked = {
            "seed": self.seed,
            "regret_share": share,
            "without": tuple(sorted(set(self.without))) or None,
            "start": self.start,
            "hiders": self.hiders,
            "seekers": self.seekers,
        }
        config = dataclasses.replace(config, **{name: value for name, value in asked.items() if value is not None})
        teams = config.start, config.hiders, config.seekers
        if self.then:
            later = [_steps_and_text(text) for text in self.then]
            worlds = [(steps, shifted(fitted(scenario_from_user(text), *teams), shifts)) for steps, text in later]
            config = dataclasses.replace(config, then=tuple((steps, full_text(world)) for steps, world in worlds))
        if self.scenario is not None:
            scenario = fitted(scenario_from_user(self.scenario), *teams)
        elif scenario is None:
            scenario = chosen_scenario(None, *filter(None, teams))
        options = RunOptions(limits, self.device, self.keep, tensorboard=self.tensorboard)
        with watched(self.run_folder) if self.watch else contextlib.nullcontext():
            whole = train(config, shifted(scenario, shifts), self.run_folder, options)
        if whole and launched() == 1:
            run = shlex.quote(str(self.run_folder))
            print(f"hideseek watch {run} shows what was learned; hideseek report {run} makes a page of it")
        return 0 if whole else INTERRUPTED

    def _numbers(self) -> "tuple[TrainConfig, Scenario | None]":
        """The learner's numbers, and the world of a run that is there. Raises UserError for those that cannot be."""
        from policies.learning.config import OWN_OPTIONS, PRESETS, changed
        from policies.learning.run_folder import binding

        if self.preset is not None and self.preset not in PRESETS:
            known = choices(self.preset, PRESETS)
            raise UserError(f"preset '{self.preset}' is unknown; {known}; --scenario names a world")
        config, scenario = binding(self.run_folder) or (PRESETS["laptop"], None)
        if self.preset is not None:
            kept = {name: getattr(config, name) for name in OWN_OPTIONS}
            config = dataclasses.replace(PRESETS[self.preset], **kept)
        return changed(config, self.settings), scenario


def _steps_and_text(text: str) -> tuple[int, str]:
    """The parts of STEPS:S. Raises UserError if it is no such text."""
    steps, _, scenario = text.partition(":")
    try:
        if scenario:
            return int(steps.replace(",", "")), scenario
    except ValueError:
        pass
    raise UserError(f"--then {text[:60]}: give agent-steps and a world, such as 100000000:quadrant:door_m=0.6")
