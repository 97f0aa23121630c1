"""Ratings, cycles and what is forgotten, on tables whose truth is known; and one played."""

import json
import pickle
import shutil
from concurrent.futures import Executor, Future
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from policies.agents.folders import checkpoints
from policies.agents.players import SHIPPED
from policies.cli import main
from policies.commands.errors import BAD_INPUT
from policies.evaluation.entrants import entrants, world_of
from policies.evaluation.match import MatchOptions
from policies.evaluation.tournament import (
    RANDOM,
    Entry,
    Tournament,
    cyclic_share,
    forgotten,
    strengths,
    summary,
    tournament,
)
from sim.errors import UserError
from sim.scenario import scenario_from_text
from tests.policies.training import SCENARIO, TINY, go

STAGES = tuple(Entry(f"run {k} M", "", "run", k * 1_000_000) for k in range(4))


def table(hidden: np.ndarray, error: float = 0.01) -> Tournament:
    return Tournament(STAGES, STAGES, hidden, np.full(hidden.shape, error), 200)


def test_strengths_are_those_that_made_the_table():
    home, away = np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.5, 1.5, -1.0])
    found, other, _ = strengths(expit(home[:, None] - away + 0.3))
    assert found - found[0] == pytest.approx(home, abs=0.05) and other - other[0] == pytest.approx(away, abs=0.05)


def test_an_order_has_no_cycles_and_rock_paper_scissors_has_nothing_else():
    for spread in (0.5, 2.0, 6.0):
        order = expit(np.linspace(-spread, spread, 6)[:, None] - np.linspace(-spread, spread, 6))
        assert cyclic_share(order, np.zeros((6, 6))) < 0.002
    rock = np.array([[0.5, 0.9, 0.1], [0.1, 0.5, 0.9], [0.9, 0.1, 0.5]])
    assert cyclic_share(rock, np.zeros((3, 3))) == pytest.approx(1.0)
    assert cyclic_share(np.full((3, 3), 0.5), np.zeros((3, 3))) == 0.0


def test_chance_between_episodes_is_no_cycle():
    random = np.random.default_rng(0)
    shares = []
    for _ in range(50):
        order = expit(0.5 * (np.arange(5)[:, None] - np.arange(5)))
        noisy = np.clip(order + random.normal(0.0, 0.03, (5, 5)), 0.0, 1.0)
        shares.append(cyclic_share(noisy, np.full((5, 5), 0.03)))
    assert np.mean(shares) < 0.02


def test_what_the_newest_does_worse_against_an_old_opponent_is_forgotten():
    hidden = np.full((4, 4), 0.5)
    hidden[1, 0], hidden[3, 0] = 0.9, 0.6
    (lost,) = [one for one in forgotten(table(hidden)) if one["team"] == "run 3 M" and one["hidden_after"] == 0.6]
    assert lost["best"] == "run 1 M" and lost["against"] == "run 0 M" and lost["drop"] == pytest.approx(0.3)
    assert forgotten(table(hidden, error=0.2)) == [], "that may be chance"


def test_seekers_forget_when_more_stays_hidden():
    hidden = np.full((4, 4), 0.5)
    hidden[0, 3] = 0.8
    lost = [one for one in forgotten(table(hidden)) if one["hidden_after"] > one["hidden_before"]]
    assert [(one["team"], one["against"]) for one in lost] == [("run 3 M", "run 0 M")]
    assert lost[0]["hidden_after"] == 0.8 and lost[0]["drop"] == pytest.approx(0.3)


def test_a_run_with_one_stage_is_named_as_such():
    entries = (Entry(RANDOM, RANDOM), Entry("a 1", "", "a", 1), Entry("a 2", "", "a", 2), Entry("b 1", "", "b", 1))
    found = summary(Tournament(entries, entries, np.full((4, 4), 0.5), np.zeros((4, 4)), 200))
    assert found["runs"] == ["a", "b"] and found["runs_of_one_stage"] == ["b"]


def test_one_more_in_rating_is_so_many_more_times_the_odds():
    entries = tuple(Entry(name, name) for name in (RANDOM, "better"))
    hidden = expit(np.array([[0.0, -1.0], [1.0, 0.0]]))
    ratings = summary(Tournament(entries, entries, hidden, np.zeros((2, 2)), 200))["ratings"]
    assert ratings["hiders"]["better"] == pytest.approx(1.0, abs=0.01) == ratings["seekers"]["better"]


def test_teams_are_played_and_the_summary_is_json():
    entries = [Entry(name, name) for name in (RANDOM, "idle")]
    played = tournament(scenario_from_text("quadrant"), entries, entries, MatchOptions(6))
    found = summary(played)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["hiders"] == [RANDOM, "idle"] and np.shape(found["hidden"]) == (2, 2)
    assert found["ratings"]["hiders"][RANDOM] == 0.0 == found["ratings"]["seekers"][RANDOM]
    assert played.hidden[1, 1] > played.hidden[1, 0] - 1e-9, "seekers that do not move see no more than random ones"


