"""A game in which nobody seeks: hiders alone learn, play, are judged, recorded and looked at."""

import json
import shutil
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from policies.agents.folders import latest_team
from policies.agents.players import SHIPPED, player
from policies.agents.team import load, sides_in
from policies.evaluation.match import MatchOptions, play
from policies.evaluation.record import record
from policies.evaluation.statistics import Pairing, summary, table
from policies.learning.config import TrainConfig
from policies.learning.limits import Limits
from policies.learning.train import RunOptions, train
from policies.window.playing import scene
from replays.format.recording import read
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text

NAMES = ["food", "lock_and_return", "sequential_lock", "blueprint", "shelter", "object_counting"]
TINY = TrainConfig(worlds=8, minibatch=64, hidden=(16,), snapshot_steps=700, checkpoint_steps=10**6)


def trained(run: Path, name: str, updates: int = 2, config: TrainConfig = TINY) -> Path:
    scenario = scenario_from_text(f"{name}:ticks={30 if name == 'food' else 20}")
    per_update = config.worlds * scenario.ticks * scenario.slots.agents
    assert train(config, scenario, run, RunOptions(Limits(steps=updates * per_update)), Console(file=StringIO()))
    return run


@pytest.mark.parametrize("name", NAMES)
def test_every_game_is_trained_with_the_same_command(tmp_path: Path, name: str):
    run = trained(tmp_path / "run", name)
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert len(lines) == 2 and ("seekers" in lines[0]) == (name == "food")
    team = load(latest_team(run))
    assert sides_in(latest_team(run)) == ([HIDERS, SEEKERS] if name == "food" else [HIDERS])
    kept = read(next((run / "replays").glob("*.npz")))
    expected = kept.expected_by(0)
    assert expected is not None and np.isfinite(expected).all()
    game = Game(scenario_from_text(name), 1)
    game.reset(np.zeros(1, np.uint64))
    assert team.act(game.observation[0, : game.slots.hiders]).shape == (game.slots.hiders, 3)


def test_a_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path):
    whole, parts = trained(tmp_path / "whole", "blueprint", 4), trained(tmp_path / "parts", "blueprint", 2)
    trained(parts, "blueprint", 4)
    one, other = (latest_team(run) / "weights.safetensors" for run in (whole, parts))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("network", ["recurrent", "pooled", "attention"])
def test_every_network_learns_a_task(tmp_path: Path, network: str):
    config = TrainConfig(worlds=4, minibatch=64, hidden=(16, 16), network=network, checkpoint_steps=10**6)
    trained(tmp_path / network, "blueprint", 2, config)


def test_nobody_can_be_asked_to_seek(tmp_path: Path):
    run = trained(tmp_path / "run", "shelter")
    with pytest.raises(UserError, match="holds no seekers"):
        load(latest_team(run), SEEKERS)
    scenario = scenario_from_text("shelter")
    with pytest.raises(UserError, match="nobody seeks"):
        train(TrainConfig(seekers=str(run)), scenario, tmp_path / "other", RunOptions(Limits(steps=1)))
    with pytest.raises(UserError, match="nobody seeks"):
        scene(scenario, "seeker", None, None, 0, tmp_path)


@pytest.mark.slow  # the solver takes a minute to compile
def test_a_task_is_judged_by_what_it_pays():
    scenario = scenario_from_text("blueprint-one:ticks=60")
    players = player("solver", HIDERS, scenario, 0), player("idle", SEEKERS, scenario, 0)
    episodes = play(scenario, *players, MatchOptions(24, seed=0))
    result = summary(episodes, Pairing("solver", "idle", scenario, 0))
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["done"]["mean"] == pytest.approx(episodes.done.mean()) and episodes.done.any()
    assert result["paid"]["low"] < result["paid"]["mean"] < result["paid"]["high"]
    assert result["paid"]["mean"] == pytest.approx(episodes.total_reward.mean())
    assert table(result, scenario).row_count >= 3


@pytest.mark.slow  # the solver takes a minute to compile
def test_a_recording_ends_when_the_task_is_done(tmp_path: Path):
    scenario = scenario_from_text("blueprint-one")
    players = player("solver", HIDERS, scenario, 0), player("idle", SEEKERS, scenario, 0)
    paths = record(scenario, *players, 3, 0, tmp_path)
    for path in paths:
        recording = read(path)
        over = recording.states.task_done
        assert not over[:-1].any() and over[-1] == (recording.header.ticks < scenario.ticks)
        assert recording.header.outcome["hidden"] is None
    assert any(read(path).header.ticks < scenario.ticks for path in paths)


def test_a_game_calls_a_team_as_it_is_named(tmp_path: Path):
    shutil.copytree(SHIPPED / "quadrant-block", tmp_path / "my-first team")
    made = scene(scenario_from_text("quadrant"), "hider", str(tmp_path / "my-first team"), None, 0, tmp_path)
    assert made.name == "hider against my-first team" and made.stem == "hider-against-my-first-team"


def test_a_person_can_play_a_task(tmp_path: Path):
    scenario = scenario_from_text("lock_and_return:ticks=5")
    session = scene(scenario, "hider", None, None, 0, tmp_path).start()
    session.human = 0
    for _ in range(5):
        session.step((1, 0, 0))
    assert session.episode.over and session.episode.recording().header.ticks == 5
