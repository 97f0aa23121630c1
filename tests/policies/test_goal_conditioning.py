"""Goal-conditioned hiders: they begin as they were, learn from the goals they were given, and are named with a goal."""

import dataclasses
import json
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from policies.agents.folders import checkpoints, latest_team
from policies.agents.goal_conditioning import FIRST_LAYER, LOUD, add_goal_input, fold_goal_input, goal_input_of
from policies.agents.goal_sets import goal_names
from policies.agents.networks import new_actor
from policies.agents.players import player
from policies.agents.team import load, load_goal_conditioned, metadata_of
from policies.commands.command_line import parse
from policies.commands.tuning import Tune
from policies.learning.objective import GoalSampler
from policies.learning.run_command import command_of
from policies.learning.run_folder import resumed
from policies.learning.symmetry import mirror_of
from policies.preferences.request import TuneRequest
from policies.preferences.tuning_evaluation import evaluate_tuning
from policies.preferences.verifier import GoalSetVerifier
from policies.window.playing import teams_of
from replays.format.recording import read
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.schema import observation_size
from tests.policies.training import PER_TAUGHT_UPDATE, SCENARIO, TINY, go, lines, same_checkpoint, teach

SETS = ("boxes_locked", "hidden_unlocked", "hidden_unlocked,apart")
SIZE = observation_size(SCENARIO.slots)


def wide_actor(kind: str, goals: int = 3):
    """A goal-conditioned actor, whose every weight and moment matters, and 40 inputs for two agents."""
    torch.manual_seed(0)
    actor = new_actor(kind, SCENARIO.slots, (16, 16), goals)
    size = SIZE + goals
    actor.normaliser.absorb(torch.rand(size), torch.rand(size) + 0.5, 10)
    return actor, torch.randn(40, 2, SIZE)


def logits(actor, observation: torch.Tensor) -> torch.Tensor:
    inputs = actor.prepare(observation)
    return actor.step(inputs, torch.zeros(*inputs.shape[:-1], actor.memory_size))[0]


@pytest.mark.parametrize("kind", FIRST_LAYER)
def test_an_actor_that_was_told_does_what_it_does_when_it_hears_the_goals(kind: str):
    wide, observation = wide_actor(kind)
    for words in ("boxes_locked", "hidden_unlocked,apart"):
        bits = goal_input_of(SETS, words)
        narrow = new_actor(kind, SCENARIO.slots, (16, 16))
        narrow.load_state_dict(fold_goal_input(wide.state_dict(), kind, bits))
        heard = torch.cat([observation, bits.expand(40, 2, -1)], -1)
        torch.testing.assert_close(logits(narrow, observation), logits(wide, heard))
    assert not torch.allclose(
        logits(wide, heard), logits(wide, torch.cat([observation, LOUD - bits.expand(40, 2, -1)], -1))
    )


@pytest.mark.parametrize("kind", FIRST_LAYER)
def test_an_actor_begins_by_doing_the_same_whatever_its_goal(kind: str):
    before, observation = wide_actor(kind, 0)
    tensors = add_goal_input(before.state_dict(), kind, 3)
    wide = new_actor(kind, SCENARIO.slots, (16, 16), 3)
    wide.load_state_dict(tensors)
    for bits in (torch.zeros(3), torch.tensor([1.0, 0.0, 1.0])):
        heard = torch.cat([observation, bits.expand(40, 2, -1)], -1)
        torch.testing.assert_close(logits(wide, heard), logits(before, observation))
    back = fold_goal_input(tensors, kind, torch.ones(3))
    assert all(torch.equal(back[name], tensor) for name, tensor in before.state_dict().items())


def test_goals_keep_the_order_in_which_they_were_named():
    assert goal_names(SETS) == ("boxes_locked", "hidden_unlocked", "apart")
    assert goal_input_of(SETS, "apart,boxes_locked").tolist() == [LOUD, 0, LOUD]
    with pytest.raises(UserError, match="'sealed' was not taught"):
        goal_input_of(SETS, "apart,sealed")


def test_what_is_told_is_the_same_in_the_mirror():
    mirror, plain = (mirror_of(SCENARIO.slots, SCENARIO.mirrored_doors, torch.device("cpu"), goals) for goals in (2, 0))
    assert mirror and plain
    rows, goals = torch.randn(5, SIZE), torch.rand(5, 2)
    wanted = torch.cat([plain.observation.of(rows), goals], -1)
    assert torch.equal(mirror.observation.of(torch.cat([rows, goals], -1)), wanted)