class Elsewhere(Executor):
    """Jobs and results travel as they would to another process or machine."""

    def __init__(self) -> None:
        self.jobs = 0

    def submit(self, fn, /, *args, **kwargs):
        self.jobs += 1
        sent, given, named = pickle.loads(pickle.dumps((fn, args, kwargs)))
        done = Future()
        done.set_result(pickle.loads(pickle.dumps(sent(*given, **named))))
        return done


def test_one_episode_is_no_proof_that_something_was_forgotten():
    """Whatever it shows, chance explains it."""
    entries = [Entry(RANDOM, RANDOM)], [Entry("idle", "idle")]
    error = tournament(scenario_from_text("quadrant"), *entries, MatchOptions(1)).error.max()
    hidden = np.full((4, 4), 0.5)
    hidden[1, 0], hidden[3, 0] = 1.0, 0.0
    assert forgotten(table(hidden, error)) == [] and forgotten(table(hidden, 0.0))


def test_a_pool_of_processes_or_machines_plays_the_same():
    scenario, entries = scenario_from_text("quadrant"), [Entry(name, name) for name in ("random", "idle")]
    done: list[int] = []
    elsewhere = Elsewhere()
    here = tournament(scenario, entries, entries, MatchOptions(6))
    found = tournament(scenario, entries, entries, MatchOptions(6), lambda n, of: done.append(n), elsewhere)
    assert elsewhere.jobs == 4 and done == [1, 2, 3, 4]
    assert np.array_equal(found.hidden, here.hidden) and np.array_equal(found.error, here.error)
    assert found.hidden.shape == (2, 2) and len(np.unique(found.hidden)) > 2


def test_stages_of_runs_and_single_teams_take_part_together(tmp_path):
    run = tmp_path / "first"
    go(run, 6)
    kept = checkpoints(run)
    assert len(kept) == 3
    single = str(kept[0] / "team")
    hiders, seekers = entrants([str(run), single], every=2)
    stages = [f"first {int(at.name):,}" for at in kept[::2]]
    assert [one.name for one in hiders] == [RANDOM, *stages, single] and hiders == seekers
    assert [one.run for one in hiders] == ["", *[str(run)] * 2, ""]
    every_third, _ = entrants([str(run)], every=3)
    assert [one.name for one in every_third] == [RANDOM, *stages], "the newest always takes part"
    assert world_of([str(run), single]) == (SCENARIO, ())


def test_a_team_of_a_run_is_of_the_runs_world_without_its_tools(tmp_path):
    run = tmp_path / "run"
    go(run, 1, replace(TINY, without=("lock",)))
    assert world_of([str(run), str(checkpoints(run)[-1] / "team")]) == (SCENARIO, ("lock",))


def test_a_team_of_one_side_plays_that_side(tmp_path):
    team = tmp_path / "team"
    shutil.copytree(SHIPPED / "quadrant-block", team)
    card = json.loads((team / "team.json").read_text())
    (team / "team.json").write_text(json.dumps({**card, "sides": ["hiders"]}))
    hiders, seekers = entrants([str(team)], every=1)
    assert [one.name for one in hiders] == [RANDOM, str(team)] and [one.name for one in seekers] == [RANDOM]


def test_runs_that_are_named_alike_are_told_apart_by_their_paths(tmp_path):
    for name in ("a/run", "b/run"):
        go(tmp_path / name, 2)
    hiders, _ = entrants([str(tmp_path / "a" / "run"), str(tmp_path / "b" / "run")], every=1)
    assert len({one.name for one in hiders}) == len(hiders) and str(tmp_path / "b" / "run") in hiders[-1].name


def test_a_run_or_team_that_is_named_twice_takes_part_once(tmp_path, monkeypatch):
    go(tmp_path / "first", 2)
    monkeypatch.chdir(tmp_path)
    names = ["quadrant-block", "first", "first/", str(tmp_path / "first"), str(SHIPPED / "quadrant-block")]
    hiders, seekers = entrants(names, every=1)
    (stage,) = checkpoints(tmp_path / "first")
    assert [one.name for one in hiders] == [RANDOM, "quadrant-block", f"first {int(stage.name):,}"]
    assert hiders == seekers
    told, _ = entrants(["quadrant-told:goal=apart", "quadrant-told:goal=unlocked"], every=1)
    assert len(told) == 3


@pytest.mark.parametrize("words", ["tournament", "rate"])
def test_where_nobody_seeks_there_is_no_contest(words, tmp_path, capsys):
    shutil.copytree(SHIPPED / "quadrant-block", tmp_path / "team")
    card = json.loads((tmp_path / "team" / "team.json").read_text())
    (tmp_path / "team" / "team.json").write_text(json.dumps({**card, "scenario": "lock_and_return"}))
    assert main([words, str(tmp_path / "team"), "--episodes", "2"]) == BAD_INPUT
    assert "nobody seeks in lock_and_return" in capsys.readouterr().err


def test_entrants_come_from_one_world():
    with pytest.raises(UserError, match="different worlds"):
        world_of(["quadrant-block", "ramps-fort"])
    with pytest.raises(UserError, match="scripted"):
        world_of(["chaser"])
    with pytest.raises(UserError, match="name a run"):
        world_of([])
