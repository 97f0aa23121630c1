"""Goals over training: what is found at checkpoints, and what the run's folder keeps of it."""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from policies.agents.folders import checkpoints
from policies.probes.observe import HABITS, SKILLS, Observed
from policies.probes.over_training import FILE, TRAINING, over_training, read_stages, save_stages
from policies.probes.subject import Subject
from replays.report.documents.probe import Aim, ProbedStage
from replays.report.probe_page import GOALS
from sim.errors import UserError
from sim.scenario import Scenario
from sim.shifts.shifted import all_shifts
from tests.policies.training import SCENARIO, go

SPAN: Aim = {"mean": 0.5, "low": 0.25, "high": 0.75, "beta": 1.0, "fit": None}
STAGE: ProbedStage = {"agent_steps": 7, "shown": {TRAINING: {"lock": SPAN}}, "aims": dict.fromkeys(GOALS, SPAN)}


def test_a_run_keeps_its_goals(tmp_path: Path):
    assert read_stages(tmp_path) == []
    save_stages(tmp_path, [STAGE])
    assert read_stages(tmp_path) == [
        {"agent_steps": 7, "shown": {TRAINING: {"lock": 0.5}}, "aims": dict.fromkeys(GOALS, 0.5)}
    ]


def test_what_is_kept_of_many_checkpoints_can_be_read_again(tmp_path: Path):
    stage: ProbedStage = {**STAGE, "shown": dict.fromkeys([TRAINING, *all_shifts()], dict.fromkeys(HABITS, SPAN))}
    save_stages(tmp_path, [{**stage, "agent_steps": steps} for steps in range(100)])
    assert [found["agent_steps"] for found in read_stages(tmp_path)] == list(range(100))


@pytest.mark.parametrize(
    "stages",
    [7, [7], [{}], [{**STAGE, "agent_steps": "many"}], [{**STAGE, "shown": []}],
     [{**STAGE, "shown": {"a": {"b": 1}}}], [{**STAGE, "aims": {"hidden": SPAN}}]],
)  # fmt: skip
def test_a_damaged_file_is_one_line(tmp_path: Path, stages):
    (tmp_path / FILE).write_text(json.dumps({"format": 1, "stages": stages}))
    with pytest.raises(UserError, match=FILE):
        read_stages(tmp_path)


@dataclass(frozen=True)
class Noted(Subject):
    """A subject that plays nothing, and notes in which threads it is asked to."""

    threads: set[str] = field(default_factory=set)

    def watch(self, scenario: Scenario, hiders: str) -> Observed:
        self.threads.add(threading.current_thread().name)
        shown = np.full(32, 0.0 if hiders == "random" else 1.0)
        return Observed(dict.fromkeys(HABITS, shown), shown, dict.fromkeys(SKILLS, np.ones((32, 2))))

    def aims(self, scenario: Scenario) -> dict[str, Aim]:
        self.threads.add(threading.current_thread().name)
        return {}


def test_checkpoints_are_played_by_workers(tmp_path: Path):
    for steps in (1, 2, 3):
        (tmp_path / "checkpoints" / f"{steps:012}").mkdir(parents=True)
    subject = Noted(str(tmp_path), "chaser", SCENARIO, 32, 0)
    told: list[str] = []
    found = over_training(subject, tmp_path, 1, ["no-seekers"], told.append)
    assert [stage["agent_steps"] for stage in found] == [1, 2, 3]
    assert told == ["random hiders", *(f"checkpoint {number} of 3: {number} agent-steps" for number in (1, 2, 3))]
    assert all(name.startswith("hideseek-probe") for name in subject.threads) and subject.threads


@pytest.mark.slow
def test_every_second_checkpoint_is_probed_and_the_last(tmp_path: Path):
    assert go(tmp_path / "run", 8)
    steps = [int(one.name) for one in checkpoints(tmp_path / "run")]
    subject = Subject(str(tmp_path / "run"), str(tmp_path / "run"), SCENARIO, 64, 0)
    found = over_training(subject, tmp_path / "run", 2, ["no-seekers"])
    assert [stage["agent_steps"] for stage in found] == steps[::-1][::2][::-1] and len(found) < len(steps)
    for stage in found:
        assert set(stage["shown"]) == {TRAINING, "no-seekers"} and set(stage["aims"]) == set(GOALS)
    assert all(one["mean"] == pytest.approx(1.0) for one in found[-1]["shown"][TRAINING].values())
    save_stages(tmp_path / "run", found)
    assert [stage["agent_steps"] for stage in read_stages(tmp_path / "run")] == [
        stage["agent_steps"] for stage in found
    ]
