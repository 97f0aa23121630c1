"""Worlds that follow each other within a run: when they come, what they may change, and what is said of them."""

import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from policies.agents.folders import latest_team
from policies.agents.team import load
from policies.cli import main
from policies.evaluation.entrants import world_of
from policies.learning import run_folder
from policies.learning.config import TrainConfig
from policies.learning.curriculum import Curriculum
from policies.learning.ppo import Learner
from policies.learning.run_command import command_of
from replays.format.recording import read
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS
from sim.same_game import difference
from sim.scenario import full_text, scenario_from_text, scenario_text
from sim.shifts.shift import Shift
from tests.policies.training import PER_UPDATE, SCENARIO, TINY, go, lines, same_checkpoint

SHORT = "quadrant:ticks=10,preparation_ticks=4"
LATER = scenario_from_text(f"{SHORT},door_m=0.6")
CONFIG = replace(TINY, then=((2 * PER_UPDATE, full_text(LATER)),))


def test_a_world_comes_with_the_first_update_that_ends_beyond_its_steps():
    third = scenario_from_text(f"{SHORT},door_m=0.7")
    worlds = Curriculum(SCENARIO, ((100, full_text(LATER)), (200, full_text(third))))
    found = [worlds.at(steps) for steps in (0, 99, 100, 101, 200, 201, 10**9)]
    assert found == [SCENARIO, SCENARIO, SCENARIO, LATER, LATER, third, third]


def test_schedules_begin_again_with_each_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    followed: list[int] = []
    monkeypatch.setattr(Learner, "follow_schedule", lambda learner, steps: followed.append(steps))
    begins = 2 * PER_UPDATE + 100
    go(tmp_path, 5, replace(TINY, then=((begins, full_text(LATER)),)))
    left = 3 * PER_UPDATE - begins
    assert followed[::2] == followed[1::2] == [0, PER_UPDATE, 0, left, left + PER_UPDATE]


def test_a_run_is_the_same_as_without_until_its_next_world_comes(tmp_path: Path):
    go(tmp_path / "plain", 2)
    go(tmp_path / "then", 3, CONFIG)
    go(tmp_path / "plain", 3)
    plain, then = (lines(tmp_path / name) for name in ("plain", "then"))
    assert [one["seen"] == other["seen"] for one, other in zip(plain, then, strict=True)] == [True, True, False]
    names = [run_folder.step_name(updates * PER_UPDATE) for updates in (2, 3)]
    pairs = [[tmp_path / run / "checkpoints" / name for run in ("plain", "then")] for name in names]
    assert [same_checkpoint(*pair) for pair in pairs] == [True, False]


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_a_resumed_run_is_in_the_same_world_as_an_uninterrupted_one(tmp_path: Path, stop: int):
    go(tmp_path / "whole", 4, CONFIG)
    go(tmp_path / "parts", stop, CONFIG)
    go(tmp_path / "parts", 4, CONFIG)
    name = run_folder.step_name(4 * PER_UPDATE)
    assert same_checkpoint(tmp_path / "whole" / "checkpoints" / name, tmp_path / "parts" / "checkpoints" / name)


def test_a_run_that_ends_when_its_next_world_was_already_played_tells_the_one_that_it_learnt_from(tmp_path: Path):
    go(tmp_path, 2, replace(CONFIG, lag=1, checkpoint_steps=10**6))
    assert load(latest_team(tmp_path), HIDERS).metadata.scenario == full_text(SCENARIO)
    assert read(run_folder.replay_path(tmp_path, 2 * PER_UPDATE)).header.scenario == full_text(SCENARIO)


def test_teams_recordings_and_tournaments_tell_the_world_of_their_time(tmp_path: Path):
    config = replace(CONFIG, checkpoint_steps=PER_UPDATE)
    go(tmp_path, 2, config)
    assert run_folder.worlds_so_far(tmp_path, config, SCENARIO) == [(0, SCENARIO)]
    go(tmp_path, 4, config)
    steps = [updates * PER_UPDATE for updates in range(5)]
    told = [read(run_folder.replay_path(tmp_path, step)).header.scenario for step in steps]
    assert told == [full_text(SCENARIO)] * 3 + [full_text(LATER)] * 2
    teams = [tmp_path / "checkpoints" / run_folder.step_name(step) / "team" for step in steps[1:]]
    assert [load(team, HIDERS).metadata.scenario for team in teams] == told[1:]
    assert latest_team(tmp_path) == teams[-1]
    assert run_folder.trained(tmp_path)[1] == SCENARIO
    assert run_folder.worlds_so_far(tmp_path, config, SCENARIO) == [(0, SCENARIO), (2 * PER_UPDATE, LATER)]
    assert world_of([str(tmp_path)]) == (LATER, ())


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ([(100, "nowhere")], "unknown"),
        ([(0, SHORT)], "more than 0"),
        ([(10**15 + 1, SHORT)], "at most 1000000000000000"),
        ([(10**4000, SHORT)], r"^--then 1\d{19}: .{,90}$"),
        ([(100, SHORT), (100, SHORT)], "more than 100"),
        ([(100, "quadrant:preparation_ticks=4")], "other ticks"),
        ([(100, "quadrant:ticks=10,preparation_ticks=5")], "preparation_ticks"),
        ([(100, f"{SHORT},boxes=2")], "numbers of"),
        ([(100, f"{SHORT},reward=individual")], "reward"),
        ([(100, f"{SHORT},floor_m=5.5")], "floor_m"),
        ([(100, f"{SHORT}+no-lock")], "shifts"),
    ],
)
def test_what_cannot_follow_is_refused_before_anything_is_written(
    tmp_path: Path, then: list[tuple[int, str]], said: str
):
    with pytest.raises(UserError, match=said):
        go(tmp_path / "run", 1, replace(TINY, then=tuple(then)))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("text", ["100", "100:", "quadrant", "30k:quadrant", "9" * 5000 + ":quadrant"])
