"""Teams in a drawn world: what was made there does not need its file again."""

import json
import pickle
import shlex
from pathlib import Path

import pettingzoo
import pytest
from pettingzoo.test import parallel_api_test

import sim.env  # registers hideseek/drawn-v0
from policies.agents.folders import latest_team
from policies.agents.players import player
from policies.cli import main
from policies.commands.editing import beginning
from policies.commands.errors import BAD_INPUT
from policies.commands.worlds import chosen_scenario, fitted
from policies.evaluation.match import MatchOptions, play
from policies.evaluation.record import record
from policies.evaluation.traps import play_traps, strategies_seen, traps, traps_table
from policies.learning.run_command import command_of
from policies.learning.run_folder import resumed
from policies.learning.train import train
from policies.window.playing import teams_of
from replays.format.recording import read
from replays.live_episode import scenario_of
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import brief, family_of, full_text, scenario_from_text, scenario_from_user, scenario_text
from tests.policies.training import TINY, options, quiet
from tests.sim.drawing import TWO_ROOMS, two_rooms

ODD_NAMES = ["my world.toml", "a:b+c.toml", "ünï.toml", "x.toml.toml"]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A drawn world in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text(TWO_ROOMS, "utf-8")
    return Path("my.toml")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_path_is_a_scenario_with_options_and_shifts(name: str, path: Path):
    path.rename(name)
    assert scenario_from_user(name) == two_rooms()
    changed = scenario_from_user(f"{name}:ticks=30,reward=individual+no-lock+long")
    text = "two rooms.toml:ticks=30,preparation_ticks=8,reward=individual+no-lock+long"
    assert (changed.ticks, changed.reward, scenario_text(changed)) == (120, "individual", text)
    Path(name).unlink()
    assert scenario_from_text(full_text(changed)) == changed and family_of(changed) == "drawn"
    assert brief(full_text(changed)) == text


def test_a_text_from_a_file_never_opens_another(path: Path):
    for text in ("my.toml", "my.toml:ticks=30", "my.toml+no-lock"):
        with pytest.raises(UserError, match="scenario_from_user reads it"):
            scenario_from_text(text)
    assert brief("my.toml") == "my.toml"
    assert len(brief("drawn:{" + "x" * 90_000)) == 1_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no hiders"),
        (b"\x00\xff" * 100, "not a text file"),
        (b"PK\x03\x04", "no TOML"),
        (b"# long\n" * 100_000, "too large"),
        (TWO_ROOMS.replace('"hider"', '"seeker"').encode(), "has no hiders"),
    ],
)
def test_what_is_no_drawn_world_is_one_line(
    content: bytes, message: str, path: Path, capsys: pytest.CaptureFixture[str]
):
    path.write_bytes(content)
    assert main(["evaluate", "idle", "idle", "--scenario", "my.toml"]) == BAD_INPUT
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1 and error.startswith("hideseek: ")


@pytest.mark.parametrize(
    "line",
    [
        "evaluate idle idle --scenario my.toml:boxes=2",
        "evaluate idle idle --scenario my.toml:ticks=0",
        "evaluate idle idle --scenario my.toml+moon",
        "record idle idle --scenario my.toml --shift bigger",
        "train --scenario my.toml --shift two-doors --run new",
        "play my.toml --shift more-agents",
        "evaluate quadrant-fort idle --scenario my.toml+seeker-inside",
        "evaluate quadrant-block chaser --scenario my.toml",
        "scenarios my.toml --save my.toml",
        "scenarios quadrant --save missing/new.toml",
    ],
)
def test_what_a_drawn_world_cannot_is_one_line(line: str, path: Path, capsys: pytest.CaptureFixture[str]):
    before = set(Path().iterdir())
    assert main(shlex.split(line)) == BAD_INPUT
    out, error = capsys.readouterr()
    assert error.count("\n") == 1 and error.startswith("hideseek: ") and len(error) < 630 and out == ""
    assert set(Path().iterdir()) == before and path.read_text("utf-8") == TWO_ROOMS


def test_a_world_is_saved_to_begin_from(path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["scenarios", "quadrant", "--save", "start.toml", "--seed", "3"]) == 0
    assert main(["scenarios", "my.toml", "--save", "copy.toml"]) == 0
    capsys.readouterr()
    assert main(["scenarios", "copy.toml", "--json"]) == 0
    (world,) = json.loads(capsys.readouterr().out)
    assert world["about"].startswith("Do hiders shut the door?")
    assert chosen_scenario("start.toml").slots._replace(walls=4) == scenario_from_text("quadrant").slots


def test_a_recording_needs_the_file_no_more(path: Path):
    scenario = scenario_from_user("my.toml")
    players = player("evader", HIDERS, scenario, 0), player("chaser", SEEKERS, scenario, 0)
    record(scenario, *players, 1, 0, Path("films"), on_file=lambda told: None)
    path.unlink()
    (film,) = Path("films").glob("*.npz")
    recording = read(film)
    assert scenario_of(recording) == two_rooms()
    assert teams_of(recording, film, scenario_of(recording)) is not None
    assert brief(recording.header.scenario) == "two rooms.toml:ticks=20,preparation_ticks=8"


