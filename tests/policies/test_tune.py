"""Teaching a team: a run folder as any other, teams that say what they were taught, and one line for what cannot be."""

import hashlib
import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import replays
from policies.agents.folders import latest_team
from policies.agents.players import player, team_folder
from policies.agents.team import load, metadata_of
from policies.commands.command_line import parse
from policies.commands.tuning import Tune, in_words
from policies.evaluation.report import command_of
from policies.evaluation.stages import Arena
from policies.learning import run_folder
from policies.learning.limits import Limits
from policies.learning.run_folder import resumed
from policies.learning.train import RunOptions, train
from policies.preferences import tune as tuning
from policies.preferences.clips import answered_labels, feature_comparisons
from policies.preferences.features import FEATURES, features
from policies.preferences.learnt_reward import LearntReward
from policies.preferences.request import TuneRequest
from policies.preferences.reward_model import train_reward_model
from policies.preferences.scored_episodes import Criteria, PlayerWithReference, score_episodes
from policies.preferences.taught_folder import recordings_of
from policies.preferences.tune import GROUP_EPISODES, tune
from policies.preferences.tuning_evaluation import evaluate_tuning
from replays.format.recording import read
from replays.report.documents.taught import UNTRAINED
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from tests.policies.labelling import label, recordings
from tests.policies.training import PER_TAUGHT_UPDATE, SCENARIO, TINY, go, lines, options, quiet, same_checkpoint, teach
from tests.replays.taught import asked, feature, labelled


def test_a_taught_team_is_a_team_and_its_run_a_run(tmp_path: Path, team: str):
    request, run = TuneRequest(team, "verifier", ("boxes_locked",)), tmp_path / "run"
    assert teach(request, run, 2)
    assert [line["update"] for line in lines(run)] == [1, 2]
    assert all(0 <= line["goal"] <= 1 and "kl" in line["hiders"] and "seekers" not in line for line in lines(run))
    trained = metadata_of(latest_team(run)).trained["tuning"]
    assert trained["goals"] == ["boxes_locked"] and trained["team_hash"] == load(latest_team(Path(team))).hash()
    before, after = latest_team(Path(team)), latest_team(run)
    assert load(before, SEEKERS).hash() == load(after, SEEKERS).hash()
    assert load(before, HIDERS).hash() != load(after, HIDERS).hash()
    assert all(read(path).header.ticks == 10 for path in (run / "replays").glob("*.npz"))
    result = evaluate_tuning(request, run, 16)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["kl"] > 0 == result["before"]["kl"] and result["weak_goal"] is None
    skipped = [line["hiders"]["groups_skipped"] for line in lines(run)]
    assert result["groups_skipped"] == pytest.approx(np.mean(skipped))


def test_a_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path, team: str):
    request = TuneRequest(team, "verifier", ("boxes_locked",))
    teach(request, tmp_path / "whole", 4)
    teach(request, tmp_path / "parts", 2)
    teach(request, tmp_path / "parts", 4)
    name = run_folder.step_name(4 * PER_TAUGHT_UPDATE)
    assert same_checkpoint(*(tmp_path / run / "checkpoints" / name for run in ("whole", "parts")))


def test_a_run_is_held_to_what_it_was_started_with(tmp_path: Path, team: str):
    run, request = tmp_path / "run", TuneRequest(team, "verifier", ("boxes_locked",))
    teach(request, run, 2)
    found = resumed(run)
    assert found is not None and found[0].tuning is not None and found[0].tuning.goals == ("boxes_locked",)
    for name, value, word in (("goals", ("sealed",), "goal"), ("leash", 1.0, "leash")):
        with pytest.raises(UserError, match=f"was started with {word} "):
            teach(replace(request, **{name: value}), run, 4)
    with pytest.raises(UserError, match="hideseek tune"):
        train(*found, run, options(4), quiet())
    words = shlex.split(command_of(*found, run, 640))
    again = parse(Tune, "hideseek tune", "", words[2:])
    assert (again.team, again.goal, again.leash, again.steps) == (team, ("boxes_locked",), 0.05, 640)
    go(Path(team), 4)  # the team that was taught trains on: now it is another
    with pytest.raises(UserError, match="with other weights of its team"):
        teach(request, run, 4)
    with pytest.raises(UserError, match="was started with"):
        teach(request, Path(team), 9)


@pytest.mark.parametrize("method", ["preference", "verifier"])
def test_a_critic_of_another_reward_that_learns_nothing_more_still_says_nothing(
    tmp_path: Path, team: str, labels: Path, method: str
):
    card = latest_team(Path(team)) / "team.json"
    content = json.loads(card.read_text())
    content["trained"]["tuning"] = {"method": "reward-model"}
    card.write_text(json.dumps(content))
    lesson: dict[str, Any] = {"labels": labels} if method == "preference" else {"goals": ("boxes_locked",)}
    teach(TuneRequest(team, method, **lesson), tmp_path / "run", 1)
    metadata = metadata_of(latest_team(tmp_path / "run"))
    assert not metadata.expects_game_reward(HIDERS) and metadata.expects_game_reward(SEEKERS)


