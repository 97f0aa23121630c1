"""Matches: the same starts for everybody, in whatever batches they are played."""

import numpy as np
import pytest
import torch

from policies.agents.players import player, scripted_teams, shipped_teams
from policies.evaluation.match import NEVER, MatchOptions, _joint_end, play
from policies.evaluation.record import record
from policies.scripted.base import Idle
from replays.format.recording import read
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from tests.replays.strategies.scenes import CORNER, HIDER, IN_DOOR, MATE, OFF_DOOR, Scene, built

QUADRANT = scenario_from_text("quadrant")


def match(hiders: str, seekers: str, episodes: int, **options):
    players = player(hiders, HIDERS, QUADRANT, 0), player(seekers, SEEKERS, QUADRANT, 0)
    return play(QUADRANT, *players, MatchOptions(episodes, 5, **options))


def same(first, second) -> bool:
    columns = [{**vars(found), **found.strategies} for found in (first, second)]
    return all((columns[0][name] == columns[1][name]).all() for name in columns[0] if name != "strategies")


def test_results_do_not_depend_on_batches_or_threads():
    whole = match("builder", "chaser", 21)
    assert same(whole, match("builder", "chaser", 21, worlds=8))
    assert same(whole, match("builder", "chaser", 21, worlds=1000, threads=2))
    assert len(whole.hidden) == 21


def test_episodes_of_one_seed_start_the_same_for_all_teams_and_counts():
    assert (match("idle", "idle", 9).seed == match("evader", "chaser", 30, worlds=7).seed[:9]).all()


def test_a_player_forgets_the_last_batch():
    assert same(match("builder", "chaser", 6, worlds=3), match("builder", "chaser", 6, worlds=6))


def test_what_is_counted():
    idle = match("idle", "idle", 40)
    assert (idle.first_lock == NEVER).all()
    assert ((idle.hidden >= 0) & (idle.hidden <= 1)).all()
    assert not idle.soft_end.any() and not idle.robust_prep.any()
    built = match("builder", "chaser", 40)
    assert built.hidden.mean() > 0.9
    assert (built.first_lock >= 0).mean() > 0.9 and built.first_lock.max() < QUADRANT.ticks
    assert built.robust_end.mean() > 0.6
    assert (built.robust_prep & (built.first_lock >= QUADRANT.preparation_ticks)).sum() == 0


def shut_door(label: str) -> Scene:
    """A box is brought before the door of a room from inside."""
    return Scene(label, 16, 8, room=True).bring(0, OFF_DOOR, IN_DOOR, HIDER).people(((4.0, 0.5), (5.2, 0.3)), ((2, 5),))


def shut_twice(label: str) -> Scene:
    """And another one from outside, which shuts it too."""
    return shut_door(label).bring(1, (4.65, 3.6, 0.0), (4.65, 2.78, 0.0), MATE)


JOINT = {
    built("two boxes around a corner", CORNER, (HIDER, MATE)).lock(0, 8).lock(1, 8): True,
    built("one of them locked", CORNER, (HIDER, MATE)).lock(0, 8): False,
    shut_door("one box alone").lock(0, 8): False,
    shut_twice("one locked, the other in vain").lock(0, 8): False,
    shut_twice("both locked, either would do").lock(0, 8).lock(1, 8): True,
}


@pytest.mark.parametrize(("scene", "joint"), JOINT.items(), ids=lambda one: getattr(one, "label", ""))
def test_a_joint_seal_rests_on_two_things_that_hiders_locked(scene: Scene, joint: bool):
    assert _joint_end(scene.trace()).tolist() == [joint]


def test_a_tool_taken_away_is_not_there():
    assert (match("random", "random", 20, without=("lock",)).first_lock == NEVER).all()
    assert (match("builder", "idle", 20, without=("boxes",)).first_lock == NEVER).all()


def test_too_few_episodes_and_unknown_tools_are_told():
    with pytest.raises(UserError, match="episodes"):
        match("idle", "idle", 0)
    with pytest.raises(UserError, match="spade"):
        match("idle", "idle", 1, without=("spade",))


@pytest.mark.parametrize("seed", [-1, 2**63, 10**400])
def test_a_seed_out_of_range_is_told(seed: int):
    with pytest.raises(UserError, match="seed"):
        player("idle", HIDERS, QUADRANT, seed)
    idle = player("idle", HIDERS, QUADRANT, 0), player("idle", SEEKERS, QUADRANT, 0)
    for episodes, own_seed, message in ((1, seed, "seed"), (-1, 0, "episodes"), (10**30, 0, "episodes")):
        with pytest.raises(UserError, match=message):
            play(QUADRANT, *idle, MatchOptions(episodes, own_seed))


def test_every_listed_team_can_be_named_and_others_cannot(tmp_path):
    for name, world in {**dict.fromkeys(scripted_teams(), "quadrant"), **shipped_teams()}.items():
        assert player(name, HIDERS, scenario_from_text(world), 0).name == name
    (tmp_path / "empty").mkdir()
    for text, side, message in (
        ("nobody", HIDERS, "unknown"),
        ("builder", SEEKERS, "hiders only"),
        (str(tmp_path / "empty"), HIDERS, "neither"),
        (str(tmp_path / "missing"), HIDERS, "does not exist"),
    ):
        with pytest.raises(UserError, match=message):
            player(text, side, QUADRANT, 0)


def test_recorded_episodes_are_those_of_the_match(tmp_path):
    players = player("builder", HIDERS, QUADRANT, 0), player("chaser", SEEKERS, QUADRANT, 0)
    paths = record(QUADRANT, *players, 3, 5, tmp_path / "new" / "folder")
    found = match("builder", "chaser", 3)
    for episode, path in enumerate(paths):
        header = read(path).header
        assert header.seed == found.seed[episode]
        assert (header.hiders, header.seekers) == ("builder", "chaser")
        assert header.outcome["hidden"] == pytest.approx(found.hidden[episode])
        for name in ("soft_prep", "robust_prep", "soft_end", "robust_end"):
            assert header.outcome[name] == getattr(found, name)[episode]
        assert read(path).values is None
    with pytest.raises(UserError, match="exists"):
        record(QUADRANT, *players, 3, 5, tmp_path / "new" / "folder")


def test_what_a_trained_side_expects_is_recorded_and_of_a_script_it_is_unknown(tmp_path):
    players = player("quadrant-block", HIDERS, QUADRANT, 0), player("chaser", SEEKERS, QUADRANT, 0)
    (path,) = record(QUADRANT, *players, 1, 5, tmp_path)
    recording = read(path)
    expected = recording.expected_by(0)
    assert expected is not None and expected.shape == (QUADRANT.ticks,) and expected.max() > expected.min() + 1.0
    assert recording.expected_by(QUADRANT.slots.hiders) is None


def test_teams_act_on_one_thread_of_torch_and_leave_it_as_it_was():
    """A second thread makes a report take several times as long and changes no action."""

    class Spy(Idle):
        def act(self, game: Game, side: int) -> np.ndarray:
            threads.add(torch.get_num_threads())
            return super().act(game, side)

    threads, before = set[int](), torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        play(QUADRANT, Spy(), Spy(), MatchOptions(2))
        assert threads == {1} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
