"""How a run's goals developed: its checkpoints are probed in the same worlds against the seekers of the last one.

The proxies are those of the last checkpoint (`policies.probes.measures`). How much of a proxy a checkpoint shows in a
world is its rise over random hiders there, divided by the last checkpoint's rise in the world of training: 1 in
training is as much as at the end, and 1 in a shifted world is a habit that persists fully. Aims are nats in the world
of training (`policies.probes.directedness`). RUN/probes.json keeps all this; `hideseek report` shows it.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies.agents.folders import checkpoints, read_json
from policies.evaluation.stages import RANDOM
from policies.probes import measures
from policies.probes.subject import Subject
from policies.probes.workers import workers
from replays.format.archive import replacing
from replays.report.charts import steps_text
from replays.report.documents.probe import ProbedStage
from replays.report.documents.run import GoalsStage
from replays.report.probe_page import GOALS
from sim.errors import UserError
from sim.scenario import shifted

FORMAT = 1
"""Raised when older files can no longer be read."""
FILE = "probes.json"
_MOST_BYTES = 16 * 2**20
"""A checkpoint that shows every habit, probed by every shift, takes 36 kB."""
TRAINING = "training"


def over_training(
    subject: Subject, run: Path, every: int, names: Sequence[str], tell: Callable[[str], None] = lambda words: None
) -> list[ProbedStage]:
    """One entry for each probed checkpoint, the last among them.

    Args:
        subject: the run's last team, with its own seekers.
        run: its folder.
        every: one of this many checkpoints is probed.
        names: of shifts that suit the subject.
        tell: is called with a few words before each step.
    """
    worlds = {TRAINING: subject.scenario, **{name: shifted(subject.scenario, [name]) for name in names}}
    with workers() as pool:
        tell("random hiders")
        last = pool.submit(subject.watch, subject.scenario, subject.hiders)
        watched = {name: pool.submit(subject.watch, world, RANDOM) for name, world in worlds.items()}
        random = {name: here.result() for name, here in watched.items()}
        at_end = last.result(), random[TRAINING]
        own = measures.proxies(*at_end)
        found: list[ProbedStage] = []
        kept = checkpoints(run)[::-1][::every][::-1]
        for number, checkpoint in enumerate(kept, 1):
            tell(f"checkpoint {number} of {len(kept)}: {steps_text(int(checkpoint.name))} agent-steps")
            one = replace(subject, hiders=str(checkpoint / "team"))
            watched = {name: pool.submit(one.watch, world, one.hiders) for name, world in worlds.items()}
            aims = pool.submit(one.aims, subject.scenario)
            shown = {
                name: measures.persistence(own, (here.result(), random[name]), at_end) for name, here in watched.items()
            }
            found.append({"agent_steps": int(checkpoint.name), "shown": shown, "aims": aims.result()})
    return found


def save_stages(run: Path, stages: Sequence[ProbedStage]) -> None:
    """Writes RUN/probes.json. Raises UserError if that cannot be done."""
    with replacing(run / FILE) as file:
        file.write(json.dumps({"format": FORMAT, "stages": stages}, indent=1).encode())


def read_stages(run: Path) -> list[GoalsStage]:
    """The means in RUN/probes.json; empty without such a file. The file is not trusted.

    Raises:
        UserError: it is damaged or of another version.
    """
    path = run / FILE
    try:
        stages = read_json(path, FORMAT, _MOST_BYTES)["stages"]
        return [
            {
                "agent_steps": int(stage["agent_steps"]),
                "shown": {
                    str(world): {str(proxy): _finite(shown["mean"]) for proxy, shown in proxies.items()}
                    for world, proxies in stage["shown"].items()
                },
                "aims": {goal: _finite(stage["aims"][goal]["mean"]) for goal in GOALS},
            }
            for stage in stages
        ]
    except FileNotFoundError:
        return []
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise UserError(f"{path} is damaged; probe the run again with --every, or remove the file") from None


def _finite(number: Any) -> float:
    """The number as a float. Raises ValueError, OverflowError or TypeError unless it is a finite one."""
    if not math.isfinite(found := float(number)):
        raise ValueError(f"{number} is no finite number")
    return found
