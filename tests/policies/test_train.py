"""A run: stopped, resumed and never left half written."""

import errno
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from policies.agents.folders import latest_team, step_name
from policies.agents.team import load
from policies.learning import checkpoint, run_folder, trainer
from policies.learning.episode_stats import RATES, EpisodeStats
from policies.learning.limits import Countdown, Limits
from policies.learning.train import RunOptions, train
from replays.format.recording import read
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import scenario_from_text
from sim.schema import global_state_size
from tests.policies.training import (
    PER_UPDATE,
    SCENARIO,
    TINY,
    go,
    lines,
    options,
    quiet,
    same_checkpoint,
)


@pytest.mark.parametrize(
    "network", ["mlp", "recurrent", *(pytest.param(name, marks=pytest.mark.slow) for name in ("pooled", "attention"))]
)
def test_a_resumed_run_equals_an_uninterrupted_one_tensor_for_tensor(tmp_path: Path, network: str):
    config = replace(TINY, network=network)
    go(tmp_path / "whole", 9, config)
    go(tmp_path / "parts", 3, config)
    go(tmp_path / "parts", 4, config, threads=2)
    go(tmp_path / "parts", 9, config)
    name = run_folder.step_name(9 * PER_UPDATE)
    assert same_checkpoint(tmp_path / "whole" / "checkpoints" / name, tmp_path / "parts" / "checkpoints" / name)
    timing = {"seconds", "steps_per_s", "shares"}
    for one, other in zip(lines(tmp_path / "whole"), lines(tmp_path / "parts"), strict=True):
        assert {k: v for k, v in one.items() if k not in timing} == {k: v for k, v in other.items() if k not in timing}


def test_a_frozen_team_plays_and_does_not_change(tmp_path: Path):
    go(tmp_path / "first", 2)
    first = latest_team(tmp_path / "first")
    for side, option in ((HIDERS, "hiders"), (SEEKERS, "seekers")):
        config, run = replace(TINY, **{option: str(first)}), tmp_path / option
        go(run, 2, config)
        go(run, 4, config)
        last = latest_team(run)
        assert load(last, side).hash() == load(first, side).hash()
        assert load(last, 1 - side).hash() != load(first, 1 - side).hash()
        assert [set(SIDES) & line.keys() for line in lines(run)] == [{SIDES[1 - side]}] * 4


def test_a_new_run_begins_with_the_networks_of_a_team_and_goes_on_without_it(tmp_path: Path):
    go(tmp_path / "first", 2)
    first = tmp_path / "first"
    began = [load(latest_team(first), side).hash() for side in (HIDERS, SEEKERS)]
    config, run = replace(TINY, seed=TINY.seed + 1, start=str(first)), tmp_path / "second"
    go(run, 1, config)
    assert read(run_folder.replay_path(run, 0)).header.hashes == {"hiders": began[0], "seekers": began[1]}
    learned = [load(latest_team(run), side).hash() for side in (HIDERS, SEEKERS)]
    assert not set(learned) & set(began)
    first.rename(tmp_path / "moved")
    go(run, 2, config)
    assert load(latest_team(run), HIDERS).metadata.trained["start"] == str(first)


def test_a_team_to_begin_with_must_fit_the_run(tmp_path: Path):
    go(tmp_path / "first", 1)
    with pytest.raises(UserError, match="networks"):
        go(tmp_path / "second", 1, replace(TINY, hidden=(8, 8), start=str(tmp_path / "first")))
    assert not (tmp_path / "second").exists()


def test_a_frozen_team_must_fit_the_run(tmp_path: Path):
    go(tmp_path / "first", 1)
    with pytest.raises(UserError, match="networks"):
        go(tmp_path / "second", 1, replace(TINY, hidden=(8, 8), seekers=str(tmp_path / "first")))
    assert not (tmp_path / "second").exists(), "a wrong option leaves no run that remembers it"
    with pytest.raises(UserError, match="one team"):
        replace(TINY, hiders="random", seekers="random")


