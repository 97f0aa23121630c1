"""The command line of a run."""

import shlex
from itertools import count
from pathlib import Path

from policies.learning.config import SETTABLE, TrainConfig, setting_text
from sim.rules import SIDES
from sim.scenario import Scenario, scenario_from_text, text_without_file


def folder_for_again(run: Path) -> Path:
    """A folder in `runs` for such a run made again: one that is not there, or the command would go on with a run."""
    name = f"{run.resolve().name}-again"
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(folder for one in names if not (folder := Path("runs", one)).exists())


def command_of(config: TrainConfig, scenario: Scenario, run: Path, agent_steps: int, labels: Path | None = None) -> str:
    """The command line that makes such a run again; where the file of `labels` is unknown its place is left open."""
    if config.tuning:
        tuning, steps = config.tuning, ["--seed", str(config.seed), "--steps", str(agent_steps)]
        sets = tuning.told or ([",".join(tuning.goals)] if tuning.goals else [])
        lesson = [word for one in sets for word in ("--goal", one)] or ["--labels", str(labels or "FILE")]
        near = ["--fresh"] if tuning.fresh else ["--leash", str(tuning.leash)]
        words = ["hideseek", "tune", tuning.team, "--method", tuning.method, *lesson, *near, *steps]
        return shlex.join([*words, "--run", str(run)])
    plain, words = TrainConfig(), ["hideseek", "train", "--scenario", text_without_file(scenario)]
    words += ["--seed", str(config.seed), "--steps", str(agent_steps)]
    for team in ("start", *SIDES):
        words += [f"--{team}", getattr(config, team)] if getattr(config, team) else []
    for steps, text in config.then:
        words += ["--then", f"{steps}:{text_without_file(scenario_from_text(text))}"]
    if config.regret_share:
        words += ["--shift", f"regret={config.regret_share}"]
    for tool in config.without:
        words += ["--without", tool]
    for name in SETTABLE:
        value = getattr(config, name)
        if value != getattr(plain, name):
            words += ["--set", f"{name}={setting_text(value)}"]
    return shlex.join([*words, "--run", str(run)])