@pytest.mark.parametrize("method", ["preference", "verifier"])
def test_hiders_are_taught_and_measured_with_the_tools_that_they_had(
    tmp_path: Path, team: str, labels: Path, method: str, monkeypatch: pytest.MonkeyPatch
):
    shutil.rmtree(team)
    go(Path(team), 2, replace(TINY, without=("lock",)))
    missing, tick = set(), Game.tick
    monkeypatch.setattr(Game, "tick", lambda game, actions: missing.add(game.without) or tick(game, actions))
    lesson: dict[str, Any] = {"labels": labels} if method == "preference" else {"goals": ("boxes_locked",)}
    request, run = TuneRequest(team, method, **lesson), tmp_path / "run"
    assert teach(request, run, 1)
    evaluate_tuning(request, run, 8)
    assert missing == {frozenset({"lock"})} and metadata_of(latest_team(run)).without == ("lock",)


def test_an_ordinary_run_says_nothing_of_tuning(tmp_path: Path):
    go(tmp_path / "run", 1)
    assert "tuning" not in json.loads((tmp_path / "run" / "config.json").read_text())
    assert "tuning" not in metadata_of(latest_team(tmp_path / "run")).trained
    assert resumed(tmp_path / "run") == (TINY, resumed(tmp_path / "run")[1])  # type: ignore[index]


def test_episodes_of_a_group_start_alike(tmp_path: Path, team: str, monkeypatch: pytest.MonkeyPatch):
    from sim.game import Game

    seeds, reset = [], Game.reset
    monkeypatch.setattr(Game, "reset", lambda game, given, *rest: seeds.append(given) or reset(game, given, *rest))
    teach(TuneRequest(team, "verifier", ("boxes_locked",)), tmp_path / "run", 2)
    groups = [given.reshape(-1, GROUP_EPISODES) for given in seeds if len(given) == 2 * GROUP_EPISODES]
    assert len(groups) == 2 and all((group == group[:, :1]).all() for group in groups)
    assert len({int(start) for group in groups for start in group[:, 0]}) == 4


def test_untrained_hiders_learn_without_a_leash(tmp_path: Path, team: str):
    request, run = TuneRequest(team, "verifier", ("boxes_locked",), fresh=True), tmp_path / "run"
    teach(request, run, 1)
    assert "kl" not in lines(run)[0]["hiders"]
    own_samples = 32 * 10 * 2
    assert load(latest_team(run), HIDERS).actor.normaliser.count == own_samples, "nothing is left of the team"


def test_before_untrained_hiders_were_taught_they_were_untrained(tmp_path: Path, team: str):
    request, run = TuneRequest(team, "verifier", ("boxes_locked",), fresh=True), tmp_path / "run"
    teach(request, run, 1)
    result = evaluate_tuning(request, run, 16)
    assert result.get("begun_as") == UNTRAINED and "before (untrained hiders)" in in_words(result)
    assert result["curve"][0] == {"agent_steps": 0, **result["before"]}
    before, _, _ = recordings_of(run)
    untrained = tuning.hiders_before(request).hash()
    assert before[0].header.hashes["hiders"] == untrained != load(latest_team(Path(team)), HIDERS).hash()
    assert before[0].header.hiders == UNTRAINED
    assert 0 < result["kl"] < evaluate_tuning(replace(request, fresh=False), run, 16)["kl"], "one update from them"
    several = TuneRequest(team, "verifier", goal_sets=("boxes_locked", "unlocked"), fresh=True)
    teach(several, tmp_path / "several", 1)
    assert 0 < evaluate_tuning(several, tmp_path / "several", 8)["kl"] < 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"method": "verifier"}, "--goal is missing.*boxes_locked"),
        ({"method": "verifier", "goals": ("seald",)}, "'seald' is unknown.*sealed"),
        ({"method": "verifier", "goal_sets": ("sealed", "seald")}, "'seald' is unknown"),
        ({"method": "reward-model", "goals": ("sealed",)}, "--goal"),
        ({"method": "reward-model"}, "--labels is missing"),
        ({"method": "guess"}, "--method"),
        ({"method": "verifier", "goals": ("sealed",), "labels": Path("x")}, "--labels"),
        ({"method": "preference", "labels": Path("x"), "fresh": True}, "--fresh"),
        ({"method": "verifier", "goals": ("sealed",), "leash": -1.0}, "--leash"),
        ({"method": "verifier", "goals": ("sealed",), "leash": float("nan")}, "--leash"),
        ({"method": "verifier", "goals": ("sealed",), "seed": -1}, "--seed"),
    ],
)
def test_requests_that_make_no_sense_are_refused(fields: dict, words: str):
    with pytest.raises(UserError, match=words):
        TuneRequest("quadrant-block", **fields)


