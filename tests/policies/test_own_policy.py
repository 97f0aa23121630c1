"""A person's own policy as a team: it plays as any other, and its file is run only where the user names it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from policies.agents.own_policy import OwnPolicy, user_player
from policies.agents.players import is_own, player
from policies.cli import main
from policies.commands.errors import BAD_INPUT
from policies.commands.probing import Probe
from policies.evaluation.entrants import entrants, world_of
from policies.evaluation.match import MatchOptions, play
from policies.evaluation.record import record
from policies.evaluation.tournament import Entry, tournament
from policies.probes.experts import Experts
from policies.probes.subject import Subject
from policies.window.playing import teams_of
from replays.format.recording import read
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from tests.policies.training import SCENARIO, go

QUADRANT = scenario_from_text("quadrant:ticks=20,preparation_ticks=8")

OWN = """
from pathlib import Path

import numpy as np
from beside import MOVE, asked

print("this file runs", flush=True)


class Remembers:
    def __init__(self, side):
        self.side, self.ticks = side, 0

    def reset(self):
        self.ticks = 0

    def __call__(self, observations):
        asked.append((self.side, observations.shape, self.ticks))
        self.ticks += 1
        observations[:] = 0  # it is a copy
        actions = np.zeros((*observations.shape[:2], 3), int)
        actions[..., 0] = MOVE if self.side == 0 else 0
        return actions


def make(scenario, side, seed):
    return Remembers(side)


def wrong_shape(scenario, side, seed):
    return lambda observations: np.zeros((3, 3), int)


def wrong_action(scenario, side, seed):
    return lambda observations: np.full((*observations.shape[:2], 3), 77)


def nothing(scenario, side, seed):
    return None


def broken(scenario, side, seed):
    raise RuntimeError("their own mistake")


def breaks_later(scenario, side, seed):
    return lambda observations: int("their own mistake")
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "beside", raising=False)
    (tmp_path / "beside.py").write_text("MOVE, asked = 3, []\n")
    (tmp_path / "own.py").write_text(OWN)
    return tmp_path / "own.py"


def test_it_plays_every_tick_of_every_batch_from_the_start(own: Path):
    hiders = user_player(f"{own}:make", HIDERS, QUADRANT, 0)
    seekers = user_player(f"{own}:make", SEEKERS, QUADRANT, 0)
    assert isinstance(hiders, OwnPolicy) and isinstance(seekers, OwnPolicy)
    play(QUADRANT, hiders, seekers, MatchOptions(10, 0, worlds=5))
    asked = sys.modules["beside"].asked
    assert [ticks for side, _, ticks in asked if side == HIDERS] == 2 * list(range(20))
    assert {shape[:2] for _, shape, _ in asked} == {(5, 2)} and {side for side, _, _ in asked} == {HIDERS, SEEKERS}


def test_what_it_chooses_is_what_is_played_and_recorded(own: Path, tmp_path: Path):
    hiders, seekers = (user_player(f"{own}:make", side, QUADRANT, 0) for side in (HIDERS, SEEKERS))
    (path,) = record(QUADRANT, hiders, seekers, 1, 0, tmp_path / "films")
    assert path.name == "own.py-make-own.py-make-quadrant-ticks=20,preparation_ticks=8-0-0000.npz"
    recording = read(path)
    assert recording.header.hiders == f"{own}:make"
    assert (recording.actions[:, :2, 0] == 3).all() and not recording.actions[:, 2:].any()


def test_a_recording_that_names_a_file_does_not_run_it(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture):
    """The file may be a stranger's: where teams play on, another one stands in."""
    policy = OwnPolicy(f"{own}:make", lambda observations: np.zeros((*observations.shape[:2], 3), int))
    (path,) = record(QUADRANT, policy, player("idle", SEEKERS, QUADRANT, 0), 1, 0, tmp_path / "films")
    teams = teams_of(read(path), path, QUADRANT)
    assert teams.names[0] == "evader" and "is not here" in teams.note
    with pytest.raises(UserError, match="is no trained team; own policies play in evaluate"):
        player(f"{own}:make", HIDERS, QUADRANT, 0)
    assert "this file runs" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "message"),
    [("gone", "has no function 'gone'"), ("MOVE", "has no function 'MOVE'"), ("nothing", "returned NoneType")],
)
def test_what_cannot_be_a_policy_is_refused(own: Path, name: str, message: str):
    with pytest.raises(UserError, match=message):
        user_player(f"{own}:{name}", HIDERS, QUADRANT, 0)