def test_a_later_world_is_asked_for_by_agent_steps_and_a_name(text: str, tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["train", "--then", text]) == 2
    assert "give agent-steps and a world, such as" in capsys.readouterr().err


def test_shifts_of_the_start_may_come_and_lasting_ones_may_stay():
    plain, blind = scenario_from_text("quadrant"), scenario_from_text("quadrant+blind-seekers")
    assert not difference(plain, scenario_from_text("quadrant+seeker-inside=0.5"))
    assert not difference(blind, scenario_from_text("quadrant:door_m=0.6+blind-seekers"))
    assert difference(plain, blind) and difference(blind, plain)


def test_what_is_paid_beyond_the_start_cannot_come_later(monkeypatch: pytest.MonkeyPatch):
    shift = Shift("toll", "whoever starts here pays", place=lambda start: None)
    monkeypatch.setattr("sim.same_game.shifts_of", lambda scenario: (shift,) if scenario is LATER else ())
    assert not difference(SCENARIO, LATER)
    shift = replace(shift, pay=lambda game, worlds: None)
    assert "shifts" in difference(SCENARIO, LATER)


def test_a_game_goes_on_with_other_starts_and_refuses_other_rules():
    game, other = Game(SCENARIO, 3), Game(LATER, 3)
    game.scenario = LATER
    for one in (game, other):
        one.reset(np.arange(3, dtype=np.uint64))
    assert np.array_equal(game.layout.walls, other.layout.walls)
    assert np.array_equal(game.observation, other.observation)
    with pytest.raises(ValueError, match="another one"):
        game.scenario = scenario_from_text("quadrant")
    with pytest.raises(TypeError, match="scenario_from_text"):
        game.scenario = "quadrant"  # type: ignore[assignment]
    assert game.scenario == LATER


def test_the_command_line_holds_a_run_to_its_worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.chdir(tmp_path)
    begun = "train smoke --steps 1 --set worlds=8 --set hidden=16 --scenario quadrant:ticks=10,preparation_ticks=4"
    then = "--then 320:quadrant:door_m=0.6,ticks=10,preparation_ticks=4"
    assert main([*shlex.split(begun), *shlex.split(then)]) == 0
    config, scenario = run_folder.trained(Path("runs/latest"))
    assert config.then == ((320, full_text(LATER)),)
    assert shlex.split(then) == shlex.split(command_of(config, scenario, Path("x"), 320))[8:10]
    assert main(["train", "--steps", "640"]) == 0
    capsys.readouterr()
    assert main(["train", "--steps", "960", *shlex.split(then.replace("320", "321"))]) == 2
    assert "with --then 320:quadrant" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("shift", "worlds"),
    [
        ("", ["quadrant", "quadrant:door_m=0.6+seeker-inside"]),
        ("--shift no-lock", ["quadrant+no-lock", "quadrant:door_m=0.6+no-lock"]),
        ("--shift seeker-inside=0.1", ["quadrant+seeker-inside=0.1", "quadrant:door_m=0.6+seeker-inside=0.1"]),
    ],
)
def test_a_shift_of_the_run_changes_its_later_worlds_too(
    shift: str, worlds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    monkeypatch.setattr("policies.learning.train.train", lambda *given: asked.append(given[:2]))
    monkeypatch.chdir(tmp_path)
    main(shlex.split(f"train --then 320:quadrant:door_m=0.6+seeker-inside {shift}"))
    ((config, scenario),) = asked
    assert [scenario_text(world) for _, world in Curriculum(scenario, config.then).worlds] == worlds


def test_a_run_that_had_no_later_worlds_takes_none(tmp_path: Path):
    go(tmp_path, 1)
    with pytest.raises(UserError, match="was started without --then, not with --then 640:quadrant"):
        go(tmp_path, 2, CONFIG)


def test_starts_drawn_by_regret_are_those_of_one_world():
    with pytest.raises(UserError, match="exclude"):
        TrainConfig(regret_share=0.1, then=CONFIG.then)