def test_the_command_teaches_and_measures(tmp_path: Path, team: str, capsys: pytest.CaptureFixture):
    run = tmp_path / "run"
    command = Tune(
        team=team,
        method="verifier",
        goal=("weak_doors_locked",),
        steps=PER_TAUGHT_UPDATE,
        run_folder=run,
        episodes=16,
        json=True,
    )
    assert command.run() == 0
    result = json.loads(capsys.readouterr().out)
    assert {"method", "labels", "accuracy", "kl", "true_return", "hidden", "goal", "weak_goal"} <= result.keys()
    assert result["goal"].keys() == {"mean", "low", "high"} and result["agent_steps"] == PER_TAUGHT_UPDATE
    assert replace(command, json=False).run() == 0
    out = capsys.readouterr().out
    assert "weak goal met" in out and f"hideseek report {run}" in out


def test_the_figures_stand_under_a_head_and_say_whether_what_was_taught_was_learned():
    lines = in_words(labelled(told=None)).splitlines()
    assert "before" in lines[1] and "after" in lines[1] and "95 % interval" in lines[1]
    (proxy,) = [line for line in lines if "proxy" in line]
    assert re.search(r"0\.50 +0\.90 +0\.88 to 0\.92$", proxy)
    (apart,) = [line for line in lines if "how far hiders are from each other" in line]
    assert re.search(r"0\.70 +0\.50 +-0\.22 to -0\.18$", apart) and "measurably" not in "".join(lines)
    assert lines[lines.index(apart) - 1].endswith("95 % interval of the change"), "another interval, another head"
    (predicted,) = [line for line in lines if "held-out labels" in line]
    assert re.search(r"of 36 held-out labels +89\.0%$", predicted), "no interval"
    (paid,) = [line for line in lines if "paid by the game" in line]
    assert "%" not in paid, "a reward is no share"
    ends = {
        line.index(number) + len(number) for line, number in ((proxy, "0.50"), (apart, "0.70"), (lines[1], "before"))
    }
    assert len(ends) == 1, "numbers stand under their head"


def test_the_table_of_labels_says_what_was_asked_and_what_is_doubtful():
    lines = in_words(asked(told=None, label_count=2, features=asked()["features"])).splitlines()
    (head,) = [place for place, line in enumerate(lines) if "what was asked, and what changed most" in line]
    assert "how far hiders are from each other" in lines[head + 1] and "learned" in "".join(lines)
    assert "asked: “Which?”" in lines and lines[-1].startswith("warning: 2 labels are few")
    (predicted,) = [line for line in lines if "of 36 held-out labels" in line]
    assert predicted.endswith("87.0% to 91.0%")