def test_a_group_is_told_one_set_and_paid_for_that_alone():
    goals = GoalSampler(SETS, 4)
    bits = goals.draw(np.random.default_rng(0), 400)
    assert (goals.drawn.reshape(-1, 4) == goals.drawn[::4, None]).all() and set(goals.drawn) == {0, 1, 2}
    assert all(torch.equal(row, goal_input_of(SETS, SETS[one])) for row, one in zip(bits, goals.drawn, strict=True))
    goals.drawn = np.array([0, 1, 0, 1])
    game = Game(SCENARIO, 4)
    game.reset(np.arange(4, dtype=np.uint64))
    layout, state = game.snapshot()
    state.lock[:2] = 1
    game.restore(layout, state)
    verifier, paid = GoalSetVerifier(goals, game.slots), np.full((4, 4), 7.0, np.float32)
    verifier.start(game)
    for _ in range(SCENARIO.ticks):
        game.tick(np.zeros((4, 4, 3), np.int8))
        verifier.pay(game, paid)
    hidden = np.logical_not(np.any(game.seen.agents[:, 2:, :2], axis=(1, 2)))
    assert paid[:, :2].tolist() == [[1, 1], [0, 0], [0, 0], [hidden[3]] * 2] and not paid[:, 2:].any()
    assert verifier.report() == {
        "goal": (1 + hidden[3]) / 4,
        "told": {"boxes_locked": 0.5, "hidden_unlocked": hidden[3] / 2},
    }


def test_a_run_of_told_goals_goes_on_plays_for_each_and_is_measured(tmp_path: Path, team: str):
    request, run = TuneRequest(team, "verifier", goal_sets=SETS), tmp_path / "run"
    teach(request, run, 2)
    teach(request, run, 4)
    teach(request, tmp_path / "whole", 4)
    assert same_checkpoint(checkpoints(run)[-1], checkpoints(tmp_path / "whole")[-1])
    assert all(set(line["told"]) <= set(SETS) and line["goal"] <= 1 for line in lines(run))

    found = resumed(run)
    assert found is not None and found[0].tuning is not None and found[0].tuning.told == SETS
    words = shlex.split(command_of(*found, run, 640))
    assert parse(Tune, "hideseek tune", "", words[2:]).goal == SETS
    with pytest.raises(UserError, match="goal boxes_locked, hidden_unlocked, hidden_unlocked,apart, not"):
        teach(replace(request, goal_sets=SETS[:2]), run, 6)

    assert load_goal_conditioned(latest_team(run), HIDERS).metadata.goal_sets == SETS
    first = load(latest_team(run), HIDERS, SCENARIO)
    named = {goals: player(f"{run}:goal={goals}", HIDERS, SCENARIO, 0) for goals in (*SETS, "apart")}
    hashes = {goals: one.hash for goals, one in named.items()}
    assert hashes["boxes_locked"] == first.hash() and len(set(hashes.values())) == 4
    assert first.metadata.goal_sets == () and player(f"{run}:goal=apart", SEEKERS, SCENARIO, 0).hash
    for text, words in ((f"{run}:goal=sealed", "not taught"), (f"{team}:goal=sealed", "not conditioned on goals")):
        with pytest.raises(UserError, match=words):
            player(text, HIDERS, SCENARIO, 0)

    path = sorted((run / "replays").glob("*.npz"))[-1]
    recording = read(path)
    assert recording.header.hiders.endswith(":goal=boxes_locked")
    assert teams_of(recording, path, SCENARIO).note == ""

    result = json.loads(json.dumps(evaluate_tuning(request, run, 16)))
    assert result["goals"] == ["boxes_locked"]
    assert [(row["told"], row["taught"]) for row in result["told"]] == [
        (None, False),
        *((one, True) for one in SETS),
        ("apart", False),
        ("boxes_locked,hidden_unlocked", False),
        ("boxes_locked,apart", False),
    ]
    assert all(row["met"]["boxes_locked,hidden_unlocked"]["mean"] == 0 for row in result["told"])


def test_the_command_takes_a_goal_several_times_and_says_what_each_came_to(
    tmp_path: Path, team: str, capsys: pytest.CaptureFixture
):
    words = ["--goal", "boxes_locked", "--goal", "apart", "--steps", str(PER_TAUGHT_UPDATE), "--episodes", "8"]
    command = parse(Tune, "hideseek tune", "", [team, "--method", "verifier", "--run", str(tmp_path / "run"), *words])
    assert command.run() == 0
    rows = capsys.readouterr().out.partition("given each set")[2].splitlines()
    assert [row.split()[0] for row in rows[2:6]] == ["before,", "boxes_locked", "apart", "boxes_locked,apart*"]


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (("sealed", "peace"), "'peace' is unknown"),
        (("sealed,apart", "apart,sealed"), "twice"),
        (("sealed", "ramp_denied"), "needs ramps"),
    ],
)
def test_sets_that_make_no_sense_are_refused(tmp_path: Path, team: str, sets: tuple[str, ...], words: str):
    with pytest.raises(UserError, match=words):
        teach(TuneRequest(team, "verifier", goal_sets=sets), tmp_path / "run", 1)


def test_a_network_that_cannot_be_told_is_refused(tmp_path: Path, team: str):
    go(tmp_path / "pooled", 1, dataclasses.replace(TINY, network="pooled"))
    with pytest.raises(UserError, match="pooled network cannot be conditioned"):
        teach(TuneRequest(str(tmp_path / "pooled"), "verifier", goal_sets=SETS), tmp_path / "run", 1)


@pytest.mark.parametrize("odd", [["sealed", 3], "sealed", ["a,b,c,d,e,f,g,h,i"], 7])
def test_a_team_file_with_odd_goals_is_one_line(tmp_path: Path, team: str, odd):
    file = latest_team(Path(team)) / "team.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "told": odd}))
    with pytest.raises(UserError, match="goals"):
        metadata_of(latest_team(Path(team)))
