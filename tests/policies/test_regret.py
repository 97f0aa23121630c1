"""Shifted starts in training: those with more regret are drawn more often, and what was found is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from policies.cli import main
from policies.learning.ppo import Learner
from policies.learning.regret import RegretShifts, regret_share
from policies.learning.trainer import Trainer
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS
from sim.scenario import scenario_from_text
from tests.policies.training import SCENARIO, TINY, go, lines, same_checkpoint

NAMES = ["door-locked", "no-seekers", "seeker-inside", "swapped-places"]
REGRETS = dict(zip(NAMES, (0.0, 0.1, 0.4, 0.1), strict=True))
WORLDS = 1500


def known(share: float = 0.3, **regrets: float) -> RegretShifts:
    shifts = RegretShifts(scenario_from_text("quadrant"), share)
    found = {name.replace("-", "_"): regret for name, regret in REGRETS.items()} | regrets
    shifts.regrets[:] = [found[name.replace("-", "_")] for name in shifts.names]
    return shifts


def test_all_shifts_of_the_start_are_drawn_in_a_quadrant():
    assert RegretShifts(scenario_from_text("quadrant"), 0.1).names == NAMES
    assert RegretShifts(scenario_from_text("quadrant:three_doors=true"), 0.1).names == NAMES[1:]
    assert RegretShifts(scenario_from_text("quadrant+two-doors"), 0.1).names == NAMES[1:]
    with pytest.raises(UserError, match="hide-and-seek"):
        RegretShifts(scenario_from_text("food"), 0.1)


def test_chances_follow_regret_and_leave_some_for_every_shift():
    chances = dict(zip(NAMES, known().chances(), strict=True))
    assert sum(chances.values()) == pytest.approx(1.0)
    assert chances["door-locked"] == pytest.approx(0.1 / 4)
    assert chances["seeker-inside"] == pytest.approx(0.1 / 4 + 0.9 * 4 / 6)
    assert chances["no-seekers"] == chances["swapped-places"] < chances["seeker-inside"]


def test_what_was_not_drawn_yet_counts_as_the_most_regretted():
    assert RegretShifts(scenario_from_text("quadrant"), 0.1).chances() == pytest.approx(np.full(4, 0.25))
    chances = dict(zip(NAMES, known(door_locked=np.nan).chances(), strict=True))
    assert chances["door-locked"] == chances["seeker-inside"] > chances["no-seekers"]
    assert known(**{name.replace("-", "_"): 0.0 for name in NAMES}).chances() == pytest.approx(np.full(4, 0.25))


def test_starts_with_more_regret_are_drawn_more_often_and_the_others_stay_as_they_are():
    game, plain = (Game(scenario_from_text("quadrant"), WORLDS) for _ in range(2))
    for one in (game, plain):
        one.reset(episode_seeds(0, 0, WORLDS))
    shifts = known()
    shifts.begin(np.random.default_rng(0))
    shifts.place(game)
    alone = ~game.layout.agent_exists[:, 2]
    moved = (game.state.agents[:, 2, :2] != plain.state.agents[:, 2, :2]).any(axis=1)
    first_hider = (game.state.agents[:, 0, :2] != plain.state.agents[:, 0, :2]).any(axis=1)
    inside = moved & ~first_hider & ~alone & (game.state.agents[:, 2, 0] > 3.6) & (game.state.agents[:, 2, 1] < 2.4)
    assert inside.sum() > 3 * alone.sum() > 0
    assert (inside | alone | first_hider).mean() == pytest.approx(0.3, abs=0.05)
    same = ~(inside | alone | first_hider)
    for mine, usual in zip((*game.layout, *game.state), (*plain.layout, *plain.state), strict=True):
        assert (mine[same] == usual[same]).all()
    assert (game.observation[same] == plain.observation[same]).all()
    assert not game.observation[alone, 2:].any()


def test_each_shift_learns_from_the_worlds_that_had_it():
    shifts, worlds = known(), slice(2, 6)
    shifts._drawn = np.array([2, 2, 2, -1, 0, 2, 1])
    gained = np.array([[1.0, 5.0, 2.0, 3.0], [0.0, 5.0, 0.0, 1.0]])
    shifts.learn(gained, worlds)
    found = dict(zip(NAMES, shifts.regrets, strict=True))
    assert found["seeker-inside"] == pytest.approx(0.9 * 0.4 + 0.1 * (0.5 + 2.0) / 2)
    assert found["door-locked"] == pytest.approx(0.1 * 1.0)
    assert found["no-seekers"] == 0.1, "its world is not among those that count"
    new = RegretShifts(scenario_from_text("quadrant"), 0.1)
    new._drawn = np.array([3])
    new.learn(np.array([[0.25]]), slice(0, 1))
    assert new.regrets[3] == 0.25 and np.isnan(new.regrets[:3]).all()


@pytest.mark.parametrize("wrong", [-0.1, np.inf, -np.inf])
def test_a_number_that_is_no_regret_is_not_restored(wrong: float):
    with pytest.raises(ValueError, match="below 0 or infinite"):
        known().restore({"no-seekers": torch.tensor(wrong)})


def test_regrets_come_from_what_went_better_than_the_critic_expected():
    """In the worlds of a shift, and not of the others; losses count as nothing."""
    trainer = Trainer(replace(TINY, worlds=64, regret_share=1.0), SCENARIO, torch.device("cpu"), 1)
    with ThreadPoolExecutor(2) as executor:
        trainer.update(executor)
    found = trainer.self_play.regret_shifts.regrets
    assert (found >= 0.0).all() and (found > 0.0).any()


def test_regrets_are_those_of_the_worlds_that_were_shifted(monkeypatch: pytest.MonkeyPatch):
    trainer = Trainer(replace(TINY, past_share=0.5, regret_share=1.0), SCENARIO, torch.device("cpu"), 1)
    learnt, slot = [], trainer.self_play.rollout.learning[HIDERS]
    estimate = Learner.estimate_advantages

    def numbered(self, samples):
        batch = estimate(self, samples)
        worlds = torch.arange(slot.worlds.start, slot.worlds.start + batch.positive_advantages.shape[1])
        return batch._replace(positive_advantages=worlds.expand_as(batch.positive_advantages))

    monkeypatch.setattr(Learner, "estimate_advantages", numbered)
    monkeypatch.setattr(trainer.self_play.regret_shifts, "learn", lambda *given: learnt.append(given))
    with ThreadPoolExecutor(2) as executor:
        trainer.update(executor)
    [(regrets, worlds)] = learnt
    assert 0 < worlds.start < worlds.stop and (regrets == np.arange(worlds.start, worlds.stop)).all()


def test_a_run_that_was_stopped_draws_on_as_if_it_had_not(tmp_path: Path):
    config = replace(TINY, regret_share=0.5)
    for updates in (2, 4):
        go(tmp_path / "stopped", updates, config)
    go(tmp_path / "whole", 4, config)
    one, other = (tmp_path / name / "checkpoints" / f"{4 * 320:012}" for name in ("stopped", "whole"))
    assert same_checkpoint(one, other)
    assert set(lines(tmp_path / "whole")[-1]["shift_chances"]) == set(NAMES)
    go(tmp_path / "plain", 4)
    assert "shift_chances" not in lines(tmp_path / "plain")[-1]
    assert lines(tmp_path / "plain")[0]["hidden"] != lines(tmp_path / "whole")[0]["hidden"]


def test_the_share_is_told_from_the_names_of_shifts():
    assert regret_share(("two-doors", "regret=0.1")) == (("two-doors",), 0.1)
    assert regret_share(("regret=0.2", "seeker-inside=0.1")) == (("seeker-inside=0.1",), 0.2)
    assert regret_share(("two-doors",)) == (("two-doors",), None)
    with pytest.raises(UserError, match="'regret' is named twice"):
        regret_share(("regret=0.1", "regret=0.1"))


@pytest.mark.parametrize(
    "options",
    [["--shift", "regret"], ["--shift", "regret=much"], ["--shift", "regret=2"], ["--shift", "regret=nan"],
     ["--shift", "regret=0.1", "--hiders", "quadrant-block"], ["--shift", "regret=0.1", "--scenario", "food"]],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_line(options, tmp_path, capsys):
    assert main(["train", "--run", str(tmp_path / "run"), "--steps", "1", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "run" / "checkpoints").exists()