@pytest.mark.parametrize("option", ["start", "hiders", "seekers"])
def test_a_team_whose_network_takes_any_slots_plays_in_a_world_with_others(tmp_path: Path, option: str):
    first, run = tmp_path / "first", tmp_path / "run"
    wide = scenario_from_text("quadrant:ticks=10,preparation_ticks=4,boxes=2")
    config = replace(TINY, network="pooled")
    go(first, 1, config)
    for updates in (1, 2):
        assert train(replace(config, **{option: str(first)}), wide, run, options(updates), quiet())
    begun = read(run_folder.replay_path(run, 0))
    frozen = [] if option == "start" else [option]
    for side, name in enumerate(SIDES):
        assert (begun.header.hashes[name] == load(latest_team(run), side).hash()) == (name in frozen)
        expected = begun.expected_by(0 if side == HIDERS else wide.slots.hiders)
        assert (expected is None or np.isnan(expected).all()) == (name in frozen), "its critic knows other worlds"
    assert load(latest_team(run)).metadata.trained.get("foreign_critics", []) == frozen


@pytest.mark.parametrize("frozen", [False, True])
def test_the_critic_of_a_team_expects_the_same_where_rewards_are_scaled_otherwise(tmp_path: Path, frozen: bool):
    go(tmp_path, 2, replace(TINY, reward_scale=2.0))
    team = load(latest_team(tmp_path), SEEKERS)
    made = trainer.Trainer(replace(TINY, seekers=str(tmp_path) if frozen else ""), SCENARIO, torch.device("cpu"), 1)
    if not frozen:
        made.begin_with(str(tmp_path))
    states = np.random.default_rng(0).normal(size=(20, global_state_size(SCENARIO.slots))).astype(np.float32)
    expected, begun = team.values(states), made.teams()[SEEKERS]
    assert (team.metadata.reward_scale, begun.metadata.reward_scale) == (2.0, TINY.reward_scale)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(begun.values(states), expected, rtol=1e-4, atol=1e-4)


def test_a_frozen_critic_of_another_reward_says_nothing_of_the_games(tmp_path: Path):
    go(tmp_path / "first", 1)
    card = latest_team(tmp_path / "first") / "team.json"
    content = json.loads(card.read_text())
    content["trained"]["tuning"] = {"method": "reward-model"}
    card.write_text(json.dumps(content))
    go(tmp_path / "second", 1, replace(TINY, hiders=str(tmp_path / "first")))
    metadata = load(latest_team(tmp_path / "second")).metadata
    assert not metadata.expects_game_reward(HIDERS) and metadata.expects_game_reward(SEEKERS)


def test_the_recording_of_a_checkpoint_that_a_kill_left_without_one_is_made_up_for(tmp_path: Path):
    go(tmp_path, 2)
    path = run_folder.replay_path(tmp_path, 2 * PER_UPDATE)
    recording = path.read_bytes()
    path.unlink()
    go(tmp_path, 2)
    assert path.read_bytes() == recording


def test_a_run_says_once_how_many_steps_it_has(tmp_path: Path):
    console, steps = quiet(), f"{PER_UPDATE:,} agent-steps"
    assert train(TINY, SCENARIO, tmp_path, options(1), console)
    *_, last = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert last.endswith(f"done, the run has {steps}; saved") and last.count(steps) == 1


def test_metrics_after_the_last_checkpoint_are_measured_again_and_not_doubled(tmp_path: Path):
    go(tmp_path, 4)
    stale = json.dumps({**lines(tmp_path)[-1], "agent_steps": 5 * PER_UPDATE, "update": 5})
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write(stale + "\n" + stale[:40])
    go(tmp_path, 6)
    assert [line["update"] for line in lines(tmp_path)] == [1, 2, 3, 4, 5, 6]


def test_a_run_folder_holds_what_it_should(tmp_path: Path):
    assert go(tmp_path, 5)
    steps = [2 * PER_UPDATE, 4 * PER_UPDATE, 5 * PER_UPDATE]
    assert [path.name for path in run_folder.checkpoints(tmp_path)] == [run_folder.step_name(step) for step in steps]
    assert run_folder.resumed(tmp_path) == (TINY, SCENARIO)
    line = lines(tmp_path)[-1]
    assert line["agent_steps"] == 5 * PER_UPDATE
    assert line["shares"].keys() == {"simulate", "infer", "judge", "learn", "other"}
    assert sum(line["shares"].values()) == pytest.approx(1)
    sides = [load(latest_team(tmp_path), side, SCENARIO) for side in (HIDERS, SEEKERS)]
    recording = read(run_folder.replay_path(tmp_path, 5 * PER_UPDATE))
    assert recording.header.hashes == {"hiders": sides[0].hash(), "seekers": sides[1].hash()}
    assert recording.values is not None and len(recording.actions) == SCENARIO.ticks
    assert sides[0].metadata.trained["agent_steps"] == 5 * PER_UPDATE


