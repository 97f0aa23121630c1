"""Who plays on from a recording: the very teams that made it where they are, else stand-ins, and it is said."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from policies.agents.players import STRONGEST, player, shipped_teams
from policies.agents.team import Team, TeamMetadata, load, save
from policies.cli import main
from policies.evaluation.record import play, record
from policies.learning.ppo import new_networks
from policies.learning.warm_up import PARTS, WINDOW, WORLD
from policies.probes.directedness import sealed_moments
from policies.window.drawn_worlds import load_teams
from policies.window.playing import LiveTeams, default_world, opponent, scene, teams_of
from replays.annotate import with_strategies
from replays.events import DOOR_KINDS, SHUT_KINDS
from replays.format.recording import Recording, read
from replays.live_episode import Changes
from replays.session import begin, go_on
from replays.strategies.evidence.trace import trace_episode
from replays.viewer.edit.games import ManyGames
from sim.game import Game
from sim.linked_kernel import Kernel
from sim.rules import HIDERS, SEEKERS
from sim.scenario import brief, scenario_from_text, scenario_text

SCENARIO = scenario_from_text("quadrant")
STEP = "000000040960"


@pytest.fixture(scope="module")
def episode() -> Recording:
    players = player("builder", HIDERS, SCENARIO, 0), player("chaser", SEEKERS, SCENARIO, 0)
    return play(Game(SCENARIO, 1), *players, np.array([3], np.uint64))[0]


def played_by(episode: Recording, hiders: str, seekers: str, hashes: dict[str, str] | None = None) -> Recording:
    header = dataclasses.replace(episode.header, hiders=hiders, seekers=seekers, hashes=hashes or {})
    return dataclasses.replace(episode, header=header)


def trained_team(folder: Path, seed: int, without: Sequence[str] = ()) -> dict[str, str]:
    """An untrained team of both sides that never had some tools, and the hashes of its weights."""
    slots, hidden, teams = SCENARIO.slots, (8,), []
    for side in (HIDERS, SEEKERS):
        networks = new_networks("mlp", slots, side, hidden, torch.Generator().manual_seed(seed))
        metadata = TeamMetadata(scenario_text(SCENARIO), slots, "mlp", hidden, 1.0, {"without": list(without)})
        teams.append(Team(side, metadata, *networks))
    save(folder, teams)
    return {"hiders": load(folder, HIDERS).hash(), "seekers": load(folder, SEEKERS).hash()}


def test_scripted_teams_go_on_themselves(episode: Recording):
    teams = teams_of(episode, Path("somewhere.npz"), SCENARIO)
    assert (teams.names, teams.note) == (("builder", "chaser"), "")
    session = go_on(episode, Path("somewhere.npz"), 30, Changes(), teams_of)
    for _ in range(5):
        session.step((0, 0, 0))
    assert session.episode.played == 35


def test_nobody_has_a_tool_that_a_team_was_trained_without(episode: Recording, tmp_path: Path, capsys):
    team = str(tmp_path / "team")
    trained_team(Path(team), 1, ["lock"])
    players = player(team, HIDERS, SCENARIO, 0), player("random", SEEKERS, SCENARIO, 0)
    for kept in record(SCENARIO, *players, 2, 0, tmp_path / "kept"):
        assert not read(kept).states.lock.any()
    sessions = [
        scene(SCENARIO, "seeker", team, None, 0, tmp_path).start(),
        go_on(played_by(episode, team, "chaser"), tmp_path / "one.npz", 30, Changes(), teams_of),
        begin(SCENARIO, load_teams(team, "chaser", SCENARIO, 0)[0], 0),
    ]
    assert [session.game.without for session in sessions] == [{"lock"}] * 3
    assert ManyGames(SCENARIO, load_teams("builder", team, SCENARIO, 0)[0], 0, 2)._game.without == {"lock"}
    for line, missing in ((f"{team} random", ["lock"]), (f"random {team}", ["lock"]), ("random random", [])):
        assert main(["evaluate", *line.split(), "--episodes", "4", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["without"] == missing and "difference" not in found
        assert (found["locked"]["mean"] == 0.0) == bool(missing)
    assert main(["evaluate", team, "random", "--episodes", "2", "--json", "--without", "grab"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["without"], found["with"]["without"]) == (["grab", "lock"], ["lock"])
    assert main(["rate", team, "--episodes", "2"]) == 0
    assert "all played without lock" in capsys.readouterr().out


def test_what_a_person_plays_with_was_compiled_ahead(monkeypatch: pytest.MonkeyPatch):
    for part in (*PARTS[WORLD], *PARTS[WINDOW]):
        part(SCENARIO)
    more: list[str] = []
    compile_it = Kernel.compile
    monkeypatch.setattr(Kernel, "compile", lambda kernel, sig: more.append(str(kernel)) or compile_it(kernel, sig))
    session = scene(SCENARIO, "hider", None, None, 0, Path()).start()
    while not session.episode.over:
        session.step((0, 0, 0))
    played = session.episode.recording()
    assert not more
    sealed_moments(trace_episode(played.header.slots, played.layout, played.states, played.seen, 24))
    assert not more, "probe looks for seals at every moment"


def test_whoever_cannot_be_found_is_stood_in_for_and_that_is_said(episode: Recording):
    teams = teams_of(played_by(episode, "runs/lost", "builder"), Path("somewhere.npz"), SCENARIO)
    assert teams.names == ("evader", "chaser")
    assert teams.note == (
        "runs/lost is not here: evader plays for the hiders. builder is not here: chaser plays for the seekers."
    )


def test_what_a_run_recorded_goes_on_under_the_checkpoint_that_played_it(episode: Recording, tmp_path: Path):
    hashes = trained_team(tmp_path / "run" / "checkpoints" / STEP / "team", 1)
    trained_team(tmp_path / "run" / "checkpoints" / "000000099999" / "team", 2)
    recording = played_by(episode, f"hiders-{STEP}", f"seekers-{STEP}", hashes)
    teams = teams_of(recording, tmp_path / "run" / "replays" / f"{STEP}.npz", SCENARIO)
    assert teams.names == (f"hiders-{STEP}", f"seekers-{STEP}") and teams.note == ""
    assert teams.hashes == (hashes["hiders"], hashes["seekers"])
    elsewhere = teams_of(recording, tmp_path / f"{STEP}.npz", SCENARIO)
    assert elsewhere.names == ("evader", "chaser")


def test_a_team_that_has_learned_since_plays_as_it_is_and_that_is_said(episode: Recording, tmp_path: Path):
    team = tmp_path / "team"
    hashes = trained_team(team, 1)
    teams = teams_of(played_by(episode, str(team), "chaser", {"hiders": "other"}), Path("x.npz"), SCENARIO)
    assert teams.names[0] == str(team) and teams.hashes[0] == hashes["hiders"]
    assert teams.note == f"{team} has been trained on since; it plays as it is now."


def test_a_team_that_a_person_helped_is_found_under_its_own_name(episode: Recording):
    assert teams_of(played_by(episode, "builder, and you", "chaser"), Path("x.npz"), SCENARIO).names[0] == "builder"


def test_what_is_played_tells_all_that_is_told_of_a_recording():
    """Trained hiders shut their door; what is found tick by tick is what is found in the whole film afterwards."""
    players = player("quadrant-block", HIDERS, SCENARIO, 0), player("chaser", SEEKERS, SCENARIO, 0)
    session = begin(SCENARIO, LiveTeams(*players), 11)
    while not session.episode.over:
        session.step((0, 0, 0))
    played = session.episode.recording()
    rest = tuple(event for event in played.events if event.kind not in (*SHUT_KINDS, *DOOR_KINDS, "seal broken"))
    header = dataclasses.replace(played.header, outcome={})
    found = with_strategies(dataclasses.replace(played, header=header, events=rest))
    assert {"door blocked", "room sealed"} <= {event.kind for event in played.events}
    assert sorted(played.events) == sorted(found.events)
    seen = {name: played.header.outcome[name] for name in ("hidden", "win")}
    assert played.header.outcome == {**seen, **found.header.outcome}
    assert played.header.outcome["door_blocked"] and not played.header.outcome["fort"]


def test_what_is_played_on_keeps_what_was_expected_as_long_as_somebody_still_does():
    players = player("quadrant-block", HIDERS, SCENARIO, 0), player("chaser", SEEKERS, SCENARIO, 0)
    film = play(Game(SCENARIO, 1), *players, np.array([3], np.uint64))[0]
    for hiders, known in (("quadrant-block", True), ("builder", False)):
        session = go_on(played_by(film, hiders, "chaser"), Path("somewhere.npz"), 30, Changes(), teams_of)
        for _ in range(4):
            session.step((0, 0, 0))
        expected, before = session.episode.recording().expected_by(0), film.expected_by(0)
        assert before is not None and (expected is not None) == known
        if expected is not None:
            np.testing.assert_array_equal(expected[:30], before[:30])
            assert len(expected) == 34 and len(np.unique(expected[30:])) == 4


@pytest.mark.parametrize(
    ("world", "side", "names"),
    [
        ("quadrant", "hider", ("slow chaser", "chaser", "quadrant-chase")),
        ("quadrant", "seeker", ("evader", "builder", "quadrant-block")),
        ("quadrant-large", "hider", ("slow chaser", "chaser", "quadrant-fort")),
        ("quadrant-two-ramps", "seeker", ("evader", "builder", "ramps-fort")),
        ("quadrant-two-ramps", "hider", ("slow chaser", "chaser", "ramps-lookout")),
        ("rooms", "seeker", ("evader", "builder", "shelterer")),
        ("rooms", "hider", ("slow chaser", "chaser", "chaser")),
    ],
)
def test_opponents_have_three_strengths_that_fit_the_world(world: str, side: str, names: tuple[str, ...]):
    scenario = scenario_from_text(world)
    assert tuple(opponent(scenario, side == "hider", strength) for strength in ("easy", "normal", "hard")) == names


def test_every_world_that_shipped_teams_learned_has_its_strongest():
    worlds = shipped_teams()
    assert set(worlds.values()) == set(STRONGEST)
    assert all(worlds[name] == world for world, pair in STRONGEST.items() for name in pair)


def test_a_person_plays_in_the_opponents_own_world_or_in_one_that_lasts():
    assert default_world(None, hider=True) == default_world("chaser", hider=True) == "quadrant-large"
    assert brief(default_world("quadrant-block", hider=False)) == "quadrant"


def test_the_slow_chaser_rests_every_other_tick(tmp_path: Path):
    made = scene(SCENARIO, "hider", "slow chaser", None, 0, tmp_path)
    session = made.start()
    rested = []
    for _ in range(12):
        session.step((0, 0, 0))
    for tick in range(12, 40):
        session.step((0, 0, 0))
        rested.append((tick % 2, (session.episode.recording().actions[tick, SCENARIO.hiders :] == 0).all()))
    assert all(rest for odd, rest in rested if odd) and not all(rest for odd, rest in rested if not odd)
    assert session.teams.names[1] == "slow chaser"