def test_if_nothing_changed_that_is_said():
    same = {"mates_apart": feature("how far hiders are from each other", 0.7, 0.7, 0.02)}
    assert "nothing that hiders do changed measurably" in in_words(labelled(told=None, features=same))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Twenty labels of clips of random hiders; the left one is always preferred."""
    paths = recordings(tmp_path, SCENARIO, 8)
    random = np.random.default_rng(0)
    clips = [(paths[random.integers(8)], 2, 7) for _ in range(40)]
    return label(tmp_path / "labels.jsonl", clips, ["left"] * 20)


@pytest.mark.parametrize("method", ["reward-model", "preference"])
def test_a_team_is_taught_by_labels(tmp_path: Path, team: str, labels: Path, method: str):
    request, run = TuneRequest(team, method, labels=labels), tmp_path / "run"
    assert teach(request, run, 2)
    before, after = latest_team(Path(team)), latest_team(run)
    assert load(before, SEEKERS).hash() == load(after, SEEKERS).hash()
    assert load(before, HIDERS).hash() != load(after, HIDERS).hash()
    result = evaluate_tuning(request, run, 16)
    kept = json.loads(json.dumps(result, allow_nan=False))
    assert kept["method"] == method and 0 <= kept["accuracy"] <= 1
    assert kept["predicted"]["mean"] == pytest.approx(kept["accuracy"])
    assert kept["repeats"]["same"] <= kept["repeats"]["of"] and f"--labels {labels} " in kept["command"]
    assert "--run runs/run-again" in kept["command"], "the run's own folder would only go on"
    assert 0 <= kept["preferred"]["mean"] <= 1
    assert result["kl"] > 0 and result["goal"] is None
    steps = f"{int(after.parent.name):,}"
    assert (run / "ended.txt").read_text() == f"the run has {steps} agent-steps\n", "or it would seem to go on"
    assert list((run / "replays").glob("*.npz")) and metadata_of(after).trained["tuning"]["method"] == method
    with pytest.raises(UserError, match="was started with other labels"):
        labels.write_text("".join(labels.read_text().splitlines(keepends=True)[1:]))
        teach(request, run, 4)


def test_the_reward_that_is_learnt_pays_hiders_every_tick(tmp_path: Path, team: str, labels: Path):
    teach(TuneRequest(team, "reward-model", labels=labels), tmp_path / "run", 2)
    assert all(
        np.isfinite(line["learnt_reward"]) and line["hiders"]["value_loss"] > 0 for line in lines(tmp_path / "run")
    )
    game = Game(SCENARIO, 2)
    game.reset(np.arange(2, dtype=np.uint64))
    source = LearntReward(train_reward_model(feature_comparisons(answered_labels(labels)), 0))
    source.start(game)
    paid = np.full((2, 4), 7.0, np.float32)
    source.pay(game, paid)
    wanted = source.model.reward(features(game.slots, game.layout, game.state, game.seen.agents))
    assert np.array_equal(paid[:, :2], np.stack([wanted, wanted], 1)) and not paid[:, 2:].any()


def test_preferences_go_on_as_if_they_had_never_stopped(
    tmp_path: Path, team: str, labels: Path, monkeypatch: pytest.MonkeyPatch
):
    request, run = TuneRequest(team, "preference", labels=labels), tmp_path / "run"
    teach(request, run, 4)
    first = load(latest_team(run)).hash()
    assert len(run_folder.checkpoints(run)) > 1, "what it was on the way is kept"
    monkeypatch.setattr(tuning.direct_preference, "learn_preferences", None)
    teach(request, run, 2)
    assert load(latest_team(run)).hash() == first, "what has learnt enough is left as it is"
    path = run_folder.replay_path(run, int(run_folder.checkpoints(run)[-1].name))
    recording = path.read_bytes()
    path.unlink()
    teach(request, run, 2)
    assert path.read_bytes() == recording, "a kill may have left none"
    monkeypatch.undo()
    teach(request, tmp_path / "parts", 2)
    teach(request, tmp_path / "parts", 4)
    assert load(latest_team(tmp_path / "parts")).hash() == first


def test_a_run_that_was_saved_more_rarely_goes_on(tmp_path: Path, team: str, monkeypatch: pytest.MonkeyPatch):
    request, run, usual = TuneRequest(team, "verifier", ("boxes_locked",)), tmp_path / "run", tuning.config_of
    with monkeypatch.context() as patch:
        patch.setattr(
            tuning, "config_of", lambda *parts: replace(usual(*parts), checkpoint_steps=7 * PER_TAUGHT_UPDATE)
        )
        teach(request, run, 1)
    teach(request, run, 2)
    assert len(run_folder.checkpoints(run)) == 2


@pytest.mark.slow
def test_the_shipped_labels_bring_hiders_together_and_the_door_stays_shut(tmp_path: Path):
    file = Path(replays.__file__).parent / "rankings" / "closer.jsonl"
    request, run = TuneRequest("quadrant-block", "reward-model", labels=file), tmp_path / "run"
    assert tune(request, run, RunOptions(Limits(steps=250_000)), quiet())
    found = evaluate_tuning(request, run, 256)
    assert found["features"]["mates_apart"]["change"]["high"] < -0.03
    before, after, accuracy = found["before"]["proxy"], found["proxy"], found["accuracy"]
    assert before and after and after["low"] > before["high"]
    assert accuracy and accuracy > 0.8
    for name in ("hidden", "sealed"):
        assert found[name]["mean"] > 0.9 * found["before"][name]["mean"]


@pytest.mark.slow
def test_the_shipped_team_is_what_the_labels_ask_for():
    scenario, apart_column = scenario_from_text("quadrant"), list(FEATURES).index("mates_apart")
    apart = []
    for name in ("quadrant-block", "quadrant-block-closer"):
        hiders = PlayerWithReference(load(team_folder(name), HIDERS, scenario), None, seed=0)
        seekers, nothing = (
            player("quadrant-block", SEEKERS, scenario, 0),
            lambda trace, rows: rows[..., apart_column].mean(axis=0),
        )
        apart.append(score_episodes(Arena(scenario, seed=1), hiders, seekers, Criteria(nothing), 256).scores["proxy"])
    assert (apart[1] - apart[0]).mean() < -0.1
    trained = metadata_of(team_folder("quadrant-block-closer")).trained["tuning"]
    file = Path(replays.__file__).parent / "rankings" / "closer.jsonl"
    assert trained["labels"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert trained["team_hash"] == load(team_folder("quadrant-block"), HIDERS).hash()