def test_keep_bounds_checkpoints_and_recordings(tmp_path: Path):
    go(tmp_path, 9, keep=2)
    kept = [path.name for path in run_folder.checkpoints(tmp_path)]
    assert kept == [run_folder.step_name(step * PER_UPDATE) for step in (2, 9)]
    recorded = sorted(path.stem for path in (tmp_path / "replays").iterdir())
    assert recorded == [run_folder.step_name(step * PER_UPDATE) for step in (0, 9)]


def test_old_checkpoints_keep_their_team_and_only_new_ones_can_be_resumed_from(tmp_path: Path):
    go(tmp_path, 10)
    found = run_folder.checkpoints(tmp_path)
    assert len(found) == 5 and all((checkpoint / "team" / "team.json").exists() for checkpoint in found)
    assert [(checkpoint / run_folder.STATE).exists() for checkpoint in found] == [False, False, True, True, True]


def test_all_recordings_of_a_run_begin_alike_and_the_untrained_teams_are_among_them(tmp_path: Path):
    go(tmp_path, 4)
    go(tmp_path, 6)
    films = [read(path) for path in sorted((tmp_path / "replays").iterdir())]
    assert [film.header.hiders for film in films] == [f"hiders-{step_name(n * PER_UPDATE)}" for n in (0, 2, 4, 6)]
    for film in films[1:]:
        assert film.header.seed == films[0].header.seed
        assert all(np.array_equal(a[0], b[0]) for a, b in zip(film.states, films[0].states, strict=True))
    assert not np.array_equal(films[0].actions, films[-1].actions)


def test_training_ends_when_a_rate_is_reached_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    console = quiet()
    goal = RunOptions(Limits(steps=50 * PER_UPDATE, until="soft_end=0.5"), threads=1)
    monkeypatch.setattr(EpisodeStats, "report", lambda self, game: {**dict.fromkeys(RATES, 0.0), **_AS_METRICS})
    assert train(TINY, SCENARIO, tmp_path, goal, console)
    assert "soft_end is 60%" in console.file.getvalue()  # type: ignore[attr-defined]
    assert (tmp_path / "ended.txt").read_text() == "soft_end is 60%\n"
    assert len(lines(tmp_path)) == 5, "one update is too few to go by"


_AS_METRICS = {
    "episodes_judged": 4,
    "soft_end": 0.6,
    "seen": 0.0,
    "boxes_moved": 0.0,
    "hider_locks": 0.0,
    "seeker_locks": 0.0,
    "paid": 0.0,
}


def test_keep_leaves_the_users_own_files_alone(tmp_path: Path):
    go(tmp_path, 3)
    own = [tmp_path / "replays" / name for name in ("1st-fort.npz", "2024-best.npz", "000000000001-fort.npz")]
    own += [tmp_path / "checkpoints" / name for name in ("7", "9999999999999", "best.part")]
    for path in own:
        path.write_text("mine")
    go(tmp_path, 6, keep=1)
    assert all(path.read_text() == "mine" for path in own)
    newest = run_folder.step_name(6 * PER_UPDATE)
    assert [path.name for path in run_folder.checkpoints(tmp_path)] == [newest]
    assert {path.name for path in (tmp_path / "replays").iterdir()} == {f"{newest}.npz", *(p.name for p in own[:3])}