def test_a_drawing_with_its_usual_options_is_called_by_its_name_alone(path: Path):
    usual = scenario_from_user("my.toml:ticks=120,preparation_ticks=48")
    assert scenario_text(usual) == "two rooms.toml" == scenario_text(scenario_from_text(full_text(usual)))


@pytest.mark.parametrize("world", ["my.toml", "quadrant"])
def test_recordings_of_one_world_with_other_options_have_names_of_their_own(world: str, path: Path):
    names = set()
    for text in (f"{world}:ticks=2,preparation_ticks=1", f"{world}:ticks=3,preparation_ticks=1"):
        scenario = scenario_from_user(text)
        idle = player("idle", HIDERS, scenario, 0), player("idle", SEEKERS, scenario, 0)
        names |= {one.name for one in record(scenario, *idle, 1, 0, Path("films"))}
    stem = f"idle-idle-{'two rooms.toml' if world == 'my.toml' else world}"
    assert names == {f"{stem}-ticks={ticks},preparation_ticks=1-0-0000.npz" for ticks in (2, 3)}


@pytest.mark.filterwarnings("ignore:No agents present but:UserWarning")  # there is room for a seeker that is not there
def test_an_environment_plays_it_and_needs_the_file_no_more(path: Path):
    env = pettingzoo.make("parallel", f"hideseek/{sim.env.DRAWN}-v0", scenario="my.toml", flat=True)
    path.unlink()
    parallel_api_test(env.unwrapped, num_cycles=30)
    again = pickle.loads(pickle.dumps(env.unwrapped))
    assert again.scenario == two_rooms()
    for wrong in ("", "quadrant", None):
        with pytest.raises(UserError, match="a world that you drew"):
            pettingzoo.make("parallel", f"hideseek/{sim.env.DRAWN}-v0", scenario=wrong)


def test_a_team_with_fixed_numbers_finds_room_for_them():
    trap = traps()["trap-box-outside"]
    assert trap.slots.doors == 1
    assert fitted(trap, "quadrant-block", "chaser").slots.doors == 2
    assert fitted(trap, "chaser", None) == trap
    assert scenario_text(fitted(trap, "quadrant-block")) == "trap-box-outside"
    assert fitted(scenario_from_text("rooms"), "quadrant-block") == scenario_from_text("rooms")


def test_traps_are_played_by_those_who_fit():
    def some(scenario):
        hiders = player("quadrant-block", HIDERS, scenario, 0)
        return play(scenario, hiders, player("idle", SEEKERS, scenario, 0), MatchOptions(2))

    rows = play_traps(some, lambda world: fitted(world, "quadrant-block"))
    unfit = {row["world"]: row["unfit"] for row in rows if "unfit" in row}
    assert unfit.keys() == {"trap-three-boxes", "trap-ramp-behind-door"} and "boxes=1 " in unfit["trap-three-boxes"]
    locked = next(row for row in rows if row["world"] == "trap-narrow-box")
    assert "unfit" not in locked
    assert "lock" in strategies_seen(locked) and 0 <= locked["hidden"]["low"] <= locked["hidden"]["high"] <= 1
    assert len(traps_table(rows, "quadrant-block", "idle", 2, 0).rows) == 12

    def refuse(scenario):
        raise UserError("nothing fits")

    with pytest.raises(UserError, match="nothing"):
        play_traps(refuse, lambda world: world)


@pytest.mark.slow
def test_a_run_goes_on_when_the_file_is_gone_and_refuses_another_drawing(path: Path, tmp_path: Path):
    scenario, run = scenario_from_user("my.toml"), tmp_path / "run"
    assert train(TINY, scenario, run, options(2), quiet())
    path.write_text(TWO_ROOMS.replace("length_m = 0.775", "length_m = 0.8"), "utf-8")
    with pytest.raises(UserError, match="redrawn since"):
        train(TINY, scenario_from_user("my.toml"), run, options(4), quiet())
    path.unlink()
    found = resumed(run)
    words = shlex.split(command_of(*(found or (TINY, scenario)), run, 640))
    assert scenario_from_user(words[words.index("--scenario") + 1]) == scenario  # the command works without the file
    assert found is not None and found[1] == scenario
    assert train(*found, run, options(4), quiet())
    team = latest_team(run)
    assert chosen_scenario(None, str(team)) == scenario
    hiders, seekers = (player(str(team), side, scenario, 0) for side in (HIDERS, SEEKERS))
    assert len(play(scenario, hiders, seekers, MatchOptions(4)).hidden) == 4


def test_a_changed_world_is_edited_under_the_name_of_its_file(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(path.resolve().parent / "data"))
    assert beginning(f"{path.resolve()}:ticks=300", 0)().world.name == "my"