def test_a_file_that_does_not_exist_is_named(tmp_path: Path):
    for missing in (tmp_path / "no.py", tmp_path):
        with pytest.raises(UserError, match="is no file"):
            user_player(f"{missing}/x.py:make", HIDERS, QUADRANT, 0)


@pytest.mark.parametrize(("name", "message"), [("wrong_shape", "actions must be"), ("wrong_action", "77, 77, 77")])
def test_actions_that_do_not_exist_are_refused(own: Path, name: str, message: str):
    players = user_player(f"{own}:{name}", HIDERS, QUADRANT, 0), player("idle", SEEKERS, QUADRANT, 0)
    with pytest.raises(UserError, match=f"own.py:{name}: .*{message}"):
        play(QUADRANT, *players, MatchOptions(2, 0))


def test_their_own_mistakes_keep_their_traceback(own: Path):
    with pytest.raises(RuntimeError, match="their own mistake"):
        user_player(f"{own}:broken", HIDERS, QUADRANT, 0)
    late, idle = user_player(f"{own}:breaks_later", HIDERS, QUADRANT, 0), user_player("idle", SEEKERS, QUADRANT, 0)
    with pytest.raises(ValueError, match="invalid literal"):
        play(QUADRANT, late, idle, MatchOptions(2, 0))


def test_it_takes_part_in_tournaments_and_probes(own: Path, tmp_path: Path):
    go(tmp_path / "run", 2)
    name = f"{own}:make"
    hiders, seekers = entrants([str(tmp_path / "run"), name], every=1)
    assert hiders[-1] == seekers[-1] == Entry(name, name) and world_of([str(tmp_path / "run"), name]) == (SCENARIO, ())
    played = tournament(SCENARIO, [hiders[0], hiders[-1]], [seekers[0], seekers[-1]], MatchOptions(2))
    assert played.hidden.shape == (2, 2)
    subject = Probe(team=name, quick=True)._subject()
    assert (subject.hiders, subject.seekers) == (name, name)
    batch = Subject(name, name, QUADRANT, 3, 0).batch(QUADRANT, name, 0)
    assert (batch.actions[:, :, :2, 0] == 3).all()


def test_in_a_tournament_of_own_policies_alone_there_is_no_world(own: Path):
    with pytest.raises(UserError, match="name a run"):
        world_of([f"{own}:make"])


def test_experts_against_it_play_themselves(own: Path, tmp_path: Path):
    assert Experts(tmp_path, steps=0).run(f"{own}:make", "seeker-inside", QUADRANT) is None
    go(tmp_path / "own.py:make-seeker-inside", 1)
    assert Experts(tmp_path, steps=0).run(f"{own}:make", "seeker-inside", SCENARIO)


@pytest.mark.parametrize(
    "words", ["train --run new --hiders", "warm --players", "tune --method verifier --goal sealed"]
)
def test_where_it_cannot_play_the_others_are_named(own: Path, words: str, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*words.split(), "own.py:make"]) == BAD_INPUT
    line, *more = capsys.readouterr().err.splitlines()
    assert "own.py:make is no trained team; own policies play in evaluate, record" in line and not more


def test_a_folder_in_a_folder_that_looks_like_one_is_none(own: Path):
    assert is_own("a/own.py:make") and not is_own("a/own.py:make/checkpoints/000000000320/team")


@pytest.mark.slow
def test_the_commands_take_it(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = ["--scenario", "quadrant:ticks=20,preparation_ticks=8"]
    assert main(["evaluate", "own.py:make", "chaser", "--episodes", "4", "--json", *world]) == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["hiders"] == "own.py:make"
    assert main(["record", "builder", "own.py:make", "--out", "films", *world]) == 0
    assert (tmp_path / "films" / "builder-own.py-make-quadrant-ticks=20,preparation_ticks=8-0-0000.npz").exists()
    assert main(["rate", "own.py:make", "--episodes", "2", "--json", *world]) == 0
    out = capsys.readouterr().out
    rated = json.loads(out[out.index("[\n") :])
    assert {one["side"] for one in rated if one["name"] == "own.py:make"} == {HIDERS, SEEKERS}