def test_nothing_is_called_saved_that_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Countdown, "check_steps", lambda self, _: setattr(self, "reached", "it is enough"))
    console = quiet()
    train(TINY, SCENARIO, tmp_path, RunOptions(threads=1), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "at 0 agent-steps; nothing to save" in text and run_folder.checkpoints(tmp_path) == []


def test_tools_taken_away_are_not_there_in_training(tmp_path: Path):
    config = replace(TINY, without=("grab", "lock", "pushing"))
    go(tmp_path, 2, config)
    assert all(line["boxes_moved"] == line["hider_locks"] == line["seeker_locks"] == 0 for line in lines(tmp_path))
    assert run_folder.resumed(tmp_path) == (config, SCENARIO)
    assert load(latest_team(tmp_path)).metadata.trained["without"] == ["grab", "lock", "pushing"]
    go(tmp_path / "with", 2)
    assert sum(line["hider_locks"] + line["boxes_moved"] for line in lines(tmp_path / "with")) > 0
    with pytest.raises(UserError, match="without grab, lock, pushing, not with all tools; give the same --without"):
        go(tmp_path, 3)


def test_a_full_disk_loses_nothing_that_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go(tmp_path, 2)
    whole = run_folder.checkpoints(tmp_path)

    def full(*_args, **_named):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "trainer.safetensors")

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(UserError, match="No space left"):
        go(tmp_path, 4)
    assert run_folder.checkpoints(tmp_path) == whole and not list((tmp_path / "checkpoints").glob("*.part"))
    monkeypatch.undo()
    assert go(tmp_path, 4)


def test_a_damaged_checkpoint_is_named(tmp_path: Path):
    go(tmp_path, 4)
    newest = run_folder.checkpoints(tmp_path)[-1]
    for name in ("trainer.safetensors", "team/weights.safetensors", "team/team.json"):
        content = (newest / name).read_bytes()
        (newest / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(UserError, match=f"{newest.name} is damaged .*; delete it to resume"):
            go(tmp_path, 6)
        (newest / name).write_bytes(content)
    assert go(tmp_path, 6)


def test_the_only_checkpoint_is_not_to_be_deleted(tmp_path: Path):
    go(tmp_path, 2)
    (run_folder.checkpoints(tmp_path)[-1] / "team" / "team.json").unlink()
    with pytest.raises(UserError, match=r"is damaged .*; start another run"):
        go(tmp_path, 4)


def test_a_run_that_diverges_says_so_and_saves_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go(tmp_path, 2)
    whole = run_folder.checkpoints(tmp_path)

    def diverged(self, samples, batches, executor):
        return iter([{"value_loss": float("nan")}, {"value_loss": 1.0}])

    monkeypatch.setattr(trainer.Trainer, "_improve", diverged)
    with pytest.raises(UserError, match="hiders value_loss is nan"):
        go(tmp_path, 4)
    assert run_folder.checkpoints(tmp_path) == whole and len(lines(tmp_path)) == 2


@pytest.mark.parametrize(
    ("options", "name"),
    [
        *(({"minutes": minutes}, "minutes") for minutes in (0, -1, float("inf"), float("nan"), 1e300)),
        *(({"steps": steps}, "steps") for steps in (0, -1, 10**400)),
        *(({"until": text}, "until") for text in ("", "hidden", "cheese=0.5", "hidden=0", "hidden=2", "hidden=nan")),
        ({"keep": 0}, "keep"),
        ({"threads": -1}, "threads -1 is too little; give 0 or more"),
        ({"device": "tpu"}, "device"),
    ],
)
def test_bad_limits_are_refused_before_anything_is_written(tmp_path: Path, options: dict, name: str):
    limits = {key: options.pop(key) for key in ("minutes", "steps", "until") if key in options}
    with pytest.raises(UserError, match=name):
        train(TINY, SCENARIO, tmp_path / "run", RunOptions(Limits(**limits), **options))
    assert not (tmp_path / "run").exists()


def test_cuda_is_refused_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="cuda"):
        train(TINY, SCENARIO, tmp_path / "run", RunOptions(device="cuda"))


def test_tensorboard_is_missed_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match="tensorboard"):
        train(TINY, SCENARIO, tmp_path / "run", RunOptions(tensorboard=True), quiet())
    assert not (tmp_path / "run").exists()


def test_tensorboard_is_told_every_number(tmp_path: Path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    hook = threading.excepthook
    train(TINY, SCENARIO, tmp_path / "run", options(3, tensorboard=True), quiet())
    assert threading.excepthook is hook, "what the curves needed is given back"
    events = EventAccumulator(str(tmp_path / "run" / "tensorboard"))
    events.Reload()
    wanted = lines(tmp_path / "run")
    assert [event.step for event in events.Scalars("hiders/entropy")] == [line["agent_steps"] for line in wanted]
    assert [event.value for event in events.Scalars("hidden")] == pytest.approx([line["hidden"] for line in wanted])
