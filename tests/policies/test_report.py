"""A run is examined: its stages, dates and groups, from a short training."""

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policies.cli import main
from policies.commands.command_line import parse
from policies.commands.training import Train
from policies.evaluation.examination import Examination, PanelEpisodes, ReportOptions, random_rates
from policies.evaluation.onset import Series
from policies.evaluation.report import (
    COUNTED,
    RunReport,
    _alarms,
    _findings,
    _Rates,
    _training,
    hidden_series,
    run_report,
)
from policies.evaluation.stages import Arena, RunStages, Stage, stage_of
from policies.learning.config import OWN_OPTIONS, TrainConfig
from policies.learning.run_command import command_of, folder_for_again
from replays.strategies.catalogue import names
from replays.unnamed import groups_of, set_name
from sim.errors import UserError
from sim.scenario import full_text, scenario_from_text

OPTIONS = ReportOptions(episodes=24, necessity_episodes=40, random_episodes=64)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few updates of a small learner."""
    folder = tmp_path_factory.mktemp("runs") / "short"
    words = ["train", "smoke", "--steps", "40000", "--set", "checkpoint_steps=8000", "--run", str(folder)]
    assert main(words) == 0
    return folder


@pytest.mark.slow
def test_a_run_is_examined_and_the_report_is_json(run: Path):
    report = run_report(run, OPTIONS)
    data = json.loads(json.dumps(report.data, allow_nan=False))
    assert data["run"] == "short" and data["scenario"].startswith("quadrant") and data["agent_steps"] >= 40_000
    assert data["onsets"].keys() == set(names()) and data["final"].keys() == {*names(), "hidden"}
    assert [stage["agent_steps"] for stage in data["stages"]] == sorted(
        stage["agent_steps"] for stage in data["stages"]
    )
    assert len(data["panel"]) >= 2 and {"hiders", "seekers"} <= data["panel"][0].keys()
    assert report.clips.keys() <= {name for name, onset in data["onsets"].items() if onset}
    assert len(report.unknown) == len(data["unknown"])


@pytest.mark.slow
def test_a_named_group_stays_when_the_run_is_examined_again(run: Path):
    kept = run / "unnamed" / "000000008000-9"
    kept.mkdir(parents=True)
    set_name(kept, "the twirl")
    (run / "unnamed" / "000000008000-8").mkdir()
    run_report(run, OPTIONS)
    assert kept in groups_of(run) and run / "unnamed" / "000000008000-8" not in groups_of(run)


def test_what_chance_brings_in_any_world_of_a_run_has_not_set_in():
    """Random teams block a narrow door now and then, and evade more behind a wide one."""
    tight, wide = (scenario_from_text(f"quadrant:ticks=40,door_m={width}") for width in (0.5, 1.0))
    alone = [random_rates(Arena(world), [world], OPTIONS) for world in (tight, wide)]
    for worlds in ((tight, wide), (wide, tight)):
        shown, highest = random_rates(Arena(worlds[-1]), worlds, OPTIONS)
        assert shown == alone[worlds[-1] is wide][0]
        assert highest == {name: max(one[1][name] for one in alone) for name in names()}
        assert highest not in (alone[0][1], alone[1][1])


def test_what_is_played_again_is_the_same(run: Path):
    stages = RunStages(run, Arena(scenario_from_text("quadrant")), 6)
    first, again = (stages.play(len(stages) - 1) for _ in range(2))
    assert (first.actions == again.actions).all() and (first.trace.states.agents == again.trace.states.agents).all()
    stage, recording = stage_of(first, 8000), first.recording(2)
    assert recording.header.outcome["hidden"] == pytest.approx(stage.hidden[2])
    for name in names():
        assert recording.header.outcome[name] == stage.strategies[name][2]
    assert all(np.isfinite(numbers).all() and numbers.shape == (6,) for numbers in stage.behaviour.values())


@pytest.mark.parametrize("taught", [False, True])
def test_a_run_that_is_named_twice_is_reported_once(
    run: Path, tmp_path: Path, taught: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    found: Any = {"run": "short"}
    (tmp_path / "link").symlink_to(run)
    monkeypatch.setattr("policies.evaluation.report.run_report", lambda *given: RunReport(found, {}, []))
    monkeypatch.setattr("policies.preferences.taught_folder.figures_of", lambda run: found if taught else None)
    assert main(["report", str(run), f"{run}/", str(tmp_path / "link"), "--json"]) == 0
    assert [*json.loads(capsys.readouterr().out).values()] == [[found]]


def test_a_run_without_locks_is_examined_without_locks(run: Path):
    stages = RunStages(run, Arena(scenario_from_text("quadrant"), ("lock",)), 16)
    assert not any((stages.play(number).trace.states.lock != 0).any() for number in range(len(stages)))


def test_an_alarm_goes_by_the_spread_of_all_episodes():
    """Near 1 an interval ends at 1, and half of it is less than the error of the mean."""
    nearly, lower = np.r_[np.ones(254), np.zeros(2)], np.resize([0.9667, 0.9867], 256)
    hidden: dict[int, PanelEpisodes] = {
        1: {"hiders": nearly, "seekers": nearly},
        2: {"hiders": lower, "seekers": lower},
    }
    still = {"fort": np.zeros(16, bool)}
    stages = [Stage(steps, np.ones(16), still, {}) for steps in hidden]
    assert _alarms(hidden, stages, OPTIONS) == []
    hidden[2] = {side: values - 0.05 for side, values in hidden[2].items()}
    assert [alarm["side"] for alarm in _alarms(hidden, stages, OPTIONS)] == ["hiders", "seekers"]


def test_a_run_of_a_minute_has_a_curve():
    lines = [{"agent_steps": 1000 * (k + 1), "seconds": 2.0, "hidden": 0.5} for k in range(32)]
    drawn = hidden_series(lines, [], 64)
    assert drawn is not None and len(drawn.rate) == 4


def test_what_is_no_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(UserError, match="not a run"):
        run_report(tmp_path, OPTIONS)
    assert main(["report", str(tmp_path)]) == 2 and "not a run" in capsys.readouterr().err
    assert main(["report", str(tmp_path), "--to", "page.txt"]) == 2 and ".html" in capsys.readouterr().err
    assert main(["tournament", str(tmp_path), "--every", "0"]) == 2 and "--every" in capsys.readouterr().err


LATER = scenario_from_text("quadrant:room_m=3.0,door_m=0.6")
COMMANDED = (
    TrainConfig(seed=5, start="quadrant-block", regret_share=0.1, without=("grab", "lock"), hidden=(8, 4)),
    TrainConfig(seed=5, hiders="quadrant-block"),
    TrainConfig(seed=5, seekers="quadrant-block", entropy=0.02, then=((9000, full_text(LATER)),)),
)


def test_a_run_is_made_again_from_its_first_world_and_examined_in_its_last(tmp_path: Path):
    first, config = scenario_from_text("quadrant"), COMMANDED[-1]
    told = _training(tmp_path, config, [(0, first), (9000, LATER)], 20_000)
    assert told["scenario"] == full_text(LATER) == told["worlds"][1]["scenario"]
    assert "--scenario quadrant --seed 5" in told["command"] and "--then 9000:quadrant:room_m=3.0" in told["command"]


def test_what_fell_with_a_change_of_the_world_was_not_lost():
    stage = Stage(60_000, np.ones(16), {"fort": np.zeros(16, bool)}, dict.fromkeys(COUNTED, np.zeros(16)))
    steps, rates = np.arange(10_000, 70_000, 10_000), np.r_[np.full(3, 0.9), np.zeros(3)]
    fort = Series(steps, steps / 1e6, rates, 512)
    date: Any = {"agent_steps": 10_000}
    for since, names_lost in ((0, ["fort"]), (30_000, [])):
        played = Examination({}, {}, [stage], {}, {}, {})
        found = _findings(played, _Rates({"fort": fort}, None, {"fort": date}), since, OPTIONS)
        assert [one["strategy"] for one in found["lost"]] == names_lost


def test_a_run_made_again_gets_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert folder_for_again(Path("elsewhere", "x")) == Path("runs", "x-again")
    Path("runs", "x-again").mkdir(parents=True)
    assert folder_for_again(Path("runs", "x")) == Path("runs", "x-again-2")


def test_the_command_of_a_run_makes_it_again(monkeypatch: pytest.MonkeyPatch):
    usual = TrainConfig()
    said = {name for config in COMMANDED for name in OWN_OPTIONS if getattr(config, name) != getattr(usual, name)}
    assert said == set(OWN_OPTIONS) - {"tuning"}, "a run of hideseek tune has another command"
    made: list[tuple] = []
    monkeypatch.setattr("policies.learning.train.train", lambda *given: made.append(given) or True)
    scenario = scenario_from_text("quadrant:room_m=3.0+seeker-inside=0.1")
    for config in COMMANDED:
        _, verb, *words = shlex.split(command_of(config, scenario, Path("runs", "x"), 640))
        assert verb == "train" and parse(Train, "hideseek train", "", words).run() == 0
        *same, options = made.pop()
        assert same == [config, scenario, Path("runs", "x")] and options.limits.steps == 640
